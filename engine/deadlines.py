"""Firing what is due. The `deadline` table is the truth; whoever ticks only asks it what is due by now.

A batch is claimed by a short lease, then each deadline is fired in an act of its own, many of them in one transaction;
the act itself makes sure that it fires once, so a lease that ran out costs a wasted look, never a second firing.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, literal, or_, select, update
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col

from engine.errors import InstanceNotActiveError
from engine.incidents import open_incident
from engine.jobs.backoff import delay
from engine.unit_of_work import Database
from models import Deadline
from models.types import UtcDateTime

if TYPE_CHECKING:
    from engine.runner import Runner

log = logging.getLogger(__name__)

CLAIM = timedelta(seconds=15)
"""How long a claimed deadline is left to the one that claimed it: after a crash the rest of a batch waits this long."""
SUSPENDED_WAIT = timedelta(minutes=1)
MOST_ATTEMPTS = 5
MOST_AT_ONCE = 10_000


@dataclass
class FireReport:
    """What became of the deadlines that were due."""

    fired: int = 0
    idle: int = 0
    """Nothing was left to fire: somebody else was first, or the case had gone on."""
    retried: int = 0
    incidents: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.fired + self.idle + self.retried + len(self.incidents)


def fire_due(runner: "Runner", now: datetime, *, batch: int = 100, most: int = MOST_AT_ONCE) -> FireReport:
    """Fire every timer due by `now`, the longest overdue first, until none is left (or `most` were tried)."""
    report = FireReport()
    while report.total < most:
        claimed = claim_due(runner.database, now, min(batch, most - report.total))
        left = claimed
        while left:
            left = left[_fire_some(runner, left, now, report) :]
        if not claimed:
            break
    return report


def _fire_some(runner: "Runner", deadline_ids: list[str], now: datetime, report: FireReport) -> int:
    """Fire the first of them together, or only the first when that cannot be; says how many are done with."""
    try:
        answers = runner.fire_together(deadline_ids, now)
    except Exception:  # noqa: BLE001 -- nothing of the group is left; whose fault it was shows when each is fired alone
        log.info("deadlines are fired one by one", extra={"action": "deadlines_apart"})
        _fire(runner, deadline_ids[0], now, report)
        return 1
    for deadline_id, answer in zip(deadline_ids, answers, strict=False):
        _count(runner, deadline_id, answer, now, report)
    return len(answers)


def _is(column: str, value: str) -> ColumnElement[bool]:
    # Written out, not bound: only so may the partial index serve the query.
    return col(getattr(Deadline, column)) == literal(value, literal_execute=True)


_NOW = bindparam("now", type_=UtcDateTime)
_DUE = (
    select(col(Deadline.id))
    .where(_is("state", "pending"), _is("kind", "timer"), col(Deadline.due_at) <= _NOW)
    .where(or_(col(Deadline.retry_at).is_(None), col(Deadline.retry_at) <= _NOW))
    .order_by(col(Deadline.due_at), col(Deadline.id))
)
_SOME_DUE = _DUE.limit(1)
"""Asked at every tick, and so made once: to build it costs as much."""


def claim_due(database: Database, now: datetime, batch: int) -> list[str]:
    """Ids of up to `batch` due timers, now leased; looks before it takes a write lock."""
    with database.read() as unit:
        if unit.connection.execute(_SOME_DUE, {"now": now}).first() is None:
            return []
    with database.write() as unit:
        nearest = _DUE.limit(batch).with_for_update(skip_locked=True)
        found = unit.connection.execute(nearest, {"now": now}).scalars().all()
        if found:
            unit.connection.execute(update(Deadline).where(col(Deadline.id).in_(found)).values(retry_at=now + CLAIM))
        return list(found)


def release_claims(database: Database) -> None:
    """What a predecessor had claimed when it was killed, and whoever is the only one of its name takes over at once.

    A case that is suspended is looked at once more; what failed keeps the wait that it earned.
    """
    claimed = (_is("state", "pending"), _is("kind", "timer"), col(Deadline.retry_at).is_not(None))
    with database.write() as unit:
        unit.connection.execute(update(Deadline).where(*claimed, col(Deadline.attempts) == 0).values(retry_at=None))


def _fire(runner: "Runner", deadline_id: str, now: datetime, report: FireReport) -> None:
    try:
        answer: bool | Exception = runner.fire(deadline_id, now)
    except Exception as error:  # noqa: BLE001 -- one broken case must not keep the others from their deadlines
        answer = error
    _count(runner, deadline_id, answer, now, report)


def _count(runner: "Runner", deadline_id: str, answer: bool | Exception, now: datetime, report: FireReport) -> None:
    if isinstance(answer, InstanceNotActiveError):
        _postpone(runner.database, deadline_id, now + SUSPENDED_WAIT)
        report.idle += 1
    elif isinstance(answer, Exception):
        _failed(runner.database, deadline_id, answer, now, report)
    else:
        report.fired += answer
        report.idle += not answer


def _postpone(database: Database, deadline_id: str, until: datetime) -> None:
    with database.write() as unit:
        unit.connection.execute(update(Deadline).where(col(Deadline.id) == deadline_id).values(retry_at=until))


def _failed(database: Database, deadline_id: str, error: Exception, now: datetime, report: FireReport) -> None:
    log.warning("deadline failed", extra={"action": "deadline_failed", "deadline": deadline_id,
                                          "error": type(error).__name__})  # fmt: skip
    with database.write() as unit:
        deadline = unit.session.get(Deadline, deadline_id, with_for_update=True)
        if deadline is None or deadline.state != "pending":
            report.idle += 1
            return
        deadline.attempts += 1
        if deadline.attempts < MOST_ATTEMPTS:
            deadline.retry_at = now + delay(deadline.attempts, deadline_id)
            report.retried += 1
            return
        deadline.state = "failed"
        opened = open_incident(
            unit,
            error,
            now=now,
            instance_id=deadline.instance_id,
            deadline_id=deadline_id,
            element_id=deadline.element_id,
        )
        report.incidents.append(opened.id)
