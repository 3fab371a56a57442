"""What the pages of imports read: a person's own runs, and the rows of one."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, select
from sqlmodel import col

from engine.unit_of_work import Database
from models import BulkRow, BulkRun
from web.paging import Key, Page, fetch_page

ROWS_PER_PAGE = 50
AT_ONCE = 2_000
RUN_KEYS = (Key(col(BulkRun.created_at), "created_at", descending=True), Key(col(BulkRun.id), "id"))
ROW_KEYS = (Key(col(BulkRow.number), "number"),)
SHOWN = ("semua", "salah", "selesai", "sisa")
STATES = {"salah": ("faulty", "failed"), "selesai": ("done",), "sisa": ("ready", "doing")}


def runs(connection: Connection, owner_id: str, *, after: str | None, before: str | None) -> Page:
    """A person's own imports, newest first."""
    wanted = (
        col(BulkRun.id), col(BulkRun.kind), col(BulkRun.filename), col(BulkRun.state), col(BulkRun.context),
        col(BulkRun.total), col(BulkRun.faulty), col(BulkRun.done), col(BulkRun.failed), col(BulkRun.created_at),
    )  # fmt: skip
    query = select(*wanted).where(col(BulkRun.owner_id) == owner_id)
    return fetch_page(connection, query, RUN_KEYS, after=after, before=before)


def rows(connection: Connection, run_id: str, shown: str, *, after: str | None, before: str | None) -> Page:
    """Rows of a run in the file's order; `shown` narrows them."""
    return fetch_page(connection, _rows(run_id, shown), ROW_KEYS, after=after, before=before, size=ROWS_PER_PAGE)


def all_rows(database: Database, run_id: str, shown: str) -> Iterator[Row[Any]]:
    """Every row, for the report: some thousands at a time, so that a long run is never held as a whole."""
    last = 0
    while True:
        query = _rows(run_id, shown).where(col(BulkRow.number) > last).order_by(col(BulkRow.number)).limit(AT_ONCE)
        with database.read() as unit:
            found = list(unit.connection.execute(query))
        yield from found
        if len(found) < AT_ONCE:
            return
        last = found[-1].number


def _rows(run_id: str, shown: str) -> Any:
    wanted = (col(BulkRow.number), col(BulkRow.values).label("row_values"), col(BulkRow.faults), col(BulkRow.state),
              col(BulkRow.result))  # fmt: skip
    query = select(*wanted).where(col(BulkRow.run_id) == run_id)
    return query.where(col(BulkRow.state).in_(STATES[shown])) if shown in STATES else query
