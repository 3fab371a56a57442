"""`alur verify`: is all that is kept as it was written, and (with --replay) does each record lead to its case?"""

import json
import sys
from collections.abc import Sequence

import click
from sqlalchemy import or_, select
from sqlmodel import col

from engine.definitions import Definitions
from engine.documents import Documents
from engine.proof import Report, check_everything
from engine.retention import Destroyed, destructions
from engine.unit_of_work import Database
from models import Instance
from web.cli import CommandLine


@click.command()
@click.argument("cases", nargs=-1, metavar="[CASE…]")
@click.option("--all", "every", is_flag=True, help="Every case, and all that is kept beside them.")
@click.option("--replay", is_flag=True, help="Also execute each record again, and compare every state.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def command(line: CommandLine, cases: tuple[str, ...], *, every: bool, replay: bool, as_json: bool) -> None:
    """Check what is kept of cases, by number or id. Nothing is changed, and no handler is called.

    --all checks also the ledger, the anchors, every version of every process, the calendars, and who read what.

    Exit status: 0 all is as it was written, 1 findings, 2 no such case.
    """
    if bool(cases) == every:
        raise click.UsageError("Name cases, or say --all.")
    line.require_tables()
    only = None if every else _wanted(line.database, cases)
    report = check_everything(
        line.database,
        Definitions(line.database),
        Documents(line.settings.documents_folder),
        replay=replay,
        only=only,
        told=(lambda _: None) if as_json else _show,
        roots=line.signer.roots,
    )
    broken = len({found.subject for found in report.findings if found.about == "case"})
    with line.database.read() as unit:
        gone = destructions(unit, only)
    if as_json:
        told = {**_json(report, broken=broken, replay=replay), "destructions": [one.to_json() for one in gone]}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        _sum_up(report, broken=broken, replay=replay)
        _show_destroyed(gone)
    sys.exit(0 if report.ok else 1)


def _wanted(database: Database, cases: tuple[str, ...]) -> list[str]:
    """The ids of the cases that were named."""
    named = or_(col(Instance.id).in_(cases), col(Instance.number).in_([c.upper() for c in cases]))
    query = select(col(Instance.id), col(Instance.number)).where(named)
    with database.read() as unit:
        found = list(unit.connection.execute(query.order_by(col(Instance.started_at), col(Instance.id))))
    known = {name for row in found for name in row}
    unknown = [case for case in cases if case not in known and case.upper() not in known]
    if unknown:
        raise click.UsageError(f"There is no case {', '.join(unknown)}.")
    return [row.id for row in found]


def _json(report: Report, *, broken: int, replay: bool) -> dict[str, object]:
    findings = []
    for found in report.findings:
        case = {"case": found.subject} if found.about == "case" else {}
        findings.append({**case, **found.to_json()})
    return {
        "ok": report.ok,
        "cases": report.cases,
        "events": report.events,
        "acts": report.acts,
        "destroyed": report.destroyed,
        "broken": broken,
        "replayed": replay,
        "findings": findings,
    }


def _show(part: Report) -> None:
    for found in part.findings:
        where = found.subject if found.about == "case" else " ".join(filter(None, (found.about, found.subject)))
        number = "" if found.finding.seq is None else f" #{found.finding.seq}"
        click.echo(f"{where}{number} ({found.finding.code})")
        for locale in ("id", "en"):
            click.echo(f"  {locale}: {found.finding.text.in_locale(locale)}")


def _show_destroyed(gone: Sequence[Destroyed]) -> None:
    for one in gone:
        when = one.at.strftime("%Y-%m-%d")
        what = f"{one.payloads} isi / payloads, {one.documents} dokumen / documents"
        click.echo(f"{one.number}: {what}; {when}; {one.decision} ({one.deciding_case})")


def _sum_up(report: Report, *, broken: int, replay: bool) -> None:
    beside = len(report.findings) - sum(found.about == "case" for found in report.findings)
    again = "dan mengulang " if replay else ""
    click.echo(f"{report.cases} kasus diperiksa {again}catatannya, {broken} bermasalah.")
    replayed = " and replayed" if replay else ""
    click.echo(f"{report.cases} records checked{replayed}, {broken} with findings.")
    if report.destroyed:
        click.echo(f"Isi {report.destroyed} kasus dimusnahkan menurut retensi: terbukti, tetapi tak dapat diulang.")
        click.echo(f"Payloads of {report.destroyed} cases were destroyed by retention: proved, not re-executable.")
    if beside:
        click.echo(f"{beside} temuan di luar kasus.")
        click.echo(f"{beside} findings beside the cases.")
