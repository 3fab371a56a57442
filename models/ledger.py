"""The ledger: one chain over everything that no case's own record holds, and that must not vanish unseen."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index
from sqlmodel import Field, SQLModel

from models.types import Bytes, JsonText, UtcDateTime


class LedgerHead(SQLModel, table=True):
    """Where the ledger stands: its one row. Whoever adds to the ledger holds it until the commit."""

    __tablename__ = "ledger_head"
    id: int = Field(primary_key=True)
    """Always 1."""
    count: int = Field(sa_column=Column(BigInteger, nullable=False))
    hash: bytes = Field(sa_column=Column(Bytes, nullable=False))
    """Of the last entry."""


class LedgerEntry(SQLModel, table=True):
    """One entry. `hash` covers every other column and the hash before it; nothing is ever changed or removed."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        Index("ix_ledger_entry_instance", "instance_id", "seq"),
        Index("ix_ledger_entry_actor", "actor_id", "seq"),
        Index("ix_ledger_entry_kind", "kind", "seq"),
    )
    seq: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    at: datetime = Field(sa_type=UtcDateTime)
    kind: str = Field(max_length=60)
    """`subject:action`, see engine.ledger.kinds"""
    instance_id: str | None = Field(default=None, max_length=32)
    """No foreign key: an entry outlives its case."""
    actor_id: str | None = Field(default=None, max_length=32)
    ref: str | None = Field(default=None, max_length=80)
    """What it is about, as the kind says: a case's number, the id of a version, of an attachment …"""
    digest: bytes | None = Field(default=None, sa_column=Column(Bytes))
    """Of what it is about, as the kind says."""
    detail: dict = Field(default_factory=dict, sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    """Never personal data: ids, numbers, codes."""
    hash: bytes = Field(sa_column=Column(Bytes, nullable=False))
