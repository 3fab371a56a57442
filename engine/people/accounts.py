"""Accounts: made, found, given a password, disabled. Never deleted: the history names them."""

import re
import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, or_, select
from sqlmodel import col

from engine.actors import Actor
from engine.errors import AlurError, NotFoundError
from engine.people.journal import record
from engine.people.passwords import hash_password
from engine.unit_of_work import UnitOfWork
from models import User, WebSession

_EMAIL = re.compile(r"[^@\s<>\",;:()\[\]\\]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


class EmailTakenError(AlurError):
    """An account with this e-mail address exists already."""

    indonesian = "Akun dengan alamat surel ini sudah ada."
    code = "email_taken"
    http_status = 409


class InvalidAddressError(AlurError):
    """This is not an e-mail address: {address}"""

    indonesian = "Ini bukan alamat surel: {address}"
    code = "email_invalid"
    http_status = 422


def normal_email(raw: str) -> str:
    """As it is stored: without blanks, lower case. Refused when it cannot be an address."""
    email = raw.strip().lower()
    if len(email) > 320 or not _EMAIL.fullmatch(email) or ".." in email:
        raise InvalidAddressError(address=raw.strip()[:80])
    return email


def create_user(
    unit: UnitOfWork,
    *,
    email: str,
    name: str,
    now: datetime,
    phone: str | None = None,
    nip: str | None = None,
    password: str | None = None,
    zone: str = "Asia/Jakarta",
) -> User:
    """A new account: active when it comes with a password, pending until the activation link is used otherwise."""
    address = normal_email(email)
    if find_by_email(unit, address) is not None:
        raise EmailTakenError
    user = User(
        id=uuid.uuid4().hex,
        email=address,
        name=" ".join(name.split()),
        phone=phone,
        nip=nip,
        zone=zone,
        password_hash=hash_password(password) if password else None,
        state="active" if password else "pending",
        created_at=now,
        activated_at=now if password else None,
    )
    unit.session.add(user)
    unit.session.flush()
    return user


def find_by_email(unit: UnitOfWork, email: str) -> User | None:
    return unit.session.execute(select(User).where(col(User.email) == email.strip().lower())).scalar_one_or_none()


def set_password(unit: UnitOfWork, user: User, password: str, now: datetime) -> None:
    """A new password; an account waiting for activation becomes active. Every other browser is signed out."""
    user.password_hash = hash_password(password)
    if user.state == "pending":
        user.state, user.activated_at = "active", now
    unit.session.add(user)
    end_sessions(unit, user.id)


def disable(unit: UnitOfWork, user_id: str, *, by: Actor, reason: str, now: datetime) -> User:
    """Close an account: no login, and every browser is signed out at once."""
    user = _locked(unit, user_id)
    if user.state != "disabled":
        user.state = "disabled"
        unit.session.add(user)
        end_sessions(unit, user.id)
        record(unit, user.id, "account:disabled", by=by, now=now, reason=reason)
    return user


def enable(unit: UnitOfWork, user_id: str, *, by: Actor, reason: str, now: datetime) -> User:
    """Open an account again; one that never had a password waits for its activation link."""
    user = _locked(unit, user_id)
    if user.state == "disabled":
        user.state = "active" if user.password_hash else "pending"
        unit.session.add(user)
        record(unit, user.id, "account:enabled", by=by, now=now, reason=reason)
    return user


def end_sessions(unit: UnitOfWork, user_id: str) -> None:
    """Sign a person out everywhere."""
    unit.session.execute(delete(WebSession).where(col(WebSession.user_id) == user_id))


def search_users(
    unit: UnitOfWork, words: str, *, state: str | None = None, after: tuple[str, str] | None = None, limit: int = 25
) -> Sequence[User]:
    """Accounts whose name or e-mail holds every word, by name; `after` is the (name, id) of the last one seen."""
    conditions: list[ColumnElement[bool]] = []
    for word in words.split()[:5]:
        pattern = f"%{word.lower().replace('~', '~~').replace('%', '~%').replace('_', '~_')}%"
        conditions.append(or_(col(User.email).like(pattern, escape="~"), col(User.name).ilike(pattern, escape="~")))
    if state:
        conditions.append(col(User.state) == state)
    if after is not None:
        conditions.append(or_(col(User.name) > after[0], and_(col(User.name) == after[0], col(User.id) > after[1])))
    query = select(User).where(*conditions).order_by(col(User.name), col(User.id)).limit(limit)
    return unit.session.execute(query).scalars().all()


def _locked(unit: UnitOfWork, user_id: str) -> User:
    user = unit.session.get(User, user_id, with_for_update=True)
    if user is None:
        raise NotFoundError
    return user
