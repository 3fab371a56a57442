"""What must happen after a commit (handlers, mail), and what went wrong with it."""

from datetime import datetime

from sqlalchemy import Column, Index, text
from sqlmodel import Field, SQLModel

from models.types import JsonText, UtcDateTime


class Job(SQLModel, table=True):
    """Written in the transaction of the act that wants it; done afterwards, at least once."""

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_ready", "run_at", sqlite_where=text("state = 'ready'"), postgresql_where=text("state = 'ready'")),
        Index(
            "ix_job_lease",
            "lease_until",
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
        Index("ix_job_instance", "instance_id"),
    )
    id: str = Field(primary_key=True, max_length=32)
    kind: str = Field(max_length=16)
    """handler | message | signal | mail | errand"""
    name: str = Field(max_length=120)
    instance_id: str | None = Field(default=None, max_length=32)
    token_id: str | None = Field(default=None, max_length=32)
    element_id: str | None = Field(default=None, max_length=80)
    idempotency_key: str = Field(unique=True, max_length=120)
    payload: dict = Field(default_factory=dict, sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    state: str = Field(default="ready", max_length=16)
    """ready | running | done | failed | skipped | cancelled"""
    attempts: int = 0
    max_attempts: int = 5
    run_at: datetime = Field(sa_type=UtcDateTime)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lease_owner: str | None = Field(default=None, max_length=60)
    created_at: datetime = Field(sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_error: str | None = Field(default=None, max_length=2000)
    answer: str | None = None
    """What the handler answered (encoded), kept in the handler's own transaction: after a crash it is only reported."""


class Incident(SQLModel, table=True):
    """Something the engine could not finish by itself. An operator retries or skips it, with a reason."""

    __tablename__ = "incident"
    __table_args__ = (Index("ix_incident_state", "state", "created_at"),)
    id: str = Field(primary_key=True, max_length=32)
    reference: str = Field(max_length=20)
    instance_id: str | None = Field(default=None, max_length=32)
    job_id: str | None = Field(default=None, max_length=32)
    deadline_id: str | None = Field(default=None, max_length=32)
    element_id: str | None = Field(default=None, max_length=80)
    cause: str = Field(max_length=120)
    message: str = Field(max_length=2000)
    state: str = Field(default="open", max_length=16)
    """open | resolved"""
    created_at: datetime = Field(sa_type=UtcDateTime)
    resolved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    resolved_by: str | None = Field(default=None, max_length=32)
    resolution: str | None = Field(default=None, max_length=1000)
