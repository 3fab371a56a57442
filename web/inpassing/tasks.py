"""A task of the agency inside the agency's own pages: nothing to claim first, and back to the list afterwards."""

from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.actors import Actor
from engine.authorisation import may_take
from engine.calendar import load_calendar
from engine.errors import NotFoundError
from engine.unit_of_work import UnitOfWork
from web.cases import queries as case_queries
from web.context import require_actor, services
from web.inbox import queries as inbox_queries
from web.inbox import taskform
from web.inbox.answering import Told, answer, form_of, keep_typed, saved_text
from web.inbox.taskform import MAX_BODY
from web.inpassing.area import ADMIN, FORMASI, PARTICIPANT, SCHEDULE, agency, blueprint, instansi_ids
from web.looks import saw_case
from web.security import allow, local_target
from web.words.due import due, why
from web.words.names import element_name, process_title, stage_text

GOES_ON = {"biodata": ("biodata", "documents"), "documents": ("documents",), "propose": ("propose",)}
"""Steps that belong together for the person: after the first the second follows at once, as in the guide."""


@blueprint.get("/tugas/<task_id>")
@allow(agency)
def task(task_id: str) -> tuple[str, int]:
    """The form of a task of my instansi, or what became of it."""
    return _page(task_id, Told())


@blueprint.post("/tugas/<task_id>")
@allow(agency, max_body=MAX_BODY)
def complete(task_id: str) -> Response | tuple[str, int]:
    """Take and complete in one go, or show everything that is wrong and everything that was typed."""
    actor, now = require_actor(), services().clock.now()
    with services().database.read() as unit:
        row = find(unit, task_id, actor)
        form = form_of(unit, row)
    here = partial(url_for, "inpassing.task", task_id=task_id, kembali=_given_back())
    shown = answer(task_id, form, actor, now, again=partial(_page, task_id), here=here)
    return shown if shown is not None else redirect(_next(row, actor), 303)


@blueprint.post("/tugas/<task_id>/draf")
@allow(agency)
def draft(task_id: str) -> tuple[Response, int]:
    """Keep what is typed so far; called by the page two seconds after the last key."""
    actor, now = require_actor(), services().clock.now()
    with services().database.read() as unit:
        form = form_of(unit, find(unit, task_id, actor))
    return keep_typed(task_id, form, actor, now)


@blueprint.post("/tugas/<task_id>/formulir")
@allow(agency, max_body=MAX_BODY)
def refresh(task_id: str) -> str:
    """The questions anew for what is typed so far. Files are kept at once."""
    actor, now = require_actor(), services().clock.now()
    with services().database.read() as unit:
        row = find(unit, task_id, actor)
        form = form_of(unit, row)
    if form is None or _mode(row, actor) != "open":
        raise NotFoundError
    sent = taskform.read(form, task_id, actor, now)
    with services().database.read() as unit:
        found = taskform.load(
            unit, row, actor, now, raw=sent.raw, faults=sent.faults, refresh_url=_refresh_url(task_id)
        )
    return render_template("inbox/fields.html", form=found)


def find(unit: UnitOfWork, task_id: str, actor: Actor) -> Any:
    """A task of the Admin of one of my instansi; everything else is a 404."""
    row = inbox_queries.task_row(unit.connection, task_id)
    if row is None or row.role != ADMIN or row.instansi_id not in instansi_ids(actor):
        raise NotFoundError
    may_take(row, actor)
    saw_case(row.instance_id)
    return row


def first_task(instance_id: str, actor: Actor) -> str | None:
    """Where a case that has just begun goes on for this person."""
    found = _open_tasks(instance_id, actor)
    return url_for("inpassing.task", task_id=found[0].id) if found else None


def back_to(definition_key: str) -> str:
    """The list that a task belongs to."""
    return {
        FORMASI: lambda: url_for("inpassing.formasi"),
        SCHEDULE: lambda: url_for("inpassing.own_schedules"),
        PARTICIPANT: lambda: url_for("inpassing.participants"),
    }.get(definition_key, lambda: url_for("inpassing.participants"))()


def _page(task_id: str, told: Told, *, validate: bool = False) -> tuple[str, int]:
    actor, now = require_actor(), services().clock.now()
    with services().database.read() as unit:
        row = find(unit, task_id, actor)
        version = services().definitions.version(row.version_id, unit)
        mode = _mode(row, actor)
        form = taskform.load(
            unit,
            row,
            actor,
            now,
            raw=told.raw,
            faults=told.faults,
            validate=validate,
            refresh_url=_refresh_url(task_id),
        )
        if form is not None and mode != "open" and not form.typed:
            form = None
        calendar = load_calendar(unit, row.calendar_of, row.zone, now=now)
        body = render_template(
            "inpassing/task.html",
            task=row,
            mode=mode,
            name=element_name(version, row.element_id, row.name),
            process=process_title(version),
            case_title=row.case_title or row.instance_title or process_title(version),
            stage=stage_text(version, row.stage_element, row.stage),
            due=due(row.due_at, row.zone, calendar, now),
            reasons=why(row.explanation),
            form=form,
            told=told,
            saved=saved_text(form.draft_at) if form is not None and form.draft_at else "",
            back=_back(row.definition_key),
            list_url=back_to(row.definition_key),
            list_name=_list_name(row.definition_key),
            is_participant=row.definition_key == PARTICIPANT,
        )
    return body, told.status


def _mode(row: Any, actor: Actor) -> str:
    """open | taken | closed | suspended"""
    if row.state in ("completed", "cancelled"):
        return "closed"
    if row.state == "suspended" or row.status != "active":
        return "suspended"
    return "open" if row.assignee_id in (None, actor.user_id) else "taken"


def _next(row: Any, actor: Actor) -> str:
    """The step that belongs to this one, else back to where the person came from."""
    with services().database.read() as unit:
        version = services().definitions.version(row.version_id, unit)
    follows = GOES_ON.get(row.element_id, (row.element_id,))
    following = next((t for t in _open_tasks(row.instance_id, actor) if t.element_id in follows), None)
    if following is None:
        flash(_("%(name)s: tersimpan.", name=element_name(version, row.element_id, row.name)))
        return _back(row.definition_key)
    if following.element_id == row.element_id:
        flash(_("Belum dapat diterima. Alasannya tertulis pada formulir di bawah ini."), "warning")
    return url_for("inpassing.task", task_id=following.id, kembali=_given_back())


def _open_tasks(instance_id: str, actor: Actor) -> list[Any]:
    ids = instansi_ids(actor)
    with services().database.read() as unit:
        found = case_queries.open_tasks(unit.connection, [instance_id])
    return [t for t in found if t.role == ADMIN and t.instansi_id in ids]


def _given_back() -> str | None:
    """The page of this area that the person came from, if the address or the form names one."""
    target = local_target(request.values.get("kembali"), "")
    return target if target.startswith(f"{blueprint.url_prefix}/") else None


def _back(definition_key: str) -> str:
    return _given_back() or back_to(definition_key)


def _list_name(definition_key: str) -> str:
    return {
        FORMASI: _("Pengusulan Formasi"),
        SCHEDULE: _("Jadwal Uji Kompetensi (Instansi)"),
    }.get(definition_key, _("Data Peserta"))


def _refresh_url(task_id: str) -> str:
    return url_for("inpassing.refresh", task_id=task_id)
