"""Notes are collected while a transaction works and written as its last statements, all together.

So the head's row is locked for a moment only, and nothing is locked after it: whoever waits for it holds nothing that
its holder could still want.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Table, insert, select, update

from engine.ledger.chain import GENESIS, entry_hash
from engine.ledger.kinds import Kind
from engine.unit_of_work import UnitOfWork, inserting
from models import LedgerEntry, LedgerHead, metadata

HEAD: Table = metadata.tables[str(LedgerHead.__tablename__)]
ENTRIES: Table = metadata.tables[str(LedgerEntry.__tablename__)]
ONLY = 1
"""The id of the head's one row."""
_LOCKED = select(HEAD.c.count, HEAD.c.hash).where(HEAD.c.id == ONLY).with_for_update()
_INSERT = insert(ENTRIES)
_MOVE = update(HEAD).where(HEAD.c.id == ONLY)


@dataclass(frozen=True)
class Note:
    """An entry before it has a number."""

    kind: Kind
    at: datetime
    instance_id: str | None = None
    actor_id: str | None = None
    ref: str | None = None
    digest: bytes | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Head:
    """Where the ledger stands."""

    count: int = 0
    hash: bytes = GENESIS


def note(
    unit: UnitOfWork,
    kind: Kind,
    *,
    at: datetime,
    instance_id: str | None = None,
    actor_id: str | None = None,
    ref: str | None = None,
    digest: bytes | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Enter into the ledger when the transaction commits. `detail` never holds personal data."""
    unit.before_commit(_enter, Note(kind, at, instance_id, actor_id, ref, digest, dict(detail or {})))


def head(unit: UnitOfWork) -> Head:
    """Where the ledger stands, as this transaction sees it; what it has noted itself is not entered yet."""
    found = unit.connection.execute(select(HEAD.c.count, HEAD.c.hash).where(HEAD.c.id == ONLY)).first()
    return Head() if found is None else Head(found[0], bytes(found[1]))


def _enter(unit: UnitOfWork, notes: Sequence[Note]) -> None:
    stands = _locked(unit)
    rows: list[dict[str, Any]] = []
    hash_ = stands.hash
    for number, one in enumerate(notes, stands.count + 1):
        row = {"seq": number, **one.__dict__, "kind": str(one.kind)}
        hash_ = row["hash"] = entry_hash(hash_, row)
        rows.append(row)
    with unit.writing_ahead():
        unit.connection.execute(_INSERT, rows)
        unit.connection.execute(_MOVE.values(count=stands.count + len(rows), hash=hash_))


def _locked(unit: UnitOfWork) -> Head:
    found = unit.connection.execute(_LOCKED).first()
    if found is None:  # the first entry of all; of two who make the row at once, one waits for the other here
        first = {"id": ONLY, "count": 0, "hash": GENESIS}
        unit.connection.execute(inserting(unit, LedgerHead).values(first).on_conflict_do_nothing())
        found = unit.connection.execute(_LOCKED).one()
    return Head(found[0], bytes(found[1]))
