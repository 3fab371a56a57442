"""Retention: schedules that a keeper of records set, lists of what is due, and what became of each thing on them."""

from datetime import date, datetime

from sqlalchemy import Column, Index, String
from sqlmodel import Field, SQLModel

from models.types import UtcDateTime


class RetentionRule(SQLModel, table=True):
    """How long cases of a process, or one kind of their documents, are kept: before what `process.toml` says.

    Only ever added: the newest of a process and field holds.
    """

    __tablename__ = "retention_rule"
    __table_args__ = (Index("ix_retention_rule", "definition_key", "field", "set_at"),)
    id: str = Field(primary_key=True, max_length=32)
    definition_key: str = Field(max_length=80)
    field: str = Field(default="", max_length=120)
    """The form's field that a document was given in; empty: the whole case."""
    active_years: int
    inactive_years: int
    final: str = Field(max_length=12)
    """destroyed | reviewed | permanent"""
    basis: str = Field(max_length=300)
    """The law or decision it rests on."""
    set_by: str = Field(max_length=32)
    set_at: datetime = Field(sa_type=UtcDateTime)


class RetentionHold(SQLModel, table=True):
    """A case that must not be destroyed while it is looked into, whatever its schedule says."""

    __tablename__ = "retention_hold"
    instance_id: str = Field(primary_key=True, max_length=32)
    reason: str = Field(max_length=500)
    set_by: str = Field(max_length=32)
    set_at: datetime = Field(sa_type=UtcDateTime)


class Disposal(SQLModel, table=True):
    """A list of what is to be destroyed. The case that proposes and decides it is its number."""

    __tablename__ = "disposal"
    __table_args__ = (Index("ix_disposal_made", "made_at", "id"),)
    id: str = Field(primary_key=True, max_length=32)
    instance_id: str = Field(unique=True, max_length=32)
    """The case that decides: an approved task of it, and nothing else, destroys."""
    number: str = Field(max_length=24)
    """That case's number."""
    definition_key: str | None = Field(default=None, max_length=80)
    """Only this process; None: all."""
    until: date
    """What was due on this day."""
    state: str = Field(default="proposed", max_length=12)
    """proposed | refused | destroyed"""
    cases: int = 0
    documents: int = 0
    made_by: str | None = Field(default=None, max_length=32)
    made_at: datetime = Field(sa_type=UtcDateTime)
    decided_by: str | None = Field(default=None, max_length=32)
    decision: str = Field(default="", sa_column=Column(String(200), nullable=False))
    """Number of the decision on paper."""
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class DisposalItem(SQLModel, table=True):
    """A case, or one document of it, on a list."""

    __tablename__ = "disposal_item"
    __table_args__ = (Index("ix_disposal_item_case", "instance_id"),)
    disposal_id: str = Field(foreign_key="disposal.id", primary_key=True, max_length=32)
    instance_id: str = Field(primary_key=True, max_length=32)
    attachment_id: str = Field(default="", primary_key=True, max_length=32)
    """Empty: the whole case."""
    number: str = Field(max_length=24)
    definition_key: str = Field(max_length=80)
    field: str = Field(default="", max_length=120)
    ended_on: date
    due_on: date
    final: str = Field(max_length=12)
    """What the schedule says: destroyed, or reviewed (this list is the review)."""
    state: str = Field(default="listed", max_length=12)
    """listed | destroyed | kept (taken from the list before it was decided, or held)"""
    note: str = Field(default="", max_length=300)
