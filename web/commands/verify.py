"""`alur verify`: does the record of a case prove itself, and (with --replay) lead to what the case is?"""

import json
import sys
from collections.abc import Iterator

import click
from sqlalchemy import or_, select
from sqlmodel import col

from engine.definitions import Definitions
from engine.history import Finding
from engine.replay import prove
from engine.unit_of_work import Database
from models import Instance
from web.cli import CommandLine


@click.command()
@click.argument("cases", nargs=-1, metavar="[CASE…]")
@click.option("--all", "every", is_flag=True, help="Every case of the installation.")
@click.option("--replay", is_flag=True, help="Also execute each record again, and compare every state.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def command(line: CommandLine, cases: tuple[str, ...], *, every: bool, replay: bool, as_json: bool) -> None:
    """Check the records of cases, by number or id. Nothing is changed, and no handler is called.

    Exit status: 0 every record proves itself, 1 findings, 2 no such case.
    """
    if bool(cases) == every:
        raise click.UsageError("Name cases, or say --all.")
    line.require_tables()
    definitions = Definitions(line.database)
    broken: dict[str, list[Finding]] = {}
    checked = 0
    for ident, number in _wanted(line.database, cases):
        with line.database.read() as unit:
            found = prove(unit, definitions, ident, replay=replay)
        checked += 1
        if found:
            broken[number] = found
            if not as_json:
                _show(number, found)
    if as_json:
        findings = [{"case": number, **f.to_json()} for number, found in broken.items() for f in found]
        report = {"ok": not broken, "cases": checked, "broken": len(broken), "replayed": replay, "findings": findings}
        click.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        how = "dan mengulang " if replay else ""
        click.echo(f"{checked} kasus diperiksa {how}catatannya, {len(broken)} bermasalah.")
        click.echo(f"{checked} records checked{' and replayed' if replay else ''}, {len(broken)} with findings.")
    sys.exit(1 if broken else 0)


def _wanted(database: Database, cases: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Id and number of each case that was named; of all when none was."""
    query = select(col(Instance.id), col(Instance.number)).order_by(col(Instance.started_at), col(Instance.id))
    if cases:
        query = query.where(or_(col(Instance.id).in_(cases), col(Instance.number).in_([c.upper() for c in cases])))
    with database.read() as unit:
        found = [(row.id, row.number) for row in unit.connection.execute(query)]
    known = {name for row in found for name in row}
    unknown = [case for case in cases if case not in known and case.upper() not in known]
    if unknown:
        raise click.UsageError(f"There is no case {', '.join(unknown)}.")
    yield from found


def _show(number: str, findings: list[Finding]) -> None:
    for finding in findings:
        click.echo(f"{number} ({finding.code})")
        for locale in ("id", "en"):
            click.echo(f"  {locale}: {finding.text.in_locale(locale)}")
