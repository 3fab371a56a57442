"""Pages on which an auditor finds cases: the list with its filters, persons, searches that are kept."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from engine import ledger
from engine.actors import Actor
from engine.authorisation import AUDITORS as AUDITOR_ROLES
from engine.errors import AlurError, ForbiddenError
from engine.privacy.seen import person_searched
from engine.programmes import title_of
from engine.proof import runs
from engine.unit_of_work import UnitOfWork
from web.audit.access import AUDITORS, ROLES, sees_persons
from web.audit.find import persons, queries, saved, words
from web.audit.find.filters import Filters
from web.audit.frame import may_open, tabs
from web.context import require_actor, services
from web.export import table_response
from web.i18n import locale_code
from web.paging import Page
from web.security import allow, role
from web.words.names import status_text

blueprint = Blueprint("audit", __name__)
PERSONS = role("auditor")


@blueprint.get("/audit")
@allow(role(*ROLES))
def index() -> Response | str:
    """Cases, for an auditor; who may see only a part of the audit is led there."""
    actor, now = require_actor(), services().clock.now()
    if not any(grant.role in AUDITOR_ROLES for grant in actor.grants):
        return _elsewhere()
    filters = _filters(actor)
    if filters.person and not (filters.after or filters.before):
        _note_person(actor, filters, now)
    with services().database.read() as unit:
        page = queries.page(unit, actor, filters, now)
        total = queries.count(unit, actor, filters, now)
        return render_template(
            "audit/find/index.html",
            filters=filters,
            rows=words.lines(unit, actor, list(page.rows), now),
            total=min(total, queries.MOST_COUNTED),
            more=total > queries.MOST_COUNTED,
            person=_person_name(unit, filters),
            sees_persons=sees_persons(actor),
            alarms=runs.alarms(unit),
            searches=saved.searches(unit, actor.user_id or ""),
            actor_id=actor.user_id,
            bundles=may_open("audit_bundles.begin"),
            previous_url=_neighbour(page, filters, "sebelum"),
            next_url=_neighbour(page, filters, "sesudah"),
            **_choices(unit),
        )


@blueprint.get("/audit.csv", defaults={"kind": "csv"})
@blueprint.get("/audit.xlsx", defaults={"kind": "xlsx"})
@allow(AUDITORS)
def export(kind: str) -> Response:
    """The same list for a spreadsheet; masked as on the page, and itself noted."""
    actor, now = require_actor(), services().clock.now()
    filters = _filters(actor)
    with services().database.write() as unit:
        rows = queries.export_rows(unit, actor, filters, now)
        found = words.lines(unit, actor, list(rows), now)
        detail = {"page": "audit.export", "cases": len(found), "person": filters.person or None}
        ledger.note(unit, ledger.Kind.LIST_EXPORTED, at=now, actor_id=actor.user_id, detail=detail)
    header = [_("Nomor"), _("Judul"), _("Proses"), _("Instansi"), _("Keadaan"), _("Mulai"), _("Berakhir"),
              _("Keterlambatan"), _("Simpangan"), _("Pembuktian")]  # fmt: skip
    cells = [
        (line.case.number, line.title, line.case.process, line.case.instansi, line.case.status_text,
         _local(line.case.started_at, line.case.zone), _local(line.case.ended_at, line.case.zone), line.late,
         ", ".join(text for text, _tone in line.deviations), line.proof[0] if line.proof else "")
        for line in found
    ]  # fmt: skip
    return table_response("audit", header, cells, kind)


@blueprint.get("/audit/orang")
@allow(PERSONS)
def person() -> str:
    """Where one looks for a person; nothing is looked for yet."""
    return render_template("audit/find/person.html", typed="", people=None, faults=[])


@blueprint.post("/audit/orang")
@allow(PERSONS)
def find_person() -> str | tuple[str, int]:
    """Who fits, each with a link to their cases. What was typed stands in no address; that it was is in the ledger."""
    actor, now = require_actor(), services().clock.now()
    typed = request.form.get("siapa", "")
    wanted = persons.sought(typed)
    if wanted is None:
        faults = [("siapa", _("Tulis NIP, NIK, surel, atau sedikitnya tiga huruf dari nama."))]
        return render_template("audit/find/person.html", typed=typed, people=None, faults=faults), 422
    with services().database.write() as unit:
        people = persons.find(unit, actor, wanted, locale_code())
        person_searched(unit, actor, by=wanted.by, found=len(people), page="audit.find_person", now=now)
    return render_template("audit/find/person.html", typed=typed, people=people, faults=[])


@blueprint.post("/audit/pencarian")
@allow(AUDITORS)
def save_search() -> Response:
    """Keep what the list asks for now, under a name."""
    actor = require_actor()
    given = MultiDict(request.form.items())
    filters = Filters.from_arguments(given, persons=sees_persons(actor))
    shared = request.form.get("bagikan") == "1"
    try:
        with services().database.write() as unit:
            saved.save(unit, actor.user_id or "", request.form.get("nama", ""), filters.arguments(), shared=shared,
                       now=services().clock.now())  # fmt: skip
        flash(_("Pencarian disimpan."), "success")
    except AlurError as error:
        flash(error.message(locale_code()), "error")
    return redirect(url_for("audit.index", **filters.arguments()), 303)


@blueprint.post("/audit/pencarian/<search_id>/hapus")
@allow(AUDITORS)
def remove_search(search_id: str) -> Response:
    """Forget one of one's own."""
    with services().database.write() as unit:
        name = saved.remove(unit, require_actor().user_id or "", search_id)
    flash(_("Pencarian “%(name)s” dihapus.", name=name), "success")
    return redirect(url_for("audit.index"), 303)


def chosen_cases(unit: UnitOfWork, actor: Actor, form: "MultiDict[str, str]", now: datetime) -> list[str]:
    """Ids of what was chosen on the list: the cases that were ticked, or (`semua`) every one that fits its filters."""
    if form.get("semua") == "1":
        filters = Filters.from_arguments(form, persons=sees_persons(actor))
        return queries.ids(unit, actor, filters, now)
    return queries.ids_of(unit, actor, form.getlist("kasus"))


def _filters(actor: Actor) -> Filters:
    return Filters.from_arguments(request.args, persons=sees_persons(actor))


def _note_person(actor: Actor, filters: Filters, now: datetime) -> None:
    """Whose cases were listed: by the account or the participant, never by a name."""
    with services().database.write() as unit:
        ledger.note(unit, ledger.Kind.PERSON_SEARCHED, at=now, actor_id=actor.user_id, ref=filters.person,
                    detail={"page": "audit.index"})  # fmt: skip


def _person_name(unit: UnitOfWork, filters: Filters) -> str:
    return (persons.name_of(unit, filters.person) or _("tidak dikenal")) if filters.person else ""


def _choices(unit: UnitOfWork) -> dict[str, Any]:
    from_language = locale_code()
    return {
        "processes": [(row.key, row.title) for row in queries.processes(unit)],
        "programmes": [(row.id, f"{title_of(row).in_locale(from_language)} · {row.period}")
                       for row in queries.programmes(unit)],
        "agencies": [(row.id, row.name) for row in queries.agencies(unit)],
        "states": [(state, status_text(state)) for state in ("active", "suspended", "completed", "cancelled")],
        "lateness": words.lateness(),
        "deviations": words.deviations(),
        "orders": words.orders(),
    }  # fmt: skip


def _local(at: datetime | None, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M") if at else ""


def _neighbour(page: Page, filters: Filters, name: str) -> str | None:
    cursor = page.previous if name == "sebelum" else page.next
    return url_for("audit.index", **filters.arguments(), **{name: cursor}) if cursor else None


def _elsewhere() -> Response:
    open_to_them = [tab for tab in tabs() if not tab.current]
    if not open_to_them:
        raise ForbiddenError(why="")
    return redirect(open_to_them[0].url)
