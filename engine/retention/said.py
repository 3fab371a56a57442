"""What the ledger says of a case's destruction: when, how much, by whose decision. It cannot be changed unseen."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from engine import ledger
from engine.history.chain import instant
from engine.unit_of_work import UnitOfWork
from models import Instance


@dataclass(frozen=True)
class Destroyed:
    """One destruction of something of a case."""

    number: str
    """Of the case."""
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

    def to_json(self) -> dict[str, Any]:
        return {"case": self.number, "at": instant(self.at), "decision": self.decision, "by": self.by,
                "deciding_case": self.deciding_case, "payloads": self.payloads, "documents": self.documents,
                "whole": self.whole, "ledger_entry": self.entry}  # fmt: skip


def destroyed_of(unit: UnitOfWork, instance_id: str) -> list[Destroyed]:
    """Everything of this case that was destroyed, in order."""
    return destructions(unit, [instance_id])


def destructions(unit: UnitOfWork, only: Collection[str] | None = None) -> list[Destroyed]:
    """Every destruction in order; with `only`, those of the cases with these ids."""
    entries = ledger.ENTRIES.c
    query = (
        select(entries.seq, entries.at, entries.actor_id, entries.ref, entries.detail, col(Instance.number))
        .join(Instance, col(Instance.id) == entries.instance_id)
        .where(entries.kind == ledger.Kind.PAYLOAD_DESTROYED)
        .order_by(entries.seq)
    )
    if only is not None:
        query = query.where(entries.instance_id.in_(only))
    return [
        Destroyed(
            number=row.number,
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
