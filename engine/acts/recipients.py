"""Which cases wait for a message or a signal, and the jobs that carry one there."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from engine import store
from engine.acts.errors import AmbiguousMessageError
from engine.acts.rows import JOBS, message_payload
from engine.jobs.queue import JobOrder, enqueue
from engine.unit_of_work import UnitOfWork

MOST_RECIPIENTS = 100_000


def waiting_for_message(
    unit: UnitOfWork,
    name: str,
    *,
    business_key: str | None = None,
    correlation: str | None = None,
    sender: str | None = None,
) -> str | None:
    """The case that a message is for: one that names its correlation goes before one that takes any.

    A message belongs to one case: when several of the same kind remain, AmbiguousMessageError. Tokens are only read
    here, never locked: the case is locked first, and then asked whether it still waits.
    """
    waits = store.waiting(unit, f"message:{name}", correlation, business_key=business_key)
    waits = [w for w in waits if w.instance_id != sender]
    found = {w.instance_id for w in waits if w.exact} or {w.instance_id for w in waits}
    if len(found) > 1:
        raise AmbiguousMessageError(name=name)
    return found.pop() if found else None


def queue_signal(
    unit: UnitOfWork, name: str, payload: Mapping[str, Any], now: datetime, key: str, *, sender: str | None = None
) -> int:
    """One job per case that waits for a signal: each takes it in an act of its own. Returns how many there are."""
    waits = store.waiting(unit, f"signal:{name}", limit=MOST_RECIPIENTS)
    # The sender heard its own signal when it threw it.
    targets = sorted({w.instance_id for w in waits if w.instance_id != sender})
    orders = [
        JobOrder("signal", name, f"{key}:{target}", message_payload(payload, instance_id=target), sender)
        for target in targets
    ]
    enqueue(unit, orders, now)
    return len(targets)


def queue_message(
    unit: UnitOfWork,
    name: str,
    payload: Mapping[str, Any],
    targets: Iterable[str],
    now: datetime,
    key: str,
    *,
    sender: str | None = None,
    optional: bool = False,
) -> int:
    """One job per case named, each delivered in an act of its own; the same `key` twice is delivered once.

    `optional`: a case that does not wait for it (any more) is left alone. Returns how many were queued.
    """
    letters = {target: message_payload(payload, instance_id=target, optional=optional) for target in targets}
    orders = [JobOrder("message", name, f"message:{key}:{to}", letter, sender) for to, letter in letters.items()]
    enqueue(unit, orders, now)
    return len(orders)


def queue_start(
    unit: UnitOfWork, name: str, payload: Mapping[str, Any], begins: str, now: datetime, *, sender: str | None = None
) -> None:
    """A job that starts a case by a message, under an id given before: whoever keeps the id starts it once."""
    letter = {**message_payload(payload), "begins": begins}
    enqueue(unit, [JobOrder("message", name, f"message:{name}:{begins}", letter, sender)], now)


def take_job(unit: UnitOfWork, job_id: str | None, now: datetime) -> bool:
    """Mark the job that carries this act as done, in the act's own transaction. False: it was done before.

    For a message this locks the job before the case; no act that holds a case ever waits for a message's job.
    """
    if job_id is None:
        return True
    undone = (JOBS.c.id == job_id) & JOBS.c.state.in_(("ready", "running"))
    done = update(JOBS).where(undone).values(state="done", done_at=now, lease_owner=None, lease_until=None)
    return unit.connection.execute(done).rowcount == 1


def sender_of(unit: UnitOfWork, job_id: str | None) -> str | None:
    """The case that threw what this job carries."""
    if job_id is None:
        return None
    return unit.connection.execute(select(JOBS.c.instance_id).where(JOBS.c.id == job_id)).scalar()
