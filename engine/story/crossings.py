"""The other case at the end of a message: to whom what this case said went, and who said what it heard.

A message leaves as a job; the case that took it has an event of the very instant the job was done.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby

from sqlalchemy import select
from sqlmodel import col

from engine.history.kinds import Kind
from engine.story.records import Crossing, Told
from engine.unit_of_work import UnitOfWork
from models import HistoryEvent, Instance, Job

_SAID = {Kind.MESSAGE_SENT: "message", Kind.SIGNAL_SENT: "signal"}
_HEARD = (Kind.MESSAGE_RECEIVED, Kind.CASE_STARTED)
AT_ONCE = 500


def cross(unit: UnitOfWork, instance_id: str, events: list[Told]) -> None:
    """Note at each event the cases at the other end."""
    ends: dict[int, list[str]] = {}
    for event in events:
        if event.kind in _HEARD and event.detail.get("from"):
            ends.setdefault(event.n, []).append(event.detail["from"])
    for n, other in _receivers(unit, instance_id, events):
        ends.setdefault(n, []).append(other)
    numbers = _numbers(unit, {other for others in ends.values() for other in others})
    for n, others in ends.items():
        known = [Crossing(other, numbers[other]) for other in dict.fromkeys(others) if other in numbers]
        events[n - 1].crossings.extend(known)


def _receivers(unit: UnitOfWork, instance_id: str, events: list[Told]) -> Iterator[tuple[int, str]]:
    said = {key: event for event, key in _keys(instance_id, events)}
    if not said:
        return
    columns = (col(Job.id), col(Job.idempotency_key), col(Job.name), col(Job.payload), col(Job.done_at))
    own = (col(Job.instance_id) == instance_id, col(Job.kind).in_(("message", "signal")))
    jobs = unit.connection.execute(select(*columns).where(*own)).all()
    roots = {job.id: said[job.idempotency_key] for job in jobs if job.idempotency_key in said}
    apart: dict[datetime, list[tuple[Told, str]]] = {}
    for job in jobs:
        event = roots.get(job.id) or roots.get(_signal_of(job.idempotency_key))
        named = job.payload.get("instance_id") or job.payload.get("begins")
        if event is None:
            continue
        if named is not None:
            yield event.n, named
        elif job.done_at is not None:
            apart.setdefault(job.done_at, []).append((event, job.name))
    yield from _taken(unit, instance_id, apart)


def _taken(
    unit: UnitOfWork, instance_id: str, apart: dict[datetime, list[tuple[Told, str]]]
) -> Iterator[tuple[int, str]]:
    """Who took a message that named no case: nobody's act, of the instant at which it was delivered."""
    columns = (col(HistoryEvent.instance_id), col(HistoryEvent.at), col(HistoryEvent.detail))
    instants = sorted(apart)
    for some in (instants[at : at + AT_ONCE] for at in range(0, len(instants), AT_ONCE)):
        query = select(*columns).where(
            col(HistoryEvent.actor_id).is_(None),
            col(HistoryEvent.at).in_(some),
            col(HistoryEvent.kind).in_((str(Kind.MESSAGE_RECEIVED), str(Kind.CASE_STARTED))),
        )
        for row in unit.connection.execute(query):
            if row.detail.get("from") == instance_id:
                for event, name in apart[row.at]:
                    if row.detail.get("name", name) == name:
                        yield event.n, row.instance_id


def _signal_of(key: str) -> str:
    """Each case that hears a signal hears it by a job of its own: `signal:<the job it left by>:<case>`."""
    parts = key.split(":")
    return parts[1] if parts[0] == "signal" else ""


def _keys(instance_id: str, events: Iterable[Told]) -> Iterator[tuple[Told, str]]:
    """The job of the n-th thing an act says has a key of its own (see engine.acts.rows)."""
    for act, group in groupby(events, key=lambda event: event.act):
        said = [e for e in group if e.kind in (*_SAID, Kind.ESCALATION_RAISED)]
        for number, event in enumerate(said):
            if event.kind in _SAID:
                yield event, f"{_SAID[Kind(event.kind)]}:{instance_id}:{act}:{number}"


def _numbers(unit: UnitOfWork, ids: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    wanted = sorted(ids)
    for some in (wanted[at : at + AT_ONCE] for at in range(0, len(wanted), AT_ONCE)):
        query = select(col(Instance.id), col(Instance.number)).where(col(Instance.id).in_(some))
        found.update({row.id: row.number for row in unit.connection.execute(query)})
    return found
