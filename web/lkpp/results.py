"""Hasil Ujian: which exams still want results, and the table in which those of a written test are entered."""

from typing import Any

from flask import flash as tell
from flask import jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from engine.actors import Actor
from engine.calendar import load_calendar
from engine.errors import AlurError
from engine.unit_of_work import UnitOfWork
from web.context import require_actor, services
from web.i18n import locale_code
from web.inbox.answering import saved_text
from web.lkpp import schedules, scores, work
from web.lkpp.area import blueprint, neighbour, tabs
from web.lkpp.queues import ASSESSOR, QUEUES
from web.lkpp.schedule_views import find_schedule
from web.lkpp.scores import Report, Typed
from web.security import allow, role
from web.words.due import due

NONE = Report()


@blueprint.get("/hasil")
@allow(role(ASSESSOR))
def results() -> str:
    """Exams whose day has come: those with missing results first asked for, all on request."""
    actor, now = require_actor(), services().clock.now()
    every = request.args.get("saring") == "semua"
    with services().database.read() as unit:
        page = schedules.with_results(
            unit.connection,
            now,
            missing_only=not every,
            after=request.args.get("sesudah"),
            before=request.args.get("sebelum"),
        )
        calendar = load_calendar(unit, None, "Asia/Jakarta", now=now)
        counted = work.tally(unit.connection, [QUEUES["portofolio"], QUEUES["tes-tertulis"]], actor, now)
    arguments = {"saring": "semua"} if every else {}
    return render_template(
        "lkpp/results.html",
        tabs=tabs("hasil"),
        every=every,
        rows=[{"row": row, "due": due(row.next_due, row.zone, calendar, now)} for row in page.rows],
        waiting={key: row.waiting for key, row in counted.items()},
        previous_url=neighbour("lkpp.results", page, "sebelum", **arguments),
        next_url=neighbour("lkpp.results", page, "sesudah", **arguments),
    )


@blueprint.get("/hasil/<schedule_id>")
@allow(role(ASSESSOR))
def result_table(schedule_id: str) -> str:
    """The results of one schedule."""
    actor = require_actor()
    with services().database.read() as unit:
        return _table(unit, schedule_id, actor, {}, NONE)


@blueprint.post("/hasil/<schedule_id>")
@allow(role(ASSESSOR))
def save_results(schedule_id: str) -> Response | tuple[str, int]:
    """Save every row that has an answer; say of each what became of it."""
    actor, now = require_actor(), services().clock.now()
    with services().database.read() as unit:
        find_schedule(unit, schedule_id)
    typed = scores.sent(request.form)
    report = scores.save({key: row for key, row in typed.items() if row}, actor, now)
    if not report.faults:
        tell(_told(report) if report.saved else _("Belum ada baris yang diisi."), "message" if report.saved else "info")
        return redirect(url_for("lkpp.result_table", schedule_id=schedule_id, **_cursor()), 303)
    with services().database.read() as unit:
        return _table(unit, schedule_id, actor, typed, report), 422


@blueprint.post("/hasil/<schedule_id>/draf")
@allow(role(ASSESSOR))
def keep_results(schedule_id: str) -> tuple[Response, int]:
    """Keep what is typed so far; called by the page two seconds after the last key."""
    actor, now = require_actor(), services().clock.now()
    with services().database.read() as unit:
        find_schedule(unit, schedule_id)
    try:
        scores.keep(scores.sent(request.form), actor, now)
    except AlurError as error:
        return jsonify(message=error.message(locale_code())), error.http_status
    return jsonify(message=saved_text(now)), 200


def _table(unit: UnitOfWork, schedule_id: str, actor: Actor, typed: dict[str, Typed], report: Report) -> str:
    now = services().clock.now()
    row = find_schedule(unit, schedule_id)
    page = scores.page(
        unit.connection,
        schedule_id,
        actor,
        after=request.args.get("sesudah"),
        before=request.args.get("sebelum"),
    )
    ids = [found.task_id for found in page.rows if scores.waits(found, actor)]
    known = scores.drafts(unit.connection, ids, actor.user_id or "") | typed
    counts = schedules.seat_counts(unit.connection, schedule_id)
    portfolio = work.Filters(schedule=schedule_id)
    waiting = work.doable(unit.connection, QUEUES["portofolio"], actor, portfolio, now)
    return render_template(
        "lkpp/result_table.html",
        tabs=tabs("hasil"),
        schedule=row,
        rows=[_line(found, actor, known, report) for found in page.rows],
        counts=counts,
        missing=max(0, counts.get("booked", 0)),
        to_score=len(waiting),
        report=report,
        refused=_refused(unit, report, typed, ids),
        import_url=url_for("imports.new", name="exam_results", lingkup=schedule_id),
        held=row.starts_at <= now,
        enters=bool(ids),
        cursor=_cursor(),
        previous_url=neighbour("lkpp.result_table", page, "sebelum", schedule_id=schedule_id),
        next_url=neighbour("lkpp.result_table", page, "sesudah", schedule_id=schedule_id),
    )


def _refused(unit: UnitOfWork, report: Report, typed: dict[str, Typed], ids: list[str]) -> list[dict[str, Any]]:
    """The rows that were not saved, also those whose task is over: what was typed there can be read and copied."""
    names = scores.names(unit.connection, list(report.faults)) if report.faults else {}
    return [
        {
            "name": names.get(task_id, "–"),
            "anchor": f"row-{task_id}" if task_id in ids else None,
            "faults": faults,
            "typed": typed.get(task_id, Typed()),
        }
        for task_id, faults in report.faults.items()
    ]


def _line(row: Any, actor: Actor, typed: dict[str, Typed], report: Report) -> dict[str, Any]:
    return {
        "row": row,
        "waits": scores.waits(row, actor),
        "typed": typed.get(row.task_id or "", Typed()),
        "faults": report.faults.get(row.task_id or "", []),
    }


def _cursor() -> dict[str, str]:
    """The page of the table that was worked on."""
    return {name: request.args[name] for name in ("sesudah", "sebelum") if request.args.get(name)}


def _told(report: Report) -> str:
    count = len(report.saved)
    return ngettext("%(num)d hasil tersimpan.", "%(num)d hasil tersimpan.", count)
