"""From an application to be Admin Instansi to a pending account and its running case; each step may be repeated."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from engine.actors import Actor
from engine.people import create_user, find_by_email, may_send_mail
from engine.unit_of_work import UnitOfWork
from models import Attachment, Instance, User, UserTask
from web.auth import mails
from web.context import services
from web.inpassing.area import ACCOUNT
from web.inpassing.registrant import Draft

FILL_IN, REVIEW = "fill_in", "review"


@dataclass(frozen=True)
class Applicant:
    """What the form says of the person, as it was checked."""

    name: str
    email: str
    phone: str | None
    nip: str | None


def enrol(applicant: Applicant, kept: Draft, me: User | None, *, address: str, now: datetime) -> None:
    """The account, the case, the form, "Ajukan". Tells the caller nothing: who has an account is nobody's business.

    A request that is sent twice, or again after a crash, goes on where the first one stopped.
    """
    user = me if me is not None else _account(applicant, address, now)
    if user is None:
        return
    actor = Actor(user.id, user.name)
    waiting = _own_task(user.id)
    if waiting is None:
        instance_id = services().runner.start(ACCOUNT, actor, now=now)
        waiting = _own_task(user.id, instance_id)
    if waiting is not None and waiting.element_id == REVIEW:
        services().runner.complete(waiting.id, actor, {"next_step": "change"}, now=now)
        waiting = _own_task(user.id, waiting.instance_id)
    if waiting is not None and waiting.element_id == FILL_IN:
        _submit(waiting, actor, kept, now)


def _account(applicant: Applicant, address: str, now: datetime) -> User | None:
    """A new pending account, or the pending one this application belongs to; None when there is nothing to begin."""
    parts = services()
    try:
        with parts.database.write() as unit:
            secret = parts.settings.secret_key
            if not may_send_mail(unit, applicant.email, address=address, secret=secret, now=now):
                return None
            known = find_by_email(unit, applicant.email)
            if known is None:
                return create_user(
                    unit, email=applicant.email, name=applicant.name, phone=applicant.phone, nip=applicant.nip, now=now
                )
            if known.state == "pending" and not _beyond_review(unit, known.id):
                return known
            _tell_owner(unit, known, now)
    except IntegrityError:
        return None  # the same application, sent twice at once: the other one goes on
    return None


def _tell_owner(unit: UnitOfWork, known: User, now: datetime) -> None:
    """Somebody applied with an address that is in use: its owner learns it, the visitor does not."""
    if known.state == "pending":
        mails.send_activation(unit, known, now)
    elif known.state == "active":
        mails.send_known(unit, known, now)


def _submit(waiting: Row[Any], actor: Actor, kept: Draft, now: datetime) -> None:
    runner = services().runner
    with services().database.write() as unit:
        uploads = update(Attachment).where(col(Attachment.user_task_id) == kept.key)
        unit.connection.execute(uploads.values(user_task_id=waiting.id, uploaded_by=actor.user_id))
    runner.complete(waiting.id, actor, kept.raw, now=now)
    review = _own_task(str(actor.user_id), waiting.instance_id)
    if review is not None and review.element_id == REVIEW:
        answers: Mapping[str, Any] = {"next_step": "submit", "confirmed": True}
        runner.complete(review.id, actor, answers, now=now)


def _own_task(user_id: str, instance_id: str | None = None) -> Row[Any] | None:
    """The step at which this person's application waits for them, if it does."""
    query = (
        select(UserTask.id, UserTask.element_id, UserTask.instance_id)
        .where(
            col(UserTask.definition_key) == ACCOUNT,
            col(UserTask.assignee_id) == user_id,
            col(UserTask.state) == "open",
            col(UserTask.element_id).in_((FILL_IN, REVIEW)),
        )
        .order_by(col(UserTask.created_at).desc())
    )
    if instance_id is not None:
        query = query.where(col(UserTask.instance_id) == instance_id)
    with services().database.read() as unit:
        return unit.connection.execute(query).first()


def _beyond_review(unit: UnitOfWork, user_id: str) -> bool:
    """Has this person a running application that was sent already?"""
    unsent = select(UserTask.id).where(
        col(UserTask.instance_id) == Instance.id,
        col(UserTask.state) == "open",
        col(UserTask.element_id).in_((FILL_IN, REVIEW)),
    )
    query = select(Instance.id).where(
        col(Instance.starter_id) == user_id,
        col(Instance.definition_key) == ACCOUNT,
        col(Instance.status).in_(("active", "suspended")),
        ~unsent.exists(),
    )
    return unit.connection.execute(query).first() is not None
