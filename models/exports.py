"""Cases taken along: who asked for which, how far it is, and the file until it is removed."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index
from sqlmodel import Field, SQLModel

from models.types import Bytes, JsonText, UtcDateTime


class ExportRun(SQLModel, table=True):
    """One export. Its file is kept for a day; that it was made stays, here and in the ledger."""

    __tablename__ = "export_run"
    __table_args__ = (
        Index("ix_export_run_person", "created_by", "created_at"),
        Index("ix_export_run_state", "state", "created_at"),
    )
    id: str = Field(primary_key=True, max_length=32)
    format: str = Field(max_length=8)
    """bundle | xes | ocel"""
    state: str = Field(default="running", max_length=12)
    """running | ready | failed | cancelled | removed"""
    cases: list = Field(sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    """Ids of the cases, the one that began first being the first."""
    total: int
    done: int = 0
    level: str = Field(default="", max_length=12)
    """How much of the cases' data is in it: open | auditor | external, the least open of all its cases."""
    locale: str = Field(default="id", max_length=5)
    created_by: str = Field(max_length=32)
    created_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    size: int | None = Field(default=None, sa_column=Column(BigInteger))
    digest: bytes | None = Field(default=None, sa_column=Column(Bytes))
    """SHA-256 of the file."""
    failure: str | None = Field(default=None, max_length=1000)
    lease_owner: str | None = Field(default=None, max_length=60)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Until then the worker `lease_owner` works on it, and no other."""
