"""Dates and instants in words, in both languages: "Selasa, 7 April 2026 pukul 16.00 WIB"."""

from datetime import date, datetime

WEEKDAYS = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = {
    "id": (
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}


def language(locale: str) -> str:
    """The one of our two languages that `locale` means; Indonesian unless it is English."""
    return "en" if locale.lower().startswith("en") else "id"


def weekday_name(day: date, locale: str = "id") -> str:
    return WEEKDAYS[language(locale)][day.weekday()]


def month_name(month: int, locale: str = "id") -> str:
    return MONTHS[language(locale)][month - 1]


def day_month(day: date, locale: str = "id") -> str:
    return f"{day.day} {month_name(day.month, locale)}"


def full_date(day: date, locale: str = "id") -> str:
    return f"{weekday_name(day, locale)}, {day_month(day, locale)} {day.year}"


def full_instant(instant: datetime, locale: str = "id") -> str:
    """With the zone's own short name; seconds only when there are any."""
    clock = instant.strftime("%H:%M:%S" if instant.second else "%H:%M")
    zone = instant.tzname() or ""
    if language(locale) == "en":
        return f"{full_date(instant, locale)} at {clock} {zone}".rstrip()
    return f"{full_date(instant, locale)} pukul {clock.replace(':', '.')} {zone}".rstrip()
