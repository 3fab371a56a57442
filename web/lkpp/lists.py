"""Lists of work: verification by schedule and by instansi, the tasks of one queue, and where a batch begins."""

from datetime import datetime
from typing import Any

from flask import flash as tell
from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlmodel import col
from werkzeug.wrappers import Response

from engine.actors import Actor
from engine.calendar import load_calendar
from engine.errors import ConflictError, NotFoundError
from engine.unit_of_work import UnitOfWork
from models import ExamSchedule, Instansi, UserTask
from web.context import require_actor, services
from web.i18n import zone_name
from web.lkpp import schedules, work
from web.lkpp.area import blueprint, cell, download_kind, neighbour, programme_title, table_response, tabs
from web.lkpp.queues import FLOW, QUEUES, VERIFIER, Queue, lkpp, queue_for, queue_title
from web.lkpp.words import method_text
from web.lkpp.work import NO_SCHEDULE, Filters
from web.security import allow, role
from web.words.due import due
from web.words.tasks import holder

GROUPS = ("jadwal", "instansi")
TABS = {
    "verifikasi": "verifikasi", "portofolio": "hasil", "tes-tertulis": "hasil", "formasi": "formasi",
    "permohonan-jadwal": "jadwal", "jadwal-baru": "jadwal", "akun-admin": "akun", "rekomendasi": "rekomendasi",
}  # fmt: skip


@blueprint.get("/verifikasi")
@allow(role(VERIFIER))
def verification() -> str:
    """Documents to verify, by schedule (whose closing presses) or by instansi."""
    actor, now = require_actor(), services().clock.now()
    group = request.args.get("menurut", "")
    group, programme = group if group in GROUPS else "jadwal", request.args.get("program", "")[:80]
    queue = QUEUES["verifikasi"]
    read = work.by_schedule if group == "jadwal" else work.by_instansi
    with services().database.read() as unit:
        calendar = load_calendar(unit, None, "Asia/Jakarta", now=now)
        rows = read(unit.connection, queue, actor, now, programme=programme)
        counted = work.tally(unit.connection, [queue], actor, now).get(queue.key)
        programmes = schedules.programmes(unit.connection, FLOW)
    return render_template(
        "lkpp/verification.html",
        tabs=tabs("verifikasi"),
        group=group,
        rows=[_group(row, group, programme, due(row.next_due, "Asia/Jakarta", calendar, now)) for row in rows],
        counted=counted,
        programme=programme,
        programmes=[(p.key, programme_title(p)) for p in programmes],
    )


@blueprint.get("/antrean/<key>")
@allow(lkpp)
def queue(key: str) -> str:
    """The tasks of one kind, due first on top."""
    actor, now = require_actor(), services().clock.now()
    found, filters = queue_for(actor, key), Filters.from_arguments(request.args)
    with services().database.read() as unit:
        page = work.page(unit.connection, found, actor, filters, now)
        rows = [task_line(unit, row, actor, now) for row in page.rows]
        counted = work.tally(unit.connection, [found], actor, now).get(key)
        narrowed_to = _narrowed_to(unit, filters)
    arguments = {"key": key, **filters.arguments()}
    return render_template(
        "lkpp/queue.html",
        tabs=tabs(TABS[key]),
        queue=found,
        title=queue_title(found),
        filters=filters,
        narrowed_to=narrowed_to,
        rows=rows,
        counts={
            "semua": counted.waiting if counted else 0,
            "saya": counted.own if counted else 0,
            "terlambat": counted.late if counted else 0,
        },
        previous_url=neighbour("lkpp.queue", page, "sebelum", **arguments),
        next_url=neighbour("lkpp.queue", page, "sesudah", **arguments),
    )


@blueprint.get("/antrean/<key>/unduh")
@allow(lkpp)
def queue_file(key: str) -> Response:
    """The same list for a spreadsheet."""
    actor, now = require_actor(), services().clock.now()
    found, filters = queue_for(actor, key), Filters.from_arguments(request.args)
    with services().database.read() as unit:
        rows = work.export_rows(unit.connection, found, actor, filters, now)
    header = [
        _("Kasus"), _("Nomor"), _("NIP"), _("Instansi"), _("Jadwal"), _("Batas Akhir Pendaftaran"), _("Masuk"),
        _("Tenggat"), _("Zona"), _("Pemegang"),
    ]  # fmt: skip
    cells = [
        (r.participant or r.case_title, r.number, r.nip or "", r.instansi or "", r.schedule or "",
         cell(r.closes_at, r.zone), cell(r.created_at, r.zone), cell(r.due_at, r.zone), zone_name(r.zone),
         holder(r, actor))
        for r in rows
    ]  # fmt: skip
    return table_response(key, header, cells, kind=download_kind())


@blueprint.post("/antrean/<key>/mulai")
@allow(lkpp)
def begin(key: str) -> Response:
    """Take the first task of the list that is free (or go on with one's own) and open it."""
    actor, now = require_actor(), services().clock.now()
    found, filters = queue_for(actor, key), Filters.from_arguments(request.args)
    with services().database.read() as unit:
        ids = work.doable(unit.connection, found, actor, filters, now)
    return open_first(ids, actor, found, filters)


def open_first(ids: list[str], actor: Actor, found: Queue, filters: Filters) -> Response:
    """The first of these tasks that nobody else has taken meanwhile; the list when none is left."""
    for task_id in ids:
        try:
            services().runner.claim(task_id, actor)
        except (ConflictError, NotFoundError):
            continue
        return redirect(url_for("lkpp.desk", task_id=task_id, **filters.arguments()), 303)
    tell(_("Tidak ada lagi yang menunggu dalam daftar ini."), "info")
    return redirect(url_for("lkpp.queue", key=found.key, **filters.arguments()), 303)


def _group(row: Any, group: str, programme: str, first_due: Any) -> dict[str, Any]:
    narrowed = {"jadwal": row.id or NO_SCHEDULE} if group == "jadwal" else {"instansi": row.id}
    arguments = {**narrowed, **({"program": programme} if programme else {})}
    return {
        "row": row,
        "due": first_due,
        "method": method_text(row.method) if group == "jadwal" and row.id else "",
        "url": url_for("lkpp.queue", key="verifikasi", **arguments),
        "late_url": url_for("lkpp.queue", key="verifikasi", saring="terlambat", **arguments),
        "begin_url": url_for("lkpp.begin", key="verifikasi", **arguments),
    }


def task_line(unit: UnitOfWork, row: Any, actor: Actor, now: datetime) -> dict[str, Any]:
    calendar = load_calendar(unit, row.calendar_of, row.zone, now=now)
    return {
        "row": row,
        "due": due(row.due_at, row.zone, calendar, now),
        "holder": holder(row, actor),
        "own": row.assignee_id == actor.user_id,
        "free": row.assignee_id is None,
    }


def _narrowed_to(unit: UnitOfWork, filters: Filters) -> list[str]:
    """What the list is narrowed to, in words: the names behind the ids of the address."""
    words = []
    if filters.schedule == NO_SCHEDULE:
        words.append(_("Belum memilih jadwal"))
    elif filters.schedule:
        name = select(col(ExamSchedule.name)).where(col(ExamSchedule.id) == filters.schedule)
        words.append(str(unit.connection.execute(name).scalar() or "–"))
    if filters.instansi:
        name = select(col(Instansi.name)).where(col(Instansi.id) == filters.instansi)
        words.append(str(unit.connection.execute(name).scalar() or "–"))
    return words


def open_task(unit: UnitOfWork, instance_id: str, element_id: str) -> str | None:
    """The open task of an element in a case that was just started."""
    query = select(col(UserTask.id)).where(
        col(UserTask.instance_id) == instance_id,
        col(UserTask.element_id) == element_id,
        col(UserTask.state) == "open",
    )
    return unit.connection.execute(query).scalar()
