"""The mails of a case as its page tells of them: to whom, and what became of each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from engine.actors import Actor
from engine.authorisation import may_look_after
from engine.identifiers import mask_email
from engine.unit_of_work import UnitOfWork
from models import Job, OutgoingMail, User
from web.context import current_user

MOST = 100


@dataclass(frozen=True)
class CaseMail:
    """One mail as the page of its case tells it."""

    id: str
    subject: str
    template: str
    recipient: str
    state: str
    tone: str
    detail: str
    at: datetime
    resent_by: str
    again: bool
    """This person may send it once more."""


def of_case(unit: UnitOfWork, row: Any, actor: Actor, *, names: bool) -> list[CaseMail]:
    """To its applicant only what was written to them; addresses in full to those who look after the case."""
    user = current_user()
    own_address = user.email if user is not None else ""
    found = _rows(unit.connection, row.id, None if names else own_address)
    looks_after = bool(found) and may_look_after(unit, actor, row.id, row.starter_id, row.instansi_id)
    return [_told(mail, own_address, looks_after=looks_after) for mail in found]


def _rows(connection: Connection, instance_id: str, address: str | None) -> list[Any]:
    digest, sender = aliased(OutgoingMail), aliased(User)
    query = (
        select(
            OutgoingMail.id,
            OutgoingMail.subject,
            OutgoingMail.template,
            OutgoingMail.recipient,
            OutgoingMail.created_at,
            OutgoingMail.sent_at,
            OutgoingMail.failure,
            OutgoingMail.delivery,
            OutgoingMail.digest_id,
            OutgoingMail.bounced_at,
            OutgoingMail.bounce,
            col(digest.sent_at).label("digest_sent_at"),
            col(Job.state).label("job"),
            col(sender.name).label("resent_by"),
        )
        .outerjoin(digest, col(digest.id) == col(OutgoingMail.digest_id))
        .outerjoin(Job, col(Job.idempotency_key) == "mail:" + col(OutgoingMail.id))
        .outerjoin(sender, col(sender.id) == col(OutgoingMail.resent_by))
        .where(col(OutgoingMail.instance_id) == instance_id)
        .order_by(col(OutgoingMail.created_at).desc(), col(OutgoingMail.id))
        .limit(MOST)
    )
    if address is not None:
        query = query.where(col(OutgoingMail.recipient) == address)
    return list(connection.execute(query))


def _told(mail: Any, own_address: str, *, looks_after: bool) -> CaseMail:
    state, tone, at = _state(mail)
    shown = mail.recipient if looks_after or mail.recipient == own_address else mask_email(mail.recipient)
    return CaseMail(
        id=mail.id,
        subject=mail.subject,
        template=mail.template or "",
        recipient=shown,
        state=state,
        tone=tone,
        detail=_detail(mail, looks_after=looks_after),
        at=at,
        resent_by=mail.resent_by or "",
        again=looks_after and (mail.sent_at is not None or mail.job in ("failed", "skipped", "cancelled")),
    )


def _detail(mail: Any, *, looks_after: bool) -> str:
    """Why it was not sent; what servers said is for those who look after the case."""
    if mail.delivery == "never":
        return str(_("atas pilihan penerima"))
    return (mail.bounce or mail.failure or "") if looks_after else ""


def _state(mail: Any) -> tuple[str, str, datetime]:
    """What became of it, how that is, and when."""
    if mail.bounced_at is not None:
        return _("Kembali, tidak sampai"), "bad", mail.bounced_at
    if mail.delivery != "now":
        return _by_wish(mail)
    if mail.sent_at is not None:
        return _("Terkirim"), "good", mail.sent_at
    words, tone = {
        "failed": (_("Gagal terkirim"), "bad"),
        "skipped": (_("Tidak dikirim"), "neutral"),
        "cancelled": (_("Tidak dikirim"), "neutral"),
    }.get(mail.job, (_("Belum terkirim, dicoba lagi"), "warn") if mail.failure else (_("Menunggu dikirim"), "busy"))
    return words, tone, mail.created_at


def _by_wish(mail: Any) -> tuple[str, str, datetime]:
    """A courtesy mail whose reader wishes it otherwise than at once."""
    if mail.delivery == "never":
        return _("Tidak dikirim"), "neutral", mail.created_at
    if mail.digest_sent_at is not None:
        return _("Terkirim dalam ringkasan"), "good", mail.digest_sent_at
    return _("Menunggu ringkasan harian"), "busy", mail.created_at
