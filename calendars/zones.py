"""Indonesia's three zones and times of day as people write them."""

import re
from datetime import date, datetime, time, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from calendars.errors import BadTimeError, UnknownZoneError

DEFAULT_ZONE = "Asia/Jakarta"
SHORT_NAMES = {"WIB": DEFAULT_ZONE, "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}
END_OF_DAY = time(23, 59, 59)

_TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)(?:[:.]([0-5]\d))?")
_NAME = re.compile(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*")


@lru_cache(maxsize=64)
def zone_of(name: str) -> ZoneInfo:
    """A zone by its short name (WIB, WITA, WIT) or its IANA name."""
    key = SHORT_NAMES.get(name.upper(), name)
    if not _NAME.fullmatch(key):
        raise UnknownZoneError(given=name)
    try:
        return ZoneInfo(key)
    except (ZoneInfoNotFoundError, OSError, ValueError):
        raise UnknownZoneError(given=name) from None


def time_of(text: str | time) -> time:
    """ "16:00", "16.00", "7.30" or "23:59:59" as a time of day."""
    if isinstance(text, time):
        if text.tzinfo is not None:
            raise BadTimeError(given=text.isoformat())
        return text
    match = _TIME.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise BadTimeError(given=text)
    hour, minute, second = match.groups()
    return time(int(hour), int(minute), int(second or 0))


def local_instant(day: date, at: time, zone: tzinfo) -> datetime:
    """The instant when the clocks of `zone` show `at` on `day`."""
    return datetime.combine(day, at, tzinfo=zone)
