"""The page behind the link of a Pemberi Kuasa: one question, answered once, without an account or a password.

Whoever has the link is the Pemberi Kuasa: it goes to no other address, is kept as a digest only, and opens nothing but
this. The answer completes the task of the diagram in the name of that person.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import force_locale
from werkzeug.wrappers import Response

from engine.actors import Actor
from engine.definitions import LoadedVersion
from engine.errors import InvalidDataError
from engine.forms import Fault
from engine.people import LinkInvalidError
from engine.people.links import token_digest
from engine.unit_of_work import UnitOfWork
from models import User
from web.companies import queries
from web.companies.views import blueprint
from web.context import services
from web.forms import FormPage, form_page
from web.i18n import LOCALE_COOKIE
from web.inbox import queries as inbox_queries
from web.inbox import taskform
from web.security import allow, public

ANSWERED = ("confirmed", "declined")


@blueprint.route("/kuasa/<token>", methods=["GET", "POST"])
@allow(public)
def power(token: str) -> Response | str | tuple[str, int]:
    """The question; its answer; and from then on only that it was answered."""
    now = services().clock.now()
    with services().database.read() as unit:
        asked = _asked(unit, token, now)
        grantor = unit.session.get_one(User, asked.grantor_id)
    with force_locale(request.cookies.get(LOCALE_COOKIE, grantor.locale)):
        if asked.state in ANSWERED:
            return render_template("companies/answered.html", asked=asked)
        if request.method == "GET":
            return _page(asked, now)
        return _answer(asked, token, now)


def _answer(asked: Any, token: str, now: datetime) -> Response | tuple[str, int]:
    with services().database.read() as unit:
        row, version = _task(unit, asked.task_id)
    actor = Actor(asked.grantor_id, asked.grantor_name)
    sent = taskform.read(version.forms[row.form], asked.task_id, actor, now)
    try:
        services().runner.complete(asked.task_id, actor, sent.raw, now=now)
    except InvalidDataError as error:
        return _page(asked, now, sent.raw, error.faults), 422
    return redirect(url_for("companies.power", token=token), 303)


def _task(unit: UnitOfWork, task_id: str) -> tuple[Any, LoadedVersion]:
    """The task that waits, and the version that its case runs on."""
    row = inbox_queries.task_row(unit.connection, task_id)
    if row is None:
        raise LinkInvalidError
    return row, services().definitions.version(row.version_id, unit)


def _asked(unit: UnitOfWork, token: str, now: datetime) -> Any:
    """What this link asks, or asked. A link that is over, was replaced, or never was, opens nothing."""
    found = queries.question(unit.connection, token_digest(token))
    if found is None or found.state not in ("asked", *ANSWERED):
        raise LinkInvalidError
    if found.state == "asked" and (found.token_until <= now or found.task_id is None):
        raise LinkInvalidError
    return found


def _page(
    asked: Any, now: datetime, raw: dict[str, Any] | None = None, faults: Mapping[str, Sequence[Fault]] | None = None
) -> str:
    with services().database.read() as unit:
        form = _form(unit, asked.task_id, now, raw, faults)
        leaders = queries.leaders(unit.connection, asked.company_id)
    return render_template("companies/power.html", asked=asked, leaders=leaders, form=form)


def _form(
    unit: UnitOfWork,
    task_id: str,
    now: datetime,
    raw: dict[str, Any] | None,
    faults: Mapping[str, Sequence[Fault]] | None,
) -> FormPage:
    """The form of the case's own version; nothing in it is asked anew while somebody types."""
    row, version = _task(unit, task_id)
    form = version.forms[row.form]
    context = taskform.form_context(unit, row, form, now)
    shown = raw if raw is not None else form.initial(context.data)
    return form_page(form, shown, context, taskform.reader(row), faults=faults, forms=version.forms)
