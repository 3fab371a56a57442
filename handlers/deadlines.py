"""The dates that follow from the day of an exam: Batas Akhir Pendaftaran, and the end of the time for repairs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from calendars import Explained, WorkingCalendar
from calendars.zones import DEFAULT_ZONE, END_OF_DAY, local_instant, time_of

RULES = ("registration_working_days", "repair_days", "repair_time")
"""The parameters that the dates depend on."""


@dataclass(frozen=True)
class Dates:
    """When an exam is, and what follows from it; `closes` says how, day by day."""

    starts_at: datetime
    closes_at: datetime
    closes: Explained
    repair_until: datetime


def dates_of(calendar: WorkingCalendar, starts_on: date, starts_time: str, rules: Mapping[str, Any]) -> Dates:
    """H-12 hari kerja ends that day where the exam is held; the time for repairs ends by Jakarta's clocks.

    DayOffError for an exam on a day off, NoDecreeError where a year's days off are not known yet.
    """
    calendar.require_working_day(starts_on)
    starts_at = local_instant(starts_on, time_of(starts_time), calendar.zone)
    closes = calendar.working_days_before(starts_on, int(rules["registration_working_days"]), at=END_OF_DAY)
    jakarta = calendar.with_zone(DEFAULT_ZONE)
    repair = jakarta.calendar_days_after(starts_on, int(rules["repair_days"]), at=str(rules["repair_time"]))
    return Dates(starts_at, _instant(closes), closes, _instant(repair))


def _instant(explained: Explained) -> datetime:
    assert isinstance(explained.result, datetime)  # noqa: S101 -- a time of day was asked for
    return explained.result
