"""Dates, times and figures as Indonesians type them. What could mean two things is refused, never guessed."""

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.expressions import LIMITS

_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\Z", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})\Z", re.ASCII)
_TIME = re.compile(r"(\d{1,2})[.:](\d{2})(?::\d{2})?\Z", re.ASCII)
_PLAIN = re.compile(r"-?\d{1,16}(\.\d{1,20})?\Z", re.ASCII)
_GROUPED = re.compile(r"-?[1-9]\d{0,2}(\.\d{3})+(,\d{1,20})?\Z", re.ASCII)
_COMMA = re.compile(r"-?\d{1,16},\d{1,20}\Z", re.ASCII)
_THREE_AFTER_ONE_DOT = re.compile(r"-?[1-9]\d{0,2}\.\d{3}\Z", re.ASCII)
YEARS = range(1900, 2201)


class AmbiguousNumberError(ValueError):
    """5.254 is five thousand to one reader and five and a quarter to another."""


def read_number(raw: Any, *, whole: bool) -> Decimal:
    """Raises ValueError for what is no number, AmbiguousNumberError for what may be two."""
    if isinstance(raw, (int, float, Decimal)) and not isinstance(raw, bool):
        number = Decimal(str(raw))
    else:
        number = _typed(_words(raw).replace("\u00a0", "").replace("−", "-"), whole=whole)
    if not number.is_finite() or abs(number) > LIMITS.number:
        raise ValueError
    return number


def _typed(text: str, *, whole: bool) -> Decimal:
    if _THREE_AFTER_ONE_DOT.match(text) and not whole:
        raise AmbiguousNumberError
    if _GROUPED.match(text):
        return Decimal(text.replace(".", "").replace(",", "."))
    if _COMMA.match(text):
        return Decimal(text.replace(",", "."))
    if _PLAIN.match(text):
        return Decimal(text)
    raise ValueError


def _words(raw: Any) -> str:
    if not isinstance(raw, str) or len(raw) > 60:
        raise ValueError
    return raw.strip()


def read_date(raw: Any) -> date:
    """ISO as browsers send it, or day first as people write it."""
    if type(raw) is date:
        found = raw
    elif match := _ISO_DATE.match(_words(raw)):
        found = date(int(match[1]), int(match[2]), int(match[3]))
    elif match := _DAY_FIRST.match(_words(raw)):
        found = date(int(match[3]), int(match[2]), int(match[1]))
    else:
        raise ValueError
    if found.year not in YEARS:
        raise ValueError
    return found


def read_instant(raw: Any, zone: ZoneInfo) -> datetime:
    """A time without a zone is meant in `zone`."""
    found = raw if isinstance(raw, datetime) else datetime.fromisoformat(_words(raw))
    if found.year not in YEARS:
        raise ValueError
    return found.replace(tzinfo=zone) if found.tzinfo is None else found.astimezone(zone)


def read_time(raw: Any) -> str:
    """`16.00` or `16:00`, kept as HH:MM."""
    match = _TIME.match(_words(raw))
    if match is None:
        raise ValueError
    return time(int(match[1]), int(match[2])).strftime("%H:%M")
