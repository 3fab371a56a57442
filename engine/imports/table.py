"""From an uploaded file to rows by column: what kind of file it is, which heading means which column."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from engine.imports.cells import Cell
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
from engine.imports.limits import MAX_BYTES, Grid
from engine.imports.xlsxfile import OLE_HEAD, ZIP_HEAD, read_xlsx
from engine.texts import Text


@dataclass(frozen=True)
class Table:
    """Rows by their number in the file, each by column key. `ignored` are headings that no column has."""

    rows: dict[int, dict[str, Cell | None]]
    ignored: tuple[str, ...] = ()


def read_table(filename: str, body: bytes, columns: Sequence[Column]) -> Table:
    """Read a .csv or .xlsx (by its content). Takes up to seconds: outside of a transaction."""
    if not filename and not body:
        raise NoFileError
    if len(body) > MAX_BYTES:
        raise TooLargeError(size=len(body), limit=MAX_BYTES)
    return _by_column(_grid(filename, body), columns)


def _grid(filename: str, body: bytes) -> Grid:
    if not body.strip():
        raise EmptyTableError
    if filename.lower().endswith((".xlsm", ".xltm", ".xlsb", ".xlam")):
        raise MacroError
    if body.startswith((ZIP_HEAD, OLE_HEAD)):
        return read_xlsx(body)
    if filename.lower().endswith((".xlsx", ".xls")) or body.startswith((b"%PDF", b"\xff\xd8\xff")):
        raise FileKindError
    return read_csv(body)


def _by_column(grid: Grid, columns: Sequence[Column]) -> Table:
    if not grid:
        raise EmptyTableError
    first = min(grid)
    places, ignored = _places(grid.pop(first), columns)
    if not grid:
        raise EmptyTableError
    rows = {
        number: {key: cells[place] if place < len(cells) else None for key, place in places.items()}
        for number, cells in grid.items()
    }
    return Table(rows, tuple(ignored))


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
