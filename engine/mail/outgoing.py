"""Writing a mail: a row with the words, and the job that will send it, in one transaction with their cause."""

import re
from datetime import datetime
from functools import cache
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert
from sqlmodel import col

from engine.errors import AlurError
from engine.jobs.queue import JobOrder, enqueue
from engine.unit_of_work import UnitOfWork
from models import OutgoingMail

MOST_SUBJECT = 300
MAX_ATTEMPTS = 10
"""Mail servers are down for hours: with the longest wait of an hour this goes on for most of a working day."""

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,253}[A-Za-z0-9])?")


class BadAddressError(AlurError):
    """This is not an e-mail address."""

    indonesian = "Ini bukan alamat surel."
    code = "bad_address"


def queue_mail(
    unit: UnitOfWork,
    recipient: str,
    subject: str,
    text: str,
    html: str,
    key: str,
    instance_id: str | None,
    now: datetime,
) -> str:
    """Have a mail sent once `unit` is committed; returns its id. The same `key` again is the same mail."""
    if not _ADDRESS.fullmatch(recipient):
        raise BadAddressError
    row = {
        "id": uuid4().hex,
        "idempotency_key": key,
        "instance_id": instance_id,
        "recipient": recipient,
        "subject": " ".join(subject.split())[:MOST_SUBJECT],
        "text": text,
        "html": html,
        "created_at": now,
        "sent_at": None,
        "failure": None,
    }
    mail_id = unit.connection.execute(_once(unit.is_postgresql), row).scalar()
    if mail_id is None:
        same = col(OutgoingMail.idempotency_key) == key
        return unit.connection.execute(select(col(OutgoingMail.id)).where(same)).scalar_one()
    job = JobOrder("mail", "mail", f"mail:{mail_id}", {"mail": mail_id}, instance_id, max_attempts=MAX_ATTEMPTS)
    enqueue(unit, [job], now)
    return str(mail_id)


@cache
def _once(on_postgresql: bool) -> ReturningInsert[tuple[str]]:
    """Made once: to build the statement costs as much as to run it."""
    insert = postgresql.insert if on_postgresql else sqlite.insert
    return (
        insert(OutgoingMail).on_conflict_do_nothing(index_elements=["idempotency_key"]).returning(col(OutgoingMail.id))
    )
