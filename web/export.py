"""Lists as files for a spreadsheet, CSV or XLSX: what people typed stays text in both, and nothing computes."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from flask import stream_with_context
from werkzeug.wrappers import Response

from engine.imports.workbook import MEDIA_TYPE, Sheet, csv_pieces, csv_text, harmless, xlsx_bytes
from web.looks import took_list

FileKind = Literal["csv", "xlsx"]

__all__ = ["FileKind", "csv_response", "file_response", "harmless", "long_csv_response", "table_response"]


def table_response(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]], kind: str = "csv") -> Response:
    """A download called `name`.csv or `name`.xlsx. In XLSX, figures and dates (in the reader's zone) are such."""
    took_list(f"{name}.{kind}")
    if kind == "xlsx":
        return file_response(f"{name}.xlsx", xlsx_bytes(Sheet(name, header, rows)), MEDIA_TYPE)
    return file_response(f"{name}.csv", csv_text(header, rows), "text/csv; charset=utf-8")


def long_csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """The same, sent while it is read: neither the rows nor the file are ever held as a whole."""
    took_list(f"{name}.csv")
    pieces = (piece.encode() for piece in csv_pieces(header, rows))
    return file_response(f"{name}.csv", stream_with_context(pieces), "text/csv; charset=utf-8")


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """A download called `name`.csv."""
    return table_response(name, header, rows)


def file_response(filename: str, body: bytes | str | Iterable[bytes], media_type: str) -> Response:
    """A download; `filename` is ours, of plain letters."""
    return Response(
        body,
        content_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{filename}"', "Cache-Control": "no-store"},
    )
