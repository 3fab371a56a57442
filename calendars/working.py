"""The working calendar: which days count, walking them, and refusing what cannot be known."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Self
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from calendars.errors import AmountError, BadDayError, DayOffError, NoDecreeError
from calendars.explained import Explained, Step
from calendars.holidays import Holiday, Kind, Reason, joined
from calendars.words import full_date, weekday_name
from calendars.zones import DEFAULT_ZONE, END_OF_DAY, local_instant, time_of, zone_of

MOST_DAYS = 2_000
MOST_MONTHS = 600
FIVE_DAYS = frozenset({1, 2, 3, 4, 5})
SIX_DAYS = frozenset({1, 2, 3, 4, 5, 6})
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, eq=False)
class WorkingCalendar:
    """What is known of a programme's or an agency's days, at one version. Immutable; answers are pure.

    `weekdays` are ISO numbers (Monday is 1). A year outside `years_in_force` has no decree: its days are refused,
    not guessed.
    """

    holidays: Mapping[date, tuple[Holiday, ...]] = field(default_factory=dict, repr=False)
    years_in_force: frozenset[int] = frozenset()
    weekdays: frozenset[int] = FIVE_DAYS
    closing_days: Mapping[date, Holiday] = field(default_factory=dict, repr=False)
    zone: ZoneInfo = field(default_factory=lambda: zone_of(DEFAULT_ZONE))
    version: int = 0

    def __post_init__(self) -> None:
        if not self.weekdays or not self.weekdays <= set(range(1, 8)):
            raise AmountError(least=1, most=7, given=sorted(self.weekdays))
        object.__setattr__(self, "holidays", MappingProxyType(dict(self.holidays)))
        object.__setattr__(self, "closing_days", MappingProxyType(dict(self.closing_days)))

    def with_zone(self, zone: str | ZoneInfo) -> Self:
        wanted = zone_of(zone) if isinstance(zone, str) else zone
        return self if wanted.key == self.zone.key else replace(self, zone=wanted)

    def with_weekdays(self, weekdays: frozenset[int]) -> Self:
        return replace(self, weekdays=weekdays)

    # --- single days -------------------------------------------------------------------------------------------

    def day_of(self, day: date) -> date:
        """The calendar day of a date, or of an instant as this zone's clocks show it."""
        if isinstance(day, datetime):
            if day.tzinfo is None:
                raise BadDayError(given=day.isoformat())
            return day.astimezone(self.zone).date()
        if not isinstance(day, date):
            raise BadDayError(given=day)
        return day

    def known_reason(self, day: date) -> Reason | None:
        """Why `day` is off as far as is known, in any year: for showing, never for counting."""
        if day in self.holidays:
            return joined(tuple(h.reason() for h in self.holidays[day]))
        if day in self.closing_days:
            return self.closing_days[day].reason()
        if day.isoweekday() not in self.weekdays:
            return Reason(Kind.WEEKEND, weekday_name(day, "id"), weekday_name(day, "en"))
        return None

    def why_not(self, day: date) -> Reason | None:
        """Why `day` is not a working day; None when it is one. Refused for a year without a decree."""
        day = self.day_of(day)
        if day.year not in self.years_in_force:
            raise NoDecreeError(year=day.year)
        return self.known_reason(day)

    def is_working_day(self, day: date) -> bool:
        return self.why_not(day) is None

    def require_working_day(self, day: date) -> date:
        """The day itself, or a refusal that names the reason: an exam is not set on a holiday."""
        day = self.day_of(day)
        reason = self.why_not(day)
        if reason is not None:
            raise DayOffError(
                day=full_date(day, "en"), hari=full_date(day, "id"), why_id=reason.text("id"), why_en=reason.text("en")
            )
        return day

    # --- walking working days ----------------------------------------------------------------------------------

    def working_days_before(self, day: date, n: int, at: str | time | None = None) -> Explained:
        """H-n: walk back from `day`, which is not counted. H-0 is the day itself or the last working day before."""
        return self._walk("working_days_before", day, n, at, -ONE_DAY)

    def working_days_after(self, day: date, n: int, at: str | time | None = None) -> Explained:
        """H+n: walk on from `day`, which is not counted. H+0 is the day itself or the next working day."""
        return self._walk("working_days_after", day, n, at, ONE_DAY)

    def working_days_between(self, first: date, last: date) -> Explained:
        """Working days after `first` up to and including `last`; negative when `last` is the earlier one."""
        start, end = self.day_of(first), self.day_of(last)
        low, high = min(start, end), max(start, end)
        _whole((high - low).days, MOST_DAYS)
        self._refuse_unknown(start)
        steps: list[Step] = []
        for offset in range(1, (high - low).days + 1):
            self._look_at(low + timedelta(days=offset), steps)
        total = sum(step.counted for step in steps)
        return self._explained(
            "working_days_between", start, total, total if end >= start else -total, steps, until=end
        )

    # --- calendar days and months ------------------------------------------------------------------------------

    def calendar_days_after(self, day: date, n: int, at: str | time | None = None) -> Explained:
        """`n` calendar days on (or back, when negative); days off count as well."""
        start = self.day_of(day)
        _whole(n, MOST_DAYS, least=-MOST_DAYS)
        return self._timed("calendar_days_after", start, n, _shifted(start, days=n), at, [])

    def add_months(self, day: date, n: int, at: str | time | None = None) -> Explained:
        """The same day `n` months on, or the last day of a month that is too short."""
        start = self.day_of(day)
        _whole(n, MOST_MONTHS, least=-MOST_MONTHS)
        return self._timed("add_months", start, n, _shifted(start, months=n), at, [])

    def end_of_day(self, day: date) -> Explained:
        """The last second of `day` in this zone: until then something due that day is in time."""
        start = self.day_of(day)
        return self._timed("end_of_day", start, 0, start, END_OF_DAY, [])

    # --- inside ------------------------------------------------------------------------------------------------

    def _walk(self, rule: str, day: date, n: int, at: str | time | None, direction: timedelta) -> Explained:
        start = self.day_of(day)
        _whole(n, MOST_DAYS)
        self._refuse_unknown(start)
        steps: list[Step] = []
        current, left = start, n
        if n == 0:
            current, left = start - direction, 1
        while left:
            current = _stepped(current, direction)
            left -= self._look_at(current, steps)
        return self._timed(rule, start, n, current, at, steps)

    def _look_at(self, day: date, steps: list[Step]) -> bool:
        reason = self.why_not(day)
        number = 1 + next((s.number for s in reversed(steps) if s.counted), 0) if reason is None else 0
        steps.append(Step(day, number, reason))
        return reason is None

    def _refuse_unknown(self, day: date) -> None:
        if day.year not in self.years_in_force:
            raise NoDecreeError(year=day.year)

    def _timed(
        self, rule: str, start: date, n: int, found: date, at: str | time | None, steps: list[Step]
    ) -> Explained:
        clock = None if at is None else time_of(at)
        result = found if clock is None else local_instant(found, clock, self.zone)
        return self._explained(rule, start, n, result, steps, at=clock)

    def _explained(
        self,
        rule: str,
        base: date,
        amount: int,
        result: date | int,
        steps: list[Step],
        *,
        until: date | None = None,
        at: time | None = None,
    ) -> Explained:
        return Explained(
            rule=rule,
            base=base,
            amount=amount,
            result=result,
            steps=tuple(steps),
            until=until,
            at=at,
            zone=self.zone.key,
            week="".join(map(str, sorted(self.weekdays))),
            calendar_version=self.version,
            base_reason=self.known_reason(base),
        )


def _whole(n: int, most: int, least: int = 0) -> None:
    if not isinstance(n, int) or isinstance(n, bool) or not least <= n <= most:
        raise AmountError(least=least, most=most, given=n)


def _shifted(day: date, *, days: int = 0, months: int = 0) -> date:
    try:
        return day + relativedelta(days=days, months=months)
    except (OverflowError, ValueError):
        raise BadDayError(given=day.isoformat()) from None


def _stepped(day: date, direction: timedelta) -> date:
    try:
        return day + direction
    except OverflowError:
        raise BadDayError(given=day.isoformat()) from None
