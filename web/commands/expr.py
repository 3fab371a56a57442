"""`alur expr`: compute one expression (or run one script) on data from a file, as a case would."""

import json
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

import click
from sqlalchemy.exc import DBAPIError

from calendars import WorkingCalendar
from calendars import seed as calendar_seed
from engine.calendar import latest_version, load_calendar
from engine.errors import AlurError
from engine.expressions import (
    FUNCTIONS,
    LAZY,
    EvaluationContext,
    Fault,
    FaultyExpressionError,
    check_value,
    evaluate,
    execute,
)
from web.cli import CommandLine

_KINDS = {bool: "boolean", int: "number", float: "number", Decimal: "number", str: "text", date: "date",
          datetime: "instant", timedelta: "duration", list: "list", dict: "record", type(None): "nothing"}  # fmt: skip


@click.command()
@click.argument("source", metavar="EXPR", required=False)
@click.option("--data", "data_file", type=click.File("rb"), help="A JSON file with the data; - reads it from here.")
@click.option("--script", is_flag=True, help="EXPR is a script; its data afterwards are shown.")
@click.option("--now", "instant", metavar="INSTANT", help="The present, e.g. 2026-06-01T09:00+07:00.")
@click.option("--functions", is_flag=True, help="List the functions instead.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def command(
    line: CommandLine,
    source: str | None,
    data_file: Any,
    instant: str | None,
    *,
    script: bool,
    functions: bool,
    as_json: bool,
) -> None:
    """Compute an expression of the diagrams' language.

    Exit status: 0 computed, 1 it cannot be, 2 wrong use.
    """
    if functions:
        _list_functions(as_json=as_json)
        return
    if source is None:
        raise click.UsageError("Give the expression, in quotes.")
    data = _data(data_file)
    context = EvaluationContext(_instant(line, instant), _calendar(line))
    try:
        check_value(data)
        value = execute(source, data, context) if script else evaluate(source, data, context)
    except AlurError as error:
        _refuse(error, as_json=as_json)
    _show(value, context, as_json=as_json)


def _data(stream: Any) -> dict[str, Any]:
    if stream is None:
        return {}
    try:
        found = json.loads(stream.read(1_048_576), parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise click.UsageError(f"The data are no JSON: {error}") from error
    if not isinstance(found, dict):
        raise click.UsageError("The data must be one JSON object.")
    return found


def _instant(line: CommandLine, text: str | None) -> datetime:
    if text is None:
        return line.clock.now()
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.UsageError(f"--now: {error}") from error
    if found.tzinfo is None:
        raise click.UsageError("--now needs a zone, e.g. 2026-06-01T09:00+07:00.")
    return found.astimezone(UTC)


def _calendar(line: CommandLine) -> WorkingCalendar:
    """The database's calendar where there is one, else the one Alur is delivered with."""
    url = line.database.url
    if not line.database.is_sqlite or Path(str(url.database)).exists():
        try:
            with line.database.read() as unit:
                if latest_version(unit):
                    return load_calendar(unit)
        except (DBAPIError, OSError):
            click.echo("The database cannot be read; the delivered calendar is used.", err=True)
    return calendar_seed.seed_calendar()


def _refuse(error: AlurError, *, as_json: bool) -> NoReturn:
    faults: tuple[Fault, ...] = error.faults if isinstance(error, FaultyExpressionError) else ()
    message = {"id": error.message("id"), "en": error.message("en")}
    if as_json:
        body = {"error": error.code, "message": message, "faults": [f.to_json() for f in faults]}
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
        sys.exit(1)
    for locale in ("id", "en"):
        click.echo(message[locale], err=True)
        for fault in faults:
            place = f"{fault.column}: " if fault.column else ""
            click.echo(f"  {place}{fault.text.in_locale(locale)}. {fault.cure.in_locale(locale)}", err=True)
    sys.exit(1)


def _show(value: Any, context: EvaluationContext, *, as_json: bool) -> None:
    explanations = context.explanations
    if as_json:
        body = {"value": _plain(value), "type": _KINDS[type(value)],
                "explanations": [e.to_json() for e in explanations]}  # fmt: skip
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
        return
    click.echo(json.dumps(_plain(value), ensure_ascii=False, indent=2))
    for explained in explanations:
        click.echo(explained.sentence("id"))
        click.echo(explained.sentence("en"))


def _plain(value: Any) -> Any:
    """For JSON: whole Decimals as integers, others as text would lose less than floats do."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return f"{value.total_seconds():.0f} s" if isinstance(value, timedelta) else value


def _list_functions(*, as_json: bool) -> None:
    found = sorted([*FUNCTIONS.values(), *LAZY.values()], key=lambda f: f.name)
    if as_json:
        rows = [{"name": f.name, "signature": f.signature, "text": f.text.to_json(), "example": f.example,
                 "gives": f.gives} for f in found]  # fmt: skip
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for f in found:
        click.echo(f"{f.signature}\n  {f.text.id}\n  {f.text.en}\n  {f.example}  →  {f.gives}")
