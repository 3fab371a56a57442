"""Rekomendasi: certified participants to recommend, by instansi, and the recommendations that were issued."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from flask import flash as tell
from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.actors import Actor
from engine.errors import AlurError, ForbiddenError, NotFoundError
from models import Certificate, Recommendation
from web.cases.present import download
from web.context import require_actor, services
from web.i18n import locale_code
from web.lkpp import people, work
from web.lkpp.area import blueprint, cell, download_kind, neighbour, table_response, tabs
from web.lkpp.lists import open_task
from web.lkpp.people import Filters
from web.lkpp.queues import HEAD, QUEUES
from web.lkpp.words import jenjang_text
from web.security import allow, role

RECOMMENDATION = "lkpp_recommendation"
MOST = 500
"""How many may be ticked at once."""


@blueprint.get("/rekomendasi")
@allow(role(HEAD))
def recommendations() -> str:
    """Who has a certificate and waits for a recommendation."""
    actor, now, filters = require_actor(), services().clock.now(), Filters.from_arguments(request.args)
    queue = QUEUES["rekomendasi"]
    with services().database.read() as unit:
        page = people.certified(unit.connection, filters)
        waiting = people.waiting_instansi(unit.connection)
        counted = work.tally(unit.connection, [queue], actor, now).get(queue.key)
    arguments = filters.arguments()
    return render_template(
        "lkpp/recommendations.html",
        tabs=tabs("rekomendasi"),
        filters=filters,
        rows=page.rows,
        waiting=waiting,
        begun=counted.waiting if counted else 0,
        previous_url=neighbour("lkpp.recommendations", page, "sebelum", **arguments),
        next_url=neighbour("lkpp.recommendations", page, "sesudah", **arguments),
    )


@blueprint.get("/rekomendasi/unduh")
@allow(role(HEAD))
def recommendations_file() -> Response:
    """The same list for a spreadsheet."""
    with services().database.read() as unit:
        rows = people.certified_rows(unit.connection, Filters.from_arguments(request.args))
    header = [_("Instansi"), _("Nama"), _("NIP"), _("Golongan"), _("Jenjang"), _("Nomor sertifikat"), _("Terbit")]
    cells = [
        (r.instansi, r.name, r.nip, r.golongan, jenjang_text(r.jenjang), r.certificate, cell(r.issued_at)) for r in rows
    ]
    return table_response("siap-rekomendasi", header, cells, kind=download_kind())


@blueprint.post("/rekomendasi")
@allow(role(HEAD))
def recommend() -> Response:
    """Begin a recommendation for everybody who was ticked: one per instansi."""
    actor, chosen = require_actor(), request.form.getlist("participant")[:MOST]
    with services().database.read() as unit:
        rows = people.certified_by_id(unit.connection, chosen)
    if not rows:
        tell(_("Pilih paling sedikit satu peserta."), "error")
        return redirect(url_for("lkpp.recommendations", **_arguments()), 303)
    grouped: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row.programme_id, row.instansi_id].append(row)
    begun = [task for members in grouped.values() if (task := _begin(members, actor)) is not None]
    if len(begun) == 1:
        return redirect(url_for("lkpp.desk", task_id=begun[0]), 303)
    return redirect(
        url_for("lkpp.queue" if begun else "lkpp.recommendations", **({"key": "rekomendasi"} if begun else {})), 303
    )


@blueprint.get("/rekomendasi/terbit")
@allow(role(HEAD))
def issued() -> str:
    """Issued recommendations with whom they name and their letters."""
    filters = Filters.from_arguments(request.args)
    with services().database.read() as unit:
        page = people.issued(unit.connection, filters)
        named = people.recommended(unit.connection, [row.id for row in page.rows])
    arguments = filters.arguments()
    return render_template(
        "lkpp/issued.html",
        tabs=tabs("rekomendasi"),
        filters=filters,
        rows=page.rows,
        people=_by_recommendation(named),
        previous_url=neighbour("lkpp.issued", page, "sebelum", **arguments),
        next_url=neighbour("lkpp.issued", page, "sesudah", **arguments),
    )


@blueprint.get("/rekomendasi/terbit/unduh")
@allow(role(HEAD))
def issued_file() -> Response:
    """The same list for a spreadsheet."""
    with services().database.read() as unit:
        rows = people.issued_rows(unit.connection, Filters.from_arguments(request.args))
    header = [_("Nomor"), _("Instansi"), _("Peserta"), _("Terbit"), _("Kasus")]
    cells = [(r.number, r.instansi, r.people, cell(r.issued_at), r.case_number) for r in rows]
    return table_response("rekomendasi", header, cells, kind=download_kind())


@blueprint.get("/rekomendasi/terbit/<recommendation_id>/surat")
@allow(role(HEAD))
def recommendation_letter(recommendation_id: str) -> Response:
    """The letter of a recommendation."""
    return _file(Recommendation, recommendation_id)


@blueprint.get("/sertifikat/<participant_id>")
@allow(role(HEAD))
def certificate(participant_id: str) -> Response:
    """The Sertifikat Kompetensi of a participant."""
    return _file(Certificate, participant_id)


def _file(record: type[Recommendation] | type[Certificate], key: str) -> Response:
    actor, now = require_actor(), services().clock.now()
    with services().database.write() as unit:
        found = unit.session.get(record, key)
        if found is None or found.attachment_id is None or actor.user_id is None:
            raise NotFoundError
        return download(services().documents.read(unit, found.attachment_id, actor.user_id, now))


def _begin(members: list[Any], actor: Actor) -> str | None:
    """Start the case of one instansi and take its task; told when it is refused."""
    first, now = members[0], services().clock.now()
    data = {
        "instansi": {"id": first.instansi_id, "name": first.instansi},
        "participants": [row.id for row in members],
    }
    try:
        instance_id = services().runner.start(
            RECOMMENDATION,
            actor,
            data=data,
            instansi_id=first.instansi_id,
            programme_id=first.programme_id,
            now=now,
        )
    except AlurError as error:
        if isinstance(error, ForbiddenError):
            raise
        tell(f"{first.instansi}: {error.message(locale_code())}", "error")
        return None
    with services().database.read() as unit:
        task_id = open_task(unit, instance_id, QUEUES["rekomendasi"].element)
    if task_id is not None:
        services().runner.claim(task_id, actor)
    return task_id


def _by_recommendation(rows: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.recommendation_id].append(row)
    return found


def _arguments() -> dict[str, str]:
    return Filters.from_arguments(request.args).arguments()
