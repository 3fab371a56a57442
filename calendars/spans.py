"""How much working time lies between two instants: for lengths of stay, and for what of a deadline is used and left.

A working day counts whole, from midnight to midnight of the calendar's zone, as the rules that are measured count
("3 hari kerja"): an hour of it is an hour at whatever time of day. A day off counts nothing.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from threading import Lock
from weakref import WeakKeyDictionary

from calendars.errors import BadDayError, NoDecreeError, WorkingCalendarError
from calendars.working import ONE_DAY, WorkingCalendar
from calendars.zones import local_instant

NOTHING = timedelta(0)


@dataclass(frozen=True)
class _Year:
    """A year of one calendar: where its days begin, and the working time before each of them."""

    midnights: tuple[datetime, ...]
    """Of each day, and of the first day of the next year; in UTC, where differences are true ones."""
    before: tuple[timedelta, ...]
    working: tuple[bool, ...]

    @property
    def total(self) -> timedelta:
        return self.before[-1]

    def until(self, instant: datetime) -> timedelta:
        index = bisect_right(self.midnights, instant) - 1
        if index >= len(self.working):
            return self.total
        return self.before[index] + (instant - self.midnights[index] if self.working[index] else NOTHING)


_years: WeakKeyDictionary[WorkingCalendar, dict[int, _Year]] = WeakKeyDictionary()
_lock = Lock()


def working_time(calendar: WorkingCalendar, start: datetime, end: datetime) -> timedelta:
    """Working time from `start` to `end`, negative when `end` is the earlier one.

    Costs the same for an hour and for years. Refused where a part of the span lies in a year without a decree.
    """
    first, last = _in_utc(start), _in_utc(end)
    if last < first:
        return -working_time(calendar, end, start)
    if first == last:
        return NOTHING
    from_year, to_year = calendar.day_of(first).year, _year_reached(calendar, last)
    if from_year >= to_year:
        year = _year(calendar, from_year)
        return year.until(last) - year.until(first)
    between = sum((_year(calendar, y).total for y in range(from_year + 1, to_year)), NOTHING)
    opening = _year(calendar, from_year)
    return opening.total - opening.until(first) + between + _year(calendar, to_year).until(last)


def known_working_time(calendar: WorkingCalendar, start: datetime, end: datetime) -> timedelta | None:
    """The same; None where no decree tells."""
    try:
        return working_time(calendar, start, end)
    except WorkingCalendarError:
        return None


def _in_utc(instant: datetime) -> datetime:
    if not isinstance(instant, datetime) or instant.tzinfo is None:
        raise BadDayError(given=instant)
    return instant.astimezone(UTC)


def _year_reached(calendar: WorkingCalendar, last: datetime) -> int:
    """The year whose days a span that ends at `last` touches: midnight of New Year still belongs to the old one."""
    local = last.astimezone(calendar.zone)
    is_new_year = (local.month, local.day, local.time()) == (1, 1, time(0))
    return local.year - 1 if is_new_year else local.year


def _year(calendar: WorkingCalendar, year: int) -> _Year:
    with _lock:
        known = _years.setdefault(calendar, {})
        if year not in known:
            known[year] = _read_year(calendar, year)
        return known[year]


def _read_year(calendar: WorkingCalendar, year: int) -> _Year:
    if year not in calendar.years_in_force:
        raise NoDecreeError(year=year)
    days = [date(year, 1, 1) + timedelta(days=n) for n in range((date(year, 12, 31) - date(year, 1, 1)).days + 1)]
    midnights = [local_instant(day, time(0), calendar.zone).astimezone(UTC) for day in (*days, days[-1] + ONE_DAY)]
    working = tuple(calendar.known_reason(day) is None for day in days)
    before = [NOTHING]
    for index, counts in enumerate(working):
        before.append(before[-1] + (midnights[index + 1] - midnights[index] if counts else NOTHING))
    return _Year(tuple(midnights), tuple(before), working)
