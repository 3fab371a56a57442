"""When a proof of everything finds something, auditors and administrators hear of it at once, by mail."""

from collections.abc import Iterator
from datetime import datetime
from html import escape

from sqlalchemy import select
from sqlmodel import col

from engine.mail import Mail, queue_mails
from engine.people import actor_for
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from models import Membership, User

ROLES = ("auditor", "auditor_luar", "admin")
_SUBJECT = Text("Pembuktian menemukan {count} hal", "The proof found {count} things")
_WORDS = Text(
    "Pembuktian berkala atas seluruh catatan menemukan {count} hal yang tidak sebagaimana mestinya.\n\n"
    "Periksa segera; jangan memperbaiki apa pun di basis data sebelum temuannya dibaca.",
    "The proof of the whole record found {count} things that are not as they should be.\n\n"
    "Look at them at once; repair nothing in the database before the findings were read.",
)
_LINK = Text("Temuannya", "What was found")


def raise_alarm(unit: UnitOfWork, run_id: str, kind: str, found: int, base_url: str, now: datetime) -> None:
    """A mail to each of them, in their language; the same run is told of once."""
    link = f"{base_url}/audit/bukti/{run_id}"
    mails = [_mail(user, run_id, kind, found, link) for user in _watchers(unit, now)]
    queue_mails(unit, mails, now)


def _watchers(unit: UnitOfWork, now: datetime) -> Iterator[User]:
    """Who holds one of the roles today."""
    holders = select(col(Membership.user_id)).where(col(Membership.role).in_(ROLES), col(Membership.state) == "active")
    active = select(User).where(col(User.id).in_(holders), col(User.state) == "active").order_by(col(User.email))
    for user in unit.session.scalars(active):
        actor = actor_for(unit, user.id, now)
        if actor is not None and any(grant.role in ROLES for grant in actor.grants):
            yield user


def _mail(user: User, run_id: str, kind: str, found: int, link: str) -> Mail:
    subject = _SUBJECT.in_locale(user.locale).format(count=found)
    words = _WORDS.in_locale(user.locale).format(count=found)
    label = _LINK.in_locale(user.locale)
    body = "".join(f"<p>{escape(part)}</p>\n" for part in words.split("\n\n"))
    html = (
        f'<!doctype html>\n<html lang="{user.locale[:2]}"><body>\n{body}'
        f'<p><a href="{escape(link)}">{escape(label)}</a></p>\n</body></html>\n'
    )
    return Mail(user.email, subject, f"{words}\n\n{label}: {link}\n", html, f"proof:{run_id}:{kind}:{user.id}")
