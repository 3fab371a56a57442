"""Requests of people for a report: when they came, until when an answer is owed (3×24 hours), who answered."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import col

from engine.actors import Actor
from engine.errors import AlurError, NotFoundError
from engine.privacy.subjects import subject_of
from engine.unit_of_work import UnitOfWork
from models import SubjectRequest

OWED_WITHIN = timedelta(hours=72)
"""3×24 hours by the clock, holidays or not."""
MOST = 200


class ReceivedLaterError(AlurError):
    """A request cannot have come in the future."""

    indonesian = "Permintaan tidak mungkin diterima di masa depan."
    code = "received_later"
    http_status = 422


def ask(unit: UnitOfWork, key: str, actor: Actor, *, received_at: datetime, now: datetime) -> SubjectRequest:
    """A person asked. An open request of the same person stays the one there is: its deadline does not move."""
    if subject_of(unit, key) is None:
        raise NotFoundError
    if received_at > now:
        raise ReceivedLaterError
    known = open_request(unit, key)
    if known is not None:
        return known
    made = SubjectRequest(
        id=uuid.uuid4().hex, subject_key=key, received_at=received_at, due_at=received_at + OWED_WITHIN,
        noted_by=actor.user_id or "",
    )  # fmt: skip
    unit.session.add(made)
    unit.session.flush()
    return made


def answer(unit: UnitOfWork, request_id: str, actor: Actor, *, now: datetime) -> SubjectRequest:
    """The report was handed over. Answered twice is answered once."""
    found = unit.session.get(SubjectRequest, request_id, with_for_update=True)
    if found is None:
        raise NotFoundError
    if found.answered_at is None:
        found.answered_at, found.answered_by = now, actor.user_id
        unit.session.add(found)
        unit.session.flush()
    return found


def open_request(unit: UnitOfWork, key: str) -> SubjectRequest | None:
    query = select(SubjectRequest).where(
        col(SubjectRequest.subject_key) == key, col(SubjectRequest.answered_at).is_(None)
    )
    return unit.session.scalars(query.order_by(col(SubjectRequest.due_at)).limit(1)).first()


def requests(unit: UnitOfWork) -> list[SubjectRequest]:
    """Those that are owed first, the most urgent first; then the answered ones, newest first."""
    owed = select(SubjectRequest).where(col(SubjectRequest.answered_at).is_(None)).order_by(col(SubjectRequest.due_at))
    answered = select(SubjectRequest).where(col(SubjectRequest.answered_at).is_not(None))
    newest = answered.order_by(col(SubjectRequest.answered_at).desc())
    return [*unit.session.scalars(owed.limit(MOST)), *unit.session.scalars(newest.limit(MOST))]
