"""The form of a task in a trial: the form that an officer will see, filled in as anybody of the story."""

from dataclasses import dataclass
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select
from sqlmodel import col
from werkzeug.wrappers import Response

from engine.calendar import load_calendar
from engine.definitions import RefusedPackageError
from engine.documents import attachments_for
from engine.errors import AlurError, NotFoundError
from engine.forms import Field
from engine.scenarios.outcome import StepError
from engine.scenarios.steps import find_task
from engine.scenarios.world import World
from engine.studio.trials.examples import Examples
from engine.studio.trials.filled import Telling
from models import Instansi, Membership, UserTask
from web.forms import Reader
from web.i18n import locale_code
from web.inbox import queries, taskform
from web.inbox.task import told_before
from web.inbox.taskform import MAX_BODY, TaskForm
from web.security import allow
from web.studio.access import OWNERS
from web.studio.frame import render_draft
from web.studio.trials import blueprint
from web.studio.trials.acting import take
from web.studio.trials.opening import Opened, inside, open_trial
from web.studio.trials.steps import case_words, chosen
from web.words.due import due, why
from web.words.names import element_name

Shown = Response | str | tuple[str, int]
ROUNDS = 9


@dataclass(frozen=True)
class Desk:
    """One person before one task of the trial's world."""

    world: World
    task: UserTask
    who: str
    row: Any
    """As the inbox reads it."""

    @property
    def actor(self) -> Any:
        return self.world.actor(self.who)


@blueprint.get("/<trial>/tugas/<element>")
@allow(OWNERS)
def task(draft: str, trial: str, element: str) -> Shown:
    """The form as it opens for this person."""
    opened = open_trial(draft, trial)
    try:
        with opened.rehearsal() as rehearsal, inside(rehearsal.world):
            desk = _desk(rehearsal.world, element)
            body = _body(opened, desk, _form(desk))
    except (StepError, RefusedPackageError):
        return _gone(draft, trial)
    return _page(opened, element, body)


@blueprint.post("/<trial>/tugas/<element>")
@allow(OWNERS, max_body=MAX_BODY)
def complete(draft: str, trial: str, element: str) -> Shown:
    """Complete the task as this person, or show what is wrong; a refusal may be kept as what is expected."""
    opened = open_trial(draft, trial)
    try:
        with opened.rehearsal() as rehearsal, inside(rehearsal.world):
            desk = _desk(rehearsal.world, element)
            steps, body, status = _answered(opened, desk)
    except (StepError, RefusedPackageError):
        return _gone(draft, trial)
    if not steps:
        return _page(opened, element, body, status=status)
    try:
        take(opened, *steps)
    except AlurError as error:
        flash(error.message(locale_code()), "error")
        return redirect(url_for("studio_trials.show", draft=draft, trial=trial), 303)
    there = {"kasus": request.args["kasus"]} if request.args.get("kasus") else {}
    return redirect(url_for("studio_trials.show", draft=draft, trial=trial, langkah="baru", **there), 303)


@blueprint.post("/<trial>/tugas/<element>/formulir")
@allow(OWNERS, max_body=MAX_BODY)
def refresh(draft: str, trial: str, element: str) -> str:
    """The questions anew for what is typed so far, as on an officer's page."""
    opened = open_trial(draft, trial)
    with opened.rehearsal() as rehearsal, inside(rehearsal.world):
        desk = _desk(rehearsal.world, element)
        form = _form_of(desk)
        if form is None:
            raise NotFoundError
        sent = taskform.read(form, desk.task.id, desk.actor, desk.world.clock.now())
        return render_template("inbox/fields.html", form=_form(desk, raw=sent.raw, faults=sent.faults))


def _desk(world: World, element: str) -> Desk:
    """StepError where that task is not open for this person any more."""
    case = chosen(world, request.args.get("kasus", ""))
    who = request.args.get("siapa", "")
    if case is None or who not in world.people:
        raise NotFoundError
    task = find_task(world, case.id, who, element, 0)
    if task.state != "open":
        raise NotFoundError
    with world.database.read() as unit:
        row = queries.task_row(unit.connection, task.id)
    return Desk(world, task, who, row)


def _form_of(desk: Desk) -> Any:
    return desk.world.version_of(desk.task.instance_id).forms.get(desk.task.form) if desk.task.form else None


def _form(desk: Desk, *, raw: Any = None, faults: Any = None, validate: bool = False) -> TaskForm | None:
    refresh_url = url_for("studio_trials.refresh", **(request.view_args or {}), **request.args)
    with desk.world.database.read() as unit:
        found = taskform.load(unit, desk.row, desk.actor, desk.world.clock.now(), raw=raw, faults=faults,
                              validate=validate, refresh_url=refresh_url)  # fmt: skip
    if found is not None:
        found.page.reader = Reader(locale_code(), ZoneInfo(desk.row.zone))  # its documents are only names
    return found


def _answered(opened: Opened, desk: Desk) -> tuple[list[dict[str, Any]], Markup, int]:
    """The steps that were meant; or none, and the form once more, with everything that is wrong if it was sent."""
    form, now = _form_of(desk), desk.world.clock.now()
    if form is None:
        return [{"when": _said(desk, {})}], Markup(), 200
    sent = taskform.read(form, desk.task.id, desk.actor, now)
    if request.form.get("contoh"):
        return [], _body(opened, desk, _exampled(desk, sent.raw)), 200
    if sent.only_edited:
        return [], _body(opened, desk, _form(desk, raw=sent.raw, faults=sent.faults)), 200
    found = _form(desk, raw=sent.raw, faults=sent.faults, validate=True)
    if found is None:
        raise NotFoundError
    step = {"when": _said(desk, _told(desk, found, sent.raw))}
    if not found.page.faults:
        return [step], Markup(), 200
    if request.form.get("ditolak") and not sent.faults:
        return [step, {"then": {"ditolak": _refused(found)}}], Markup(), 200
    return [], _body(opened, desk, found), 422


def _refused(found: TaskForm) -> Any:
    """At which fields; a fault of the form as a whole is only a refusal."""
    fields = list(found.page.faults)
    return "ya" if "" in fields else fields


def _exampled(desk: Desk, raw: dict[str, Any]) -> TaskForm | None:
    """Round by round: an answer may bring more questions, and a date may be refused."""
    world, today = desk.world, desk.world.clock.now().astimezone(desk.world.zone).date()
    words, found = _words_of(world), _form(desk, raw=raw)
    for attempt in range(ROUNDS):
        if found is None or (attempt and not found.page.faults):
            break
        with world.database.write() as unit:
            attach = partial(world.attach, unit, desk.task.id, desk.who)
            raw = Examples(today, attach, words, attempt).fill(found.page.parts, raw)
        found = _form(desk, raw=raw, validate=True)
    return found


def _words_of(world: World) -> frozenset[str]:
    """The agencies of the people in the story, and what kind of agency they are."""
    held = select(Instansi).where(
        col(Instansi.id).in_(select(Membership.instansi_id).where(col(Membership.user_id).in_(world.people.values())))
    )
    return frozenset(word.casefold() for agency in world.rows(held) for word in (agency.name, agency.kind, agency.id))


def _told(desk: Desk, found: TaskForm, raw: dict[str, Any]) -> dict[str, Any]:
    """The answers in the words of scenarios."""
    context = found.page.context
    with desk.world.database.read() as unit:
        lookups = desk.world.registry.fields.bound(unit)
        files = attachments_for(unit, desk.task.id, desk.task.instance_id)

        def options(field: Field, names: Any) -> Any:
            if field.source is None or not lookups.source(field.source).closed:
                return field.options
            return lookups.options(field.source, {**context.data, **names})

        telling = Telling(context.zone, options, {key: file.filename for key, file in files.items()})
        return telling.of_form(found.page.form, raw, found.page.form.initial(context.data))


def _said(desk: Desk, fill: dict[str, Any]) -> dict[str, Any]:
    """The task by its name where that means no other one."""
    task = desk.task
    alike = select(UserTask).where(col(UserTask.instance_id) == task.instance_id, col(UserTask.name) == task.name)
    alone = task.name and {t.element_id for t in desk.world.rows(alike)} == {task.element_id}
    return {
        "siapa": desk.who,
        "tugas": task.name if alone else task.element_id,
        **({"isian": fill} if fill else {}),
        **case_words(desk.world, task.instance_id),
    }


def _body(opened: Opened, desk: Desk, form: TaskForm | None) -> Markup:
    """The form and what an officer sees around it."""
    world, row = desk.world, desk.row
    version = world.definitions.version(row.version_id)
    now = world.clock.now()
    with world.database.read() as unit:
        calendar = load_calendar(unit, row.calendar_of, row.zone, now=now)
        before = told_before(unit, row, version, form)
    return Markup(  # noqa: S704 -- a template of ours, which escapes what it is given
        render_template(
            "studio/trial_form.html",
            draft=opened.view,
            trial=opened.trial,
            task=row,
            name=element_name(version, row.element_id, row.name),
            who=desk.who,
            action=request.full_path.removesuffix("/formulir").rstrip("?"),
            now=now,
            due=due(row.due_at, row.zone, calendar, now),
            reasons=why(row.explanation),
            form=form,
            told_before=before,
        )
    )


def _page(opened: Opened, element: str, body: Markup, *, status: int = 200) -> tuple[str, int]:
    return render_draft("studio/trial_task.html", opened.view, trial=opened.trial, element=element, body=body), status


def _gone(draft: str, trial: str) -> Response:
    flash(_("Tugas itu tidak terbuka lagi dalam uji coba ini."), "warning")
    return redirect(url_for("studio_trials.show", draft=draft, trial=trial), 303)
