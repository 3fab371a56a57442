"""Runs of imports: the dry run that a person sees first, their yes or no, and what became of each row."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table as SqlTable
from sqlalchemy import and_, delete, func, insert, or_, select, tuple_, update
from sqlmodel import col

from calendars.zones import DEFAULT_ZONE
from engine.actors import Actor, NotAPersonError
from engine.errors import NotFoundError
from engine.imports.cells import Cell, value_of
from engine.imports.errors import NothingToDoError, RunEndedError
from engine.imports.kinds import ImportContext, ImportKind, RowFault, Scope, Values
from engine.imports.table import Table, TableRow
from engine.imports.template import example_row
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from models import BulkRow, BulkRun, metadata

if TYPE_CHECKING:
    from engine.definitions import Definitions
    from engine.registry import Registry

RUNS: SqlTable = metadata.tables[str(BulkRun.__tablename__)]
ROWS: SqlTable = metadata.tables[str(BulkRow.__tablename__)]
KEEP_RUNS = timedelta(days=90)
KEEP_UNSTARTED = timedelta(days=7)
FORGET_ROWS = 5_000

REPEATED = Text(
    "“{label}” ini sudah ada di baris {row} dalam berkas yang sama.", "This “{label}” stands in row {row} already."
)
EXAMPLE = Text("Ini baris contoh dari templat. Hapus.", "This is the template's example row. Remove it.")


@dataclass(frozen=True)
class Checked:
    """One row of a dry run."""

    number: int
    values: dict[str, Any]
    faults: tuple[RowFault, ...]


def values_in(table: Table, kind: ImportKind, now: datetime, zone: str = DEFAULT_ZONE) -> list[Checked]:
    """Every row typed, with what is wrong inside the file itself."""
    return list(typed_rows(table.rows.items(), kind, now, zone))


def typed_rows(
    rows: Iterable[TableRow], kind: ImportKind, now: datetime, zone: str = DEFAULT_ZONE
) -> Iterator[Checked]:
    """The same, one after the other."""
    examples = [example_row(kind.columns, locale) for locale in ("id", "en")]
    first: dict[tuple[str, ...], int] = {}
    for number, cells in rows:
        values, faults = _typed(cells, kind, now, zone)
        if [cell.text if cell else "" for cell in (cells.get(c.key) for c in kind.columns)] in examples:
            faults = [RowFault("", EXAMPLE)]
        faults += _doubles(kind, number, values, first)
        yield Checked(number, values, tuple(faults))


def _typed(
    cells: Mapping[str, Cell | None], kind: ImportKind, now: datetime, zone: str
) -> tuple[dict[str, Any], list[RowFault]]:
    values: dict[str, Any] = {}
    faults: list[RowFault] = []
    for column in kind.columns:
        values[column.key], found = value_of(cells.get(column.key), column, now, zone)
        faults += found
    return values, faults


def _doubles(kind: ImportKind, number: int, values: Values, first: dict[tuple[str, ...], int]) -> Iterator[RowFault]:
    """What may stand once and stands again. `first` remembers where it stood."""
    for unique in kind.unique:
        keys = (unique,) if isinstance(unique, str) else unique
        found = [str(values[key]).casefold() for key in keys if values.get(key) is not None]
        if not found or (values.get(keys[0]) is None):
            continue
        before = first.setdefault((keys[0], *found), number)
        if before != number:
            headings = {column.key: column.heading for column in kind.columns}
            yield RowFault(keys[0], REPEATED.filled(label=_listed([headings[key] for key in keys]), row=before))


def _listed(headings: Sequence[Text]) -> Text:
    return Text(" + ".join(h.id for h in headings), " + ".join(h.in_locale("en") for h in headings))


def checked_by_kind(
    unit: UnitOfWork, kind: ImportKind, context: ImportContext, rows: Sequence[Checked]
) -> list[Checked]:
    """The same rows after the kind compared the good ones with the database."""
    found = kind.check(unit, context, {row.number: row.values for row in rows if not row.faults})
    return [Checked(row.number, row.values, row.faults or tuple(found.get(row.number, ()))) for row in rows]


def context_of(
    run_id: str,
    actor: Actor,
    scope: Scope,
    now: datetime,
    registry: "Registry",
    definitions: "Definitions",
) -> ImportContext:
    return ImportContext(run_id, actor, scope, now, registry, definitions)


def new_run_id() -> str:
    return uuid.uuid4().hex


def keep(
    unit: UnitOfWork,
    kind: ImportKind,
    context: ImportContext,
    filename: str,
    rows: Sequence[Checked],
    *,
    notes: Mapping[str, Any] | None = None,
) -> str:
    """Write down a dry run, in two statements however many rows it has; returns its id."""
    open_run(unit, kind, context, filename, "checked", total=len(rows), notes=notes,
             faulty=sum(bool(row.faults) for row in rows))  # fmt: skip
    add_rows(unit, context.run_id, rows)
    return context.run_id


def open_run(
    unit: UnitOfWork,
    kind: ImportKind,
    context: ImportContext,
    filename: str,
    state: str,
    *,
    total: int = 0,
    faulty: int = 0,
    notes: Mapping[str, Any] | None = None,
) -> None:
    """A run of this person; its rows are added after."""
    if context.actor.user_id is None:
        raise NotAPersonError
    run = {
        "id": context.run_id,
        "kind": kind.name,
        "filename": filename[-200:],
        "owner_id": context.actor.user_id,
        "instansi_id": context.scope.instansi_id,
        "context": {"scope": context.scope.key, "title": context.scope.title.to_json(), **(notes or {})},
        "state": state,
        "total": total,
        "faulty": faulty,
        "created_at": context.now,
    }
    unit.connection.execute(insert(RUNS).values(run))


def add_rows(unit: UnitOfWork, run_id: str, rows: Sequence[Checked]) -> None:
    if rows:
        unit.connection.execute(insert(ROWS), [_row(run_id, row) for row in rows])


def _row(run_id: str, row: Checked) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "number": row.number,
        "row_values": row.values,
        "faults": [fault.to_json() for fault in row.faults],
        "state": "faulty" if row.faults else "ready",
        "attempts": 0,
        "result": {},
    }


# --- what the person decides -----------------------------------------------------------------------------------------


def run_of(unit: UnitOfWork, run_id: str, actor: Actor) -> BulkRun:
    """The run, for its owner; to everybody else it does not exist."""
    run = unit.session.get(BulkRun, run_id)
    if run is None or run.owner_id != actor.user_id:
        raise NotFoundError
    return run


def start(unit: UnitOfWork, run: BulkRun, now: datetime) -> None:
    """The person's yes. Saying it twice starts it once."""
    if run.total <= run.faulty:
        raise NothingToDoError
    mine = and_(col(BulkRun.id) == run.id, col(BulkRun.state) == "checked")
    if not unit.connection.execute(update(RUNS).where(mine).values(state="running", started_at=now)).rowcount:
        raise RunEndedError


def cancel(unit: UnitOfWork, run: BulkRun, now: datetime) -> None:
    """Stop: what is done stays done, what a worker holds is finished, the rest is left."""
    mine = and_(col(BulkRun.id) == run.id, col(BulkRun.state).in_(("reading", "checked", "running")))
    if not unit.connection.execute(update(RUNS).where(mine).values(state="cancelled", finished_at=now)).rowcount:
        raise RunEndedError


def counts(unit: UnitOfWork, run_id: str) -> dict[str, int]:
    """Rows by state."""
    found = select(ROWS.c.state, func.count()).where(ROWS.c.run_id == run_id).group_by(ROWS.c.state)
    return {row[0]: row[1] for row in unit.connection.execute(found)}


def forget_runs(unit: UnitOfWork, now: datetime) -> list[str]:
    """Housekeeping: typed personal data does not lie about. Returns the ids, for their files to be dropped.

    A long run goes in several turns: one transaction of a hundred thousand rows would hold everybody up.
    """
    over = and_(col(BulkRun.state).in_(("done", "cancelled", "refused")), col(BulkRun.finished_at) < now - KEEP_RUNS)
    unstarted = and_(col(BulkRun.state) == "checked", col(BulkRun.created_at) < now - KEEP_UNSTARTED)
    old = list(unit.connection.execute(select(RUNS.c.id).where(or_(over, unstarted)).limit(100)).scalars())
    if not old or forget_rows(unit, old):
        return []
    unit.connection.execute(delete(RUNS).where(RUNS.c.id.in_(old)))
    return old


def forget_rows(unit: UnitOfWork, run_ids: Sequence[str], most: int = FORGET_ROWS) -> bool:
    """Drop up to so many rows of these runs; are there any left?"""
    found = (
        select(ROWS.c.run_id, ROWS.c.number).where(ROWS.c.run_id.in_(run_ids)).order_by(ROWS.c.run_id, ROWS.c.number)
    )
    last = unit.connection.execute(found.offset(most).limit(1)).first()
    gone = delete(ROWS).where(ROWS.c.run_id.in_(run_ids))
    if last is not None:
        gone = gone.where(tuple_(ROWS.c.run_id, ROWS.c.number) < tuple_(last.run_id, last.number))
    unit.connection.execute(gone)
    return last is not None


def as_values(values: Values) -> dict[str, Any]:
    """What a form is sent: without what is empty."""
    return {key: value for key, value in values.items() if value is not None}
