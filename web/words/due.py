"""A deadline as a person reads it: date and zone, how many working days are left, and why it is that date."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext

from calendars import Explained, Step, WorkingCalendar, WorkingCalendarError
from web.i18n import locale_code, relative, zone, zone_name

Tone = Literal["bad", "warn", "neutral"]


@dataclass(frozen=True)
class Due:
    """`zone` is the case's; `other_zone` the reader's, where it shows another time."""

    at: datetime
    zone: str
    other_zone: str | None
    left: str
    tone: Tone


def due(at: datetime | None, zone_key: str, calendar: WorkingCalendar, now: datetime) -> Due | None:
    """None where nothing is due."""
    if at is None:
        return None
    reader = zone()
    tone: Tone = "bad" if at < now else "warn" if _working_days(at, zone_key, calendar, now) in (0, 1) else "neutral"
    return Due(
        at=at,
        zone=zone_key,
        other_zone=None if zone_name(reader) == zone_name(zone_key) else reader,
        left=_left(at, zone_key, calendar, now),
        tone=tone,
    )


def _left(at: datetime, zone_key: str, calendar: WorkingCalendar, now: datetime) -> str:
    days = _working_days(at, zone_key, calendar, now)
    if at < now:
        if days is None or days == 0:
            return _("terlambat, %(since)s", since=relative(at))
        return ngettext("terlambat %(num)d hari kerja", "terlambat %(num)d hari kerja", -days)
    if _day(at, zone_key) == _day(now, zone_key):
        return _("hari ini, %(left)s", left=relative(at))
    if days is None or days == 0:
        return relative(at)
    return ngettext("tersisa %(num)d hari kerja", "tersisa %(num)d hari kerja", days)


def _working_days(at: datetime, zone_key: str, calendar: WorkingCalendar, now: datetime) -> int | None:
    """Working days from today to the day it is due, negative when past; None where the calendar cannot say."""
    try:
        found = calendar.working_days_between(_day(now, zone_key), _day(at, zone_key)).result
    except WorkingCalendarError:
        return None
    return found if isinstance(found, int) else None


def _day(instant: datetime, zone_key: str) -> date:
    return instant.astimezone(ZoneInfo(zone_key)).date()


@dataclass(frozen=True)
class Why:
    """The reasoning behind a date: in a sentence, and day by day."""

    sentence: str
    steps: tuple[Step, ...] = ()
    calendar_version: int | None = None


def why(explanation: Any) -> list[Why]:
    """The stored explanation of a deadline, as its calendar gave it then; a date may rest on several computations."""
    if not explanation:
        return []
    parts = explanation if isinstance(explanation, list) else explanation.get("parts", [explanation])
    return [_reason(part) for part in parts if "rule" in part]


def _reason(part: dict[str, Any]) -> Why:
    if "steps" not in part:  # counted by the clock
        return Why(part["sentence"]["en" if locale_code() == "en" else "id"])
    explained = Explained.from_json(part)
    return Why(explained.sentence(locale_code()), explained.steps, explained.calendar_version)
