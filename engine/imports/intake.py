"""From an upload to a dry run: read, check inside the file, compare with the database, write down. One way for each
source: a spreadsheet, files, a list that was ticked."""

from collections.abc import Collection, Iterable
from typing import BinaryIO

from engine.imports.errors import NoFileError, NothingChosenError
from engine.imports.files import given_files
from engine.imports.incoming import Incoming
from engine.imports.kinds import ImportContext, ImportKind, RowFault
from engine.imports.runs import Checked, checked_by_kind, keep, open_run, values_in
from engine.imports.table import read_table
from engine.unit_of_work import Database

FILE, SIZE = "berkas", "ukuran"
"""Value keys of a row that is a file."""


def take_table(database: Database, kind: ImportKind, context: ImportContext, filename: str, body: bytes) -> str:
    """A dry run of a spreadsheet; returns the run's id. Raises ImportRefusedError."""
    table = read_table(filename, body, kind.columns)
    rows = values_in(table, kind, context.now)
    return _kept(database, kind, context, filename, rows, ignored=table.ignored)


def take_large(
    database: Database, incoming: Incoming, kind: ImportKind, context: ImportContext, filename: str, stream: BinaryIO
) -> str:
    """Keep a large file aside; a worker makes its dry run (`engine.imports.reading`). Returns the run's id at once."""
    incoming.put_from(context.run_id, 0, stream, kind.limits.bytes)
    with database.write() as unit:
        open_run(unit, kind, context, filename, "reading")
    return context.run_id


def take_files(
    database: Database,
    incoming: Incoming,
    kind: ImportKind,
    context: ImportContext,
    uploads: Iterable[tuple[str, bytes]],
) -> str:
    """A dry run of uploaded files: good ones are kept aside until the person says yes."""
    files = given_files(uploads)
    if not files:
        raise NoFileError
    rows = []
    for number, file in enumerate(files, start=1):
        faults = (RowFault(FILE, file.fault),) if file.fault else ()
        rows.append(Checked(number, {FILE: file.name, SIZE: len(file.body)}, faults))
    with database.read() as unit:
        rows = checked_by_kind(unit, kind, context, rows)
    for row in rows:
        if not row.faults:
            incoming.put(context.run_id, row.number, files[row.number - 1].body)
    with database.write() as unit:
        return keep(unit, kind, context, _called(files[0].name, len(files)), rows)


def take_list(database: Database, kind: ImportKind, context: ImportContext, chosen: Collection[str]) -> str:
    """A dry run of what was ticked."""
    with database.read() as unit:
        offered = kind.candidates(unit, context) if kind.candidates is not None else []
    picked = [candidate for candidate in offered if candidate.key in chosen]
    if not picked:
        raise NothingChosenError
    rows = [Checked(number, dict(candidate.values), ()) for number, candidate in enumerate(picked, start=1)]
    return _kept(database, kind, context, "", rows)


def _kept(
    database: Database,
    kind: ImportKind,
    context: ImportContext,
    filename: str,
    rows: list[Checked],
    *,
    ignored: tuple[str, ...] = (),
) -> str:
    with database.read() as unit:
        rows = checked_by_kind(unit, kind, context, rows)
    with database.write() as unit:
        return keep(unit, kind, context, filename, rows, notes={"ignored": list(ignored[:20])})


def _called(first: str, count: int) -> str:
    return first if count == 1 else f"{first} (+{count - 1})"
