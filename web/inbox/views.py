"""The inbox: what is mine, what is late, what is due next, what my groups may claim."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from web.context import require_actor, services
from web.export import table_response
from web.i18n import zone_name
from web.inbox import queries
from web.inbox.queries import Filters
from web.paging import Page
from web.security import allow, signed_in
from web.words.tasks import TaskRow, present

blueprint = Blueprint("inbox", __name__)

OFFERED = 5
"""How many of the groups' tasks stand under one's own."""


@blueprint.get("/kotak-masuk")
@allow(signed_in)
def index() -> str:
    """The landing page of an officer. Its filters are its address."""
    actor, now = require_actor(), services().clock.now()
    filters = Filters.from_arguments(request.args)
    with services().database.read() as unit:
        counts = queries.counts(unit.connection, actor, now)
        page = queries.page(unit.connection, actor, filters, now)
        rows = present(unit, page.rows, actor, now)
        processes = queries.processes(unit.connection, actor)
        offered: list[TaskRow] = []
        if _shows_offers(filters) and counts.kelompok:
            group = queries.page(unit.connection, actor, Filters(view="kelompok"), now, size=OFFERED)
            offered = present(unit, group.rows, actor, now)
    titles = view_titles()
    empty_title, empty_text = _empty(filters.view, counts)
    return render_template(
        "inbox/index.html",
        filters=filters,
        counts=counts,
        views=list(titles.items()),
        view_title=titles[filters.view],
        rows=rows,
        offered=offered,
        processes=processes,
        empty_title=empty_title,
        empty_text=empty_text,
        previous_url=_neighbour(filters, page, "sebelum"),
        next_url=_neighbour(filters, page, "sesudah"),
    )


@blueprint.get("/kotak-masuk.csv", defaults={"kind": "csv"})
@blueprint.get("/kotak-masuk.xlsx", defaults={"kind": "xlsx"})
@allow(signed_in)
def export(kind: str) -> Response:
    """The same list for a spreadsheet."""
    actor, now = require_actor(), services().clock.now()
    filters = Filters.from_arguments(request.args)
    with services().database.read() as unit:
        found = list(queries.export_rows(unit.connection, actor, filters, now))
        rows = present(unit, found, actor, now)
    header = [
        _("Tugas"),
        _("Kasus"),
        _("Nomor"),
        _("Proses"),
        _("Instansi"),
        _("Masuk"),
        _("Tenggat"),
        _("Zona"),
        _("Pemegang"),
    ]
    cells = [
        (
            r.name,
            r.title,
            r.number,
            r.process,
            r.instansi,
            _cell(r.created_at, stored.zone),
            _cell(stored.due_at, stored.zone),
            zone_name(stored.zone),
            r.holder,
        )
        for r, stored in zip(rows, found, strict=True)
    ]
    return table_response("kotak-masuk", header, cells, kind)


def view_titles() -> dict[str, str]:
    return {
        "saya": _("Milik saya"),
        "terlambat": _("Terlambat"),
        "segera": _("Segera jatuh tempo"),
        "kelompok": _("Kelompok saya"),
    }


def _shows_offers(filters: Filters) -> bool:
    return filters.view == "saya" and not (filters.narrowed or filters.after or filters.before)


def _empty(view: str, counts: queries.Counts) -> tuple[str, str]:
    """Why a list is empty, and what there is instead."""
    if view == "saya" and counts.kelompok:
        return _("Tidak ada tugas atas nama Anda."), _("Ambil satu dari kelompok Anda di bawah ini.")
    return {
        "saya": (_("Tidak ada yang perlu Anda kerjakan."), _("Tugas baru akan muncul di sini.")),
        "terlambat": (_("Tidak ada yang terlambat."), ""),
        "segera": (_("Tidak ada yang jatuh tempo dalam 3×24 jam ke depan."), ""),
        "kelompok": (_("Tidak ada tugas yang menunggu di kelompok Anda."), ""),
    }[view]


def _neighbour(filters: Filters, page: Page, name: str) -> str | None:
    cursor = page.previous if name == "sebelum" else page.next
    return url_for("inbox.index", **filters.arguments(), **{name: cursor}) if cursor else None


def _cell(instant: datetime | None, zone_key: str) -> str:
    return "" if instant is None else instant.astimezone(ZoneInfo(zone_key)).strftime("%Y-%m-%d %H:%M")
