"""What analyses have reckoned of the histories, and the paper rules that owners of processes keep.

The first two tables hold nothing of their own: they are reckoned from the record, and may be emptied at any time.
"""

from datetime import datetime

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from models.types import Bytes, JsonText, UtcDateTime


class LookedCase(SQLModel, table=True):
    """The steps of one case as they were when it had `event_count` events."""

    __tablename__ = "looked_case"
    __table_args__ = (Index("ix_looked_case_due", "due_at"),)
    instance_id: str = Field(foreign_key="instance.id", primary_key=True, max_length=32)
    event_count: int
    calendar: int
    """The version of the working calendar that its working times were counted by."""
    rules: int
    """How many entries the paper rules of its process had."""
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """The earliest due date of a task that is still open: when it passes, the case is late."""
    body: bytes = Field(sa_column=Column(Bytes, nullable=False))
    """See engine.looking.visits."""


class LookedBreak(SQLModel, table=True):
    """A case broke a rule at one of its steps."""

    __tablename__ = "looked_break"
    __table_args__ = (Index("ix_looked_break_rule", "rule", "instance_id"),)
    instance_id: str = Field(foreign_key="instance.id", primary_key=True, max_length=32)
    number: int = Field(primary_key=True)
    rule: str = Field(max_length=60)
    """`four_eyes`, `office`, `due`: of the package; `own:<id>`: of the owner's rules."""
    element_id: str | None = Field(default=None, max_length=80)
    at: datetime = Field(sa_type=UtcDateTime)
    other: str | None = Field(default=None, max_length=80)
    """The other step, where a rule is about two."""


class PaperRule(SQLModel, table=True):
    """One wording of a rule that a process owner keeps. A change is a new row; none is ever changed or removed."""

    __tablename__ = "paper_rule"
    __table_args__ = (Index("ix_paper_rule_key", "definition_key", "id"),)
    id: str = Field(primary_key=True, max_length=32)
    version: int = Field(primary_key=True)
    definition_key: str = Field(foreign_key="definition.key", max_length=80)
    kind: str = Field(max_length=16)
    """order | four_eyes | time | required | most, see engine.looking.rules"""
    title: str = Field(max_length=200)
    basis: str = Field(default="", max_length=300)
    """Where it is written: a regulation, a standard procedure."""
    terms: dict = Field(default_factory=dict, sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    """The steps and the number that it is about."""
    withdrawn: bool = False
    reason: str = Field(default="", max_length=500)
    at: datetime = Field(sa_type=UtcDateTime)
    by_id: str = Field(max_length=32)
