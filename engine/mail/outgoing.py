"""Writing mails: rows with the words, and the jobs that will send them, in one transaction with their cause."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite

from engine.errors import AlurError
from engine.jobs.queue import JobOrder, enqueue
from engine.mail.preferences import Wish, wishes
from engine.mail.privacy import without_nik
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


@dataclass(frozen=True)
class Mail:
    """A mail to be. The same `key` again is the same mail.

    `courtesy`: only good to know, so that `reader` (an account's id, or an address without one) may wish it otherwise.
    """

    recipient: str
    subject: str
    text: str
    html: str
    key: str
    instance_id: str | None = None
    template: str | None = None
    reader: str | None = None
    courtesy: bool = False
    at_once: bool = False
    """Whatever the reader wishes: a digest is one of the mails it is made for."""

    @property
    def id(self) -> str:
        """It follows from the key: whoever writes the mail again names the same one."""
        return sha256(f"mail\0{self.key}".encode()).hexdigest()[:32]


def is_address(text: str) -> bool:
    """Could a mail be sent there?"""
    return _ADDRESS.fullmatch(text) is not None


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
    """Have one mail sent once `unit` is committed; returns its id."""
    mail = Mail(recipient, subject, text, html, key, instance_id)
    queue_mails(unit, [mail], now)
    return mail.id


def queue_mails(unit: UnitOfWork, mails: Sequence[Mail], now: datetime) -> None:
    """Have mails sent once `unit` is committed: two statements, however many they are, and one for wishes."""
    if not all(is_address(mail.recipient) for mail in mails):
        raise BadAddressError
    if not mails:
        return
    wanted = wishes(unit, {mail.reader for mail in mails if mail.reader and mail.courtesy and not mail.at_once})
    rows = [_row(mail, wanted, now) for mail in mails]
    unit.connection.execute(_once(unit.is_postgresql), rows)
    enqueue(unit, [job_of(row["id"], row["instance_id"]) for row in rows if row["delivery"] == "now"], now)


def job_of(mail_id: str, instance_id: str | None) -> JobOrder:
    """The job that sends a mail."""
    return JobOrder("mail", "mail", f"mail:{mail_id}", {"mail": mail_id}, instance_id, max_attempts=MAX_ATTEMPTS)


def _row(mail: Mail, wanted: dict[str, Wish], now: datetime) -> dict[str, Any]:
    return {
        "id": mail.id,
        "idempotency_key": mail.key,
        "instance_id": mail.instance_id,
        "recipient": mail.recipient,
        "subject": without_nik(" ".join(mail.subject.split()))[:MOST_SUBJECT],
        "text": without_nik(mail.text),
        "html": without_nik(mail.html),
        "created_at": now,
        "template": mail.template,
        "reader": mail.reader,
        "courtesy": mail.courtesy,
        "delivery": wanted.get(mail.reader or "", "now") if mail.courtesy and not mail.at_once else "now",
    }


@cache
def _once(on_postgresql: bool) -> Insert:
    """Made once: to build the statement costs as much as to run it."""
    insert = postgresql.insert if on_postgresql else sqlite.insert
    return insert(OutgoingMail).on_conflict_do_nothing()
