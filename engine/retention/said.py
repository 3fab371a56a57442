"""What the ledger says of a case's destruction: when, how much, by whose decision. It cannot be changed unseen."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from engine import ledger
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Destroyed:
    """One destruction of something of a case."""

    entry: int
    """Number of the ledger's entry."""
    at: datetime
    by: str | None
    decision: str
    """Number of the decision on paper."""
    deciding_case: str
    """Number of the case whose approved task destroyed."""
    payloads: int
    documents: int
    whole: bool
    """The state of the case, too: nothing of it is left but its chain."""


def destroyed_of(unit: UnitOfWork, instance_id: str) -> list[Destroyed]:
    """Everything of this case that was destroyed, in order."""
    entries = ledger.ENTRIES.c
    query = (
        select(entries.seq, entries.at, entries.actor_id, entries.ref, entries.detail)
        .where(entries.instance_id == instance_id, entries.kind == ledger.Kind.PAYLOAD_DESTROYED)
        .order_by(entries.seq)
    )
    return [
        Destroyed(
            entry=row.seq,
            at=row.at,
            by=row.actor_id,
            decision=row.detail.get("decision", ""),
            deciding_case=row.ref or "",
            payloads=len(row.detail.get("events", ())),
            documents=len(row.detail.get("documents", ())),
            whole=row.detail.get("state") is True,
        )
        for row in unit.connection.execute(query)
    ]
