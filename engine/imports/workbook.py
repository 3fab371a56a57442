"""Writes tables as .xlsx and .csv. What people typed stays text: no cell of ours is ever computed."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
FORMULA_INSIDE = re.compile(r"([;\t\r\n]\s*)(?=[=+\-@＝＋－＠])")
"""A spreadsheet set to Indonesian splits cells at semicolons, quoted or not: what follows one begins a cell too."""
CELL_LENGTH = 32_000
WIDEST = 60
PIECE = 500
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NO_SHEET_NAME = re.compile(r"[\\/*?:\[\]]")


@dataclass(frozen=True)
class Sheet:
    """One table of a workbook."""

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[Any]]


def xlsx_bytes(*sheets: Sheet) -> bytes:
    """A workbook with these tables; its heading row stays in sight."""
    book = Workbook(write_only=True)
    book.properties.creator = "Alur"
    for sheet in sheets:
        _write(book, sheet)
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table as CSV, with a mark by which Excel knows UTF-8."""
    return "".join(csv_pieces(header, rows))


def csv_pieces(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The same piece by piece, some hundreds of rows each."""
    lines = io.StringIO()
    writer = csv.writer(lines)
    lines.write("\ufeff")
    writer.writerow(header)
    for count, row in enumerate(rows, start=1):
        writer.writerow([harmless(cell) for cell in row])
        if count % PIECE == 0:
            yield lines.getvalue()
            lines.seek(0)
            lines.truncate()
    yield lines.getvalue()


def harmless(cell: Any) -> str:
    """The cell as text. Names come from people: one that begins like a formula is quoted, so that nothing computes."""
    if isinstance(cell, (int, float, Decimal)):
        return str(cell)  # a figure of ours, which may be below nought
    text = FORMULA_INSIDE.sub(r"\1'", "" if cell is None else str(cell))
    return "'" + text if text.startswith(FORMULA_STARTS) else text


def text_cell(sheet: Any, text: str) -> Cell:
    """A cell that is text whatever it begins with, and looks it up nowhere."""
    cell = WriteOnlyCell(sheet, value=_UNWRITABLE.sub("", text)[:CELL_LENGTH])
    cell.data_type = "s"
    return cell


def _write(book: Any, sheet: Sheet) -> None:
    made = book.create_sheet(_NO_SHEET_NAME.sub(" ", sheet.title)[:31] or "Data")
    rows = iter(sheet.rows)
    first = [list(row) for row in islice(rows, 200)]
    made.freeze_panes = "A2"
    for index, title in enumerate(sheet.header):
        longest = max([len(str(title)), *(len(str(row[index])) for row in first if index < len(row))])
        made.column_dimensions[get_column_letter(index + 1)].width = min(longest + 3, WIDEST)
    made.append([_heading(made, title) for title in sheet.header])
    for row in chain(first, rows):
        made.append([_typed(made, value) for value in row])


def _heading(sheet: Any, title: str) -> Cell:
    cell = text_cell(sheet, title)
    cell.font = Font(bold=True)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _typed(sheet: Any, value: Any) -> Any:
    """Figures and days as such, so that they can be sorted and added; everything else as text."""
    if value is None or value == "":
        return None
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return WriteOnlyCell(sheet, value=value)
    if isinstance(value, datetime):
        # Excel knows no zones: whoever hands in an instant has put it into the reader's zone.
        return _dated(sheet, value.replace(tzinfo=None), "yyyy-mm-dd hh:mm")
    if isinstance(value, date):
        return _dated(sheet, value, "yyyy-mm-dd")
    return text_cell(sheet, str(value))


def _dated(sheet: Any, value: date, shown_as: str) -> Cell:
    cell = WriteOnlyCell(sheet, value=value)
    cell.number_format = shown_as
    return cell
