"""How deadlines, lateness and lengths change, counted in working days of the case's own calendar."""

from datetime import date, datetime, timedelta

from calendars import WorkingCalendar, WorkingCalendarError
from calendars.zones import local_instant
from engine.backtest.verdict import CaseResult, Lateness, Length, Shift
from engine.backtest.waits import Wait
from engine.history.chain import instant


def working_days(calendar: WorkingCalendar, first: datetime, last: datetime) -> int | None:
    """Working days after the first day up to the last one; None where no decree tells."""
    try:
        found = calendar.working_days_between(first, last).result
    except WorkingCalendarError:
        return None
    return found if isinstance(found, int) else None


def length(calendar: WorkingCalendar, start: datetime, end: datetime) -> Length:
    return Length(round((end - start).total_seconds() / 60), working_days(calendar, start, end))


def as_soon_after(calendar: WorkingCalendar, opened: datetime, answered: datetime, now_opened: datetime) -> datetime:
    """When a person would answer a task that opens at another time: after as many working days, at the same time."""
    gap = answered - opened
    days = working_days(calendar, opened, answered)
    if not days or days < 0 or calendar.day_of(opened) == calendar.day_of(answered):
        return now_opened + gap
    try:
        day = calendar.working_days_after(now_opened, days).result
    except WorkingCalendarError:
        return now_opened + gap
    if not isinstance(day, date):
        return now_opened + gap
    at = local_instant(day, answered.astimezone(calendar.zone).time(), calendar.zone)
    return max(at.astimezone(answered.tzinfo), now_opened + timedelta(seconds=1))


def shift(calendar: WorkingCalendar, wait: Wait) -> Shift | None:
    """A deadline beside the record's; None where neither has one."""
    before, after = wait.past_due, None if wait.due_at is None else instant(wait.due_at)
    if before is None and after is None:
        return None
    kind = "due" if wait.kind == "task" else "timer"
    days = minutes = 0 if before == after else None
    if before is not None and wait.due_at is not None and before != after:
        then = datetime.fromisoformat(before)
        minutes = round((wait.due_at - then).total_seconds() / 60)
        days = working_days(calendar, then, wait.due_at)
    return Shift(wait.element_id, kind, before, after, days, minutes)


def note_lateness(result: CaseResult, wait: Wait, then_done: datetime | None, now_done: datetime | None) -> None:
    """A task that a person did (or that stands: the instants are then the moment of the test)."""
    before = wait.past_due
    if before is None and wait.due_at is None:
        return
    found = result.lateness.setdefault(wait.element_id, Lateness())
    found.tasks += 1
    found.before += before is not None and then_done is not None and then_done > datetime.fromisoformat(before)
    found.after += wait.due_at is not None and now_done is not None and now_done > wait.due_at
