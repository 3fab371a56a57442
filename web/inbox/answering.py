"""The answer to a task's form, alike on every page that shows one: kept as a draft, refused with all of it, or done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from flask import flash, jsonify, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.actors import Actor
from engine.errors import AlurError, ConflictError, ForbiddenError, InvalidDataError, NotFoundError
from engine.forms import Fault, Form
from engine.unit_of_work import UnitOfWork
from web.context import services
from web.i18n import clock_time, locale_code
from web.inbox import taskform

Shown = Response | tuple[str, int]


@dataclass(frozen=True)
class Told:
    """What a page says about the act that was just tried."""

    error: AlurError | None = None
    raw: dict[str, Any] | None = None
    faults: dict[str, list[Fault]] | None = None
    status: int = 200

    @property
    def message(self) -> str:
        return self.error.message(locale_code()) if self.error is not None else ""


class Again(Protocol):
    """Shows the task's page once more. `validate`: with every fault of the answers, not only those already known."""

    def __call__(self, told: Told, *, validate: bool = False) -> tuple[str, int]: ...


def form_of(unit: UnitOfWork, row: Any) -> Form | None:
    """The form of a task, as the version of its case has it."""
    version = services().definitions.version(row.version_id, unit)
    return version.forms.get(row.form) if row.form else None


def answer(
    task_id: str, form: Form | None, actor: Actor, now: datetime, *, again: Again, here: Callable[[], str]
) -> Shown | None:
    """Complete the task with what the request brought; None once it is done, else what is shown instead.

    `here` is the address of the task's page, to come back to after keeping a draft.
    """
    raw: dict[str, Any] = {}
    if form is not None:
        sent = taskform.read(form, task_id, actor, now)
        raw = sent.raw
        if sent.only_edited:
            return again(Told(raw=raw, faults=sent.faults))
        if request.form.get("keep"):
            return _keep(task_id, actor, raw, now, again, here)
        if sent.faults:
            return again(Told(raw=raw, faults=sent.faults, status=422), validate=True)
    try:
        services().runner.complete(task_id, actor, raw, sent_version(), now=now)
    except InvalidDataError as error:
        return again(Told(raw=raw, faults=dict(error.faults), status=422))
    except AlurError as error:
        if isinstance(error, NotFoundError | ForbiddenError):
            raise
        return again(Told(error, raw, status=error.http_status))
    return None


def keep_typed(task_id: str, form: Form | None, actor: Actor, now: datetime) -> tuple[Response, int]:
    """Keep what is typed so far; called by the page two seconds after the last key."""
    if form is None:
        raise NotFoundError
    try:
        at = services().runner.save_draft(task_id, actor, taskform.read(form, task_id, actor, now).raw, None, now=now)
    except ConflictError as error:
        return jsonify(message=error.message(locale_code())), error.http_status
    return jsonify(message=saved_text(at)), 200


def saved_text(at: datetime) -> str:
    return _("Draf tersimpan %(time)s", time=clock_time(at))


def sent_version() -> int | None:
    """The version of the task that this form was made from: a stale form is recognised by it."""
    value = request.form.get("task_version", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


def _keep(
    task_id: str, actor: Actor, raw: dict[str, Any], now: datetime, again: Again, here: Callable[[], str]
) -> Shown:
    """The button for browsers without scripts: save the draft and come back to it."""
    try:
        at = services().runner.save_draft(task_id, actor, raw, None, now=now)
    except ConflictError as error:
        return again(Told(error, raw, status=error.http_status))
    flash(saved_text(at))
    return redirect(here(), 303)
