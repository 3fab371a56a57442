"""`alur backtest`: what a changed procedure would have made of the cases that were recorded."""

import json
import re
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select
from sqlmodel import col

from engine.backtest import CaseResult, summary
from engine.backtest.crew import crew_for
from engine.backtest.errors import NoCasesError
from engine.backtest.runs import Choice, check_ready, chosen
from engine.crews import chunked
from engine.definitions import Definitions, read_package
from engine.studio.sources import Source, read_source
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from models import Programme
from web.cli import CommandLine

VERDICTS = {
    "same": "sama / same",
    "differs": "berbeda / differ",
    "missing": "masukan kurang / an input is missing",
    "failed": "gagal / failed",
}
_REF = re.compile(r"[0-9a-f]{32}([0-9a-f]{32})?\Z", re.ASCII)
DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("key")
@click.option("--against", required=True, metavar="PATH|DRAFT|VERSION", help="A folder or zip, or the id of a draft.")
@click.option("--since", type=DAY, help="Only cases that began on this day or later.")
@click.option("--until", type=DAY, help="Only cases that began on this day or earlier.")
@click.option("--programme", metavar="KEY", help="Only cases of this programme.")
@click.option("--sample", type=click.IntRange(1), help="So many of them, spread evenly over the time.")
@click.option("--ended", is_flag=True, help="Only cases that have come to an end.")
@click.option("--processes", type=click.IntRange(1), help="As many as there are cores if not given.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def command(
    line: CommandLine,
    *,
    key: str,
    against: str,
    processes: int | None,
    as_json: bool,
    **only: Any,
) -> None:
    """Run recorded cases of process KEY again on other files. Nothing is changed, and no handler is called.

    Exit status: 0 every case takes the same way, 1 some do not.
    """
    line.require_tables()
    source = _source(line, key, against)
    check_ready(source, line.registry, key)
    with line.database.read() as unit:
        ids = chosen(unit, key, _choice(unit, **only))
    if not ids:
        raise NoCasesError
    now = line.clock.now()
    crew = crew_for(line.database, line.registry, key, source.files, now, cases=len(ids), processes=processes)
    results = [result for chunk in crew.each(chunked(ids)) for result in chunk]
    crew.close()
    seconds = (line.clock.now() - now).total_seconds()
    report = _report(results, seconds)
    click.echo(json.dumps(report, ensure_ascii=False, indent=2)) if as_json else _show(results, report)
    sys.exit(0 if report["same"] == report["cases"] else 1)


def _source(line: CommandLine, key: str, against: str) -> Source:
    if _REF.match(against):
        with line.database.read() as unit:
            return read_source(unit, Definitions(line.database), against)
    path = Path(against)
    if not path.exists():
        raise click.UsageError(f"There is no folder, zip, draft or version {against}.")
    return Source(against, key, Text(path.name, path.name), read_package(path).files, None)


def _choice(
    unit: UnitOfWork,
    *,
    since: datetime | None,
    until: datetime | None,
    programme: str | None,
    sample: int | None,
    ended: bool,
) -> Choice:
    first, last = since and since.date(), until and until.date()
    return Choice(since=first, until=last, sample=sample, ended=ended, programme_id=_programme(unit, programme))


def _programme(unit: UnitOfWork, key: str | None) -> str | None:
    if key is None:
        return None
    found = unit.connection.execute(select(col(Programme.id)).where(col(Programme.key) == key)).scalar()
    if found is None:
        raise click.UsageError(f"There is no programme {key}.")
    return str(found)


def _report(results: list[CaseResult], seconds: float) -> dict[str, Any]:
    counts = {verdict: sum(r.verdict == verdict for r in results) for verdict in VERDICTS}
    return {
        "cases": len(results),
        **counts,
        "seconds": round(seconds, 1),
        "summary": summary.added(summary.empty(), results),
        "affected": [
            {"case": r.number, "verdict": r.verdict, "code": r.first.code, "element": r.first.element_id,
             "text": r.first.text.to_json()}
            for r in results if r.first is not None
        ],
    }  # fmt: skip


def _show(results: list[CaseResult], report: dict[str, Any]) -> None:
    for result in results:
        if result.first is not None:
            click.echo(f"{result.number} ({result.verdict}, {result.first.element_id or '-'})")
            click.echo(f"  id: {result.first.text.id}\n  en: {result.first.text.in_locale('en')}")
    click.echo(f"{report['cases']} kasus diulang dalam {report['seconds']} detik. / cases were run again.")
    for verdict, name in VERDICTS.items():
        click.echo(f"  {name:<40}{report[verdict]:>7}")
    for element, found in report["summary"]["deadlines"].items():
        if found["moved"]:
            click.echo(f"  tenggat / deadline {element}: {found['moved']} bergeser / move, {found['days']} hari kerja")
