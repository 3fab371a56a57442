"""Sending a mail of a case once more: after it failed or came back, or because its reader has lost it."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlmodel import col

from engine.actors import Actor
from engine.errors import ConflictError, NotFoundError
from engine.mail.outgoing import Mail, queue_mails
from engine.unit_of_work import UnitOfWork
from models import Incident, Job, OutgoingMail, User


class NotSentYetError(ConflictError):
    """This mail has not been sent yet; it goes out by itself."""

    indonesian = "Surel ini belum dikirim; ia akan terkirim dengan sendirinya."
    code = "mail_not_sent_yet"


def resend(unit: UnitOfWork, instance_id: str, mail_id: str, actor: Actor, now: datetime) -> str:
    """The same words again, to where the reader's account is reached today; returns the new mail's id.

    What was open about the old one is settled by it.
    """
    mail = unit.session.get(OutgoingMail, mail_id, with_for_update=True)
    if mail is None or mail.instance_id != instance_id:
        raise NotFoundError
    job = unit.session.scalars(select(Job).where(col(Job.idempotency_key) == f"mail:{mail.id}")).first()
    if mail.sent_at is None and (job is None or job.state in ("ready", "running")):
        raise NotSentYetError
    again = _again(unit, mail)
    queue_mails(unit, [again], now)
    marks = {"resent_from": mail.id, "resent_by": actor.user_id}
    unit.connection.execute(update(OutgoingMail).where(col(OutgoingMail.id) == again.id).values(**marks))
    if job is not None:
        about = (col(Incident.job_id) == job.id, col(Incident.state) == "open")
        settled = {"state": "resolved", "resolution": "resent", "resolved_at": now, "resolved_by": actor.user_id}
        unit.connection.execute(update(Incident).where(*about).values(**settled))
    return again.id


def _again(unit: UnitOfWork, mail: OutgoingMail) -> Mail:
    before = select(func.count()).where(col(OutgoingMail.resent_from) == mail.id)
    number = unit.connection.execute(before).scalar_one() + 1
    user = unit.session.get(User, mail.reader) if mail.reader else None
    return Mail(
        recipient=user.email if user is not None else mail.recipient,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        key=f"resend:{mail.id}:{number}",
        instance_id=mail.instance_id,
        template=mail.template,
        reader=mail.reader,
        courtesy=mail.courtesy,
        at_once=True,
    )
