"""Formasi: proposals that wait for verification, and what each instansi was approved and has used."""

from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from web.context import require_actor, services
from web.lkpp import people, work
from web.lkpp.area import blueprint, cell, download_kind, neighbour, table_response, tabs
from web.lkpp.lists import task_line
from web.lkpp.people import Filters
from web.lkpp.queues import ADMIN, QUEUES
from web.lkpp.words import jenjang_text
from web.security import allow, role

SHOWN = 10
"""How many proposals stand above the table; the rest is one click away."""
LEVELS = ("pertama", "muda", "madya")


@blueprint.get("/formasi", endpoint="formasi")
@allow(role(ADMIN))
def formasi_page() -> str:
    """Proposals first: they are what waits."""
    actor, now, filters = require_actor(), services().clock.now(), Filters.from_arguments(request.args)
    queue = QUEUES["formasi"]
    with services().database.read() as unit:
        first = work.page(unit.connection, queue, actor, work.Filters(), now, size=SHOWN)
        proposals = [task_line(unit, row, actor, now) for row in first.rows]
        counted = work.tally(unit.connection, [queue], actor, now).get(queue.key)
        page = people.formasi(unit.connection, filters)
    arguments = filters.arguments()
    return render_template(
        "lkpp/formasi.html",
        tabs=tabs("formasi"),
        queue=queue,
        proposals=proposals,
        waiting=counted.waiting if counted else 0,
        filters=filters,
        rows=page.rows,
        levels=[(level, jenjang_text(level)) for level in LEVELS],
        previous_url=neighbour("lkpp.formasi", page, "sebelum", **arguments),
        next_url=neighbour("lkpp.formasi", page, "sesudah", **arguments),
    )


@blueprint.get("/formasi/unduh")
@allow(role(ADMIN))
def formasi_file() -> Response:
    """The approved formasi for a spreadsheet."""
    with services().database.read() as unit:
        rows = people.formasi_rows(unit.connection, Filters.from_arguments(request.args))
    header = [_("Instansi")]
    for level in LEVELS:
        header += [
            _("%(level)s: disetujui", level=jenjang_text(level)),
            _("%(level)s: terpakai", level=jenjang_text(level)),
        ]
    cells = [
        (r.instansi, *(getattr(r, f"{level}_{what}") for level in LEVELS for what in ("approved", "used")),
         cell(r.approved_at), r.number)
        for r in rows
    ]  # fmt: skip
    return table_response("formasi", [*header, _("Disetujui"), _("Kasus")], cells, kind=download_kind())
