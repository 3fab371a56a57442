"""Proofs that nobody has to ask for: every day or every week, at an hour of the national zone."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from calendars import zone_of
from calendars.zones import DEFAULT_ZONE, local_instant
from engine.chores import Chore
from engine.errors import AlurError
from engine.proof.runs import KINDS, Choice, Kind, begin
from engine.unit_of_work import UnitOfWork
from models import ProofRun, ProofSchedule

if TYPE_CHECKING:
    from engine.runner import Runner

EVERY = ("off", "daily", "weekly")


class BadScheduleError(AlurError):
    """This is no time for a proof."""

    indonesian = "Waktu pembuktian ini tidak dikenal."
    code = "bad_schedule"
    http_status = 422


def chore() -> Chore:
    """For a ticker: begins the runs whose time has come."""
    return Chore("proof-schedule", begin_due, every=timedelta(minutes=1))


def begin_due(runner: "Runner", now: datetime) -> int:
    """How many runs were begun. After a downtime of any length one is begun, not one for each time that was missed."""
    due = select(ProofSchedule).where(col(ProofSchedule.next_at) <= now)
    with runner.database.read() as unit:
        if unit.session.scalars(due.limit(1)).first() is None:
            return 0
    begun = 0
    with runner.database.write() as unit:
        for schedule in unit.session.scalars(due.with_for_update(skip_locked=True)).all():
            schedule.next_at = next_after(schedule, now)
            unit.session.add(schedule)
            if not _is_running(unit, schedule.kind):
                begin(unit, _kind(schedule.kind), Choice(), by=None, now=now)
                begun += 1
    return begun


def change(unit: UnitOfWork, kind: str, every: str, *, weekday: int, hour: int, by: str, now: datetime) -> None:
    """From now on at that time, or not at all."""
    if every not in EVERY or not 0 <= weekday <= 6 or not 0 <= hour <= 23:
        raise BadScheduleError
    schedule = unit.session.get(ProofSchedule, _kind(kind)) or ProofSchedule(
        kind=kind, every=every, changed_by=by, changed_at=now
    )
    schedule.every, schedule.weekday, schedule.hour = every, weekday, hour
    schedule.changed_by, schedule.changed_at = by, now
    schedule.next_at = next_after(schedule, now)
    unit.session.add(schedule)


def schedules(unit: UnitOfWork) -> dict[str, ProofSchedule]:
    """By kind; one that was never set is not there."""
    return {schedule.kind: schedule for schedule in unit.session.scalars(select(ProofSchedule))}


def next_after(schedule: ProofSchedule, now: datetime) -> datetime | None:
    """The first such time after `now`; None for one that is off."""
    if schedule.every == "off":
        return None
    today = now.astimezone(zone_of(DEFAULT_ZONE)).date()
    days = (today + timedelta(days=ahead) for ahead in range(9))
    return next(at for at in (_at(day, schedule) for day in days if _fits(day, schedule)) if at > now)


def _at(day: date, schedule: ProofSchedule) -> datetime:
    return local_instant(day, time(schedule.hour), zone_of(DEFAULT_ZONE))


def _fits(day: date, schedule: ProofSchedule) -> bool:
    return schedule.every == "daily" or day.weekday() == schedule.weekday


def _is_running(unit: UnitOfWork, kind: str) -> bool:
    running = select(col(ProofRun.id)).where(
        col(ProofRun.kind) == kind, col(ProofRun.scope) == "everything", col(ProofRun.state) == "running"
    )
    return unit.connection.execute(running.limit(1)).first() is not None


def _kind(name: str) -> Kind:
    for kind in KINDS:
        if kind == name:
            return kind
    raise BadScheduleError
