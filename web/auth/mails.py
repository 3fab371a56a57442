"""The mails of accounts: in the person's language, with a one-time link, never with a password."""

import uuid
from datetime import datetime

from flask import render_template, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from engine.mail import queue_mail
from engine.people import issue_link
from engine.unit_of_work import UnitOfWork
from models import User
from web.context import services


def send_activation(unit: UnitOfWork, user: User, now: datetime) -> None:
    """The link that opens a new account."""
    _send(unit, user, "activate", _link("auth.activate", issue_link(unit, user, "activate", now)), now)


def send_reset(unit: UnitOfWork, user: User, now: datetime) -> None:
    """The link that sets a new password."""
    _send(unit, user, "reset", _link("auth.reset", issue_link(unit, user, "reset", now)), now)


def send_known(unit: UnitOfWork, user: User, now: datetime) -> None:
    """Somebody registered with an address that has an account: its owner learns it, the visitor does not."""
    _send(unit, user, "known", _link("auth.forgot"), now)


def send_link_for(unit: UnitOfWork, user: User, now: datetime) -> None:
    """Whatever link this account needs now."""
    (send_reset if user.password_hash else send_activation)(unit, user, now)


def _link(endpoint: str, token: str | None = None) -> str:
    return services().settings.base_url + (url_for(endpoint, token=token) if token else url_for(endpoint))


def _send(unit: UnitOfWork, user: User, kind: str, link: str, now: datetime) -> None:
    with force_locale(user.locale):
        subjects = {
            "activate": _("Aktifkan akun Anda"),
            "reset": _("Atur ulang kata sandi Anda"),
            "known": _("Anda sudah mempunyai akun"),
        }
        shown = {"kind": kind, "user": user, "link": link}
        text = render_template("auth/mail.txt", **shown)
        html = render_template("auth/mail.html", **shown)
        subject = subjects[kind]
    queue_mail(unit, user.email, subject, text, html, f"account:{uuid.uuid4().hex}", None, now)
