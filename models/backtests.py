"""Back-tests: what became of the recorded cases of a process on files that are not published yet, kept for good."""

from datetime import datetime

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from models.types import Bytes, JsonText, UtcDateTime


class BacktestRun(SQLModel, table=True):
    """One back-test: which files, against which cases, how far it is, and what it found."""

    __tablename__ = "backtest_run"
    __table_args__ = (
        Index("ix_backtest_run_source", "source", "created_at"),
        Index("ix_backtest_run_state", "state"),
    )
    id: str = Field(primary_key=True, max_length=32)
    key: str = Field(max_length=80)
    """The process whose cases are run again."""
    source: str = Field(max_length=64)
    """The draft (or version) that the files were taken from."""
    label: dict = Field(default_factory=dict, sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    """What people call it, as it was then: {"id", "en"}."""
    revision: int = 0
    """The draft's revision then."""
    digest: str = Field(max_length=64)
    package: bytes = Field(sa_column=Column(Bytes, nullable=False))
    """Its files, zipped: a draft that goes on changes nothing of a run that was begun."""
    choice: dict = Field(default_factory=dict, sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    """Which cases: since, until, sample, programme, ended."""
    state: str = Field(default="running", max_length=12)
    """running | done | cancelled"""
    total: int = 0
    same: int = 0
    differs: int = 0
    missing: int = 0
    failed: int = 0
    summary: dict = Field(default_factory=dict, sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    """Per element: how often it was passed, where cases differ, how deadlines move (engine.backtest.summary)."""
    created_by: str = Field(max_length=32)
    created_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lease_owner: str | None = Field(default=None, max_length=60)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Until then the worker `lease_owner` works on it, and no other."""


class BacktestCase(SQLModel, table=True):
    """One case of it, and what was found."""

    __tablename__ = "backtest_case"
    __table_args__ = (Index("ix_backtest_case_verdict", "run_id", "verdict", "number"),)
    run_id: str = Field(foreign_key="backtest_run.id", primary_key=True, max_length=32)
    number: int = Field(primary_key=True)
    """Counts the chosen cases, the one that began first being 1."""
    instance_id: str = Field(foreign_key="instance.id", max_length=32)
    verdict: str | None = Field(default=None, max_length=12)
    """same | differs | missing | failed; None until it was looked at."""
    element_id: str | None = Field(default=None, max_length=80)
    """Where the first difference is, or what is missing."""
    text: dict | None = Field(default=None, sa_column=Column(JsonText))  # type: ignore[type-arg]
    """The first difference in words: {"id", "en"}."""
    detail: dict = Field(default_factory=dict, sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    """Remarks, deadlines that move, and where the case then stands (engine.backtest.verdict)."""
    minutes_before: int | None = None
    """From its start to its end, where it has ended in both."""
    minutes_after: int | None = None
    days_before: int | None = None
    """The same in working days."""
    days_after: int | None = None
    late_before: int = 0
    """Tasks of people that were done (or stand) after their deadline."""
    late_after: int = 0
