"""What the pages of imports read: a person's own runs, and the rows of one."""

from typing import Any

from sqlalchemy import Connection, Row, select
from sqlmodel import col

from models import BulkRow, BulkRun
from web.paging import Key, Page, fetch_page

ROWS_PER_PAGE = 50
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
    query = _rows(run_id)
    if shown in STATES:
        query = query.where(col(BulkRow.state).in_(STATES[shown]))
    return fetch_page(connection, query, ROW_KEYS, after=after, before=before, size=ROWS_PER_PAGE)


def all_rows(connection: Connection, run_id: str) -> list[Row[Any]]:
    """Every row, for the report."""
    return list(connection.execute(_rows(run_id).order_by(col(BulkRow.number))))


def _rows(run_id: str) -> Any:
    wanted = (col(BulkRow.number), col(BulkRow.values).label("row_values"), col(BulkRow.faults), col(BulkRow.state),
              col(BulkRow.result))  # fmt: skip
    return select(*wanted).where(col(BulkRow.run_id) == run_id)
