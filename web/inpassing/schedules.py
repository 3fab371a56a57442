"""Jadwal Uji Kompetensi (Reguler LKPP) and (Instansi): the lists, one schedule with its people, and their results."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.calendar import load_calendar
from engine.unit_of_work import UnitOfWork
from web.context import require_actor, services
from web.inpassing import booking, words
from web.inpassing import schedule_queries as queries
from web.inpassing.area import SCHEDULE, Scope, agency, blueprint, chosen_instansi, instansi_ids, scope
from web.inpassing.participant_queries import tasks_of
from web.inpassing.participants import rows_of
from web.inpassing.results import find
from web.inpassing.schedule_queries import Filters
from web.inpassing.tasks import first_task
from web.paging import Page
from web.security import allow
from web.words.due import Due, Why, due, why
from web.words.names import element_name, stage_text, status_text

ENDPOINTS = {"reguler": "inpassing.regular_schedules", "instansi": "inpassing.own_schedules"}
REPORT = "inpassing_booking"
INSTANSI_MINIMUM = "instansi_minimum"


@dataclass(frozen=True)
class Offer:
    """A schedule as the list shows it; `stored` is the row of the database."""

    stored: Any
    left: int
    closes: Due | None
    reasons: list[Why]
    takes: bool
    """Is the registration open at this moment?"""


@dataclass(frozen=True)
class Request:
    """A request for a schedule of one's own, until it is one."""

    number: str
    title: str
    stage: str
    started_at: datetime
    zone: str
    status: str
    task_url: str | None
    task_name: str


@blueprint.get("/jadwal/reguler")
@allow(agency)
def regular_schedules() -> str:
    """What LKPP holds for everybody."""
    return _list("reguler")


@blueprint.get("/jadwal/instansi")
@allow(agency)
def own_schedules() -> str:
    """What is held in the agency itself, and what it has asked for."""
    return _list("instansi")


def _list(kind: str) -> str:
    """What may be booked, and what was."""
    actor, now = require_actor(), services().clock.now()
    filters = Filters.from_arguments(request.args)
    with services().database.read() as unit:
        area = scope(unit, actor, now)
        page = queries.page(unit.connection, area, kind, filters)
        return render_template(
            "inpassing/schedules.html",
            area=area,
            kind=kind,
            endpoint=ENDPOINTS[kind],
            title=title_of(kind),
            filters=filters,
            offers=[_offer(unit, row, now) for row in page.rows],
            requests=_requests(unit, area, actor) if kind == "instansi" and not filters.past else [],
            minimum=_minimum(unit, area),
            methods=[(method, words.method_text(method)) for method in words.METHODS],
            words=words,
            previous_url=_neighbour(area, kind, filters, page, "sebelum"),
            next_url=_neighbour(area, kind, filters, page, "sesudah"),
        )


@blueprint.post("/jadwal/instansi/permohonan")
@allow(agency)
def request_schedule() -> Response:
    """Permohonan Baru: begin a request for a schedule in one's own instansi."""
    actor, now = require_actor(), services().clock.now()
    with services().database.read() as unit:
        area = scope(unit, actor, now)
    case = services().runner.start(
        SCHEDULE,
        actor,
        data={"kind": "instansi"},
        instansi_id=chosen_instansi(actor, request.form.get("instansi")),
        programme_id=area.programme.id if area.programme is not None else None,
        now=now,
    )
    return redirect(first_task(case, actor) or url_for("inpassing.own_schedules"), 303)


@blueprint.get("/jadwal/<number>")
@allow(agency)
def schedule(number: str) -> str:
    """A schedule: its facts, who may be registered, and who is."""
    actor, now = require_actor(), services().clock.now()
    report = session.get(REPORT)
    if report is not None and report["number"] == number:
        session.pop(REPORT)
    else:
        report = None
    with services().database.read() as unit:
        return _page(unit, find(unit, number), actor, now, report=report)


@blueprint.post("/jadwal/<number>")
@allow(agency)
def register_people(number: str) -> Response | tuple[str, int]:
    """Daftarkan Peserta → Simpan."""
    actor, now = require_actor(), services().clock.now()
    ticked = request.form.getlist("participant")[: queries.MOST_PEOPLE]
    with services().database.read() as unit:
        row = find(unit, number)
        ids = instansi_ids(actor)
        people = queries.bookable(unit.connection, row.programme_id, ids, actor.user_id, ticked) if ticked else []
        if not people:
            fault = _("Centang paling sedikit satu peserta pada kolom “Daftarkan Peserta”.")
            return _page(unit, row, actor, now, fault=fault), 422
    lines = booking.register(row, people, actor, waiting=bool(request.form.get("waiting")), now=now)
    session[REPORT] = {"number": number, "lines": [line.to_json() for line in lines]}
    return redirect(url_for("inpassing.schedule", number=number), 303)


def title_of(kind: str) -> str:
    """The guide's name of the menu."""
    return {
        "reguler": _("Jadwal Uji Kompetensi (Reguler LKPP)"),
        "instansi": _("Jadwal Uji Kompetensi (Instansi)"),
    }[kind]


def _page(
    unit: UnitOfWork,
    row: Any,
    actor: Any,
    now: datetime,
    *,
    report: Mapping[str, Any] | None = None,
    fault: str = "",
) -> str:
    ids = instansi_ids(actor)
    offer = _offer(unit, row, now)
    found = queries.booked(unit.connection, row.id, ids, (*queries.LIVE, "done"))
    people = queries.bookable(unit.connection, row.programme_id, ids, actor.user_id) if offer.takes else []
    return render_template(
        "inpassing/schedule.html",
        schedule=row,
        offer=offer,
        kind_title=title_of(row.kind),
        list_url=url_for(ENDPOINTS[row.kind]),
        people=people,
        booked=list(zip(found, rows_of(unit, found, ids, actor.user_id), strict=True)),
        has_results=any(person.outcome for person in found),
        report=[booking.Line(**line) for line in report["lines"]] if report else None,
        faults=[("people" if people else "booked-title", fault)] if fault else [],
        words=words,
    )


def _offer(unit: UnitOfWork, row: Any, now: datetime) -> Offer:
    calendar = load_calendar(unit, None, row.zone, now=now)
    return Offer(
        stored=row,
        left=row.quota - row.taken,
        closes=due(row.closes_at, row.zone, calendar, now),
        reasons=why(row.closes_why),
        takes=row.state == "open" and now < row.closes_at,
    )


def _requests(unit: UnitOfWork, area: Scope, actor: Any) -> list[Request]:
    rows = queries.requests(unit.connection, area)
    tasks = tasks_of(unit.connection, [row.id for row in rows], area.instansi_ids, actor.user_id)
    own = {task.instance_id: task for task in reversed(tasks)}
    return [_request(unit, row, own.get(row.id)) for row in rows]


def _request(unit: UnitOfWork, row: Any, task: Any) -> Request:
    version = services().definitions.version(row.version_id, unit)
    return Request(
        number=row.number,
        title=row.title,
        stage=stage_text(version, row.stage_element, row.stage) or status_text(row.status),
        started_at=row.started_at,
        zone=row.zone,
        status=row.status,
        task_url=url_for("inpassing.task", task_id=task.id) if task is not None else None,
        task_name=element_name(version, task.element_id, task.name) if task is not None else "",
    )


def _minimum(unit: UnitOfWork, area: Scope) -> int | None:
    """From how many participants on an instansi may ask for a schedule of its own: the programme's word."""
    programme = area.programme
    if programme is None:
        return None
    if INSTANSI_MINIMUM in programme.parameters:
        return int(programme.parameters[INSTANSI_MINIMUM])
    version_id = programme.versions.get(SCHEDULE)
    if version_id is None:
        return None
    parameter = services().definitions.version(version_id, unit).manifest.parameters.get(INSTANSI_MINIMUM)
    return None if parameter is None else int(parameter.value)


def _neighbour(area: Scope, kind: str, filters: Filters, page: Page, name: str) -> str | None:
    cursor = page.previous if name == "sebelum" else page.next
    shown = {**filters.arguments(), **area.arguments()}
    return url_for(ENDPOINTS[kind], **shown, **{name: cursor}) if cursor else None
