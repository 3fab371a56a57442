"""People: find an account, make one, send its link again, close and open it."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlmodel import col
from werkzeug.wrappers import Response

from engine.errors import ForbiddenError, NotFoundError
from engine.identifiers import parse_mobile
from engine.people import (
    EmailTakenError,
    create_user,
    disable,
    enable,
    memberships_of,
    record,
    search_users,
)
from engine.unit_of_work import UnitOfWork
from models import AccountEvent, User
from web.admin import blueprint
from web.admin.forms import PersonForm, ReasonForm, SearchForm
from web.auth import mails
from web.auth.forms import faults_of
from web.context import require_actor, services
from web.i18n import locale_code
from web.roles import role_titles
from web.security import allow, role

PAGE = 25


@blueprint.get("/")
@allow(role("admin"))
def index() -> Response:
    return redirect(url_for("admin.people"))


@blueprint.get("/orang")
@allow(role("admin"))
def people() -> str:
    form = SearchForm(request.args)
    words, state = (form.words.data or "").strip(), form.state.data or None
    with services().database.read() as unit:
        last = unit.session.get(User, request.args.get("setelah", ""))
        after = (last.name, last.id) if last else None
        found = list(search_users(unit, words, state=state, after=after, limit=PAGE + 1))
    more = None
    if len(found) > PAGE:
        more = url_for("admin.people", cari=words or None, keadaan=state, setelah=found[PAGE - 1].id)
    return render_template("admin/people.html", form=form, people=found[:PAGE], next_url=more, searched=bool(words))


@blueprint.route("/orang/baru", methods=["GET", "POST"])
@allow(role("admin"))
def new_person() -> Response | str | tuple[str, int]:
    form = PersonForm(request.form if request.method == "POST" else None)
    if request.method == "GET":
        return render_template("admin/new_person.html", form=form, faults=[])
    if form.validate():
        try:
            return redirect(url_for("admin.person", user_id=_create(form)), 303)
        except EmailTakenError as error:
            form.email.errors = [error.message(locale_code())]
    return render_template("admin/new_person.html", form=form, faults=faults_of(form)), 422


def _create(form: PersonForm) -> str:
    now = services().clock.now()
    with services().database.write() as unit:
        phone = parse_mobile(form.phone.data).value if form.phone.data else None
        user = create_user(unit, email=form.email.data, name=form.name.data, phone=phone, zone=form.zone.data, now=now)
        mails.send_activation(unit, user, now)
        record(unit, user.id, "account:created", by=require_actor(), now=now)
    flash(_("Akun dibuat. Tautan aktivasi dikirim ke %(email)s.", email=user.email), "success")
    return user.id


@blueprint.get("/orang/<user_id>")
@allow(role("admin"))
def person(user_id: str) -> str:
    now = services().clock.now()
    with services().database.read() as unit:
        user = _user(unit, user_id)
        held = memberships_of(unit, user_id, now)
        titles = role_titles(unit)
        events = _events(unit, user_id)
    return render_template("admin/person.html", user=user, held=held, titles=titles, events=events)


@blueprint.post("/orang/<user_id>/tautan")
@allow(role("admin"))
def send_link(user_id: str) -> Response:
    now = services().clock.now()
    with services().database.write() as unit:
        user = _user(unit, user_id)
        if user.state == "disabled":
            raise ForbiddenError(why=_("akun ini dinonaktifkan."))
        mails.send_link_for(unit, user, now)
        record(unit, user.id, "account:link_sent", by=require_actor(), now=now)
    flash(_("Tautan baru dikirim ke %(email)s. Tautan lama tidak berlaku lagi.", email=user.email), "success")
    return redirect(url_for("admin.person", user_id=user_id), 303)


@blueprint.route("/orang/<user_id>/keadaan", methods=["GET", "POST"])
@allow(role("admin"))
def change_state(user_id: str) -> Response | str | tuple[str, int]:
    """Close an account, or open it again: asks with consequence and reason."""
    with services().database.read() as unit:
        user = _user(unit, user_id)
    if user.id == require_actor().user_id:
        raise ForbiddenError(why=_("akun sendiri tidak dapat dinonaktifkan."))
    form = ReasonForm(request.form if request.method == "POST" else None)
    if request.method == "GET":
        return render_template("admin/change_state.html", form=form, faults=[], user=user)
    if not form.validate():
        return render_template("admin/change_state.html", form=form, faults=faults_of(form), user=user), 422
    # By what the page showed, not by what is so now: a second click must not undo the first.
    change = enable if request.form.get("from") == "disabled" else disable
    with services().database.write() as unit:
        change(unit, user_id, by=require_actor(), reason=form.reason.data, now=services().clock.now())
    flash(_("Akun diaktifkan kembali.") if change is enable else _("Akun dinonaktifkan."), "success")
    return redirect(url_for("admin.person", user_id=user_id), 303)


def _user(unit: UnitOfWork, user_id: str) -> User:
    user = unit.session.get(User, user_id)
    if user is None:
        raise NotFoundError
    return user


def _events(unit: UnitOfWork, user_id: str) -> list[tuple[AccountEvent, str | None]]:
    """What was done to the account, newest first, with who did it."""
    rows = unit.session.execute(
        select(AccountEvent, col(User.name))
        .outerjoin(User, col(User.id) == col(AccountEvent.actor_id))
        .where(col(AccountEvent.user_id) == user_id)
        .order_by(col(AccountEvent.at).desc(), col(AccountEvent.id).desc())
        .limit(100)
    ).all()
    return [(event, name) for event, name in rows]
