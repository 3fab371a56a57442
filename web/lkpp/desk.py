"""The desk: one task after another of the same kind, its form beside the documents it is about."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from flask import flash as tell
from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.actors import Actor
from engine.calendar import load_calendar
from engine.errors import ConflictError, NotFoundError
from engine.forms.model import ShownField
from engine.unit_of_work import UnitOfWork
from web.context import require_actor, services
from web.forms import FormPage
from web.inbox import taskform
from web.inbox.answering import Told, answer, form_of, saved_text
from web.inbox.task import find, mode_of, told_before
from web.inbox.taskform import MAX_BODY, TaskForm
from web.lkpp import people
from web.lkpp.area import blueprint, tabs
from web.lkpp.lists import TABS, open_first, open_task
from web.lkpp.papers import Paper, papers
from web.lkpp.queues import Queue, lkpp, queue_of_task, queue_title
from web.lkpp.turns import following, place_of
from web.lkpp.work import Filters
from web.security import allow
from web.words.due import due, why
from web.words.names import element_name


@blueprint.get("/meja/<task_id>")
@allow(lkpp)
def desk(task_id: str) -> Response | tuple[str, int]:
    """A task with its documents; one of another kind has its own page."""
    with services().database.read() as unit:
        row, queue = _find(unit, task_id)
        if queue is None:
            return redirect(url_for("inbox.task", task_id=task_id))
        told = Told()
        page = _page(unit, row, queue, told)
    return _shown(page, told)


@blueprint.get("/meja/<task_id>/dokumen/<attachment_id>")
@allow(lkpp)
def paper(task_id: str, attachment_id: str) -> str:
    """Only the document, to be put beside the form without touching what is typed there."""
    actor, now = require_actor(), services().clock.now()
    with services().database.read() as unit:
        row, queue = _find(unit, task_id)
        form = _load(unit, row, actor, now, Told()) if queue is not None else None
        found = _papers(unit, row, form) if form is not None else []
        shown = next((p for p in found if p.id == attachment_id), None)
        if shown is None:
            raise NotFoundError
    return render_template("lkpp/paper.html", task=row, shown=shown, papers=found, filters=_filters())


@blueprint.post("/meja/<task_id>")
@allow(lkpp, max_body=MAX_BODY)
def decide(task_id: str) -> Response | tuple[str, int]:
    """Complete the task and go to the next one, or show it again with all that is wrong and all that was typed."""
    actor, now = require_actor(), services().clock.now()
    with services().database.read() as unit:
        row, queue = _find(unit, task_id)
        form = form_of(unit, row)
        # Before the task leaves the list: what comes after it there.
        rest = following(unit, queue, task_id, actor, _filters(), now) if queue is not None else []
    if queue is None:
        raise NotFoundError
    if form is not None and request.form.get("all"):
        return _again(task_id, Told(raw=taskform.read(form, task_id, actor, now).raw), all_good=True)
    here = partial(url_for, "lkpp.desk", task_id=task_id, **_filters().arguments())
    shown = answer(task_id, form, actor, now, again=partial(_again, task_id), here=here)
    if shown is not None:
        return shown
    returned = _came_back(row, actor)
    if returned is not None:
        return returned
    tell(_("%(title)s: tersimpan.", title=row.case_title or row.number))
    if queue.key == "jadwal-baru":
        return redirect(url_for("lkpp.schedule", schedule_id=row.instance_id), 303)
    if request.form.get("then") == "list":
        return redirect(url_for("lkpp.queue", key=queue.key, **_filters().arguments()), 303)
    return open_first(rest, actor, queue, _filters())


@blueprint.post("/meja/<task_id>/formulir")
@allow(lkpp, max_body=MAX_BODY)
def desk_refresh(task_id: str) -> str:
    """The questions anew for what is typed so far."""
    actor, now = require_actor(), services().clock.now()
    with services().database.read() as unit:
        row, queue = _find(unit, task_id)
        form = form_of(unit, row)
    if queue is None or form is None or mode_of(row, actor) != "own":
        raise NotFoundError
    sent = taskform.read(form, task_id, actor, now)
    with services().database.read() as unit:
        found = _load(unit, row, actor, now, Told(raw=sent.raw, faults=sent.faults))
    return render_template("inbox/fields.html", form=found)


@blueprint.post("/meja/<task_id>/ambil")
@allow(lkpp)
def desk_claim(task_id: str) -> Response | tuple[str, int]:
    """Take a task that nobody has."""
    return _held(task_id, services().runner.claim, _("Tugas ini sekarang milik Anda."))


@blueprint.post("/meja/<task_id>/lepas")
@allow(lkpp)
def desk_release(task_id: str) -> Response | tuple[str, int]:
    """Give it back, so that a colleague may do it."""
    return _held(task_id, services().runner.release, _("Tugas dikembalikan ke kelompok."))


def _came_back(row: Any, actor: Actor) -> Response | None:
    """To the same task when the case asks it again at once: what was typed could not be, and its form says why."""
    with services().database.read() as unit:
        task_id = open_task(unit, row.instance_id, row.element_id)
    if task_id is None:
        return None
    services().runner.claim(task_id, actor)
    tell(_("Belum dapat diterima: sebabnya tertulis pada formulir."), "error")
    return redirect(url_for("lkpp.desk", task_id=task_id, **_filters().arguments()), 303)


def all_in_order(page: FormPage, raw: dict[str, Any]) -> dict[str, Any]:
    """What is typed, with every row of its check-lists answered "Ya"; remarks stay."""
    changed = dict(raw)
    for part in page.parts:
        if isinstance(part, ShownField) and part.field.kind == "review":
            said = raw.get(part.field.key) or {}
            changed[part.field.key] = {o.value: {**(said.get(o.value) or {}), "ok": "ya"} for o in part.options}
    return changed


def _find(unit: UnitOfWork, task_id: str) -> tuple[Any, Queue | None]:
    row = find(unit, task_id, require_actor())
    return row, queue_of_task(row.definition_key, row.element_id)


def _filters() -> Filters:
    return Filters.from_arguments(request.args)


def _shown(page: dict[str, Any], told: Told) -> tuple[str, int]:
    """Outside of the transaction: drawing a document takes its time."""
    return render_template("lkpp/desk.html", told=told, **page), told.status


def _page(unit: UnitOfWork, row: Any, queue: Queue, told: Told, *, validate: bool = False) -> dict[str, Any]:
    """All that the page shows."""
    actor, now, filters = require_actor(), services().clock.now(), _filters()
    version = services().definitions.version(row.version_id, unit)
    mode = mode_of(row, actor)
    form = _load(unit, row, actor, now, told, validate=validate) if mode != "offered" else None
    if form is not None and mode != "own" and not form.typed:
        form = None
    found = _papers(unit, row, form) if form is not None and mode == "own" else []
    wanted = request.args.get("dok", "")
    return {
        "tabs": tabs(TABS[queue.key]),
        "task": row,
        "queue": queue,
        "queue_title": queue_title(queue),
        "mode": mode,
        "name": element_name(version, row.element_id, row.name),
        "place": place_of(unit, queue, row.id, actor, filters, now),
        "filters": filters,
        "due": due(row.due_at, row.zone, load_calendar(unit, row.calendar_of, row.zone, now=now), now),
        "reasons": why(row.explanation),
        "form": form,
        "told_before": told_before(unit, row, version, form) if mode == "own" else [],
        "saved": saved_text(form.draft_at) if form is not None and form.draft_at else "",
        "papers": found,
        "named": _named(unit, queue, form),
        "shown": next((p for p in found if p.id == wanted), found[0] if found else None),
        "lists": _has_check_list(form),
    }


def _load(
    unit: UnitOfWork, row: Any, actor: Actor, now: datetime, told: Told, *, validate: bool = False
) -> TaskForm | None:
    """The form as every task page loads it; its documents open beside it instead of being downloaded."""
    found = taskform.load(unit, row, actor, now, raw=told.raw, faults=told.faults, validate=validate)
    if found is not None:
        arguments = _filters().arguments()
        found.page.refresh_url = url_for("lkpp.desk_refresh", task_id=row.id, **arguments)
        found.page.reader = replace(
            found.page.reader, document_url=lambda i: url_for("lkpp.desk", task_id=row.id, dok=i, **arguments)
        )
    return found


def _papers(unit: UnitOfWork, row: Any, form: TaskForm) -> list[Paper]:
    version = services().definitions.version(row.version_id, unit)
    return papers(version, form.page)


def _named(unit: UnitOfWork, queue: Queue, form: TaskForm | None) -> list[Any]:
    """Whom a recommendation is about: its case knows them by their ids."""
    if queue.key != "rekomendasi" or form is None:
        return []
    return people.by_id(unit.connection, [str(one) for one in form.page.context.data.get("participants") or []])


def _has_check_list(form: TaskForm | None) -> bool:
    return form is not None and any(field.kind == "review" for field in form.page.form.fields())


def _again(task_id: str, told: Told, *, validate: bool = False, all_good: bool = False) -> tuple[str, int]:
    with services().database.read() as unit:
        row, queue = _find(unit, task_id)
        if queue is None:
            raise NotFoundError
        if all_good:
            found = _load(unit, row, require_actor(), services().clock.now(), told)
            told = Told(raw=all_in_order(found.page, told.raw or {})) if found is not None else told
        page = _page(unit, row, queue, told, validate=validate)
    return _shown(page, told)


def _held(task_id: str, act: Any, done: str) -> Response | tuple[str, int]:
    actor = require_actor()
    with services().database.read() as unit:
        _row, queue = _find(unit, task_id)
        if queue is None:
            raise NotFoundError
    try:
        act(task_id, actor)
    except ConflictError as error:
        return _again(task_id, Told(error, status=error.http_status))
    tell(done)
    return redirect(url_for("lkpp.desk", task_id=task_id, **_filters().arguments()), 303)
