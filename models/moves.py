"""Moves of running cases to another version: looked at for all of them first, then done, case by case."""

from datetime import datetime

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from models.types import JsonText, UtcDateTime


class MoveRun(SQLModel, table=True):
    """One wish of an owner: the cases of one version (or of all others) are to go on with another."""

    __tablename__ = "move_run"
    __table_args__ = (Index("ix_move_run_key", "definition_key", "created_at"), Index("ix_move_run_state", "state"))
    id: str = Field(primary_key=True, max_length=32)
    definition_key: str = Field(foreign_key="definition.key", max_length=80)
    from_version: str | None = Field(default=None, max_length=64)
    """None: every version but the new one."""
    to_version: str = Field(foreign_key="definition_version.id", max_length=64)
    mapping: dict = Field(default_factory=dict, sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    """Which step takes the place of which, as the owner chose."""
    reason: str = Field(default="", max_length=500)
    state: str = Field(default="checking", max_length=12)
    """checking (the dry run) | checked (waits for the owner) | moving | done | cancelled"""
    created_by: str = Field(max_length=32)
    created_at: datetime = Field(sa_type=UtcDateTime)
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lease_owner: str | None = Field(default=None, max_length=60)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Until then the worker `lease_owner` works on it, and no other."""


class MoveCase(SQLModel, table=True):
    """What the dry run says of one case, and what became of it."""

    __tablename__ = "move_case"
    __table_args__ = (Index("ix_move_case_state", "run_id", "state", "instance_id"),)
    run_id: str = Field(foreign_key="move_run.id", primary_key=True, max_length=32)
    instance_id: str = Field(foreign_key="instance.id", primary_key=True, max_length=32)
    version_id: str = Field(max_length=64)
    """The one it was on."""
    state: str = Field(default="new", max_length=12)
    """new (not looked at yet) | ready (moves by itself) | choice (somebody must say what takes a step's place) |
    cannot | moved"""
    standing: list = Field(default_factory=list, sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    """The elements at which it stood: one for each open token."""
    obstacles: list = Field(default_factory=list, sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    """[{"code", "element", "id", "en", "choice"}]"""
