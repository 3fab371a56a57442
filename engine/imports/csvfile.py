"""Reads CSV as spreadsheets write it: comma, semicolon or tab; UTF-8 with or without a mark, or Windows-1252."""

import codecs
import csv
import io
import re
from collections.abc import Generator, Iterator
from itertools import chain
from typing import BinaryIO

from engine.imports.cells import MAX_TEXT, Cell, GridRow
from engine.imports.errors import EncodingError, FileKindError, QuotingError, TooManyColumnsError, TooManyRowsError
from engine.imports.limits import MAX_COLUMNS, Limits

DELIMITERS = (";", "\t", ",")
PIECE = 1 << 16
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def read_csv(file: BinaryIO, limits: Limits) -> Generator[GridRow]:
    """The rows that hold anything, one after the other; the file is gone through twice and never held."""
    text = io.TextIOWrapper(file, _encoding(file), newline="")
    delimiter, lines = _delimiter(text)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    count = 0
    try:
        for number, row in enumerate(reader, start=1):
            cells = [_cell(value) for value in row]
            if not any(cells):
                continue
            if any(cells[MAX_COLUMNS:]):
                raise TooManyColumnsError(limit=MAX_COLUMNS)
            count += 1
            if count > limits.rows + 1:
                raise TooManyRowsError(limit=limits.rows)
            yield number, cells[:MAX_COLUMNS]
    except csv.Error:
        raise QuotingError(row=reader.line_num) from None
    finally:
        text.detach()  # the file is the caller's to close


def _cell(value: str) -> Cell | None:
    text = value.replace("\u00a0", " ").strip()
    if not text:
        return None
    return Cell("long" if len(text) > MAX_TEXT else "text", text[:MAX_TEXT])


def _encoding(file: BinaryIO) -> str:
    """The first in which all of the file can be read; the file stands at its beginning again."""
    marked = file.read(2) in (b"\xff\xfe", b"\xfe\xff")  # what Excel calls "Unicode text"
    for encoding in ["utf-16"] if marked else ["utf-8-sig", "cp1252"]:
        file.seek(0)
        if _fits(file, encoding):
            file.seek(0)
            return encoding
    raise EncodingError


def _fits(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    control = False
    try:
        for piece in iter(lambda: file.read(PIECE), b""):
            control = control or _NO_TEXT.search(decoder.decode(piece)) is not None
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    if control:
        raise FileKindError  # no table: bytes of something else
    return True


def _delimiter(lines: Iterator[str]) -> tuple[str, Iterator[str]]:
    """The delimiter that the heading uses most, outside of quotation marks, or the one that `sep=` names."""
    first = next(lines, "")
    if first.strip().lower()[:4] == "sep=" and len(first.strip("\r\n")) == 5:
        return first[4], lines
    before = [first]
    while before[-1] and not before[-1].strip():
        before.append(next(lines, ""))
    bare = "".join(part for index, part in enumerate(before[-1].split('"')) if index % 2 == 0)
    return max(DELIMITERS, key=bare.count), chain(before, lines)
