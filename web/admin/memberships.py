"""Memberships: grant a role from a day to a day, end one at once. Both are kept with the reason."""

from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlmodel import col
from werkzeug.wrappers import Response

from engine.errors import ForbiddenError, NotFoundError
from engine.people import HeldRole, add_membership, end_membership, memberships_of, record
from engine.unit_of_work import UnitOfWork
from models import Instansi, User
from models.people import COMPANY_ROLES
from web.admin import blueprint
from web.admin.forms import MembershipForm, ReasonForm
from web.auth.forms import faults_of
from web.context import current_user, require_actor, services
from web.i18n import in_locale
from web.roles import national_roles, role_titles
from web.security import allow, role


@blueprint.route("/orang/<user_id>/akses/baru", methods=["GET", "POST"])
@allow(role("admin"))
def grant(user_id: str) -> Response | str | tuple[str, int]:
    with services().database.read() as unit:
        user = _person(unit, user_id)
        form = _form(unit)
    if request.method == "GET":
        return render_template("admin/grant.html", form=form, faults=[], user=user)
    if not form.validate():
        return render_template("admin/grant.html", form=form, faults=faults_of(form), user=user), 422
    _grant(user, form)
    flash(_("Akses diberikan."), "success")
    return redirect(url_for("admin.person", user_id=user_id), 303)


@blueprint.route("/orang/<user_id>/akses/<membership_id>/akhiri", methods=["GET", "POST"])
@allow(role("admin"))
def end(user_id: str, membership_id: str) -> Response | str | tuple[str, int]:
    with services().database.read() as unit:
        user = _person(unit, user_id)
        held = _held(unit, user_id, membership_id)
        titles = role_titles(unit)
    if held.role == "admin" and user_id == require_actor().user_id:
        raise ForbiddenError(why=_("peran administrator sendiri tidak dapat diakhiri."))
    form = ReasonForm(request.form if request.method == "POST" else None)
    shown = {"form": form, "user": user, "held": held, "titles": titles}
    if request.method == "GET":
        return render_template("admin/end_membership.html", faults=[], **shown)
    if not form.validate():
        return render_template("admin/end_membership.html", faults=faults_of(form), **shown), 422
    with services().database.write() as unit:
        end_membership(unit, membership_id, by=require_actor(), reason=form.reason.data, now=services().clock.now())
    flash(_("Akses diakhiri. Halamannya tertutup mulai sekarang."), "success")
    return redirect(url_for("admin.person", user_id=user_id), 303)


def _grant(user: User, form: MembershipForm) -> None:
    now = services().clock.now()
    with services().database.write() as unit:
        made = add_membership(
            unit,
            user_id=user.id,
            role=form.role.data,
            instansi_id=form.instansi.data or None,
            valid_from=form.valid_from.data,
            valid_until=form.valid_until.data,
            now=now,
        )
        record(
            unit,
            user.id,
            "membership:granted",
            by=require_actor(),
            now=now,
            reason=form.reason.data,
            detail={"membership_id": made.id, "role": made.role, "instansi_id": made.instansi_id},
        )


def _form(unit: UnitOfWork) -> MembershipForm:
    titles = role_titles(unit)
    user = current_user()
    zone = ZoneInfo(user.zone if user else "Asia/Jakarta")
    return MembershipForm(
        request.form if request.method == "POST" else None,
        roles={key: in_locale(title) for key, title in titles.items() if key not in COMPANY_ROLES},
        places=_places(unit),
        national=national_roles(unit),
        today=services().clock.now().astimezone(zone).date(),
    )


def _places(unit: UnitOfWork) -> dict[str, str]:
    rows = unit.session.execute(select(col(Instansi.id), col(Instansi.name)).order_by(col(Instansi.name))).all()
    return dict(rows)


def _person(unit: UnitOfWork, user_id: str) -> User:
    user = unit.session.get(User, user_id)
    if user is None:
        raise NotFoundError
    return user


def _held(unit: UnitOfWork, user_id: str, membership_id: str) -> HeldRole:
    """One of this person's memberships that can still be ended."""
    for held in memberships_of(unit, user_id, services().clock.now()):
        if held.id == membership_id and held.status in ("active", "ending", "future"):
            return held
    raise NotFoundError
