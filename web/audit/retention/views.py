"""Pages of retention: the lists, one list line by line, setting a schedule, holding a case."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine import retention
from engine.actors import Actor
from engine.errors import AlurError, NotFoundError
from models import Instance
from web.audit.access import AUDITORS
from web.audit.frame import may_open
from web.audit.retention import queries
from web.context import require_actor, services
from web.export import table_response
from web.i18n import locale_code
from web.security import allow, role

blueprint = Blueprint("audit_retention", __name__)
FLOW = "retention_disposal"
KEEPERS = ("arsiparis", "kepala_arsip")
READERS = role("auditor", "auditor_luar", "data_officer", *KEEPERS)
PROPOSERS = role("arsiparis")
HOLDERS = role("auditor", "data_officer", *KEEPERS)
SHORTENERS = role(*KEEPERS)


@blueprint.get("/audit/retensi")
@allow(READERS)
def index() -> str:
    """What waits for a decision, what was destroyed by which, the schedules, and what is held."""
    with services().database.read() as unit:
        page = queries.lists(unit, request.args.get("sesudah"), request.args.get("sebelum"))
        return render_template(
            "audit/retention/index.html",
            rows=page.rows,
            states=states(),
            fates=fates(),
            schedules=retention.schedules(unit),
            titles=queries.titles(unit),
            holds=retention.holds_of(unit),
            flow=FLOW,
            proposes=PROPOSERS.admits(require_actor()),
            holding=may_open("audit_retention.hold"),
            reads_cases=AUDITORS.admits(require_actor()),
            previous_url=url_for("audit_retention.index", sebelum=page.previous) if page.previous else None,
            next_url=url_for("audit_retention.index", sesudah=page.next) if page.next else None,
        )


@blueprint.get("/audit/retensi/daftar/<number>")
@allow(READERS)
def show(number: str) -> str:
    """One list, line by line."""
    with services().database.read() as unit:
        row = queries.one_list(unit, number)
        return render_template(
            "audit/retention/list.html",
            row=row,
            items=retention.listed(unit, row.id),
            states=states(),
            item_states=item_states(),
            titles=queries.titles(unit),
            names=shows_names(require_actor()),
            shortens=row.state == "proposed" and SHORTENERS.admits(require_actor()),
            reads_cases=AUDITORS.admits(require_actor()),
        )


@blueprint.get("/audit/retensi/daftar/<number>.csv", defaults={"kind": "csv"})
@blueprint.get("/audit/retensi/daftar/<number>.xlsx", defaults={"kind": "xlsx"})
@allow(READERS)
def export(number: str, kind: str) -> Response:
    """The list as an annex to the decision."""
    with services().database.read() as unit:
        row = queries.one_list(unit, number)
        items, titles, words = retention.listed(unit, row.id), queries.titles(unit), item_states()
    names = shows_names(require_actor())
    header = [_("Kasus"), _("Proses"), _("Dokumen"), _("Berakhir"), _("Habis masa simpan"), _("Keadaan"), _("Catatan")]
    cells = [
        (i.number, titles.get(i.definition_key, i.definition_key), _document(i, names=names), i.ended_on, i.due_on,
         words[i.state][0], i.note)
        for i in items
    ]  # fmt: skip
    return table_response(f"usul-musnah-{number}", header, cells, kind)


@blueprint.post("/audit/retensi/daftar/<number>/simpan/<case>")
@allow(SHORTENERS)
def keep(number: str, case: str) -> Response:
    """Take a case from a list that waits for its decision."""
    with services().database.write() as unit:
        row = queries.one_list(unit, number)
        ident = queries.case_of_number(unit, case)
        if ident is None:
            raise NotFoundError
        retention.take_off(unit, row.id, ident, note=request.form.get("alasan", "").strip())
    flash(_("Kasus %(number)s tidak jadi dimusnahkan oleh daftar ini.", number=case), "success")
    return redirect(url_for("audit_retention.show", number=number), 303)


@blueprint.get("/audit/retensi/jadwal/<key>")
@allow(PROPOSERS)
def schedule(key: str) -> str:
    """The schedule of a process, and of each kind of document that its forms ask for."""
    return _schedule_page(key, {}, None)


@blueprint.post("/audit/retensi/jadwal/<key>")
@allow(PROPOSERS)
def set_schedule(key: str) -> Response | tuple[str, int]:
    given = request.form.to_dict()
    try:
        wanted = retention.Schedule(
            key=key,
            field=given.get("dokumen", ""),
            active_years=_years(given.get("aktif", "")),
            inactive_years=_years(given.get("inaktif", "")),
            final=given.get("nasib", ""),
            basis=given.get("dasar", ""),
        )
        with services().database.write() as unit:
            if wanted.field and wanted.field not in _fields(key):
                raise NotFoundError
            retention.set_schedule(unit, wanted, by=_id(require_actor()), now=services().clock.now())
    except retention.BadScheduleError as error:
        return _schedule_page(key, given, error), 422
    flash(_("Jadwal ditetapkan. Daftar yang disusun sesudah ini memakainya."), "success")
    return redirect(url_for("audit_retention.index", _anchor="schedules-title"), 303)


@blueprint.post("/audit/retensi/tahan")
@allow(HOLDERS)
def hold() -> Response:
    """A case that must not be destroyed while it is looked into."""
    number, reason = request.form.get("kasus", ""), request.form.get("alasan", "").strip()
    with services().database.write() as unit:
        ident = queries.case_of_number(unit, number)
        if ident is not None and reason:
            retention.set_hold(unit, ident, reason=reason, by=_id(require_actor()), now=services().clock.now())
    if ident is None:
        flash(_("Tidak ada kasus bernomor %(number)s.", number=number[:24]), "error")
    elif not reason:
        flash(_("Tulis alasannya: tanpa alasan kasus tidak ditahan."), "error")
    else:
        flash(_("Kasus %(number)s ditahan: tidak dimusnahkan sampai dilepas.", number=number.upper()), "success")
    return redirect(url_for("audit_retention.index", _anchor="holds-title"), 303)


@blueprint.post("/audit/retensi/tahan/<case_id>/lepas")
@allow(HOLDERS)
def release(case_id: str) -> Response:
    """It goes by its schedule again."""
    with services().database.write() as unit:
        if unit.session.get(Instance, case_id) is None:
            raise NotFoundError
        retention.remove_hold(unit, case_id)
    flash(_("Penahanan dilepas; kasus kembali mengikuti jadwalnya."), "success")
    return redirect(url_for("audit_retention.index", _anchor="holds-title"), 303)


def states() -> dict[str, tuple[str, str]]:
    """What became of a list, and how that is."""
    return {
        "proposed": (_("Menunggu keputusan"), "busy"),
        "refused": (_("Ditolak"), "neutral"),
        "destroyed": (_("Dimusnahkan"), "good"),
    }


def item_states() -> dict[str, tuple[str, str]]:
    return {
        "listed": (_("Pada daftar"), "busy"),
        "kept": (_("Disimpan"), "neutral"),
        "destroyed": (_("Dimusnahkan"), "good"),
    }


def fates() -> dict[str, str]:
    """What becomes of records in the end, in words."""
    return {"destroyed": _("musnah"), "reviewed": _("dinilai kembali"), "permanent": _("permanen")}


def shows_names(actor: Actor) -> bool:
    """Names of files may name people: the keepers of records decide by them, others see which field it was."""
    return SHORTENERS.admits(actor)


def _document(item: Any, *, names: bool) -> str:
    if not item.attachment_id:
        return _("seluruh kasus")
    return str(item.filename if names and item.filename else item.field)


def _schedule_page(key: str, given: dict[str, str], error: AlurError | None) -> str:
    with services().database.read() as unit:
        titles = queries.titles(unit)
        if key not in titles:
            raise NotFoundError
        known = [one for one in retention.schedules(unit) if one.key == key]
    return render_template(
        "audit/retention/schedule.html",
        key=key,
        title=titles[key],
        known=known,
        fields=_fields(key),
        fates=fates(),
        given=given,
        error=error.message(locale_code()) if error else None,
    )


def _fields(key: str) -> dict[str, Any]:
    return queries.document_fields(services().definitions.current(key))


def _years(text: str) -> int:
    return int(text) if text.strip().isdecimal() else -1


def _id(actor: Actor) -> str:
    return actor.user_id or ""
