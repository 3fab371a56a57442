"""A deadline moved by hand: by an owner of procedures or an administrator, and never without a reason."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlmodel import col
from werkzeug.wrappers import Response
from wtforms import DateField, TimeField
from wtforms.validators import InputRequired

from engine.acts.errors import BadPostponementError
from engine.errors import NotFoundError
from engine.unit_of_work import UnitOfWork
from models import Deadline
from web.auth.forms import faults_of
from web.cases.views import blueprint, find
from web.context import require_actor, services
from web.i18n import locale_code
from web.programmes.forms import WhyForm
from web.security import allow, role
from web.words.names import element_name


class MoveForm(WhyForm):
    """The new time, in the zone of the case."""

    day = DateField(lazy_gettext("Tanggal baru"), [InputRequired(lazy_gettext("Tuliskan tanggalnya."))])
    hour = TimeField(lazy_gettext("Pukul"), [InputRequired(lazy_gettext("Tuliskan jamnya."))])

    def at(self, zone: str) -> datetime:
        return datetime.combine(self.day.data, self.hour.data, tzinfo=ZoneInfo(zone)).astimezone(UTC)


@blueprint.get("/kasus/<number>/tenggat/<deadline_id>")
@allow(role("owner", "admin"))
def move_deadline(number: str, deadline_id: str) -> str:
    """When it is due, and when it shall be."""
    with services().database.read() as unit:
        case, deadline = _deadline(unit, number, deadline_id)
        at = deadline.due_at.astimezone(ZoneInfo(case.zone))
        return _page(unit, case, deadline, MoveForm(data={"day": at.date(), "hour": at.time()}), [])


@blueprint.post("/kasus/<number>/tenggat/<deadline_id>")
@allow(role("owner", "admin"))
def moved_deadline(number: str, deadline_id: str) -> Response | tuple[str, int]:
    form = MoveForm(request.form)
    with services().database.read() as unit:
        case, deadline = _deadline(unit, number, deadline_id)
        if not form.validate():
            return _page(unit, case, deadline, form, faults_of(form)), 422
    try:
        services().runner.move_deadline(deadline_id, form.at(case.zone), require_actor(), reason=form.reason.data)
    except BadPostponementError as error:
        with services().database.read() as unit:
            return _page(unit, case, deadline, form, [("day", error.message(locale_code()))]), 409
    flash(_("Tenggat digeser. Alasannya tercatat dalam riwayat kasus."), "success")
    return redirect(url_for("cases.show", number=number), 303)


def _deadline(unit: UnitOfWork, number: str, deadline_id: str) -> tuple[Any, Deadline]:
    case = find(unit, number)
    pending = (col(Deadline.id) == deadline_id, col(Deadline.instance_id) == case.id, col(Deadline.state) == "pending")
    deadline = unit.session.scalars(select(Deadline).where(*pending)).first()
    if deadline is None:
        raise NotFoundError
    return case, deadline


def _page(unit: UnitOfWork, case: Any, deadline: Deadline, form: MoveForm, faults: list[Any]) -> str:
    version = services().definitions.version(case.version_id, unit)
    name = element_name(version, deadline.element_id, deadline.name)
    return render_template("cases/deadline.html", case=case, deadline=deadline, name=name, form=form, faults=faults)
