"""Digests of what is entered beside the cases: a version's row, what a calendar version brought, a kept document.

Who checks the ledger against the rows computes them again. The form is part of the record.
"""

import hashlib
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import Row, Table, select

from engine.history.chain import instant
from engine.unit_of_work import UnitOfWork
from models import CalendarEntry, CalendarVersion, CalendarYear, DefinitionVersion, UnitClosingDay, UnitWeek, metadata

VERSIONS: Table = metadata.tables[str(DefinitionVersion.__tablename__)]
CALENDARS: Table = metadata.tables[str(CalendarVersion.__tablename__)]
BROUGHT = tuple(
    metadata.tables[str(model.__tablename__)] for model in (CalendarEntry, CalendarYear, UnitClosingDay, UnitWeek)
)
"""Tables whose rows a calendar version brings. The first column tells those of one version apart."""


def content_digest(values: Any) -> bytes:
    """SHA-256 over the values as JSON without spaces, keys in order, instants and days as ISO texts in UTC."""
    option = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME
    return hashlib.sha256(orjson.dumps(values, default=_plain, option=option)).digest()


def version_digest(row: Row[Any] | DefinitionVersion) -> bytes:
    """Of the row of a deployed version; its files are proved by its id."""
    return content_digest([getattr(row, column.name) for column in VERSIONS.columns])


def calendar_digest(unit: UnitOfWork, number: int) -> bytes:
    """Of a calendar version: its row, every row it brought, and the ids of those it revoked."""
    execute = unit.connection.execute
    content: list[Any] = [list(execute(select(CALENDARS).where(CALENDARS.c.number == number)).one())]
    for table in BROUGHT:
        columns = [column for column in table.columns if column.name != "revoked_in"]
        brought = execute(select(*columns).where(table.c.added_in == number))
        content.append(sorted((list(row) for row in brought), key=lambda row: row[0]))
        if "revoked_in" in table.columns:
            content.append(sorted(execute(select(table.c.id).where(table.c.revoked_in == number)).scalars()))
    return content_digest(content)


def document_digest(
    *, ident: str, file: str, kind: str, size: int, filename: str, field: str, instance_id: str | None, at: datetime
) -> bytes:
    """Of a document that Alur wrote: its attachment's row with what its file is."""
    return content_digest([ident, file, kind, size, filename, field, instance_id, at])


def reading_digest(*, ident: str, attachment_id: str, user_id: str, at: datetime) -> bytes:
    """Of the row of one reading of a document."""
    return content_digest([ident, attachment_id, user_id, at])


def upload_digest(*values: Any) -> bytes:
    """Of an upload that a form names: its id, field, filename, kind, size, digest, task, by whom, when."""
    return content_digest(values)


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError
