"""Whose turn it is: where a task stands in the list that a person works through, and what comes after it."""

from dataclasses import dataclass
from datetime import datetime

from engine.actors import Actor
from engine.unit_of_work import UnitOfWork
from web.lkpp import work
from web.lkpp.queues import Queue
from web.lkpp.work import Filters


@dataclass(frozen=True)
class Place:
    """Where a task stands in its list: 3 of 17, and its neighbours that can be done."""

    number: int
    total: int
    previous: str | None
    next: str | None


def place_of(
    unit: UnitOfWork, queue: Queue, task_id: str, actor: Actor, filters: Filters, now: datetime
) -> Place | None:
    ids = work.doable(unit.connection, queue, actor, filters, now)
    if task_id not in ids:
        return None
    at = ids.index(task_id)
    return Place(at + 1, len(ids), ids[at - 1] if at else None, ids[at + 1] if at + 1 < len(ids) else None)


def following(unit: UnitOfWork, queue: Queue, task_id: str, actor: Actor, filters: Filters, now: datetime) -> list[str]:
    """The rest of the list, then its beginning: nothing that was passed over is forgotten."""
    ids = work.doable(unit.connection, queue, actor, filters, now)
    at = ids.index(task_id) if task_id in ids else -1
    return ids[at + 1 :] + ids[: max(at, 0)]
