"""The national calendar as the `holidays` package knows it, cured of the package's traps.

The package's default category lacks joint leave (cuti bersama), its spelling "Pegangti" is wrong, two names of one
day are glued together, and estimates are told only in the name. A year whose joint leave is unknown has no decree.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays as package

from calendars.holidays import Holiday, Kind
from calendars.working import FIVE_DAYS, WorkingCalendar
from calendars.zones import DEFAULT_ZONE, zone_of

FIRST_YEAR = 2015
LAST_YEAR = 2035
"""How far the package is asked; `years_in_force` tells how far it knows."""
SEED_VERSION = 1

_GENERAL_SOURCE = "SKB 3 Menteri tentang Hari Libur Nasional dan Cuti Bersama Tahun {year}"
_DECREES = {
    2026: "SKB 3 Menteri Nomor 1497 Tahun 2025, Nomor 2 Tahun 2025, Nomor 5 Tahun 2025",
}
_UNDECREED_SOURCE = "Perkiraan; SKB 3 Menteri tahun {year} belum terbit"
_CATEGORIES = {Kind.NATIONAL: "public", Kind.JOINT_LEAVE: "government"}
_ESTIMATE = {"id": " (perkiraan)", "en_US": " (estimated)"}
_SPELLING = {"Pegangti ": "Pengganti ", "Joint Holiday": "Joint Leave"}


def decree_of(year: int) -> str:
    """The legal source that the seed gives for `year`."""
    return _DECREES.get(year, _GENERAL_SOURCE.format(year=year))


@lru_cache(maxsize=1)
def seed_holidays() -> tuple[Holiday, ...]:
    """Every public holiday and joint leave from FIRST_YEAR on, one entry per name, by date."""
    in_force = seed_years()
    return tuple(sorted(entry for kind in _CATEGORIES for entry in _entries(kind, in_force)))


@lru_cache(maxsize=1)
def seed_years() -> frozenset[int]:
    """Years with joint leave: only then the joint decree is complete."""
    return frozenset(day.year for day in _package(Kind.JOINT_LEAVE, "id"))


def calendar_from(
    entries: Iterable[Holiday],
    years: Iterable[int],
    *,
    version: int = SEED_VERSION,
    weekdays: frozenset[int] = FIVE_DAYS,
    closing_days: Iterable[Holiday] = (),
    zone: ZoneInfo | None = None,
) -> WorkingCalendar:
    """A calendar of loose entries."""
    by_day: dict[date, tuple[Holiday, ...]] = {}
    for entry in sorted(entries):
        by_day[entry.day] = (*by_day.get(entry.day, ()), entry)
    return WorkingCalendar(
        holidays=by_day,
        years_in_force=frozenset(years),
        weekdays=weekdays,
        closing_days={entry.day: entry for entry in closing_days},
        zone=zone or zone_of(DEFAULT_ZONE),
        version=version,
    )


@lru_cache(maxsize=16)
def seed_calendar(zone: str = DEFAULT_ZONE, weekdays: frozenset[int] = FIVE_DAYS) -> WorkingCalendar:
    """The seed as a calendar: what an installation starts with, and what works without a database."""
    return calendar_from(seed_holidays(), seed_years(), weekdays=weekdays, zone=zone_of(zone))


def _entries(kind: Kind, in_force: frozenset[int]) -> Iterable[Holiday]:
    indonesian, english = _package(kind, "id"), _package(kind, "en_US")
    # The package sorts the names of one day in each language by itself: translate by days that have one name.
    translated = {_split(names)[0]: english[day] for day, names in indonesian.items() if ";" not in names}
    for day, names in indonesian.items():
        source = decree_of(day.year) if day.year in in_force else _UNDECREED_SOURCE.format(year=day.year)
        for name in _split(names):
            plain, tentative = _without_estimate(name, "id")
            name_en = _split(translated.get(name, plain))[0]
            yield Holiday(day, plain, kind, source, tentative, _without_estimate(name_en, "en_US")[0])


def _package(kind: Kind, language: str) -> dict[date, str]:
    found = package.country_holidays(
        "ID", categories=(_CATEGORIES[kind],), years=range(FIRST_YEAR, LAST_YEAR + 1), language=language
    )
    return dict(sorted(found.items()))


def _split(names: str) -> list[str]:
    for wrong, right in _SPELLING.items():
        names = names.replace(wrong, right)
    return [part.strip() for part in names.split(";")]


def _without_estimate(name: str, language: str) -> tuple[str, bool]:
    mark = _ESTIMATE[language]
    return name.removesuffix(mark), name.endswith(mark)
