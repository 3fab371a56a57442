"""A month as people hang it on a wall: whole weeks from Monday, with every day's standing."""

import calendar as months
from dataclasses import dataclass
from datetime import date

from calendars.errors import BadDayError
from calendars.holidays import Reason
from calendars.working import WorkingCalendar


@dataclass(frozen=True)
class DayCell:
    """One square. `reason` None and `known` True: a working day; `known` False: no decree for its year."""

    day: date
    in_month: bool
    reason: Reason | None
    known: bool

    @property
    def working(self) -> bool:
        return self.known and self.reason is None


@dataclass(frozen=True)
class Month:
    year: int
    month: int
    weeks: tuple[tuple[DayCell, ...], ...]
    in_force: bool
    """Is there a decree for its year?"""

    @property
    def days(self) -> tuple[DayCell, ...]:
        """The days of the month itself."""
        return tuple(cell for week in self.weeks for cell in week if cell.in_month)

    @property
    def working_days(self) -> int:
        return sum(cell.working for cell in self.days)

    @property
    def named(self) -> tuple[DayCell, ...]:
        """Days of the month that are off for more than the weekday."""
        return tuple(c for c in self.days if c.reason is not None and c.reason.kind.is_decided)


def month_of(calendar: WorkingCalendar, year: int, month: int) -> Month:
    """The month's grid; neighbouring days fill the first and last week."""
    if not (1 <= month <= 12 and 1900 <= year <= 2200):
        raise BadDayError(given=f"{year}-{month}")
    weeks = tuple(
        tuple(_cell(calendar, day, month) for day in week)
        for week in months.Calendar(months.MONDAY).monthdatescalendar(year, month)
    )
    return Month(year, month, weeks, year in calendar.years_in_force)


def _cell(calendar: WorkingCalendar, day: date, month: int) -> DayCell:
    return DayCell(day, day.month == month, calendar.known_reason(day), day.year in calendar.years_in_force)
