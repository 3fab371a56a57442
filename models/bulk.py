"""Long work that a person starts and may leave: a spreadsheet read row by row, with its report."""

from datetime import datetime

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from models.types import JsonText, UtcDateTime


class BulkRun(SQLModel, table=True):
    """One upload of many rows: checked first (a dry run), then done row by row, resumable after a crash."""

    __tablename__ = "bulk_run"
    __table_args__ = (Index("ix_bulk_run_owner", "owner_id", "created_at"), Index("ix_bulk_run_state", "state"))
    id: str = Field(primary_key=True, max_length=32)
    kind: str = Field(max_length=60)
    """Which import: participants, exam_results …"""
    filename: str = Field(max_length=200)
    owner_id: str = Field(max_length=32)
    instansi_id: str | None = Field(default=None, max_length=32)
    context: dict = Field(default_factory=dict, sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    """What all rows share: the programme, the schedule."""
    state: str = Field(default="checked", max_length=12)
    """reading (a large file) | refused (it is no such table) | checked (waits for the person's yes) | running | done |
    cancelled"""
    total: int = 0
    faulty: int = 0
    done: int = 0
    failed: int = 0
    created_at: datetime = Field(sa_type=UtcDateTime)
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lease_owner: str | None = Field(default=None, max_length=60)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Until then the worker `lease_owner` works on it, and no other."""


class BulkRow(SQLModel, table=True):
    """One row of it: what was written, what is wrong with it, what became of it."""

    __tablename__ = "bulk_row"
    __table_args__ = (Index("ix_bulk_row_state", "run_id", "state", "number"),)
    run_id: str = Field(foreign_key="bulk_run.id", primary_key=True, max_length=32)
    number: int = Field(primary_key=True)
    """As the spreadsheet counts, the heading being row 1."""
    values: dict = Field(sa_column=Column("row_values", JsonText, nullable=False))  # type: ignore[type-arg]
    faults: list = Field(default_factory=list, sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    """[{"column", "id", "en"}]"""
    state: str = Field(default="ready", max_length=12)
    """ready | faulty | doing (a worker began it, and perhaps died at it) | done | failed"""
    attempts: int = 0
    result: dict = Field(default_factory=dict, sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
