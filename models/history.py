"""The record: append-only events chained by hash, and their payloads, which retention may destroy."""

from datetime import datetime

from sqlalchemy import Column, Index, text
from sqlmodel import Field, SQLModel

from models.types import Bytes, JsonText, UtcDateTime

INTERVENTIONS = (
    "case:suspended", "case:resumed", "case:cancelled", "case:migrated", "task:assigned", "timer:moved",
    "deadline:moved", "incident:retried", "incident:skipped",
)  # fmt: skip
"""Kinds of events by which a person stepped in where the procedure would have gone on by itself."""
_INTERVENED = text(f"kind IN ({', '.join(repr(kind) for kind in INTERVENTIONS)})")


class HistoryEvent(SQLModel, table=True):
    """One event of a case. `hash` covers every other column and the hash before it."""

    __tablename__ = "history_event"
    __table_args__ = (
        Index("ix_history_event_actor", "actor_id", "at"),
        Index(
            "ix_history_event_intervened", "instance_id", "kind",
            sqlite_where=_INTERVENED, postgresql_where=_INTERVENED,
        ),
    )  # fmt: skip
    instance_id: str = Field(foreign_key="instance.id", primary_key=True, max_length=32)
    seq: int = Field(primary_key=True)
    act: int
    """Number of the act (one command, one transaction) in the case; its first event is the journal entry."""
    at: datetime = Field(sa_type=UtcDateTime)
    kind: str = Field(max_length=60)
    """`subject:action`, see engine.history.kinds"""
    actor_id: str | None = Field(default=None, max_length=32)
    on_behalf_of: str | None = Field(default=None, max_length=32)
    element_id: str | None = Field(default=None, max_length=80)
    token_id: str | None = Field(default=None, max_length=32)
    detail: dict = Field(default_factory=dict, sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    """Never personal data: ids, flows taken, states, codes."""
    payload_digest: bytes | None = Field(default=None, sa_column=Column(Bytes))
    state_digest: bytes | None = Field(default=None, sa_column=Column(Bytes))
    """Set on the journal entry of an act: what the case is after it."""
    hash: bytes = Field(sa_column=Column(Bytes, nullable=False))


class HistoryPayload(SQLModel, table=True):
    """What was submitted or answered in an event. Its digest (over salt and body) stays when it is destroyed."""

    __tablename__ = "history_payload"
    instance_id: str = Field(foreign_key="instance.id", primary_key=True, max_length=32)
    seq: int = Field(primary_key=True)
    salt: bytes | None = Field(default=None, sa_column=Column(Bytes))
    body: bytes | None = Field(default=None, sa_column=Column(Bytes))
    destroyed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
