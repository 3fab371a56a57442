"""One-time links that set a password. The table keeps a digest only; no password is ever mailed."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, select, update
from sqlmodel import col

from engine.errors import AlurError
from engine.unit_of_work import UnitOfWork
from models import OneTimeLink, User

Purpose = Literal["activate", "reset"]
LIFETIME: dict[str, timedelta] = {"activate": timedelta(days=3), "reset": timedelta(hours=1)}


class LinkInvalidError(AlurError):
    """This link was used already or is no longer valid. Ask for a new one."""

    indonesian = "Tautan ini sudah dipakai atau tidak berlaku lagi. Mintalah tautan baru."
    code = "link_invalid"
    http_status = 404


def issue_link(unit: UnitOfWork, user: User, purpose: Purpose, now: datetime, *, until: datetime | None = None) -> str:
    """A new token, good `until` then; earlier unused ones of the same purpose are void from now on."""
    _void(unit, user.id, purpose, now)
    token = secrets.token_urlsafe(32)
    unit.session.add(
        OneTimeLink(
            token_digest=token_digest(token),
            user_id=user.id,
            purpose=purpose,
            created_at=now,
            expires_at=until or now + LIFETIME[purpose],
        )
    )
    return token


def open_link(unit: UnitOfWork, token: str, purpose: Purpose, now: datetime) -> User:
    """Whose link it is, without using it: mail scanners open links too."""
    row: User | None = unit.session.execute(
        select(User).join(OneTimeLink, col(OneTimeLink.user_id) == col(User.id)).where(*_valid(token, purpose, now))
    ).scalar_one_or_none()
    if row is None or row.state == "disabled":
        raise LinkInvalidError
    return row


def use_link(unit: UnitOfWork, token: str, purpose: Purpose, now: datetime) -> User:
    """Use it up; of two at once, one wins."""
    user = open_link(unit, token, purpose, now)
    used = unit.connection.execute(update(OneTimeLink).where(*_valid(token, purpose, now)).values(used_at=now))
    if used.rowcount != 1:
        raise LinkInvalidError
    _void(unit, user.id, None, now)
    return user


def _valid(token: str, purpose: Purpose, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(OneTimeLink.token_digest) == token_digest(token),
        col(OneTimeLink.purpose) == purpose,
        col(OneTimeLink.used_at).is_(None),
        col(OneTimeLink.expires_at) > now,
    )


def _void(unit: UnitOfWork, user_id: str, purpose: Purpose | None, now: datetime) -> None:
    conditions = [col(OneTimeLink.user_id) == user_id, col(OneTimeLink.used_at).is_(None)]
    if purpose is not None:
        conditions.append(col(OneTimeLink.purpose) == purpose)
    unit.session.execute(update(OneTimeLink).where(*conditions).values(used_at=now))


def token_digest(token: str) -> str:
    """What is kept of a link: who reads the table cannot open it."""
    return hashlib.sha256(token.encode()).hexdigest()
