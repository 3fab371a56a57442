"""Data Peserta: the list with what waits for the agency, a new participant, and the end of a participation."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from calendars import WorkingCalendar
from engine.acts.errors import NobodyWaitsError
from engine.calendar import load_calendar
from engine.errors import ConflictError, InstanceNotActiveError, NotFoundError
from engine.unit_of_work import UnitOfWork
from web.context import require_actor, services
from web.export import table_response
from web.i18n import locale_code
from web.inpassing import participant_queries as queries
from web.inpassing import schedule_queries
from web.inpassing.area import (
    ACCOUNT,
    FORMASI,
    PARTICIPANT,
    RECOMMENDATION,
    SCHEDULE,
    Scope,
    agency,
    blueprint,
    chosen_instansi,
    instansi_ids,
    scope,
)
from web.inpassing.participant_queries import Filters
from web.inpassing.tasks import first_task
from web.inpassing.words import JENJANG, STATES, documents_text, jenjang_text, method_text, state_text, state_tone
from web.looks import saw_case
from web.paging import Page
from web.security import allow
from web.words.due import Due, due
from web.words.names import element_name

FINAL = frozenset({"mengundurkan_diri", "gugur", "sertifikat", "rekomendasi", "diangkat"})
"""States that nobody withdraws from any more."""
BY_SCHEDULE = frozenset({"reupload", "upload_portfolio"})
"""Steps that must be done before the registration of the booked schedule closes."""
LEADS_SOMEWHERE = frozenset({FORMASI, PARTICIPANT, SCHEDULE, ACCOUNT, RECOMMENDATION})
"""Processes whose mails lead an Admin Instansi to a page of theirs."""
MIN_REASON, MAX_REASON = 10, 500


@dataclass(frozen=True)
class Step:
    """Something that waits for the agency at a participant."""

    id: str
    element_id: str
    name: str


@dataclass(frozen=True)
class Row:
    """A participant as the list shows them; `stored` is the row of the database."""

    stored: Any
    state: str
    tone: str
    steps: list[Step]
    may_withdraw: bool

    @property
    def reupload(self) -> Step | None:
        return next((step for step in self.steps if step.element_id == "reupload"), None)


@dataclass(frozen=True)
class Waiting:
    """A kind of work that waits for the agency: how much, until when, and where to begin."""

    name: str
    count: int
    due: Due | None
    url: str


@blueprint.get("/peserta")
@allow(agency)
def participants() -> str:
    """Where an Admin Instansi lands: what waits first, then everybody."""
    actor, now = require_actor(), services().clock.now()
    filters = Filters.from_arguments(request.args)
    with services().database.read() as unit:
        area = scope(unit, actor, now)
        page = queries.page(unit.connection, area, filters, actor.user_id)
        return render_template(
            "inpassing/participants.html",
            area=area,
            filters=filters,
            rows=rows_of(unit, page.rows, area.instansi_ids, actor.user_id),
            waiting=_waiting(unit, area, actor.user_id, now),
            drafts=queries.drafts(unit.connection, area, actor.user_id),
            formasi=queries.formasi(unit.connection, area),
            counts=queries.by_state(unit.connection, area),
            states=[(state, state_text(state)) for state in STATES],
            levels=[(jenjang, jenjang_text(jenjang)) for jenjang in JENJANG],
            jenjang_text=jenjang_text,
            documents_text=documents_text,
            bulk=_bulk(area) if area.is_open else [],
            previous_url=_neighbour(area, filters, page, "sebelum"),
            next_url=_neighbour(area, filters, page, "sesudah"),
        )


@blueprint.get("/peserta.csv", defaults={"kind": "csv"})
@blueprint.get("/peserta.xlsx", defaults={"kind": "xlsx"})
@allow(agency)
def participants_file(kind: str) -> Response:
    """The same list for a spreadsheet."""
    actor, now = require_actor(), services().clock.now()
    filters = Filters.from_arguments(request.args)
    with services().database.read() as unit:
        found = queries.export_rows(unit.connection, scope(unit, actor, now), filters, actor.user_id)
    header = [
        _("NIP"), _("Nama"), _("Golongan"), _("Jenjang"), _("Instansi"), _("Keadaan"), _("Dokumen"), _("Metode"),
        _("Jadwal"), _("Banyak ujian"),
    ]  # fmt: skip
    cells = [
        (r.nip, r.name, r.golongan, jenjang_text(r.jenjang), r.instansi, state_text(r.state),
         documents_text(r.documents), method_text(r.method), r.schedule, r.attempts)
        for r in found
    ]  # fmt: skip
    return table_response("data-peserta", header, cells, kind)


@blueprint.get("/peserta/tambah")
@allow(agency)
def new_participant() -> str:
    """What must be at hand before a participant is entered: "Paham"."""
    actor, now = require_actor(), services().clock.now()
    with services().database.read() as unit:
        area = scope(unit, actor, now)
        return render_template(
            "inpassing/new_participant.html", area=area, formasi=queries.formasi(unit.connection, area),
            jenjang_text=jenjang_text,
        )  # fmt: skip


@blueprint.post("/peserta/tambah")
@allow(agency)
def add_participant() -> Response:
    """Begin a participant and go to the biodata."""
    actor, now = require_actor(), services().clock.now()
    with services().database.read() as unit:
        area = scope(unit, actor, now)
        instansi_id = chosen_instansi(actor, request.form.get("instansi"))
        begun = queries.untouched_draft(unit.connection, area, instansi_id, actor.user_id)
    if begun is not None:
        return redirect(url_for("inpassing.task", task_id=begun), 303)
    programme_id = area.programme.id if area.programme is not None else None
    begun = services().runner.start(PARTICIPANT, actor, instansi_id=instansi_id, programme_id=programme_id, now=now)
    return redirect(first_task(begun, actor) or url_for("inpassing.participants"), 303)


@blueprint.post("/peserta/draf/<task_id>/hapus")
@allow(agency)
def discard(task_id: str) -> Response:
    """Give up a participant who was begun and whose biodata is not sent: nothing of theirs is taken yet."""
    actor, now = require_actor(), services().clock.now()
    with services().database.read() as unit:
        drafts = queries.drafts(unit.connection, scope(unit, actor, now), actor.user_id)
    draft = next((row for row in drafts if row.id == task_id), None)
    if draft is None:
        raise NotFoundError
    try:
        services().runner.cancel_at(task_id, actor, _("Dihapus sebelum biodatanya dikirim"), now=now)
    except ConflictError as error:
        flash(error.message(locale_code()), "error")
    else:
        flash(_("Isian %(number)s dihapus.", number=draft.number), "success")
    return redirect(url_for("inpassing.participants"), 303)


@blueprint.route("/peserta/<number>/mengundurkan-diri", methods=["GET", "POST"])
@allow(agency)
def withdraw(number: str) -> Response | str | tuple[str, int]:
    """Asks for the reason and says what it leads to; nothing can be taken back afterwards."""
    actor = require_actor()
    with services().database.read() as unit:
        row = find(unit, number)
    if request.method == "GET" or row.state in FINAL:
        return render_template("inpassing/withdraw.html", row=row, reason="", faults=[], closed=row.state in FINAL)
    reason = " ".join(request.form.get("reason", "").split())
    if not MIN_REASON <= len(reason) <= MAX_REASON:
        fault = _("Tuliskan alasannya, %(least)d sampai %(most)d huruf.", least=MIN_REASON, most=MAX_REASON)
        shown = {"row": row, "reason": reason, "faults": [("reason", fault)], "closed": False}
        return render_template("inpassing/withdraw.html", **shown), 422
    try:
        services().runner.correlate("withdraw", actor, {"reason": reason}, instance_id=row.id)
    except (NobodyWaitsError, InstanceNotActiveError):
        return render_template("inpassing/withdraw.html", row=row, reason=reason, faults=[], closed=True), 409
    flash(_("%(name)s mengundurkan diri. Formasi, NIP, dan kursinya dilepas.", name=row.name), "success")
    return redirect(url_for("inpassing.participants"), 303)


@blueprint.get("/kasus/<number>")
@allow(agency)
def case(number: str) -> Response:
    """Where a mail leads: to the page of the participant, the proposal or the schedule that the case is about."""
    ids = instansi_ids(require_actor())
    with services().database.read() as unit:
        found = queries.case(unit.connection, ids, number)
    if found is None or found.definition_key not in LEADS_SOMEWHERE:
        raise NotFoundError
    return redirect(_page_of(found))


def _page_of(found: Any) -> str:
    """A case that is not yet what it will be is told by the list it belongs to."""
    if found.definition_key == PARTICIPANT:
        known = "inpassing.participant" if found.participant_id else None
        return url_for(known, number=found.number) if known else url_for("inpassing.participants")
    if found.definition_key == SCHEDULE:
        if found.schedule_id:
            return url_for("inpassing.schedule", number=found.number)
        return url_for("inpassing.own_schedules")
    if found.definition_key == FORMASI:
        return url_for("inpassing.proposal", number=found.number)
    return url_for("inpassing.participants")


def find(unit: UnitOfWork, number: str) -> Any:
    """The participant, or 404: one of another instansi looks like one that is not there."""
    row = queries.one(unit.connection, instansi_ids(require_actor()), number)
    if row is None:
        raise NotFoundError
    saw_case(row.id)
    return row


def rows_of(unit: UnitOfWork, found: Any, ids: list[str], user_id: str | None) -> list[Row]:
    """With what waits at each: one statement for all."""
    tasks = queries.tasks_of(unit.connection, [row.id for row in found], ids, user_id) if found else []
    steps: dict[str, list[Step]] = {}
    for task in tasks:
        steps.setdefault(task.instance_id, []).append(Step(task.id, task.element_id, _step_name(task)))
    return [
        Row(row, state_text(row.state), state_tone(row.state), steps.get(row.id, []), row.state not in FINAL)
        for row in found
    ]


def _waiting(unit: UnitOfWork, area: Scope, user_id: str | None, now: datetime) -> list[Waiting]:
    """What is due first stands first; what has no deadline stands by how long it has waited."""
    if area.programme is None:
        return []
    calendar = load_calendar(unit, None, area.programme.zone, now=now)
    closing = schedule_queries.next_closing(unit.connection, area, now)
    found = [
        (at, row.since, _kind_of_work(unit, area, row, at, calendar, now))
        for row in queries.waiting(unit.connection, area, user_id)
        for at in [_due_at(row, closing)]
    ]
    return [work for _at, _since, work in sorted(found, key=lambda f: (f[0] is None, f[0] or f[1], f[1]))]


def _bulk(area: Scope) -> list[tuple[str, str]]:
    """For many participants at once: words and address, for each instansi of this person."""
    several = len(area.instansi) > 1
    kinds = (
        ("participants", _("Unggah daftar peserta")),
        ("participant_documents", _("Unggah dokumen banyak peserta")),
        ("submit_documents", _("Ajukan dokumen banyak peserta")),
    )
    return [
        (
            f"{text}: {one.name}" if several else text,
            url_for("imports.new", name=name, lingkup=f"{area.programme_id}.{one.id}"),
        )
        for name, text in kinds
        for one in area.instansi
    ]


def _due_at(row: Any, closing: datetime | None) -> datetime | None:
    """A task's own deadline, or that of the registration it must be done for."""
    others = {"choose_schedule": closing}
    if row.element_id in BY_SCHEDULE:
        others[row.element_id] = row.closes_at
    return min((at for at in (row.due_at, others.get(row.element_id)) if at is not None), default=None)


def _kind_of_work(
    unit: UnitOfWork, area: Scope, row: Any, at: datetime | None, calendar: WorkingCalendar, now: datetime
) -> Waiting:
    version = services().definitions.version(row.version_id, unit)
    zone = area.programme.zone if area.programme is not None else ""
    if row.count == 1 and row.element_id != "choose_schedule":
        url = url_for("inpassing.task", task_id=row.task_id)
    elif row.element_id == "choose_schedule":
        url = url_for("inpassing.regular_schedules", **area.arguments())
    elif row.definition_key != PARTICIPANT:
        url = url_for("inpassing.formasi", **area.arguments())
    else:
        url = url_for("inpassing.participants", menunggu=row.element_id, **area.arguments())
    return Waiting(element_name(version, row.element_id, row.name), row.count, due(at, zone, calendar, now), url)


def _step_name(task: Any) -> str:
    """In the guide's words; a step that only a newer diagram has keeps the diagram's name."""
    return {
        "reupload": _("Input Ulang Berkas"),
        "upload_portfolio": _("Unggah Dokumen Portofolio"),
        "choose_schedule": _("Pilih Jadwal Uji Kompetensi"),
    }.get(task.element_id, task.name)


def _neighbour(area: Scope, filters: Filters, page: Page, name: str) -> str | None:
    cursor = page.previous if name == "sebelum" else page.next
    shown = {**filters.arguments(), **area.arguments()}
    return url_for("inpassing.participants", **shown, **{name: cursor}) if cursor else None
