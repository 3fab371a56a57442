"""Sessions in the database. The browser holds a random value, the table only its digest.

A visitor who is not signed in costs no row: the value alone anchors the form tokens. Signing in changes the value.
"""

import hashlib
import logging
import secrets
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.sessions import SessionInterface, SessionMixin
from flask.wrappers import Request, Response
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError
from werkzeug.datastructures import CallbackDict

from engine.clock import Clock
from engine.unit_of_work import Database, UnitOfWork
from models import WebSession

log = logging.getLogger(__name__)

IDLE = timedelta(hours=2)
LONGEST = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=5)


class DatabaseSession(CallbackDict[str, Any], SessionMixin):
    """What Flask calls `session`, with the signed-in person and the browser's value."""

    def __init__(self, value: str | None = None, row: WebSession | None = None, *, unread: bool = False) -> None:
        super().__init__(row.data if row else {}, self._touched)
        self.value = value
        self.row = row
        self.user_id = row.user_id if row else None
        self.modified = False
        self.new_value = False
        self.outdated: str | None = None
        self.unread = unread
        """The database did not answer: nobody knows who this is, so nobody is served."""

    def _touched(self, _data: Any) -> None:
        self.modified = True

    def anchor(self) -> str:
        """The browser's value, made now if it has none."""
        if self.value is None:
            self.value = secrets.token_urlsafe(32)
            self.new_value = True
        return self.value

    def sign_in(self, user_id: str) -> None:
        """From now on this browser is `user_id`, under a new value: an old one is worth nothing."""
        self._renew()
        self.clear()
        self.user_id = user_id
        self.modified = True

    def sign_out(self) -> None:
        self._renew()
        self.clear()
        self.user_id = None
        self.modified = False

    def _renew(self) -> None:
        self.outdated = self.value
        self.row = None
        self.value = None
        self.anchor()


class DatabaseSessions(SessionInterface):
    """Opens the session before a request and keeps it after: one SELECT, and a write only when something changed."""

    def __init__(self, database: Database, clock: Clock, *, tls: bool) -> None:
        self.database = database
        self.clock = clock
        self.tls = tls
        self.cookie = "__Host-alur" if tls else "alur"

    def open_session(self, app: Flask, request: Request) -> DatabaseSession:  # noqa: ARG002 -- Flask's signature
        value = request.cookies.get(self.cookie)
        if not value or len(value) > 64:
            return DatabaseSession()
        if request.endpoint == "static":
            return DatabaseSession(value)
        try:
            with self.database.read() as unit:
                row = unit.session.get(WebSession, digest(value))
        except DBAPIError as error:
            log.error("session not read", extra={"action": "session_unread", "error": type(error).__name__})  # noqa: TRY400 -- the message would quote values
            return DatabaseSession(value, unread=True)
        if row is not None and row.expires_at <= self.clock.now():
            return DatabaseSession()
        return DatabaseSession(value, row)

    def save_session(self, app: Flask, session: DatabaseSession, response: Response) -> None:  # type: ignore[override]  # noqa: ARG002 -- Flask's signature
        now = self.clock.now()
        if session.modified or session.outdated:
            self._write(session, now)
        elif session.row is not None and now - session.row.seen_at >= SEEN_EVERY:
            self._seen(session.row, now)
        if session.new_value and session.value is not None:
            response.set_cookie(self.cookie, session.value, httponly=True, secure=self.tls, samesite="Lax", path="/")

    def _write(self, session: DatabaseSession, now: datetime) -> None:
        with self.database.write() as unit:
            if session.outdated:
                unit.session.execute(delete(WebSession).where(WebSession.digest == digest(session.outdated)))
            if not session.modified:
                return
            created = session.row.created_at if session.row else now
            if session.row is None:
                sweep(unit, now)
            unit.session.merge(
                WebSession(
                    digest=digest(session.anchor()),
                    user_id=session.user_id,
                    data=dict(session),
                    created_at=created,
                    seen_at=now,
                    expires_at=_expiry(created, now),
                )
            )

    def _seen(self, row: WebSession, now: datetime) -> None:
        with self.database.write() as unit:
            unit.session.execute(
                update(WebSession)
                .where(WebSession.digest == row.digest)
                .values(seen_at=now, expires_at=_expiry(row.created_at, now))
            )


def digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()


def sweep(unit: UnitOfWork, now: datetime) -> None:
    """Forget sessions that are over."""
    unit.session.execute(delete(WebSession).where(WebSession.expires_at <= now))


def _expiry(created: datetime, now: datetime) -> datetime:
    return min(created + LONGEST, now + IDLE)
