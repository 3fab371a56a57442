"""Signing in, with brakes. Failures are counted by digest of account and address; an attempt is counted before
the password is looked at, so that many attempts at once gain nothing."""

import hashlib
import hmac
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, func, select
from sqlmodel import col

from engine.people.accounts import find_by_email
from engine.people.passwords import hash_password, outdated, verify_password
from engine.unit_of_work import Database, UnitOfWork
from models import LoginFailure, User

WINDOW = timedelta(minutes=15)
AT_ONE_DOOR = 5
"""Failures for one account from one address before it must wait."""
PER_ACCOUNT = 30
"""For one account from anywhere: high, so that a stranger cannot lock a person out cheaply."""
PER_ADDRESS = 60
"""From one address for any account: a whole office may share one."""
MAIL_WINDOW = timedelta(hours=1)
MAILS_PER_ACCOUNT = 3
MAILS_PER_ADDRESS = 30
UPLOADS_PER_ADDRESS = 120
"""Files of visitors in an hour: an office may register several people, and each may err a few times."""


@dataclass(frozen=True)
class LoginResult:
    """`user_id` when it succeeded; else why not, and when to try again if it is a matter of waiting."""

    user_id: str | None = None
    refused: Literal["credentials", "throttled", "disabled"] | None = None
    retry_at: datetime | None = None


def authenticate(
    database: Database, email: str, password: str, *, address: str, secret: bytes, now: datetime
) -> LoginResult:
    """Check a password. No transaction is open while it is hashed: hashing is slow on purpose."""
    keys = _keys(secret, email, address)
    with database.write() as unit:
        _one_by_one(unit, keys)
        retry_at = _braked(unit, keys, now)
        if retry_at is not None:
            return LoginResult(refused="throttled", retry_at=retry_at)
        attempts = _count_attempt(unit, keys, now)
        user = find_by_email(unit, email)
        stored, state = (user.password_hash, user.state) if user else (None, "")
    if not verify_password(stored, password) or user is None:
        return LoginResult(refused="credentials")
    if state != "active":
        return LoginResult(refused="disabled")
    fresh = hash_password(password) if stored and outdated(stored) else None
    with database.write() as unit:
        unit.session.execute(delete(LoginFailure).where(col(LoginFailure.id).in_(attempts)))
        _signed_in(unit, user.id, fresh, now)
    return LoginResult(user_id=user.id)


def may_send_mail(unit: UnitOfWork, email: str, *, address: str, secret: bytes, now: datetime) -> bool:
    """May another mail with a link leave for this account and from this address? Counts it when it may."""
    limits = (
        (_key(secret, "mail-to", email), MAILS_PER_ACCOUNT),
        (_key(secret, "mail-from", address), MAILS_PER_ADDRESS),
    )
    for key, limit in limits:
        if len(_since(unit, key, now - MAIL_WINDOW)) >= limit:
            return False
    for key, _limit in limits:
        unit.session.add(LoginFailure(id=uuid.uuid4().hex, key=key, at=now))
    return True


def may_upload(unit: UnitOfWork, count: int, *, address: str, secret: bytes, now: datetime) -> bool:
    """May a visitor at this address send `count` more files? Counts them when they may."""
    return may_try(unit, "upload-from", UPLOADS_PER_ADDRESS, count=count, address=address, secret=secret, now=now)


def may_try(
    unit: UnitOfWork, what: str, limit: int, *, count: int = 1, address: str, secret: bytes, now: datetime
) -> bool:
    """May a visitor at this address do `what` so often more, `limit` times in an hour? Counts it when they may."""
    key = _key(secret, what, address)
    if len(_since(unit, key, now - MAIL_WINDOW)) + count > limit:
        return False
    unit.session.add_all(LoginFailure(id=uuid.uuid4().hex, key=key, at=now) for _ in range(count))
    return True


def forget_old_failures(unit: UnitOfWork, now: datetime) -> None:
    """Drop what no brake looks at any more."""
    unit.session.execute(delete(LoginFailure).where(col(LoginFailure.at) < now - max(WINDOW, MAIL_WINDOW)))


def _keys(secret: bytes, email: str, address: str) -> dict[str, int]:
    account = email.strip().lower()
    return {
        _key(secret, "door", f"{account}\n{address}"): AT_ONE_DOOR,
        _key(secret, "account", account): PER_ACCOUNT,
        _key(secret, "address", address): PER_ADDRESS,
    }


def _key(secret: bytes, kind: str, value: str) -> str:
    return hmac.new(secret, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()


def _since(unit: UnitOfWork, key: str, start: datetime) -> list[datetime]:
    at = col(LoginFailure.at)
    query = select(at).where(col(LoginFailure.key) == key, at > start).order_by(at)
    return list(unit.session.execute(query).scalars())


def _one_by_one(unit: UnitOfWork, keys: dict[str, int]) -> None:
    """Two attempts of one account or address wait for each other, so that both are counted. SQLite has one writer."""
    if unit.is_postgresql:
        for key in sorted(keys):
            number = int.from_bytes(bytes.fromhex(key)[:8], signed=True)
            unit.connection.execute(select(func.pg_advisory_xact_lock(number)))


def _braked(unit: UnitOfWork, keys: dict[str, int], now: datetime) -> datetime | None:
    waits = []
    for key, limit in keys.items():
        failures = _since(unit, key, now - WINDOW)
        if len(failures) >= limit:
            waits.append(failures[-limit] + WINDOW)
    return max(waits, default=None)


def _count_attempt(unit: UnitOfWork, keys: dict[str, int], now: datetime) -> list[str]:
    forget_old_failures(unit, now)
    rows = [LoginFailure(id=uuid.uuid4().hex, key=key, at=now) for key in keys]
    unit.session.add_all(rows)
    return [row.id for row in rows]


def _signed_in(unit: UnitOfWork, user_id: str, fresh_hash: str | None, now: datetime) -> None:
    user = unit.session.get_one(User, user_id)
    user.last_login_at = now
    if fresh_hash is not None:
        user.password_hash = fresh_hash
    unit.session.add(user)
