"""Proofs: runs over many cases, what they found, how each case stood last, certificates, and when the next is due."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index
from sqlmodel import Field, SQLModel

from models.types import Bytes, JsonText, UtcDateTime


class ProofRun(SQLModel, table=True):
    """One proof: of what, how far it is, and what it came to. Kept for good."""

    __tablename__ = "proof_run"
    __table_args__ = (Index("ix_proof_run_state", "state"), Index("ix_proof_run_created", "created_at", "id"))
    id: str = Field(primary_key=True, max_length=32)
    kind: str = Field(max_length=12)
    """verify | reproduce (which verifies too)"""
    scope: str = Field(max_length=12)
    """case | selection | everything (with what is outside of every case)"""
    choice: dict = Field(default_factory=dict, sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    """Which cases: {"cases": [ids]}, {"instansi": [ids]}, or all of them."""
    state: str = Field(default="running", max_length=12)
    """running | done | cancelled"""
    total: int = 0
    """Cases when it began."""
    cases: int = 0
    events: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    acts: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    broken: int = 0
    """Cases with findings."""
    findings: int = 0
    cursor: str | None = Field(default=None, max_length=32)
    """The last case that was looked at: they are taken in the order of their ids."""
    ledger_count: int | None = Field(default=None, sa_column=Column(BigInteger))
    """Where the ledger stood at the end."""
    ledger_hash: bytes | None = Field(default=None, sa_column=Column(Bytes))
    digest: bytes | None = Field(default=None, sa_column=Column(Bytes))
    """Of the whole result, as the ledger holds it."""
    created_by: str | None = Field(default=None, max_length=32)
    """None: the schedule."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lease_owner: str | None = Field(default=None, max_length=60)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Until then the worker `lease_owner` works on it, and no other."""


class ProofFinding(SQLModel, table=True):
    """Something a run found."""

    __tablename__ = "proof_finding"
    __table_args__ = (Index("ix_proof_finding_instance", "instance_id"),)
    run_id: str = Field(foreign_key="proof_run.id", primary_key=True, max_length=32)
    number: int = Field(primary_key=True)
    instance_id: str | None = Field(default=None, max_length=32)
    """None: of something outside of every case. No foreign key: the case may be what is missing."""
    subject: str = Field(default="", max_length=120)
    """The case's number, or what else it was found at."""
    code: str = Field(max_length=60)
    seq: int | None = None
    """The event it was found at; None: the case as a whole."""
    text: dict = Field(sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    """In words: {"id", "en"}."""


class CaseProof(SQLModel, table=True):
    """How a case stood when it was proved last, in each of the two ways."""

    __tablename__ = "case_proof"
    __table_args__ = (Index("ix_case_proof_findings", "findings", "instance_id"),)
    instance_id: str = Field(primary_key=True, max_length=32)
    kind: str = Field(primary_key=True, max_length=12)
    """verify | reproduce"""
    run_id: str = Field(max_length=32)
    at: datetime = Field(sa_type=UtcDateTime)
    events: int
    """How many it had then; what happened since is not proved by it."""
    findings: int = 0


class ProofCertificate(SQLModel, table=True):
    """A signed PDF that says what a run came to. Made once; the same file is given out ever after."""

    __tablename__ = "proof_certificate"
    run_id: str = Field(foreign_key="proof_run.id", primary_key=True, max_length=32)
    number: str = Field(unique=True, max_length=40)
    service: str = Field(max_length=40)
    """Which one signed: a simulation says so."""
    body: bytes = Field(sa_column=Column(Bytes, nullable=False))
    digest: str = Field(max_length=64)
    issued_by: str = Field(max_length=32)
    issued_at: datetime = Field(sa_type=UtcDateTime)


class ProofSchedule(SQLModel, table=True):
    """When everything is proved without anybody asking."""

    __tablename__ = "proof_schedule"
    kind: str = Field(primary_key=True, max_length=12)
    """verify | reproduce"""
    every: str = Field(max_length=8)
    """off | daily | weekly"""
    weekday: int = 0
    """Of a weekly one; 0 is Monday."""
    hour: int = 1
    """In the national zone."""
    next_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    changed_by: str = Field(max_length=32)
    changed_at: datetime = Field(sa_type=UtcDateTime)
