"""Anchors: day by day one signed hash over all records, and what was sent outside of it."""

from datetime import datetime

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, SQLModel

from models.types import Bytes, UtcDateTime


class Anchor(SQLModel, table=True):
    """One anchor. Nothing of it is ever changed; the statement says all that the other columns do."""

    __tablename__ = "anchor"
    number: int = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    root: bytes = Field(sa_column=Column(Bytes, nullable=False))
    """Of the Merkle tree over every case's record."""
    leaves: int
    """How many cases that are."""
    changed: int
    """How many of them have another record than in the anchor before."""
    ledger_count: int = Field(sa_column=Column(BigInteger, nullable=False))
    ledger_hash: bytes = Field(sa_column=Column(Bytes, nullable=False))
    statement: str
    """What is signed, byte for byte."""
    hash: bytes = Field(sa_column=Column(Bytes, nullable=False))
    """Of the statement; the next anchor names it."""
    signature: bytes = Field(sa_column=Column(Bytes, nullable=False))
    certificate: bytes = Field(sa_column=Column(Bytes, nullable=False))
    issuer: str = Field(max_length=200)
    service: str = Field(max_length=40)


class AnchorLeaf(SQLModel, table=True):
    """Where a case's record stood in an anchor. Kept when it changed: it stands in later anchors until the next row."""

    __tablename__ = "anchor_leaf"
    instance_id: str = Field(primary_key=True, max_length=32)
    """No foreign key: it outlives the case, and so tells that there was one."""
    anchor_number: int = Field(foreign_key="anchor.number", primary_key=True, index=True)
    event_count: int
    chain_head: bytes = Field(sa_column=Column(Bytes, nullable=False))


class AnchorDelivery(SQLModel, table=True):
    """One place outside that an anchor goes to."""

    __tablename__ = "anchor_delivery"
    anchor_number: int = Field(foreign_key="anchor.number", primary_key=True)
    channel: str = Field(primary_key=True, max_length=12)
    """folder | timestamp | mail"""
    target: str = Field(primary_key=True, max_length=320)
    """The folder, the service's address without a password, the mail's recipient."""
    work: str = Field(max_length=120)
    """The idempotency key of the job, or the id of the mail."""
    delivered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    receipt: bytes | None = Field(default=None, sa_column=Column(Bytes))
    """The time-stamp token."""
