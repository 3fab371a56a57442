"""Signing in and out, registering, activating by one-time link, forgetting a password, the own account."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.actors import Actor
from engine.identifiers import parse_mobile
from engine.people import (
    LoginResult,
    authenticate,
    create_user,
    find_by_email,
    may_send_mail,
    open_link,
    record,
    set_password,
    use_link,
)
from engine.people.links import Purpose
from engine.unit_of_work import UnitOfWork
from models import User
from web.auth import mails, told
from web.auth.forms import ForgotForm, LoginForm, PasswordForm, ProfileForm, RegisterForm, faults_of
from web.context import current_user, services
from web.i18n import clock_time
from web.navigation import landing
from web.security import allow, local_target, public, signed_in

blueprint = Blueprint("auth", __name__)


@blueprint.get("/masuk")
@allow(public)
def login() -> Response | str:
    if current_user() is not None:
        return redirect(local_target(request.args.get("next"), landing()))
    return render_template("auth/login.html", form=LoginForm(), faults=[], next=_next())


@blueprint.post("/masuk")
@allow(public)
def enter() -> Response | tuple[str, int]:
    form = LoginForm(request.form)
    if not form.validate():
        return _login_again(form, faults_of(form), 422)
    result = authenticate(
        services().database,
        form.email.data,
        form.password.data,
        address=_address(),
        secret=services().settings.secret_key,
        now=services().clock.now(),
    )
    if result.user_id is None:
        return _login_again(form, [(form.email.id, _refusal(result))], 429 if result.refused == "throttled" else 422)
    session.sign_in(result.user_id)
    return redirect(local_target(request.form.get("next"), url_for("home.index")), 303)


@blueprint.post("/keluar")
@allow(public)
def logout() -> Response:
    session.sign_out()
    return redirect(url_for("home.index"), 303)


@blueprint.get("/daftar")
@allow(public)
def register() -> str:
    return render_template("auth/register.html", form=RegisterForm(), faults=[])


@blueprint.post("/daftar")
@allow(public)
def create() -> Response | tuple[str, int]:
    """The answer is the same whether the address was known or not."""
    form = RegisterForm(request.form)
    if not form.validate():
        return render_template("auth/register.html", form=form, faults=faults_of(form)), 422
    now = services().clock.now()
    with services().database.write() as unit:
        if _may_mail(unit, form.email.data):
            known = find_by_email(unit, form.email.data)
            if known is None:
                known = create_user(
                    unit, email=form.email.data, name=form.name.data, phone=parse_mobile(form.phone.data).value, now=now
                )
                mails.send_activation(unit, known, now)
            elif known.state == "pending":
                mails.send_activation(unit, known, now)
            elif known.state == "active":
                mails.send_known(unit, known, now)
    return redirect(url_for("auth.mail_sent", untuk="aktivasi"), 303)


@blueprint.get("/surel-terkirim")
@allow(public)
def mail_sent() -> str:
    return render_template("auth/mail_sent.html", activation=request.args.get("untuk") == "aktivasi")


@blueprint.get("/lupa-sandi")
@allow(public)
def forgot() -> str:
    return render_template("auth/forgot.html", form=ForgotForm(), faults=[])


@blueprint.post("/lupa-sandi")
@allow(public)
def send_link() -> Response | tuple[str, int]:
    form = ForgotForm(request.form)
    if not form.validate():
        return render_template("auth/forgot.html", form=form, faults=faults_of(form)), 422
    with services().database.write() as unit:
        if _may_mail(unit, form.email.data):
            user = find_by_email(unit, form.email.data)
            if user is not None and user.state != "disabled":
                mails.send_link_for(unit, user, services().clock.now())
    return redirect(url_for("auth.mail_sent"), 303)


@blueprint.route("/aktivasi/<token>", methods=["GET", "POST"])
@allow(public)
def activate(token: str) -> Response | str | tuple[str, int]:
    return _new_password(token, "activate")


@blueprint.route("/sandi/<token>", methods=["GET", "POST"])
@allow(public)
def reset(token: str) -> Response | str | tuple[str, int]:
    return _new_password(token, "reset")


@blueprint.get("/akun")
@allow(signed_in)
def account() -> str:
    user = _me()
    form = ProfileForm(name=user.name, phone=user.phone, locale=user.locale, zone=user.zone)
    return render_template("auth/account.html", form=form, faults=[], user=user)


@blueprint.post("/akun")
@allow(signed_in)
def save_account() -> Response | tuple[str, int]:
    user = _me()
    form = ProfileForm(request.form)
    if not form.validate():
        return render_template("auth/account.html", form=form, faults=faults_of(form), user=user), 422
    now = services().clock.now()
    with services().database.write() as unit:
        stored = unit.session.get_one(User, user.id)
        stored.name = " ".join(form.name.data.split())
        stored.phone = parse_mobile(form.phone.data).value
        stored.locale, stored.zone = form.locale.data, form.zone.data
        unit.session.add(stored)
        record(unit, user.id, "account:changed", by=Actor(user.id, user.name), now=now)
    with force_locale(form.locale.data):  # said in the language just chosen
        flash(_("Perubahan disimpan."), "success")
    return redirect(url_for("auth.account"), 303)


def _new_password(token: str, purpose: Purpose) -> Response | str | tuple[str, int]:
    """GET looks at the link without using it; POST uses it and signs the person in."""
    now = services().clock.now()
    with services().database.read() as unit:
        user = open_link(unit, token, purpose, now)
    form = PasswordForm(request.form if request.method == "POST" else None, user=user)
    if request.method == "GET":
        return render_template("auth/password.html", form=form, faults=[], purpose=purpose, user=user)
    if not form.validate():
        shown = {"form": form, "faults": faults_of(form), "purpose": purpose, "user": user}
        return render_template("auth/password.html", **shown), 422
    with services().database.write() as unit:
        user = use_link(unit, token, purpose, now)
        set_password(unit, user, form.password.data, now)
        kind = "account:activated" if purpose == "activate" else "account:password_reset"
        record(unit, user.id, kind, by=Actor(user.id, user.name), now=now)
        waiting = told.announce(unit, user.id, now) if purpose == "activate" else []
    told.deliver(waiting, Actor(user.id, user.name), now)
    session.sign_in(user.id)
    flash(_("Akun Anda aktif. Selamat datang.") if purpose == "activate" else _("Kata sandi baru disimpan."), "success")
    return redirect(url_for("home.index"), 303)


def _refusal(result: LoginResult) -> str:
    if result.refused == "throttled" and result.retry_at is not None:
        return _("Terlalu banyak percobaan. Coba lagi setelah pukul %(time)s.", time=clock_time(result.retry_at))
    if result.refused == "disabled":
        return _("Akun ini belum diaktifkan atau dinonaktifkan. Hubungi administrator instansi Anda.")
    return _("Alamat surel atau kata sandi tidak cocok.")


def _login_again(form: LoginForm, faults: list[tuple[str, str]], status: int) -> tuple[str, int]:
    return render_template("auth/login.html", form=form, faults=faults, next=_next()), status


def _next() -> str:
    return local_target(request.values.get("next"), "")


def _address() -> str:
    return request.remote_addr or ""


def _may_mail(unit: UnitOfWork, email: str) -> bool:
    parts = services()
    return may_send_mail(unit, email, address=_address(), secret=parts.settings.secret_key, now=parts.clock.now())


def _me() -> User:
    user = current_user()
    if user is None:
        raise LookupError("a page for signed-in people was reached by nobody")
    return user
