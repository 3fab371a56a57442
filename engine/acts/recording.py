"""Acts that the engine does not feel, written into a case's record: a claim, a suspension, an operator's decision."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, bindparam, select, update

from engine import history
from engine.actors import Actor
from engine.acts.command import Command
from engine.history import Entry, Head, Occurrence
from engine.spiff.values import encode
from engine.unit_of_work import UnitOfWork
from models import Instance, metadata

INSTANCES: Table = metadata.tables[str(Instance.__tablename__)]
BY_ID = select(INSTANCES).where(INSTANCES.c.id == bindparam("key")).with_for_update(key_share=True)


@dataclass(frozen=True)
class Recorded:
    """A locked case as far as its record: for acts upon it that need nothing of its procedure."""

    instance_id: str
    head: Head
    state_digest: bytes


def lock_record(unit: UnitOfWork, instance_id: str) -> Recorded | None:
    """A case by its id, whatever became of its version."""
    row = unit.connection.execute(BY_ID, {"key": instance_id}).first()
    return None if row is None else Recorded(row.id, head_of(row), bytes(row.state_digest))


def record(unit: UnitOfWork, case: Recorded, command: Command, actor: Actor, now: datetime, **values: Any) -> None:
    """Record an act, with what it changes in the case's row."""
    entry = Entry(
        instance_id=case.instance_id,
        now=now,
        actor_id=actor.user_id,
        entry=Occurrence(command.kind, command.element_id, command.token_id, command.detail),
        consequences=(),
        state_digest=case.state_digest,
        payload=encode({"inputs": dict(command.inputs), "services": []}) if command.inputs else None,
    )
    sealed = history.seal(case.head, entry)
    history.write(unit, sealed)
    statement = update(INSTANCES).where(INSTANCES.c.id == case.instance_id)
    unit.connection.execute(statement.values(**head_values(sealed.head), **values))


def head_of(row: Row[Any]) -> Head:
    """Where the record of a case stands, by its row."""
    return Head(acts=row.act_count, events=row.event_count, hash=bytes(row.chain_head))


def head_values(head: Head) -> dict[str, Any]:
    return {"act_count": head.acts, "event_count": head.events, "chain_head": head.hash}
