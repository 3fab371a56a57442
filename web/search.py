"""Searching lists by words that people type: taken literally, whatever signs are in them."""

from typing import Any

from sqlalchemy import ColumnElement, func, or_

ESCAPE = "\\"


def literally(text: str) -> str:
    """The words in lower case, as part of a pattern for LIKE with `ESCAPE`."""
    return text.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def anywhere(text: str, *columns: Any) -> ColumnElement[bool]:
    """One of the columns has the words in it."""
    pattern = f"%{literally(text)}%"
    return or_(*(func.lower(column).like(pattern, escape=ESCAPE) for column in columns))
