"""Trials of drafts, each kept as the scenario that it is so far; and what became of a draft's scenarios."""

from datetime import datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from models.types import JsonText, UtcDateTime


class Trial(SQLModel, table=True):
    """A draft being played by hand. `story` is a scenario file; the world is played from it whenever it is wanted."""

    __tablename__ = "trial"
    __table_args__ = (Index("ix_trial_draft", "draft_id", "changed_at"),)
    id: str = Field(primary_key=True, max_length=32)
    draft_id: str = Field(foreign_key="draft.id", max_length=32)
    title: str = Field(max_length=200)
    story: str = Field(sa_column=Column(Text, nullable=False))
    revision: int = 1
    """Counts its steps and undos: of two people who play at once, the second is told."""
    created_by: str = Field(max_length=32)
    created_at: datetime = Field(sa_type=UtcDateTime)
    changed_by: str = Field(max_length=32)
    changed_at: datetime = Field(sa_type=UtcDateTime)


class ScenarioResult(SQLModel, table=True):
    """What became of one scenario of a draft when it was last played."""

    __tablename__ = "scenario_result"
    draft_id: str = Field(foreign_key="draft.id", primary_key=True, max_length=32)
    file: str = Field(primary_key=True, max_length=300)
    number: int = Field(primary_key=True)
    """Its place in the file, from 0."""
    digest: str = Field(max_length=64)
    """Of the draft's files then: another draft has other results."""
    failures: list = Field(default_factory=list, sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    taken: list = Field(default_factory=list, sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    """Ids of the sequence flows that its cases took."""
    at: datetime = Field(sa_type=UtcDateTime, sa_column_kwargs={"name": "played_at"})
