"""The page of one task: its form, the case at a glance, its deadline and why, and who holds it."""

from datetime import datetime
from functools import partial
from typing import Any

from flask import flash as tell
from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.actors import Actor
from engine.authorisation import may_see_case_of, may_take
from engine.calendar import load_calendar
from engine.definitions import LoadedVersion
from engine.errors import ConflictError, ForbiddenError, NotFoundError
from engine.unit_of_work import UnitOfWork
from web.cases import queries as case_queries
from web.cases import timeline
from web.context import require_actor, services
from web.forms import Values
from web.inbox import queries, taskform
from web.inbox.answering import Told, answer, form_of, keep_typed, saved_text
from web.inbox.taskform import MAX_BODY, TaskForm
from web.inbox.views import blueprint
from web.looks import saw_case
from web.security import allow, signed_in
from web.words.due import due, why
from web.words.names import element_name, process_title, stage_text

GLANCE = 3
"""How much of the Riwayat stands beside a task."""


@blueprint.get("/tugas/<task_id>")
@allow(signed_in)
def task(task_id: str) -> Response | tuple[str, int]:
    """A task of mine, one that I may claim, or what became of it."""
    with services().database.read() as unit:
        return page(unit, task_id, Told())


@blueprint.post("/tugas/<task_id>")
@allow(signed_in, max_body=MAX_BODY)
def complete(task_id: str) -> Response | tuple[str, int]:
    """Complete the task, or show its form again with everything that is wrong and everything that was typed."""
    actor, now = require_actor(), services().clock.now()
    with services().database.read() as unit:
        row = find(unit, task_id, actor)
        form = form_of(unit, row)
    here = partial(url_for, "inbox.task", task_id=task_id)
    shown = answer(task_id, form, actor, now, again=partial(_again, task_id), here=here)
    return shown if shown is not None else _next(row, actor)


@blueprint.post("/tugas/<task_id>/ambil")
@allow(signed_in)
def claim(task_id: str) -> Response | tuple[str, int]:
    """Take a task of one's groups; whoever was first is told."""
    return _held(task_id, services().runner.claim, _("Tugas ini sekarang milik Anda."), kept=True)


@blueprint.post("/tugas/<task_id>/lepas")
@allow(signed_in)
def release(task_id: str) -> Response | tuple[str, int]:
    """Give a task back to its group."""
    return _held(task_id, services().runner.release, _("Tugas dikembalikan ke kelompok."), kept=False)


@blueprint.post("/tugas/<task_id>/draf")
@allow(signed_in)
def draft(task_id: str) -> tuple[Response, int]:
    """Keep what is typed so far; called by the page two seconds after the last key."""
    actor, now = require_actor(), services().clock.now()
    with services().database.read() as unit:
        form = form_of(unit, find(unit, task_id, actor))
    return keep_typed(task_id, form, actor, now)


@blueprint.post("/tugas/<task_id>/formulir")
@allow(signed_in, max_body=MAX_BODY)
def refresh(task_id: str) -> str:
    """The questions anew for what is typed so far: an answer may change what else is asked. Files are kept at once."""
    actor, now = require_actor(), services().clock.now()
    with services().database.read() as unit:
        row = find(unit, task_id, actor)
        form = form_of(unit, row)
    if form is None or mode_of(row, actor) != "own":
        raise NotFoundError
    sent = taskform.read(form, task_id, actor, now)
    with services().database.read() as unit:
        found = taskform.load(unit, row, actor, now, raw=sent.raw, faults=sent.faults)
    return render_template("inbox/fields.html", form=found)


def page(unit: UnitOfWork, task_id: str, told: Told, *, validate: bool = False) -> tuple[str, int]:
    """The page as it is now, with what was just told about it."""
    actor, now = require_actor(), services().clock.now()
    row = find(unit, task_id, actor)
    version = services().definitions.version(row.version_id, unit)
    mode = mode_of(row, actor)
    form = _task_form(unit, row, actor, now, told, mode, validate=validate)
    calendar = load_calendar(unit, row.calendar_of, row.zone, now=now)
    names = row.starter_id != actor.user_id
    body = render_template(
        "inbox/task.html",
        task=row,
        mode=mode,
        names=names,
        name=element_name(version, row.element_id, row.name),
        process=process_title(version),
        case_title=row.case_title or row.instance_title or process_title(version),
        stage=stage_text(version, row.stage_element, row.stage),
        due=due(row.due_at, row.zone, calendar, now),
        reasons=why(row.explanation),
        form=form,
        told_before=told_before(unit, row, version, form) if names and mode == "own" else [],
        told=told,
        saved=saved_text(form.draft_at) if form is not None and form.draft_at else "",
        documents=case_queries.documents(unit.connection, row.instance_id),
        entries=_glance(unit, row, version, actor, names=names),
    )
    return body, told.status


def find(unit: UnitOfWork, task_id: str, actor: Actor) -> Any:
    """The task, if this person may take it or took it. Of a case one may see, why not is told; else it is a 404."""
    row = queries.task_row(unit.connection, task_id)
    if row is None:
        raise NotFoundError
    try:
        may_take(row, actor)
    except ForbiddenError:
        if not may_see_case_of(unit, actor, row.instance_id):
            raise NotFoundError from None
        if actor.user_id != row.closed_by:
            raise
    saw_case(row.instance_id)
    return row


def mode_of(row: Any, actor: Actor) -> str:
    """own | offered | taken | closed | suspended"""
    if row.state in ("completed", "cancelled"):
        return "closed"
    if row.state == "suspended" or row.status != "active":
        return "suspended"
    if row.assignee_id is None:
        return "offered"
    return "own" if row.assignee_id == actor.user_id else "taken"


def _task_form(
    unit: UnitOfWork, row: Any, actor: Actor, now: datetime, told: Told, mode: str, *, validate: bool
) -> TaskForm | None:
    """The form to fill in; of a task that is not mine (any more), only what I typed into it."""
    if mode == "offered":
        return None
    found = taskform.load(unit, row, actor, now, raw=told.raw, faults=told.faults, validate=validate)
    return found if found is not None and (mode == "own" or found.typed) else None


def told_before(unit: UnitOfWork, row: Any, version: LoadedVersion, form: TaskForm | None) -> list[Values]:
    """The answers of the forms that were completed before: what a decision is about."""
    if form is None:
        return []
    done = {r.element_id for r in case_queries.done_elements(unit.connection, row.instance_id)}
    named = [e.properties.get("form", "") for e in version.specs.elements.values() if e.id in done]
    return form.told_before(version.forms[name] for name in dict.fromkeys(named) if name in version.forms)


def _glance(unit: UnitOfWork, row: Any, version: Any, actor: Actor, *, names: bool) -> list[timeline.Entry]:
    found, _page = timeline.read(
        unit.connection, row.instance_id, version, reader_id=actor.user_id, names=names, size=GLANCE
    )
    return found


def _again(task_id: str, told: Told, *, validate: bool = False) -> tuple[str, int]:
    with services().database.read() as unit:
        return page(unit, task_id, told, validate=validate)


def _held(task_id: str, act: Any, done: str, *, kept: bool) -> Response | tuple[str, int]:
    """Claim or release, and go on where the work is."""
    actor = require_actor()
    with services().database.read() as unit:
        find(unit, task_id, actor)
    try:
        act(task_id, actor)
    except ConflictError as error:
        return _again(task_id, Told(error, status=error.http_status))
    tell(done)
    return redirect(url_for("inbox.task", task_id=task_id) if kept else url_for("inbox.index"), 303)


def _next(row: Any, actor: Actor) -> Response:
    """After a task: the next one of the same case that is mine, else the case (an applicant) or the inbox."""
    with services().database.read() as unit:
        tasks = case_queries.open_tasks(unit.connection, [row.instance_id])
        version = services().definitions.version(row.version_id, unit)
    tell(_("%(name)s: selesai.", name=element_name(version, row.element_id, row.name)))
    own = next((found.id for found in tasks if found.assignee_id == actor.user_id), None)
    if own is not None:
        return redirect(url_for("inbox.task", task_id=own), 303)
    if row.starter_id == actor.user_id:
        return redirect(url_for("applicant.show", number=row.number), 303)
    return redirect(url_for("inbox.index"), 303)
