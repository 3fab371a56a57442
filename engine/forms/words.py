"""Values as people read them: dates, times with their zone, numbers, Ya/Tidak."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.texts import NO_TEXT, Text

_MONTHS = {
    "id": ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober",
           "November", "Desember"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
}  # fmt: skip
_ZONES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


def show_date(day: date, locale: str) -> str:
    language = "id" if locale.startswith("id") else "en"
    return f"{day.day} {_MONTHS[language][day.month - 1]} {day.year}"


def show_instant(instant: datetime, zone: ZoneInfo, locale: str) -> str:
    local = instant.astimezone(zone)
    joined = "pukul" if locale.startswith("id") else "at"
    clock = f"{local:%H.%M}" if locale.startswith("id") else f"{local:%H:%M}"
    return f"{show_date(local.date(), locale)} {joined} {clock} {_ZONES.get(zone.key, local.tzname() or zone.key)}"


def show_number(number: Decimal | float, locale: str) -> str:
    """1.234,5 for an Indonesian reader, 1,234.5 for an English one."""
    text = f"{number:,}" if isinstance(number, int) else f"{Decimal(str(number)):,f}"
    return text.translate(str.maketrans(",.", ".,")) if locale.startswith("id") else text


_ANSWERS = {None: NO_TEXT, True: Text("Ya", "Yes"), False: Text("Tidak", "No")}


def show_value(value: Any, zone: ZoneInfo, locale: str) -> str:
    """Any value of a case as words; a record by its `name`."""
    if value is None or isinstance(value, bool):
        return _ANSWERS[value].in_locale(locale)
    if isinstance(value, datetime):
        return show_instant(value, zone, locale)
    if isinstance(value, date):
        return show_date(value, locale)
    if isinstance(value, (int, float, Decimal)):
        return show_number(value, locale)
    if isinstance(value, (list, tuple)):
        return ", ".join(show_value(v, zone, locale) for v in value)
    return str(value.get("name") or value.get("filename") or "") if isinstance(value, Mapping) else str(value)
