"""`alur calendar`: compute working days and say why, and show a month. Works without a database, from the seed."""

import json
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn

import click
from sqlalchemy.exc import DBAPIError

from calendars import Explained, Kind, WorkingCalendar, WorkingCalendarError
from calendars.month import Month, month_of
from calendars.seed import calendar_from, seed_calendar, seed_holidays, seed_years
from calendars.words import full_date, full_instant, month_name, weekday_name
from calendars.working import FIVE_DAYS, SIX_DAYS
from engine.calendar import latest_version, load_calendar, new_version, refused
from engine.calendar import seed_calendar as seed
from engine.calendar_revision import BadRevisionError, read_revision
from engine.unit_of_work import Database
from web.cli import CommandLine

DAY = click.DateTime(["%Y-%m-%d"])
WEEKS = {"5": FIVE_DAYS, "6": SIX_DAYS}
BOTH = "public+government"


@click.group()
def command() -> None:
    """The working calendar: dates that explain themselves, and months."""


@command.command()
@click.option("--before", type=DAY, metavar="DATE", help="Count back from this day (H-n), which is not counted.")
@click.option("--after", type=DAY, metavar="DATE", help="Count on from this day (H+n), which is not counted.")
@click.option("--between", type=DAY, nargs=2, metavar="DATE DATE", help="Count the working days from one to the other.")
@click.option("--days", type=int, help="Working days to count.")
@click.option("--months", type=int, help="With --after or --before: calendar months instead of working days.")
@click.option("--at", metavar="HH:MM", help="Time of day of the result.")
@click.option("--week", type=click.Choice(list(WEEKS)), default="5", show_default=True, help="Working days in a week.")
@click.option("--zone", default="WIB", show_default=True, help="WIB, WITA, WIT or a name like Asia/Makassar.")
@click.option("--version", type=int, help="A version of the calendar other than the latest.")
@click.option(
    "--categories", type=click.Choice([BOTH, "public"]), default=BOTH, show_default=True,
    help="To compare only: 'public' leaves joint leave (cuti bersama) out, which is wrong for government.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def explain(line: CommandLine, *, as_json: bool, **asked: Any) -> None:
    """Compute a date and list day by day what was counted, what was skipped, and why."""
    compute = _question(asked)
    try:
        calendar, source = _calendar(line, asked["version"], asked["categories"])
        explained = compute(calendar.with_weekdays(WEEKS[asked["week"]]).with_zone(asked["zone"]))
    except WorkingCalendarError as error:
        _refuse(error, as_json=as_json)
    if as_json:
        click.echo(json.dumps(_as_json(explained, source), ensure_ascii=False, indent=2))
    else:
        _tell(explained, source)


@command.command()
@click.argument("month", type=click.DateTime(["%Y-%m"]), metavar="YYYY-MM")
@click.option("--week", type=click.Choice(list(WEEKS)), default="5", show_default=True, help="Working days in a week.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def month(line: CommandLine, month: datetime, week: str, *, as_json: bool) -> None:
    """Show a month: its working days, and the names of the days off."""
    try:
        calendar, source = _calendar(line, None, BOTH)
        grid = month_of(calendar.with_weekdays(WEEKS[week]), month.year, month.month)
    except WorkingCalendarError as error:
        _refuse(error, as_json=as_json)
    if as_json:
        click.echo(json.dumps(_month_json(grid, calendar, source), ensure_ascii=False, indent=2))
    else:
        _draw(grid)


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", required=True, help="Who decides this; it stands in the calendar's history.")
@click.pass_obj
def revise(line: CommandLine, file: Path, by: str) -> None:
    """Record a decree (SKB) or a change of one from a TOML FILE, as a new version of the calendar."""
    try:
        revision = read_revision(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise BadRevisionError(why="UTF-8") from None
    try:
        with line.database.write() as unit:
            now = line.clock.now()
            seed(unit, now)
            number = new_version(unit, revision, by=by, now=now)
    except DBAPIError as error:
        raise click.ClickException("The calendar was not changed: is the database there (`alur migrate`)?") from error
    click.echo(f"Calendar version {number}: {revision.note}")


# --- the question --------------------------------------------------------------------------------------------------


def _question(asked: dict[str, Any]) -> Callable[[WorkingCalendar], Explained]:
    before, after, between = asked["before"], asked["after"], asked["between"]
    if sum(1 for given in (before, after, between) if given) != 1:
        raise click.UsageError("Give exactly one of --before, --after and --between.")
    if between:
        return _between(asked, *between)
    days, months, at = asked["days"], asked["months"], asked["at"]
    if (days is None) == (months is None):
        raise click.UsageError("Give --days or --months.")
    base: date = (before or after).date()
    if months is not None:
        return lambda c: c.add_months(base, -months if before else months, at)
    if before:
        return lambda c: c.working_days_before(base, days, at)
    return lambda c: c.working_days_after(base, days, at)


def _between(asked: dict[str, Any], first: datetime, last: datetime) -> Callable[[WorkingCalendar], Explained]:
    if any(asked[name] is not None for name in ("days", "months", "at")):
        raise click.UsageError("--between counts by itself: leave out --days, --months and --at.")
    return lambda c: c.working_days_between(first.date(), last.date())


def _calendar(line: CommandLine, version: int | None, categories: str) -> tuple[WorkingCalendar, str]:
    """The database's calendar where there is one, else the seed; and which of the two it is."""
    if categories != BOTH:
        return calendar_from([h for h in seed_holidays() if h.kind is Kind.NATIONAL], seed_years()), "seed"
    try:
        if _is_there(line.database):
            with line.database.read() as unit:
                latest = latest_version(unit)
                if version is not None and not 1 <= version <= max(latest, 1):
                    raise click.UsageError(
                        f"There is no version {version} of the calendar; the latest is {latest or 1}."
                    )
                if latest:
                    return load_calendar(unit, version=version), "database"
    except (DBAPIError, OSError):
        click.echo("The database cannot be read; this is the calendar Alur was delivered with.", err=True)
    return seed_calendar(), "seed"


def _is_there(database: Database) -> bool:
    """SQLite would make an empty file of a missing one."""
    return not database.is_sqlite or Path(str(database.url.database)).exists()


def _refuse(error: WorkingCalendarError, *, as_json: bool) -> NoReturn:
    if not as_json:
        raise refused(error) from error
    message = {"id": error.message("id"), "en": error.message("en")}
    click.echo(json.dumps({"error": type(error).__name__, "message": message}, ensure_ascii=False, indent=2))
    sys.exit(1)


# --- the answer ----------------------------------------------------------------------------------------------------


def _as_json(explained: Explained, source: str) -> dict[str, Any]:
    result = explained.result
    day = result.date() if isinstance(result, datetime) else result
    return {**explained.to_json(), "date": day.isoformat() if isinstance(day, date) else None, "source": source}


def _tell(explained: Explained, source: str) -> None:
    result = explained.result
    if isinstance(result, datetime):
        click.echo(full_instant(result))
    else:
        click.echo(full_date(result) if isinstance(result, date) else f"{result} hari kerja")
    click.echo()
    for step in explained.steps:
        mark = f"{step.number:>4}" if step.counted else "   –"
        why = f"  {step.reason.text()}" if step.reason and step.reason.kind.is_decided else ""
        click.echo(f"{mark}  {step.day}  {weekday_name(step.day):<7}{why}".rstrip())
    if explained.steps:
        click.echo()
    click.echo(explained.sentence("id"))
    click.echo(explained.sentence("en"))
    click.echo(
        f"({'kalender versi ' + str(explained.calendar_version) if source == 'database' else 'kalender bawaan'})"
    )


def _month_json(grid: Month, calendar: WorkingCalendar, source: str) -> dict[str, Any]:
    days = [
        {"date": c.day.isoformat(), "working": c.working, "reason": c.reason.to_json() if c.reason else None}
        for c in grid.days
    ]
    return {
        "year": grid.year, "month": grid.month, "in_force": grid.in_force, "working_days": grid.working_days,
        "calendar_version": calendar.version, "source": source, "days": days,
    }  # fmt: skip


def _draw(grid: Month) -> None:
    click.echo(f"{month_name(grid.month)} {grid.year}")
    click.echo(" Sen  Sel  Rab  Kam  Jum  Sab  Min")
    for week in grid.weeks:
        click.echo("".join(f"{_square(c.day.day, off=not c.working) if c.in_month else '':>4} " for c in week).rstrip())
    click.echo()
    if not grid.in_force:
        click.echo(f"SKB 3 Menteri tahun {grid.year} belum tercatat; hari kerja belum dapat dihitung.")
    else:
        click.echo(f"{grid.working_days} hari kerja; yang bertanda · bukan hari kerja.")
    for cell in grid.named:
        if cell.reason:
            click.echo(f"{cell.day.day:>3}  {cell.reason.text()} – {cell.reason.kind.title()}")


def _square(day: int, *, off: bool) -> str:
    return f"{day}{'·' if off else ' '}"
