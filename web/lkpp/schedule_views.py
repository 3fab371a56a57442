"""Exam schedules: the table with seats and deadlines, a schedule with its participants, new ones."""

from typing import Any

from flask import flash as tell
from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.calendar import load_calendar
from engine.errors import AlurError, ForbiddenError, NotFoundError
from engine.programmes import open_programmes, title_of
from engine.unit_of_work import UnitOfWork
from web.cases.present import download
from web.context import require_actor, services
from web.i18n import locale_code, zone, zone_name
from web.lkpp import schedules, work
from web.lkpp.area import blueprint, cell, download_kind, neighbour, programme_title, table_response, tabs
from web.lkpp.lists import open_task
from web.lkpp.queues import ADMIN, ASSESSOR, FLOW, QUEUES, holds, lkpp
from web.lkpp.schedules import Filters
from web.lkpp.words import (
    SCHEDULE_STATES,
    booking_text,
    documents_text,
    jenjang_text,
    kind_text,
    method_text,
    outcome_text,
    schedule_state_text,
    state_text,
)
from web.security import allow, role
from web.words.due import due, why

SCHEDULE = "lkpp_schedule"


@blueprint.get("/jadwal", endpoint="schedules")
@allow(lkpp)
def schedules_page() -> str:
    """All schedules with their seats; requests of instansi that wait for a decision stand above."""
    actor, now, filters = require_actor(), services().clock.now(), Filters.from_arguments(request.args)
    asked = [QUEUES["permohonan-jadwal"], QUEUES["jadwal-baru"]]
    with services().database.read() as unit:
        page = schedules.page(unit.connection, filters)
        counted = work.tally(unit.connection, asked, actor, now) if holds(actor, ADMIN) else {}
        programmes = schedules.programmes(unit.connection, FLOW)
        opened = open_programmes(unit, FLOW, now) if holds(actor, ADMIN) else []
    arguments = filters.arguments()
    return render_template(
        "lkpp/schedules.html",
        tabs=tabs("jadwal"),
        rows=page.rows,
        filters=filters,
        states=[("berjalan", _("Sedang berjalan")), *((s, schedule_state_text(s)) for s in SCHEDULE_STATES),
                ("semua", _("Semua keadaan"))],
        programmes=[(p.key, programme_title(p)) for p in programmes],
        requests={key: row.waiting for key, row in counted.items()},
        may_open=holds(actor, ADMIN),
        opened=[(p.id, title_of(p).in_locale(locale_code())) for p in opened],
        previous_url=neighbour("lkpp.schedules", page, "sebelum", **arguments),
        next_url=neighbour("lkpp.schedules", page, "sesudah", **arguments),
    )  # fmt: skip


@blueprint.get("/jadwal/unduh")
@allow(lkpp)
def schedules_file() -> Response:
    """The same table for a spreadsheet."""
    with services().database.read() as unit:
        rows = schedules.export_rows(unit.connection, Filters.from_arguments(request.args))
    header = [
        _("Jadwal"), _("Jenis"), _("Metode"), _("Instansi"), _("Tempat"), _("Pelaksanaan"),
        _("Batas Akhir Pendaftaran"), _("Batas perbaikan portofolio"), _("Zona"), _("Kuota"), _("Terisi"),
        _("Daftar tunggu"), _("Keadaan"),
    ]  # fmt: skip
    cells = [
        (r.name, kind_text(r.kind), method_text(r.method), r.instansi or "", r.place, cell(r.starts_at, r.zone),
         cell(r.closes_at, r.zone), cell(r.repair_until, r.zone), zone_name(r.zone), r.quota, r.taken, r.queue,
         schedule_state_text(r.state))
        for r in rows
    ]  # fmt: skip
    return table_response("jadwal", header, cells, kind=download_kind())


@blueprint.post("/jadwal/baru")
@allow(role(ADMIN))
def new_schedule() -> Response:
    """Begin a Reguler schedule: its case starts, and its form opens."""
    actor, now = require_actor(), services().clock.now()
    programme_id = request.form.get("programme") or None
    try:
        instance_id = services().runner.start(
            SCHEDULE, actor, data={"kind": "reguler"}, programme_id=programme_id, now=now
        )
    except AlurError as error:
        if isinstance(error, ForbiddenError):
            raise
        tell(error.message(locale_code()), "error")
        return redirect(url_for("lkpp.schedules"), 303)
    with services().database.read() as unit:
        task_id = open_task(unit, instance_id, QUEUES["jadwal-baru"].element)
    if task_id is None:
        return redirect(url_for("lkpp.schedules"), 303)
    services().runner.claim(task_id, actor)
    return redirect(url_for("lkpp.desk", task_id=task_id), 303)


@blueprint.get("/jadwal/<schedule_id>")
@allow(lkpp)
def schedule(schedule_id: str) -> str:
    """A schedule: its dates and why, its seats, everybody in it and where they stand."""
    actor, now = require_actor(), services().clock.now()
    with services().database.read() as unit:
        row = find_schedule(unit, schedule_id)
        page = schedules.participants(
            unit.connection, schedule_id, after=request.args.get("sesudah"), before=request.args.get("sebelum")
        )
        calendar = load_calendar(unit, None, row.zone, now=now)
        counts = schedules.seat_counts(unit.connection, schedule_id)
    reader = zone()
    return render_template(
        "lkpp/schedule.html",
        tabs=tabs("jadwal"),
        schedule=row,
        programme=programme_title(row),
        closes=due(row.closes_at, row.zone, calendar, now),
        reasons=why(row.closes_why),
        reader_zone=reader if zone_name(reader) != zone_name(row.zone) else None,
        counts=counts,
        rows=page.rows,
        enters_results=holds(actor, ASSESSOR) and row.starts_at <= now,
        previous_url=neighbour("lkpp.schedule", page, "sebelum", schedule_id=schedule_id),
        next_url=neighbour("lkpp.schedule", page, "sesudah", schedule_id=schedule_id),
    )


@blueprint.get("/jadwal/<schedule_id>/unduh")
@allow(lkpp)
def schedule_file(schedule_id: str) -> Response:
    """Everybody in a schedule for a spreadsheet."""
    with services().database.read() as unit:
        row = find_schedule(unit, schedule_id)
        rows = schedules.all_participants(unit.connection, schedule_id)
    header = [
        _("Nama"), _("NIP"), _("Instansi"), _("Jenjang"), _("Kursi"), _("Berkas"), _("Keadaan"), _("Ujian ke-"),
        _("Hasil"), _("Nilai"), _("Keterangan"), _("Dicatat"),
    ]  # fmt: skip
    cells = [
        (r.name, r.nip, r.instansi, jenjang_text(r.jenjang), booking_text(r.booking_state), documents_text(r.documents),
         state_text(r.state), r.attempt, outcome_text(r.outcome) if r.outcome else "", r.score, r.note or "",
         cell(r.recorded_at, row.zone))
        for r in rows
    ]  # fmt: skip
    return table_response("peserta-jadwal", header, cells, kind=download_kind())


@blueprint.get("/jadwal/<schedule_id>/hasil")
@allow(lkpp)
def result_list(schedule_id: str) -> Response:
    """ "Unduh Hasil Ujian": the list of results as it was written; the reading is recorded."""
    actor, now = require_actor(), services().clock.now()
    with services().database.write() as unit:
        row = find_schedule(unit, schedule_id)
        if row.result_attachment_id is None or actor.user_id is None:
            raise NotFoundError
        found = services().documents.read(unit, row.result_attachment_id, actor.user_id, now)
    return download(found)


def find_schedule(unit: UnitOfWork, schedule_id: str) -> Any:
    row = schedules.one(unit.connection, schedule_id)
    if row is None:
        raise NotFoundError
    return row
