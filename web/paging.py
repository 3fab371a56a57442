"""Keyset paging: a page of a list is found by the last row seen, so page 1,000 costs what page 1 costs.

A cursor is the values of the sorted columns of one row, as URL-safe text. It holds nothing secret; a broken one
means the first page.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Row, Select, TypeDecorator, and_, false, or_

PAGE_SIZE = 25
LARGEST = 2**63
"""Of a whole number in a database."""


@dataclass(frozen=True)
class Key:
    """A sorted column and the label it has in the row. Empty values come last, whichever the direction."""

    column: ColumnElement[Any]
    label: str
    descending: bool = False
    nullable: bool = False


@dataclass(frozen=True)
class Page:
    """Rows of one page and the query arguments of its neighbours (None where there is none)."""

    rows: Sequence[Row[Any]]
    previous: str | None
    next: str | None

    def __bool__(self) -> bool:
        return bool(self.rows)


def fetch_page(
    connection: Connection,
    query: Select[Any],
    keys: Sequence[Key],
    *,
    after: str | None = None,
    before: str | None = None,
    size: int = PAGE_SIZE,
) -> Page:
    """One statement: the rows after (or before) a cursor, in the order of `keys`, whose last key is unique."""
    backwards = bool(before)
    cursor = decode_cursor(before if backwards else after, keys)
    if cursor is not None:
        query = query.where(_beyond(keys, cursor, backwards=backwards))
    query = query.order_by(*(_order(key, backwards=backwards) for key in keys)).limit(size + 1)
    rows = list(connection.execute(query))
    more = len(rows) > size
    rows = rows[:size]
    if backwards and cursor is not None:
        rows.reverse()
        has_previous, has_next = more, True
    else:
        has_previous, has_next = cursor is not None, more
    return Page(
        rows=rows,
        previous=encode_cursor(rows[0], keys) if rows and has_previous else None,
        next=encode_cursor(rows[-1], keys) if rows and has_next else None,
    )


def encode_cursor(row: Row[Any], keys: Sequence[Key]) -> str:
    values = [getattr(row, key.label) for key in keys]
    packed = [{"t": v.isoformat()} if isinstance(v, datetime) else v for v in values]
    return base64.urlsafe_b64encode(orjson.dumps(packed)).decode().rstrip("=")


def decode_cursor(text: str | None, keys: Sequence[Key]) -> list[Any] | None:
    """The values of a cursor; None for no cursor and for one that somebody has broken."""
    if not text or len(text) > 400:
        return None
    try:
        packed = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        values = [_unpack(value) for value in packed]
    except (binascii.Error, ValueError, TypeError, KeyError, OverflowError):
        return None
    fits = len(values) == len(keys) and all(_fits(value, key) for value, key in zip(values, keys, strict=True))
    return values if fits else None


def _unpack(value: Any) -> Any:
    if isinstance(value, dict):
        instant = datetime.fromisoformat(value["t"])
        if instant.tzinfo is None:
            raise ValueError(value)
        return instant.astimezone(UTC)
    return value


def _fits(value: Any, key: Key) -> bool:
    if value is None:
        return key.nullable
    if isinstance(value, str) and "\0" in value:
        return False
    if isinstance(value, int) and not -LARGEST <= value < LARGEST:
        return False
    return type(value) is _python_type(key)  # exactly: True is no number


def _python_type(key: Key) -> type:
    """Of the column as the database has it; a type of ours around it calls everything an object."""
    kind = key.column.type
    return (kind.impl_instance if isinstance(kind, TypeDecorator) else kind).python_type


def _order(key: Key, *, backwards: bool) -> ColumnElement[Any]:
    order = key.column.desc() if key.descending != backwards else key.column.asc()
    if not key.nullable:
        return order
    return order.nulls_first() if backwards else order.nulls_last()


def _beyond(keys: Sequence[Key], values: Sequence[Any], *, backwards: bool) -> ColumnElement[bool]:
    """Rows further than the cursor: equal in the first keys, further in the next one."""
    alternatives = []
    equal: list[ColumnElement[bool]] = []
    for key, value in zip(keys, values, strict=True):
        alternatives.append(and_(*equal, _further(key, value, backwards=backwards)))
        equal.append(key.column.is_(None) if value is None else key.column == value)
    first = keys[0]
    if first.nullable or len(keys) == 1:
        return or_(*alternatives)
    # Said once more for all of them: a database that plans each alternative by itself would sort what it finds.
    bound = first.column <= values[0] if first.descending != backwards else first.column >= values[0]
    return and_(bound, or_(*alternatives))


def _further(key: Key, value: Any, *, backwards: bool) -> ColumnElement[bool]:
    if value is None:
        return key.column.is_not(None) if backwards else false()
    further = key.column < value if key.descending != backwards else key.column > value
    if key.nullable and not backwards:
        return or_(further, key.column.is_(None))
    return further
