"""Working days as pure functions on dates: no database, no clock, no framework.

A `WorkingCalendar` answers with `Explained`: the result, and day by day what was counted, what was skipped and why.
"""

from calendars.elapsed import elapsed
from calendars.errors import (
    AmountError,
    BadDayError,
    BadTimeError,
    DayOffError,
    NoDecreeError,
    UnknownZoneError,
    WorkingCalendarError,
)
from calendars.explained import Explained, Step
from calendars.holidays import Holiday, Kind, Reason
from calendars.spans import known_working_time, working_time
from calendars.working import WorkingCalendar
from calendars.zones import zone_of

__all__ = [
    "AmountError",
    "BadDayError",
    "BadTimeError",
    "DayOffError",
    "Explained",
    "Holiday",
    "Kind",
    "NoDecreeError",
    "Reason",
    "Step",
    "UnknownZoneError",
    "WorkingCalendar",
    "WorkingCalendarError",
    "elapsed",
    "known_working_time",
    "working_time",
    "zone_of",
]
