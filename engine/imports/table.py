"""From an uploaded file to rows by column: what kind of file it is, which heading means which column."""

import re
import tempfile
from collections.abc import Generator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import BinaryIO

from engine.imports.cells import Cell, GridRow
from engine.imports.csvfile import read_csv
from engine.imports.errors import (
    DoubleColumnError,
    EmptyTableError,
    FileKindError,
    MacroError,
    MissingColumnsError,
    NoFileError,
    TooLargeError,
)
from engine.imports.kinds import Column
from engine.imports.limits import SMALL, Limits
from engine.imports.xlsxfile import OLE_HEAD, ZIP_HEAD, read_xlsx, refuse_old_form
from engine.texts import Text

TableRow = tuple[int, dict[str, Cell | None]]
"""A row by its number in the file, its cells by column key."""


@dataclass(frozen=True)
class Table:
    """Rows by their number in the file, each by column key. `ignored` are headings that no column has."""

    rows: dict[int, dict[str, Cell | None]]
    ignored: tuple[str, ...] = ()


def read_table(filename: str, body: bytes, columns: Sequence[Column]) -> Table:
    """Read a small .csv or .xlsx (by its content) as a whole. Takes up to seconds: outside of a transaction."""
    if not filename and not body:
        raise NoFileError
    if len(body) > SMALL.bytes:
        raise TooLargeError(size=len(body), limit=SMALL.bytes)
    with tempfile.TemporaryFile() as file:
        file.write(body)
        file.seek(0)
        ignored, rows = stream_table(filename, file, columns, SMALL)
        with closing(rows):
            return Table(dict(rows), ignored)


def stream_table(
    filename: str, file: BinaryIO, columns: Sequence[Column], limits: Limits
) -> tuple[tuple[str, ...], Generator[TableRow]]:
    """Headings that no column has, and the rows one after the other. Faults of the file may come amid the rows."""
    grid = _grid(filename, file, limits)
    with ExitStack() as unfinished:
        unfinished.enter_context(closing(grid))  # what it reads by (a child process) must not outlive a refusal
        heading = next(grid, None)
        if heading is None:
            raise EmptyTableError
        places, ignored = _places(heading[1], columns)
        unfinished.pop_all()
    return tuple(ignored), _by_column(grid, places)


def _grid(filename: str, file: BinaryIO, limits: Limits) -> Generator[GridRow]:
    head = file.read(8)
    file.seek(0)
    if not head.strip() and not file.read().strip():
        raise EmptyTableError
    file.seek(0)
    if filename.lower().endswith((".xlsm", ".xltm", ".xlsb", ".xlam")):
        raise MacroError
    if head.startswith(OLE_HEAD):
        refuse_old_form(file)
    if head.startswith(ZIP_HEAD):
        return read_xlsx(file, limits)
    if filename.lower().endswith((".xlsx", ".xls")) or head.startswith((b"%PDF", b"\xff\xd8\xff")):
        raise FileKindError
    return read_csv(file, limits)


def _by_column(grid: Generator[GridRow], places: dict[str, int]) -> Generator[TableRow]:
    empty = True
    with closing(grid):
        for number, cells in grid:
            empty = False
            yield number, {key: cells[place] if place < len(cells) else None for key, place in places.items()}
    if empty:
        raise EmptyTableError


def _places(heading: Sequence[Cell | None], columns: Sequence[Column]) -> tuple[dict[str, int], list[str]]:
    """Which column stands where. Headings may be in either language, or the keys themselves."""
    names = {_bare(name): column for column in columns for name in (column.key, column.heading.id, column.heading.en)}
    places: dict[str, int] = {}
    ignored = []
    for place, cell in enumerate(heading):
        if cell is None:
            continue
        column = names.get(_bare(cell.text))
        if column is None:
            ignored.append(cell.text[:80])
        elif column.key in places:
            raise DoubleColumnError(column=column.heading)
        else:
            places[column.key] = place
    missing = [column.heading for column in columns if column.required and column.key not in places]
    if missing:
        listed = Text(", ".join(m.id for m in missing), ", ".join(m.in_locale("en") for m in missing))
        raise MissingColumnsError(columns=listed)
    return places, ignored


def _bare(heading: str) -> str:
    """`NIP *`, `nip (wajib)` and `NIP` are one heading."""
    words = re.sub(r"\((wajib|tidak wajib|required|optional)\)", "", heading.casefold())
    return " ".join(re.sub(r"[*:_]+", " ", words).split())
