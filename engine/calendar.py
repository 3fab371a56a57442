"""The working calendar in the database: versions, revisions, and a cached reading of them.

One version number covers everything a date can depend on (holidays, decrees, units' weeks and closing days), so that
a deadline which remembers its number can be computed again exactly as it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from threading import Lock
from uuid import uuid4
from weakref import WeakKeyDictionary, WeakSet

from sqlalchemy import Engine, func, insert, or_, select, update
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col

from calendars import Holiday, Kind, WorkingCalendar, WorkingCalendarError, zone_of
from calendars import seed as seeds
from calendars.working import FIVE_DAYS
from calendars.zones import DEFAULT_ZONE
from engine import ledger
from engine.errors import CalendarError
from engine.ledger.digests import calendar_digest
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from models import CalendarEntry, CalendarVersion, CalendarYear, Instansi, UnitClosingDay, UnitWeek

CHECK_EVERY = timedelta(seconds=5)
"""How long a process may go on with a version that another process has superseded."""
MOST_CACHED = 512


def refused(error: WorkingCalendarError) -> CalendarError:
    """What a calendar would not compute, as an error of ours, in both languages."""
    return CalendarError(why=Text(error.message("id"), error.message("en")))


class NothingToReviseError(CalendarError):
    """Calendar version {version} has no such entry: {what}"""

    indonesian = "Kalender versi {version} tidak memuat: {what}"
    code = "calendar_entry_unknown"


class YearKnownError(CalendarError):
    """In calendar version {version} these years are in force already: {years}"""

    indonesian = "Pada kalender versi {version} tahun ini sudah berlaku: {years}"
    code = "calendar_year_known"


@dataclass(frozen=True)
class Revision:
    """What a new version changes, and why. `revoke` names entries by day and name."""

    note: str
    add: tuple[Holiday, ...] = ()
    revoke: tuple[tuple[date, str], ...] = ()
    years: Mapping[int, str] = field(default_factory=dict)
    """Years that come into force, with their decree."""
    weeks: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """Weekdays by instansi."""
    close: tuple[tuple[str, Holiday], ...] = ()
    reopen: tuple[tuple[str, date], ...] = ()


@dataclass
class _Known:
    """What this process has read of one database."""

    latest: int | None = None
    checked_at: datetime | None = None
    calendars: dict[tuple[int, str | None], WorkingCalendar] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)


_known: WeakKeyDictionary[Engine, _Known] = WeakKeyDictionary()
_revising: WeakSet[UnitOfWork] = WeakSet()
"""Units with a version of their own that may yet be rolled back: nothing they read is remembered."""


def load_calendar(
    unit: UnitOfWork,
    instansi_id: str | None = None,
    zone: str | None = None,
    version: int | None = None,
    *,
    now: datetime | None = None,
) -> WorkingCalendar:
    """The calendar of an instansi (or the national one) at `version`, or at the latest.

    Costs no statement once read, if `version` is given or `now` tells that the latest was asked for recently.
    An installation that was not seeded yet answers with the seed. Without `zone` it is the instansi's.
    """
    known = _of(unit)
    number = _latest(unit, known, now) if version is None else version
    key = (number, instansi_id)
    calendar = None if unit in _revising else known.calendars.get(key)
    if calendar is None:
        calendar = _read(unit, number, instansi_id)
        if unit not in _revising:
            _remember(known, key, calendar)
    return calendar if zone is None else calendar.with_zone(zone)


def latest_version(unit: UnitOfWork) -> int:
    """The newest version's number; 0 before the seed."""
    return unit.connection.execute(select(func.max(col(CalendarVersion.number)))).scalar() or 0


def seed_calendar(unit: UnitOfWork, now: datetime) -> int:
    """Write version 1 from the seed, once. Returns the latest version."""
    latest = latest_version(unit)
    if latest:
        return latest
    years = {year: seeds.decree_of(year) for year in seeds.seed_years()}
    seed = Revision(note="Data awal dari paket holidays", add=seeds.seed_holidays(), years=years)
    return new_version(unit, seed, by="Sistem", now=now)


def new_version(unit: UnitOfWork, revision: Revision, *, by: str, now: datetime) -> int:
    """Add a version; every earlier one stays readable. Two at once: one fails on the number and is rolled back."""
    number = latest_version(unit) + 1
    _revising.add(unit)
    unit.session.add(CalendarVersion(number=number, created_at=now, created_by=by, note=revision.note))
    unit.session.flush()
    _refuse_known_years(unit, revision, number)
    _revoke(unit, revision, number)
    _add(unit, revision, number)
    digest = calendar_digest(unit, number)
    ledger.note(unit, ledger.Kind.CALENDAR_PUBLISHED, at=now, ref=str(number), digest=digest)
    known = _of(unit)
    unit.after_commit(lambda: _forget_latest(known))
    return number


# --- writing -------------------------------------------------------------------------------------------------------


def _add(unit: UnitOfWork, revision: Revision, number: int) -> None:
    entries = [
        {
            "id": uuid4().hex, "day": h.day, "name": h.name, "name_en": h.name_en, "kind": h.kind.value,
            "legal_source": h.legal_source, "tentative": h.tentative, "added_in": number,
        }
        for h in revision.add
    ]  # fmt: skip
    closings = [
        {
            "id": uuid4().hex, "instansi_id": instansi_id, "day": h.day, "name": h.name, "name_en": h.name_en,
            "legal_source": h.legal_source, "added_in": number,
        }
        for instansi_id, h in revision.close
    ]  # fmt: skip
    years = [{"year": y, "legal_source": source, "added_in": number} for y, source in revision.years.items()]
    weeks = [
        {"instansi_id": i, "added_in": number, "weekdays": "".join(map(str, sorted(days)))}
        for i, days in revision.weeks.items()
    ]
    for table, rows in ((CalendarEntry, entries), (UnitClosingDay, closings), (CalendarYear, years), (UnitWeek, weeks)):
        if rows:
            unit.connection.execute(insert(table), rows)


def _refuse_known_years(unit: UnitOfWork, revision: Revision, number: int) -> None:
    known = select(col(CalendarYear.year)).where(col(CalendarYear.year).in_(sorted(revision.years)))
    years = sorted(unit.session.scalars(known)) if revision.years else []
    if years:
        raise YearKnownError(version=number - 1, years=", ".join(map(str, years)))


def _revoke(unit: UnitOfWork, revision: Revision, number: int) -> None:
    for day, name in revision.revoke:
        _end(
            unit,
            CalendarEntry,
            number,
            col(CalendarEntry.day) == day,
            col(CalendarEntry.name) == name,
            what=f"{day} {name}",
        )
    for instansi_id, day in revision.reopen:
        unit_day = (col(UnitClosingDay.instansi_id) == instansi_id, col(UnitClosingDay.day) == day)
        _end(unit, UnitClosingDay, number, *unit_day, what=f"{instansi_id} {day}")


def _end(
    unit: UnitOfWork, table: type[CalendarEntry | UnitClosingDay], number: int, *which: ColumnElement[bool], what: str
) -> None:
    ended = unit.connection.execute(
        update(table).where(*which, col(table.revoked_in).is_(None)).values(revoked_in=number)
    )
    if ended.rowcount == 0:
        raise NothingToReviseError(version=number - 1, what=what)


# --- reading -------------------------------------------------------------------------------------------------------


def _of(unit: UnitOfWork) -> _Known:
    return _known.setdefault(unit.connection.engine, _Known())


def _latest(unit: UnitOfWork, known: _Known, now: datetime | None) -> int:
    if unit in _revising:
        return latest_version(unit)
    with known.lock:
        fresh = now is not None and known.checked_at is not None and abs(now - known.checked_at) < CHECK_EVERY
        if known.latest is not None and fresh:
            return known.latest
    latest = latest_version(unit)
    with known.lock:
        known.latest, known.checked_at = latest, now
    return latest


def _forget_latest(known: _Known) -> None:
    with known.lock:
        known.latest = None


def _remember(known: _Known, key: tuple[int, str | None], calendar: WorkingCalendar) -> None:
    with known.lock:
        if len(known.calendars) >= MOST_CACHED:
            known.calendars.clear()
        known.calendars[key] = calendar


def _read(unit: UnitOfWork, number: int, instansi_id: str | None) -> WorkingCalendar:
    if number == 0:
        # Zero, not the seed's own number: what was computed before the seeding must be found again by it.
        return replace(seeds.seed_calendar(_zone(unit, instansi_id)), version=0)
    entries = unit.session.scalars(select(CalendarEntry).where(_valid(CalendarEntry, number)))
    years = unit.session.scalars(select(col(CalendarYear.year)).where(col(CalendarYear.added_in) <= number))
    return seeds.calendar_from(
        [Holiday(e.day, e.name, Kind(e.kind), e.legal_source, e.tentative, e.name_en) for e in entries],
        years,
        version=number,
        weekdays=_weekdays(unit, number, instansi_id),
        closing_days=_closing_days(unit, number, instansi_id),
        zone=zone_of(_zone(unit, instansi_id)),
    )


def _valid(table: type[CalendarEntry | UnitClosingDay], number: int) -> ColumnElement[bool]:
    return (col(table.added_in) <= number) & or_(col(table.revoked_in).is_(None), col(table.revoked_in) > number)


def _weekdays(unit: UnitOfWork, number: int, instansi_id: str | None) -> frozenset[int]:
    if instansi_id is None:
        return FIVE_DAYS
    digits = unit.session.scalar(
        select(col(UnitWeek.weekdays))
        .where(col(UnitWeek.instansi_id) == instansi_id, col(UnitWeek.added_in) <= number)
        .order_by(col(UnitWeek.added_in).desc())
        .limit(1)
    )
    return frozenset(map(int, digits)) if digits else FIVE_DAYS


def _closing_days(unit: UnitOfWork, number: int, instansi_id: str | None) -> list[Holiday]:
    if instansi_id is None:
        return []
    found = unit.session.scalars(
        select(UnitClosingDay).where(col(UnitClosingDay.instansi_id) == instansi_id, _valid(UnitClosingDay, number))
    )
    return [Holiday(c.day, c.name, Kind.CLOSING, c.legal_source, name_en=c.name_en) for c in found]


def _zone(unit: UnitOfWork, instansi_id: str | None) -> str:
    if instansi_id is None:
        return DEFAULT_ZONE
    return unit.session.scalar(select(col(Instansi.zone)).where(col(Instansi.id) == instansi_id)) or DEFAULT_ZONE
