"""Programmes: a flow opened to the public for a time, with its parameters, its versions, and who belongs to it."""

from datetime import datetime

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from models.types import JsonText, UtcDateTime


class Programme(SQLModel, table=True):
    """One period of a flow. Cases keep the parameters and the version that held when they began."""

    __tablename__ = "programme"
    __table_args__ = (Index("ix_programme_flow", "flow", "state"), Index("ix_programme_closing", "state", "closes_at"))
    id: str = Field(primary_key=True, max_length=32)
    key: str = Field(unique=True, max_length=80)
    """What people and addresses call it: `inpassing-lkpp-2026-1`."""
    flow: str = Field(max_length=80)
    """The processes that name this flow in `process.toml` run in it."""
    title_id: str = Field(max_length=300)
    title_en: str = Field(default="", max_length=300)
    period: str = Field(default="", max_length=100)
    legal_basis: list = Field(default_factory=list, sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    zone: str = Field(default="Asia/Jakarta", max_length=40)
    instansi_id: str | None = Field(default=None, foreign_key="instansi.id", max_length=32)
    """Whose working week and closing days count; None: the national calendar."""
    owner_id: str | None = Field(default=None, max_length=32)
    opens_at: datetime = Field(sa_type=UtcDateTime)
    closes_at: datetime = Field(sa_type=UtcDateTime)
    state: str = Field(default="open", max_length=16)
    """open | closed. Before `opens_at` an open one is not yet there."""
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    parameters: dict = Field(default_factory=dict, sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    """Values that differ from those of `process.toml`, by the parameter's name."""
    versions: dict = Field(default_factory=dict, sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    """Which version each process of the flow runs on in this programme: key → version id."""
    created_at: datetime = Field(sa_type=UtcDateTime)


class ProgrammeEvent(SQLModel, table=True):
    """Something done to a programme, by whom and why. Only ever added."""

    __tablename__ = "programme_event"
    __table_args__ = (Index("ix_programme_event", "programme_id", "at"),)
    id: str = Field(primary_key=True, max_length=32)
    programme_id: str = Field(foreign_key="programme.id", max_length=32)
    kind: str = Field(max_length=40)
    """opened | extended | parameters | versions | closed"""
    by: str | None = Field(default=None, max_length=32)
    reason: str = Field(default="", max_length=500)
    detail: dict = Field(default_factory=dict, sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    at: datetime = Field(sa_type=UtcDateTime)


class CaseLink(SQLModel, table=True):
    """Two cases that belong together: a participant's and its exam schedule's, for one."""

    __tablename__ = "case_link"
    __table_args__ = (Index("ix_case_link_other", "other_id"),)
    instance_id: str = Field(foreign_key="instance.id", primary_key=True, max_length=32)
    other_id: str = Field(foreign_key="instance.id", primary_key=True, max_length=32)
    kind: str = Field(primary_key=True, max_length=40)
    """What the other one is to this one: schedule | formasi | recommendation | replaces"""
    created_at: datetime = Field(sa_type=UtcDateTime)
