"""Reads CSV as spreadsheets write it: comma, semicolon or tab; UTF-8 with or without a mark, or Windows-1252."""

import csv
import io

from engine.imports.cells import MAX_TEXT, Cell
from engine.imports.errors import EncodingError, FileKindError, QuotingError, TooManyColumnsError, TooManyRowsError
from engine.imports.limits import MAX_COLUMNS, MAX_ROWS, Grid

DELIMITERS = (";", "\t", ",")


def read_csv(body: bytes) -> Grid:
    """The rows that hold anything, by their number as a spreadsheet counts."""
    text = _decoded(body)
    delimiter, text = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    grid: Grid = {}
    try:
        for number, row in enumerate(reader, start=1):
            cells = [_cell(value) for value in row]
            if not any(cells):
                continue
            if any(cells[MAX_COLUMNS:]):
                raise TooManyColumnsError(limit=MAX_COLUMNS)
            grid[number] = cells[:MAX_COLUMNS]
            if len(grid) > MAX_ROWS + 1:
                raise TooManyRowsError(limit=MAX_ROWS)
    except csv.Error:
        raise QuotingError(row=reader.line_num) from None
    return grid


def _cell(value: str) -> Cell | None:
    text = value.replace("\u00a0", " ").strip()
    if not text:
        return None
    return Cell("long" if len(text) > MAX_TEXT else "text", text[:MAX_TEXT])


def _decoded(body: bytes) -> str:
    marked = body.startswith((b"\xff\xfe", b"\xfe\xff"))  # what Excel calls "Unicode text"
    encodings = ["utf-16"] if marked else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if any(ord(c) < 32 and c not in "\t\r\n" for c in text):
            raise FileKindError  # no table: bytes of something else
        return text
    raise EncodingError


def _delimiter(text: str) -> tuple[str, str]:
    """The delimiter that the heading uses most, outside of quotation marks, or the one that `sep=` names."""
    first, _, rest = text.partition("\n")
    if first.strip().lower()[:4] == "sep=" and len(first.strip("\r")) == 5:
        return first[4], rest
    heading = next((line for line in text.splitlines() if line.strip()), "")
    bare = "".join(part for index, part in enumerate(heading.split('"')) if index % 2 == 0)
    return max(DELIMITERS, key=bare.count), text
