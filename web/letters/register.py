"""The register of letters: every number that was given, the cancelled ones too, of the cases one may see."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from sqlalchemy import Row
from werkzeug.wrappers import Response

from engine.actors import Actor
from engine.errors import NotFoundError
from engine.letters.book import ISSUED, SIGNED, STATES, shown_code
from web.context import require_actor, services
from web.export import table_response
from web.letters import blueprint, queries
from web.letters.offices import KEEPERS
from web.letters.queries import Filters
from web.letters.words import TONES, event_text, kind_text, service_note, signatures_of, state_text
from web.security import allow, signed_in

ACTS = {ISSUED: ("batalkan",), SIGNED: ("cabut", "ganti")}
"""What may be done by hand to a letter in a state."""


@blueprint.record_once
def _globals(state: BlueprintSetupState) -> None:
    """Words that the pages' macros use; a macro sees nothing but globals."""
    state.app.jinja_env.globals.update(
        letter_state=state_text, letter_tone=TONES.get, letter_kind=kind_text, letter_code=shown_code,
        letter_event=event_text, signing_note=service_note,
    )  # fmt: skip


def may_change(actor: Actor, row: Row[Any]) -> bool:
    """The owner of the procedure, over the case's instansi."""
    return actor.holds("owner", row.instansi_id)


def acts_for(actor: Actor, row: Row[Any]) -> tuple[str, ...]:
    """What this person may do to this letter now."""
    return ACTS.get(row.state, ()) if may_change(actor, row) else ()


@blueprint.get("/surat")
@allow(signed_in)
def register() -> str:
    """The letters of cases that this person may see."""
    actor, filters = require_actor(), Filters.from_arguments(request.args)
    with services().database.read() as unit:
        page = queries.page(unit.connection, actor, filters)
        kinds = queries.kinds(unit.connection, actor)
    args = filters.arguments()
    return render_template(
        "letters/register.html",
        filters=filters,
        rows=page.rows,
        kinds=kinds,
        states=list(STATES),
        keeps_paper=KEEPERS.admits(actor),
        previous_url=url_for("letters.register", sebelum=page.previous, **args) if page.previous else None,
        next_url=url_for("letters.register", sesudah=page.next, **args) if page.next else None,
    )


@blueprint.get("/surat.csv", defaults={"kind": "csv"})
@blueprint.get("/surat.xlsx", defaults={"kind": "xlsx"})
@allow(signed_in)
def export(kind: str) -> Response:
    """The same list for a spreadsheet."""
    actor, filters = require_actor(), Filters.from_arguments(request.args)
    header = [_("Nomor"), _("Hal"), _("Jenis"), _("Penerbit"), _("Penerima"), _("Tanggal"), _("Keadaan"),
              _("Berlaku sejak"), _("Berakhir"), _("Alasan"), _("Kode"), _("Kasus")]  # fmt: skip
    with services().database.read() as unit:
        cells = [
            (r.number, r.subject, kind_text(r.kind), r.issuer, r.addressee, r.issued_on, state_text(r.state),
             _moment(r, "signed_at"), _moment(r, "closed_at"), r.reason, shown_code(r.code), r.case_number)
            for r in queries.export_rows(unit.connection, actor, filters)
        ]  # fmt: skip
    return table_response("surat", header, cells, kind)


def _moment(row: Row[Any], name: str) -> str:
    value = getattr(row, name)
    return value.astimezone(ZoneInfo(row.zone)).strftime("%Y-%m-%d %H:%M") if value is not None else ""


@blueprint.get("/surat/<letter_id>")
@allow(signed_in)
def show(letter_id: str) -> str:
    """One letter: where it stands, its files and signatures, and what was done to it."""
    actor = require_actor()
    with services().database.read() as unit:
        row = queries.letter_row(unit.connection, actor, letter_id)
        if row is None:
            raise NotFoundError
        stages = queries.files(unit.connection, row.id)
        return render_template(
            "letters/show.html",
            letter=row,
            files=stages,
            signatures=signatures_of(stages),
            events=queries.events(unit.connection, row.id),
            replaced_by=queries.successor(unit.connection, row.id),
            replaces=queries.letter_row_by_id(unit.connection, row.replaces_id) if row.replaces_id else None,
            acts=acts_for(actor, row),
        )
