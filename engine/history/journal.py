"""Appends an act to the record of its case: one journal entry, what followed from it, and the entry's payload."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Table, insert

from engine.history.chain import event_hash, genesis, payload_digest
from engine.history.kinds import Kind
from engine.unit_of_work import UnitOfWork
from models import HistoryEvent, HistoryPayload, metadata

EVENTS: Table = metadata.tables[str(HistoryEvent.__tablename__)]
PAYLOADS: Table = metadata.tables[str(HistoryPayload.__tablename__)]
_INSERT_EVENTS = insert(EVENTS)
_INSERT_PAYLOAD = insert(PAYLOADS)
SALT_BYTES = 16


@dataclass(frozen=True)
class Occurrence:
    """One thing that happened, before it has a number. `detail` never holds personal data."""

    kind: Kind
    element_id: str | None = None
    token_id: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Head:
    """Where the record of a case stands."""

    acts: int
    events: int
    hash: bytes

    @classmethod
    def of_new_case(cls, instance_id: str) -> "Head":
        return cls(acts=0, events=0, hash=genesis(instance_id))


@dataclass(frozen=True)
class Entry:
    """An act to be recorded: the journal entry first, then its consequences in order."""

    instance_id: str
    now: datetime
    actor_id: str | None
    entry: Occurrence
    consequences: Sequence[Occurrence]
    state_digest: bytes
    payload: bytes | None = None


@dataclass(frozen=True)
class Sealed:
    """An act's events, numbered and chained, ready to be written; `head` is where the record stands with them."""

    head: Head
    events: list[dict[str, Any]]
    payload: dict[str, Any] | None


def seal(head: Head, act: Entry) -> Sealed:
    """Number and chain the events of `act` after `head`."""
    rows = [_row(act, head, offset, o) for offset, o in enumerate((act.entry, *act.consequences))]
    rows[0]["state_digest"] = act.state_digest
    payload = None
    if act.payload is not None:
        salt = secrets.token_bytes(SALT_BYTES)
        rows[0]["payload_digest"] = payload_digest(salt, act.payload)
        payload = {"instance_id": act.instance_id, "seq": rows[0]["seq"], "salt": salt, "body": act.payload}
    hash_ = head.hash
    for row in rows:
        hash_ = row["hash"] = event_hash(hash_, row)
    return Sealed(Head(acts=head.acts + 1, events=head.events + len(rows), hash=hash_), rows, payload)


def write(unit: UnitOfWork, sealed: Sealed) -> None:
    """Two statements at most. The case's row must be there, and must get `sealed.head` in the same transaction."""
    unit.connection.execute(_INSERT_EVENTS, sealed.events)
    if sealed.payload is not None:
        unit.connection.execute(_INSERT_PAYLOAD, sealed.payload)


def _row(act: Entry, head: Head, offset: int, occurrence: Occurrence) -> dict[str, Any]:
    return {
        "instance_id": act.instance_id,
        "seq": head.events + offset + 1,
        "act": head.acts + 1,
        "at": act.now,
        "kind": str(occurrence.kind),
        "actor_id": act.actor_id,
        "on_behalf_of": None,
        "element_id": occurrence.element_id,
        "token_id": occurrence.token_id,
        "detail": dict(occurrence.detail),
        "payload_digest": None,
        "state_digest": None,
    }
