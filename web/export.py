"""Lists as files for a spreadsheet: CSV in UTF-8 with a mark that Excel understands, and no cell that is a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from werkzeug.wrappers import Response

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
FORMULA_INSIDE = re.compile(r"([;\t\r\n]\s*)(?=[=+\-@＝＋－＠])")
"""A spreadsheet set to Indonesian splits cells at semicolons, quoted or not: what follows one begins a cell too."""


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """A download called `name`.csv."""
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(header)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return Response(
        "\ufeff" + lines.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"},
    )


def harmless(cell: Any) -> str:
    """The cell as text. Names come from people: one that begins like a formula is quoted, so that nothing computes."""
    text = FORMULA_INSIDE.sub(r"\1'", "" if cell is None else str(cell))
    return "'" + text if text.startswith(FORMULA_STARTS) else text
