"""Unduh Hasil Ujian: what came out of a schedule for the agency's own people, as a letter and for a spreadsheet."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import redirect, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlmodel import col
from werkzeug.wrappers import Response

from engine.definitions import LoadedVersion
from engine.errors import NotFoundError
from engine.letters import render_letter
from engine.unit_of_work import UnitOfWork
from models import Instansi, Programme
from web.cases import present
from web.context import require_actor, services
from web.export import table_response
from web.inpassing import schedule_queries as queries
from web.inpassing import words
from web.inpassing.area import SCHEDULE, agency, blueprint, instansi_ids
from web.security import allow

LETTER = "letters/results.typ"
WITH_RESULT = ("booked", "done")


@blueprint.get("/jadwal/<number>/hasil")
@allow(agency)
def results(number: str) -> Response:
    """LKPP's own list for a schedule of this instansi; else the same letter with this agency's people alone."""
    actor, now = require_actor(), services().clock.now()
    ids = instansi_ids(actor)
    with services().database.write() as unit:
        row = find(unit, number)
        if row.result_attachment_id is not None and row.instansi_id in ids:
            return present.download(services().documents.read(unit, row.result_attachment_id, actor.user_id or "", now))
        version = _version(unit, row)
        data = _data(unit, row, ids)
    if version is None or LETTER not in version.files or not data["rows"]:
        return redirect(url_for("inpassing.results_file", number=number, kind="csv"), 303)
    folder = LETTER.partition("/")[0] + "/"
    assets = {name.removeprefix(folder): body for name, body in version.files.items() if name.startswith(folder)}
    issued = now.astimezone(ZoneInfo(row.zone))
    body = render_letter(
        version.files[LETTER], {**data, "issued_on": issued.date()}, at=issued, assets=assets, name=LETTER
    )
    return present.download((body, f"{_('Hasil Ujian')} {row.name}.pdf"))


@blueprint.get("/jadwal/<number>/hasil.csv", defaults={"kind": "csv"})
@blueprint.get("/jadwal/<number>/hasil.xlsx", defaults={"kind": "xlsx"})
@allow(agency)
def results_file(number: str, kind: str) -> Response:
    """The same for a spreadsheet."""
    with services().database.read() as unit:
        row = find(unit, number)
        found = queries.booked(unit.connection, row.id, instansi_ids(require_actor()), WITH_RESULT)
    header = [_("NIP"), _("Nama"), _("Jenjang"), _("Ujian ke-"), _("Hasil"), _("Nilai"), _("Catatan"), _("Sertifikat")]
    cells = [
        (p.nip, p.name, words.jenjang_text(p.jenjang), p.attempt, words.outcome_text(p.outcome or ""), p.score, p.note,
         p.certificate)
        for p in found
    ]  # fmt: skip
    return table_response(f"hasil-ujian-{number}", header, cells, kind)


def find(unit: UnitOfWork, number: str) -> Any:
    """The schedule, if this agency may use it; one of another instansi looks like one that is not there."""
    row = queries.one(unit.connection, instansi_ids(require_actor()), number)
    if row is None:
        raise NotFoundError
    return row


def _version(unit: UnitOfWork, row: Any) -> LoadedVersion | None:
    """Of the schedule's procedure, as its programme has it: the letter is a file of it."""
    versions = unit.session.get_one(Programme, row.programme_id).versions
    return services().definitions.version(versions[SCHEDULE], unit) if SCHEDULE in versions else None


def _data(unit: UnitOfWork, row: Any, ids: list[str]) -> dict[str, Any]:
    """What the letter is filled with; the people of other agencies are none of this one's business."""
    programme = unit.session.get_one(Programme, row.programme_id)
    named = select(col(Instansi.name)).where(col(Instansi.id).in_(ids)).order_by(col(Instansi.name))
    instansi = ", ".join(unit.session.scalars(named))
    people = queries.booked(unit.connection, row.id, ids, WITH_RESULT)
    return {
        "number": None,
        "schedule": {
            "name": row.name, "kind": row.kind, "method": row.method, "place": row.place, "instansi": instansi,
            "starts_at": row.starts_at.astimezone(ZoneInfo(row.zone)),
        },
        "programme": {"title": programme.title_id, "period": programme.period},
        "rows": [
            {"name": p.name, "nip": p.nip, "instansi": instansi, "jenjang": p.jenjang, "outcome": p.outcome,
             "score": p.score, "note": p.note}
            for p in people if p.outcome
        ],
    }  # fmt: skip
