"""All LPSE and how far they are, for Direktorat SPD."""

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import NotFoundError
from web.context import require_actor, services
from web.export import table_response
from web.lpse import queries, words
from web.lpse.area import blueprint, overseers, sees_all
from web.paging import Page, fetch_page
from web.security import allow

MOST = 10_000
"""Of a download: more than there are LPSE in the country, many times over."""


@blueprint.get("/semua")
@allow(overseers)
def overview() -> str:
    """A line per LPSE."""
    text, now = request.args.get("q", "")[:100], services().clock.now()
    _may()
    with services().database.read() as unit:
        page = fetch_page(
            unit.connection,
            queries.all_lpse(text, now),
            queries.BY_AGENCY,
            after=request.args.get("sesudah"),
            before=request.args.get("sebelum"),
        )
        opened = queries.open_phases(unit.connection)
    return render_template(
        "lpse/overview.html",
        rows=page.rows,
        opened=opened,
        text=text,
        previous_url=_neighbour(page, "sebelum", text),
        next_url=_neighbour(page, "sesudah", text),
    )


@blueprint.get("/semua/unduh")
@allow(overseers)
def overview_file() -> Response:
    """The same for a spreadsheet."""
    text, now = request.args.get("q", "")[:100], services().clock.now()
    _may()
    with services().database.read() as unit:
        page = fetch_page(unit.connection, queries.all_lpse(text, now), queries.BY_AGENCY, size=MOST)
        opened = queries.open_phases(unit.connection)
    header = [
        _("LPSE"), _("Instansi"), _("Provinsi"), _("Tahap terbuka"), _("Butir"),
        *(words.state_text(state) for state in words.STATES), _("Terlambat"), _("Terpenuhi tanggal"), _("Nomor surat"),
    ]  # fmt: skip
    rows = ([
        row.name, row.instansi, row.province or "", ", ".join(words.phase_text(p) for p in opened.get(row.id, [])),
        row.items, *(getattr(row, f"n_{state}") for state in words.STATES), row.late, row.fulfilled_at or "",
        row.letter_number,
    ] for row in page.rows)  # fmt: skip
    return table_response("lpse-semua", header, rows, kind="xlsx" if request.args.get("bentuk") == "xlsx" else "csv")


def _may() -> None:
    """An owner or auditor of one instansi sees that LPSE, not all."""
    if not sees_all(require_actor()):
        raise NotFoundError


def _neighbour(page: Page, name: str, text: str) -> str | None:
    cursor = page.previous if name == "sebelum" else page.next
    arguments: dict[str, Any] = {**({"q": text} if text else {}), name: cursor}
    return url_for("lpse.overview", **arguments) if cursor else None
