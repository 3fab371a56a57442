"""The time limits of a case over its events: what set each, what ended it, and how much working time was used and left.

The record alone tells them; the `deadline` rows only lend the reasoning that the calendar gave at the time.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any, cast

from sqlalchemy import select

from calendars import WorkingCalendar, known_working_time
from calendars.zones import local_instant
from engine.acts.rows import DEADLINES
from engine.calendar import load_calendar
from engine.history.kinds import Kind
from engine.story.records import Bounded, Limit, Measure, Outcome, Told
from engine.unit_of_work import UnitOfWork

_ENDINGS: dict[str, tuple[Bounded, Outcome]] = {
    Kind.TASK_COMPLETED: ("due", "met"),
    Kind.TASK_CANCELLED: ("due", "cleared"),
    Kind.DEADLINE_FIRED: ("timer", "fired"),
    Kind.DEADLINE_CLEARED: ("timer", "cleared"),
}
_CASE_OVER = (Kind.CASE_COMPLETED, Kind.CASE_CANCELLED)


class Limits:
    """Follows the events in their order; what an event touched is kept in `touched` until it is asked for."""

    def __init__(self) -> None:
        self.all: list[Limit] = []
        self._pending: dict[tuple[str, str], int] = {}
        self._calendar: int | None = None

    def follow(self, event: Told) -> list[int]:
        """The numbers of the limits that this event set, ended or moved."""
        if "calendar" in event.detail:
            self._calendar = event.detail["calendar"]
        token = event.token_id or ""
        if event.kind in (Kind.DEADLINE_SET, Kind.DEADLINE_MOVED):
            return self._set(event, token)
        if event.kind == Kind.TASK_MOVED:
            return [self._pending[key] for key in [("due", token)] if key in self._pending]
        if event.kind in _CASE_OVER:
            return self._end(event, list(self._pending), "cleared")
        ending = _ENDINGS.get(event.kind)
        return [] if ending is None else self._end(event, [(ending[0], token)], ending[1])

    def explained_by(self, rows: Iterable[Any]) -> None:
        """The reasoning of those that are still as their row has them (a row knows its last instant only)."""
        known = {(row.kind, row.token_id, row.due_at): row.explanation for row in rows}
        for limit in self.all:
            limit.explanation = known.get((limit.kind, limit.token_id, limit.at))

    def _set(self, event: Told, token: str) -> list[int]:
        kind = cast("Bounded", event.detail.get("kind", "timer"))
        at = datetime.fromisoformat(event.detail["due"])
        replaced = self._end(event, [(kind, token)], "moved")
        number = len(self.all)
        self.all.append(Limit(token, event.element_id or "", kind, at, event.at, event.n, self._calendar))
        self._pending[kind, token] = number
        return [*replaced, number]

    def _end(self, event: Told, keys: Iterable[tuple[str, str]], how: Outcome) -> list[int]:
        ended = []
        for key in keys:
            number = self._pending.pop(key, None)
            if number is None:
                continue
            limit = self.all[number]
            limit.until_n, limit.ended_at = event.n, event.at
            limit.outcome = "late" if how == "met" and event.at > limit.at else how
            ended.append(number)
        return ended


def measure(limits: list[Limit], number: int, at: datetime, calendars: dict[int, WorkingCalendar]) -> Measure:
    """A limit at an instant, by the calendar that set it."""
    limit = limits[number]
    calendar = calendars.get(limit.calendar) if limit.calendar is not None else None
    if calendar is None:
        return Measure(number, None, None)
    return Measure(number, known_working_time(calendar, limit.since, at), known_working_time(calendar, at, limit.at))


def calendars_of(unit: UnitOfWork, case: Any, limits: Iterable[Limit]) -> dict[int, WorkingCalendar]:
    """The calendars that the limits of a case were set by, each as it was then."""
    of = case.instansi_id if case.programme is None else case.programme["instansi"]
    numbers = sorted({limit.calendar for limit in limits if limit.calendar is not None})
    return {number: load_calendar(unit, of, case.zone, number) for number in numbers}


def rows_of(unit: UnitOfWork, instance_id: str) -> list[Any]:
    wanted = (DEADLINES.c[name] for name in ("kind", "token_id", "due_at", "explanation"))
    return list(unit.connection.execute(select(*wanted).where(DEADLINES.c.instance_id == instance_id)))


def working_spans(calendar: WorkingCalendar, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """The stretches of working days from the day of `start` to that of `end`; days of a year without a decree are
    left out."""
    spans: list[tuple[datetime, datetime]] = []
    day, last = calendar.day_of(start), calendar.day_of(end)
    while day <= last:
        if day.year in calendar.years_in_force and calendar.known_reason(day) is None:
            begins, ends = (local_instant(d, time(0), calendar.zone) for d in (day, day + timedelta(days=1)))
            if spans and spans[-1][1] == begins:
                spans[-1] = (spans[-1][0], ends)
            else:
                spans.append((begins, ends))
        day += timedelta(days=1)
    return spans
