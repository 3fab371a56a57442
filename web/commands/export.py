"""`alur export`: a version or a draft as a folder or a zip; or cases as a bundle that proves itself, or as a log."""

import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import click
from sqlalchemy import or_, select
from sqlmodel import col

from engine.actors import Actor, Grant
from engine.bundles.packing import write_log
from engine.bundles.runs import FORMATS, masking_at, note
from engine.definitions import Definitions, read_package
from engine.errors import NotFoundError
from engine.privacy import OPEN, Level, Masking
from engine.studio.packing import pack
from engine.studio.sources import find_source
from engine.unit_of_work import Database
from models import Instance
from web.app import create_app
from web.audit.bundles.store import packer_for
from web.cli import CommandLine

OUTSIDE = Actor(user_id="", name="", grants=(Grant("auditor_luar", None),))
"""Whose eyes a masked export is for."""


@click.command()
@click.argument("names", metavar="KEY|KEY@N|ID FOLDER|FILE.zip  or  CASE…", nargs=-1, required=True)
@click.option("--format", "form", type=click.Choice(FORMATS), help="Export cases, by number or id, in this form.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="The file that cases go to.")
@click.option("--masked", is_flag=True, help="Of cases: without what was submitted, documents and names; digests stay.")
@click.pass_obj
def command(line: CommandLine, names: tuple[str, ...], form: str | None, output: Path | None, *, masked: bool) -> None:
    """Write a process as it is now (KEY), one of its versions (KEY@3, or the id) or a draft (the id).

    The same content is always the same bytes. A folder that holds a package becomes exactly this one: files of it
    that are gone are removed, whatever else stands there (.git) is left alone.

    With --format, write cases: `bundle` is a zip with everything that proves them, a player for the browser and a
    program that checks it without Alur; `xes` (IEEE 1849) and `ocel` (OCEL 2.0) are logs for process mining. What was
    exported is noted in the ledger.
    """
    if form is None:
        if output is not None or masked or len(names) != 2:
            raise click.UsageError("Say KEY and FOLDER|FILE.zip, or cases with --format and -o.")
        line.require_tables()
        _export_package(line, names[0], Path(names[1]))
        return
    if output is None:
        raise click.UsageError("Say with -o where the cases go.")
    line.require_tables()
    _export_cases(line, _wanted(line.database, names), form, output, masked=masked)


def _export_package(line: CommandLine, name: str, target: Path) -> None:
    with line.database.read() as unit:
        try:
            files = find_source(unit, Definitions(line.database), name).files
        except NotFoundError as error:
            raise click.UsageError("There is no such process, version or draft.") from error
    if target.suffix == ".zip":
        target.write_bytes(pack(files))
    else:
        _write_folder(target, files)
    click.echo(f"{target}: {len(files)} berkas / files")


def _write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    before = read_package(folder)
    for path in before.files.keys() - files.keys() - before.lent.keys():
        (folder / path).unlink()
    for path, body in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if not place.is_file() or place.read_bytes() != body:
            place.write_bytes(body)


def _wanted(database: Database, names: tuple[str, ...]) -> list[tuple[str, str]]:
    """Ids and numbers of the cases that were named, the one that began first being the first."""
    named = or_(col(Instance.id).in_(names), col(Instance.number).in_([name.upper() for name in names]))
    query = select(col(Instance.id), col(Instance.number)).where(named)
    with database.read() as unit:
        rows = unit.connection.execute(query.order_by(col(Instance.started_at), col(Instance.id))).all()
    found = [(row.id, row.number) for row in rows]
    known = {name for row in found for name in row}
    unknown = [name for name in names if name not in known and name.upper() not in known]
    if unknown:
        raise click.UsageError(f"There is no such case: {', '.join(unknown)}")
    return found


def _export_cases(line: CommandLine, cases: list[tuple[str, str]], form: str, target: Path, *, masked: bool) -> None:
    make_app = partial(create_app, line.settings, clock=line.clock, database=line.database)
    packer = packer_for(line.settings, line.database, line.signer, make_app)
    now = line.clock.now()
    level = str(Level.EXTERNAL if masked else Level.OPEN)
    ids = [ident for ident, _number in cases]
    if form == "bundle":
        with tempfile.TemporaryDirectory(prefix=".alur-bundle-", dir=target.resolve().parent) as gathered:
            for ident in ids:
                packer.add(Path(gathered), ident, _from_outside(line, ident) if masked else OPEN)
            digest = packer.close(Path(gathered), target, level=level, by=None, now=now)
    else:
        digest = write_log(packer, target, ids, form, named=not masked)
    with line.database.write() as unit:
        note(unit, cases, form=form, level=level, digest=digest, by=None, run=None, now=now)
    click.echo(f"{target}: {len(cases)} kasus / cases, SHA-256 {digest.hex()}")


def _from_outside(line: CommandLine, instance_id: str) -> Masking:
    with line.database.read() as unit:
        now, definitions = line.clock.now(), Definitions(line.database)
        return masking_at(unit, definitions, OUTSIDE, instance_id, now=now, locale="id")
