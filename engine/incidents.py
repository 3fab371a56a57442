"""Incidents: what the engine could not finish by itself, for an operator, under a reference that people can quote."""

import secrets
import uuid
from datetime import datetime

from sqlalchemy.exc import DBAPIError

from engine.errors import AlurError
from engine.unit_of_work import UnitOfWork
from models import Incident

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without I, L, O and U: read out on the telephone, none is taken for another."""


def reference() -> str:
    """Short, sayable, and not guessable from another."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def open_incident(
    unit: UnitOfWork,
    error: BaseException,
    *,
    now: datetime,
    instance_id: str | None = None,
    job_id: str | None = None,
    deadline_id: str | None = None,
    element_id: str | None = None,
) -> Incident:
    """Record `error`; the caller's own transaction, which must not be the one that failed."""
    incident = Incident(
        id=uuid.uuid4().hex,
        reference=reference(),
        instance_id=instance_id,
        job_id=job_id,
        deadline_id=deadline_id,
        element_id=element_id,
        cause=cause(error),
        message=describe(error),
        created_at=now,
    )
    unit.session.add(incident)
    unit.session.flush()
    return incident


def cause(error: BaseException) -> str:
    """A stable word for lists and filters."""
    root = error.__cause__ or error
    return root.code if isinstance(root, AlurError) else type(root).__name__


def describe(error: BaseException) -> str:
    """What happened, for an operator. A database's message quotes the values it refused: those stay out."""
    parts: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(parts) < 4:
        hidden = isinstance(seen, DBAPIError)
        text = type(getattr(seen, "orig", seen)).__name__ if hidden else f"{type(seen).__name__}: {seen}"
        parts.append(text)
        seen = seen.__cause__
    return " ← ".join(parts)[:2000]
