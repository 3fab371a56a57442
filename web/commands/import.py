"""`alur import`: what the pages of imports do, from the command line: check a file, then do its rows."""  # noqa: N999 -- as the command is called

import json
import sys
import time
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select
from sqlmodel import col

from engine.errors import ForbiddenError
from engine.imports import ImportKind, Scope, intake, runs, work
from engine.people import actor_for, find_by_email
from engine.texts import Text
from models import BulkRow, BulkRun
from web.app import make_services
from web.cli import CommandLine, Refusal
from web.context import Services

SHOWN = 20
SECONDS = 2


@click.command()
@click.argument("kind", required=False)
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", metavar="E-MAIL", help="Whose import it is: an account that may run it.")
@click.option("--for", "scope", help="For what, where the account may run it for several: a key of the scope.")
@click.option("--dry-run", is_flag=True, help="Check only. The run can be started from its page, or with --resume.")
@click.option("--skip-faulty", is_flag=True, help="Do the good rows although others are faulty.")
@click.option("--resume", metavar="RUN", help="Go on with a run that was checked, or stopped amid its work.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def command(line: CommandLine, *, kind: str | None, file: Path | None, as_json: bool, **asked: Any) -> None:
    """Import the rows of FILE (.csv or .xlsx) as KIND. Without KIND, the kinds are listed."""
    line.require_tables()
    parts = make_services(line.settings, clock=line.clock, database=line.database)
    if asked["resume"]:
        run_id = str(asked["resume"])
        _known(parts, run_id)
        work.take_over(parts.database, _process(run_id))
    elif kind is None or file is None:
        _list(parts, as_json=as_json)
        return
    else:
        run_id = _take(parts, parts.registry.imports.get(kind), file, asked["by"], asked["scope"])
    _work(parts, run_id, quiet=as_json)
    run = _known(parts, run_id)
    if run.state == "checked" and not asked["dry_run"]:
        _start(parts, run, skip_faulty=asked["skip_faulty"], as_json=as_json)
        _work(parts, run_id, quiet=as_json)
        run = _known(parts, run_id)
    _tell(parts, run, as_json=as_json)


def _list(parts: Services, *, as_json: bool) -> None:
    kinds = [kind for kind in parts.registry.imports.all() if kind.source == "spreadsheet"]
    if as_json:
        told = [{"kind": k.name, "title": k.title.id, "roles": list(k.roles), "rows": k.limits.rows} for k in kinds]
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    width = max(len(kind.name) for kind in kinds)
    for kind in kinds:
        click.echo(f"  {kind.name:<{width}}  {kind.title.id} ({kind.limits.rows} baris; {', '.join(kind.roles)})")


def _take(parts: Services, kind: ImportKind, file: Path, by: str | None, key: str | None) -> str:
    """Read as an upload is, by the person named."""
    if kind.source != "spreadsheet":
        raise Refusal("Impor ini bukan dari lembar kerja.", "This import is not of a spreadsheet.")
    now = parts.clock.now()
    with parts.database.read() as unit:
        user = find_by_email(unit, by or "")
        actor = actor_for(unit, user.id, now) if user is not None else None
        scopes = kind.scopes(unit, actor, now) if actor is not None and kind.offered_to(actor) else []
    if actor is None:
        raise Refusal("Sebutkan akun aktif dengan --by.", "Name an active account with --by.")
    context = runs.context_of(runs.new_run_id(), actor, _scope(scopes, key), now, parts.registry, parts.definitions)
    incoming = parts.registry.imports.incoming
    with file.open("rb") as stream:
        if kind.is_large and incoming is not None:
            return intake.take_large(parts.database, incoming, kind, context, file.name, stream)
        return intake.take_table(parts.database, kind, context, file.name, stream.read(kind.limits.bytes + 1))


def _scope(scopes: list[Scope], key: str | None) -> Scope:
    found = [scope for scope in scopes if key in (None, scope.key)]
    if len(found) == 1:
        return found[0]
    if not scopes:
        raise ForbiddenError(why="impor ini untuk peran atau instansi lain.")
    keys = "\n".join(f"  {scope.key}  {scope.title.id}" for scope in scopes)
    raise Refusal(f"Sebutkan untuk apa dengan --for:\n{keys}", "Say for what with --for (listed above).")


def _work(parts: Services, run_id: str, *, quiet: bool) -> None:
    """Until it waits for somebody or is done. Another worker may hold it: then its work is waited for."""
    while _known(parts, run_id).state in ("reading", "running"):
        if not work.work_off(parts.runner, process=_process(run_id), most=2_000, run_id=run_id):
            _wait(parts, run_id)
        run = _known(parts, run_id)
        if not quiet and run.state == "running":
            click.echo(f"  {run.done + run.failed} / {run.total - run.faulty}", err=True)


def _wait(parts: Services, run_id: str) -> None:
    """Stopped amid its work, or in another worker's hands; the lease is short."""
    if _known(parts, run_id).state in ("reading", "running"):
        click.echo("Menunggu pekerja lain… / Waiting for another worker…", err=True)
        time.sleep(SECONDS)


def _process(run_id: str) -> str:
    """By this name, whoever goes on after a stop takes its own lease over."""
    return f"import-{run_id[:12]}"


def _start(parts: Services, run: BulkRun, *, skip_faulty: bool, as_json: bool) -> None:
    if run.faulty and not skip_faulty:
        _tell(parts, run, as_json=as_json)
    with parts.database.write() as unit:
        runs.start(unit, unit.session.get_one(BulkRun, run.id), parts.clock.now())


def _known(parts: Services, run_id: str) -> BulkRun:
    with parts.database.read() as unit:
        run = unit.session.get(BulkRun, run_id)
    if run is None:
        raise Refusal("Impor itu tidak ada.", "There is no such import.")
    return run


def _tell(parts: Services, run: BulkRun, *, as_json: bool) -> None:
    """What was found or done, with the first rows that are wrong; the status says whether all is well."""
    faults = _faults(parts, run.id)
    well = run.state in ("checked", "done") and not run.faulty and not run.failed
    if as_json:
        told = {"ok": well, "run": run.id, "state": run.state, "rows": run.total, "faulty": run.faulty,
                "done": run.done, "failed": run.failed, "faults": faults,
                "refused": run.context.get("refused")}  # fmt: skip
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        sys.exit(0 if well else 1)
    click.echo(f"Impor {run.id}: {run.state}")
    click.echo(f"  {run.total} baris, {run.faulty} perlu diperbaiki, {run.done} berhasil, {run.failed} gagal")
    if run.context.get("refused"):
        click.echo(f"  {run.context['refused']['id']}")
    for fault in faults:
        click.echo(f"  baris {fault['row']}: {fault['id']}")
    if run.faulty + run.failed > len(faults):
        click.echo(f"  … laporan lengkap: {parts.settings.base_url}/impor/{run.id}")
    sys.exit(0 if well else 1)


def _faults(parts: Services, run_id: str) -> list[dict[str, Any]]:
    wrong = select(BulkRow).where(col(BulkRow.run_id) == run_id, col(BulkRow.state).in_(("faulty", "failed")))
    with parts.database.read() as unit:
        found = unit.session.scalars(wrong.order_by(col(BulkRow.number)).limit(SHOWN)).all()
    told = []
    for row in found:
        notes = [*row.faults, *([row.result["text"]] if row.result else [])]
        said = [Text(note.get("id", ""), note.get("en", "")) for note in notes]
        told.append({"row": row.number, "id": " ".join(t.id for t in said), "en": " ".join(t.en for t in said)})
    return told
