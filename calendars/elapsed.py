"""A deadline counted by the clock, not by working days: how far it lies from an instant, in words."""

from datetime import datetime, timedelta
from typing import Any

from calendars.words import full_instant
from calendars.zones import zone_of

RULE = "elapsed"


def elapsed(base: datetime, result: datetime, zone: str, *, words: dict[str, str] | None = None) -> dict[str, Any]:
    """The explanation that is stored with such a deadline.

    `words` is the process owner's own reason, by language ("id", "en"); it stands before the count.
    """
    start, end = (instant.astimezone(zone_of(zone)).replace(second=0, microsecond=0) for instant in (base, result))
    sentences = {"id": _indonesian(start, end), "en": _english(start, end)}
    for locale, given in (words or {}).items():
        if given:
            sentences[locale] = f"{given.rstrip('.')}. {sentences[locale]}"
    return {"rule": RULE, "base": start.isoformat(), "result": end.isoformat(), "zone": zone, "sentence": sentences}


def _indonesian(start: datetime, end: datetime) -> str:
    claim = f"{full_instant(end, 'id')} adalah {_span(end - start, 'hari', 'jam', 'menit')}"
    side = "setelah" if end >= start else "sebelum"
    return f"{claim} {side} {full_instant(start, 'id')}. Dihitung menurut jam: hari libur dan akhir pekan ikut."


def _english(start: datetime, end: datetime) -> str:
    claim = f"{full_instant(end, 'en')} is {_span(end - start, 'days', 'hours', 'minutes')}"
    side = "after" if end >= start else "before"
    return f"{claim} {side} {full_instant(start, 'en')}. It is counted by the clock: days off and weekends count too."


def _span(span: timedelta, days: str, hours: str, minutes: str) -> str:
    """Whole days as "3 × 24 jam", since these are not calendar days; else days, hours and minutes."""
    total = abs(span) // timedelta(minutes=1)
    whole, rest = divmod(total, 24 * 60)
    if whole and not rest:
        return f"{whole} × 24 {hours}"
    parts = ((whole, days), (rest // 60, hours), (rest % 60, minutes))
    words = [f"{n} {word.removesuffix('s') if n == 1 else word}" for n, word in parts if n]
    return " ".join(words) or f"0 {minutes}"
