"""Taking in what comes back: delivery status notifications (RFC 3464), by the token in the envelope sender or the mail.

A report says by machine what a person could not be sure to read: which mail, what became of it, whether for good. An
answer by a person or a holiday notice is none and changes nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from typing import Literal

from sqlalchemy import select
from sqlmodel import col

from engine.errors import AlurError
from engine.incidents import open_incident
from engine.unit_of_work import UnitOfWork
from models import Job, OutgoingMail

MOST_BYTES = 1_048_576
MOST_PARTS = 200
MAIL_HEADER = "X-Alur-Mail"
"""Names the mail where the server hands bounces over without the address they were sent to."""

_TOKEN = re.compile(r"\+([0-9a-f]{32})@")
_ID = re.compile(r"[0-9a-f]{32}")
_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
_ADDRESS = re.compile(r"[^\s<>]+@[^\s<>]+")
_SENT_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To")

Taken = Literal["bounced", "known", "no_bounce", "unknown_mail"]
"""A mail is marked now; it was before; nothing came back for good; the report is about no mail of ours."""


class MailBouncedError(AlurError):
    """A mail of this case came back: the receiving server did not deliver it (status {status})."""

    indonesian = "Sebuah surel kasus ini kembali: server penerima tidak mengantarkannya (status {status})."
    code = "mail_bounced"


@dataclass(frozen=True)
class Bounce:
    """What a report says about one mail that was not delivered, and will not be."""

    mail_id: str
    status: str
    diagnosis: str
    """What the server said, without addresses."""


def envelope_sender(address: str, mail_id: str) -> str:
    """The address that what comes back of this mail is sent to (VERP): its local part names the mail."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{mail_id}@{domain}"


def take_in(unit: UnitOfWork, raw: bytes, now: datetime) -> Taken:
    """Mark the mail that a report says was not delivered, and tell those who look after its case. Twice is once."""
    bounce = read_bounce(raw)
    if bounce is None:
        return "no_bounce"
    mail = unit.session.get(OutgoingMail, bounce.mail_id, with_for_update=True)
    if mail is None:
        return "unknown_mail"
    if mail.bounced_at is not None:
        return "known"
    mail.bounced_at, mail.bounce = now, f"{bounce.status} {bounce.diagnosis}".strip()[:300]
    if mail.instance_id is not None:  # what a visitor mistyped about an account is no operator's matter
        job = select(col(Job.id)).where(col(Job.idempotency_key) == f"mail:{mail.id}")
        open_incident(
            unit,
            MailBouncedError(status=bounce.status),
            now=now,
            instance_id=mail.instance_id,
            job_id=unit.connection.execute(job).scalar(),
        )
    unit.session.flush()
    return "bounced"


def read_bounce(raw: bytes) -> Bounce | None:
    """The bounce in a message; None for anything else, whatever it is made of."""
    message = BytesParser(policy=compat32).parsebytes(raw[:MOST_BYTES])
    if message.get_content_type() != "multipart/report":
        return None
    failed = next((block for block in _blocks(message) if _field(block, "Action").lower() == "failed"), None)
    mail_id = _mail_id(message)
    if failed is None or mail_id is None:
        return None
    said = _field(failed, "Diagnostic-Code").partition(";")[2] or _field(failed, "Diagnostic-Code")
    status = _STATUS.search(_field(failed, "Status")) or _STATUS.search(said)
    return Bounce(mail_id, status[0] if status else "5.0.0", _shown(said))


def _shown(said: str) -> str:
    """On one line, printable, and without addresses."""
    printable = "".join(char if char.isprintable() else " " for char in said)
    return " ".join(_ADDRESS.sub("…", printable).split())[:280]


def _parts(message: Message) -> Iterator[Message]:
    for number, part in enumerate(message.walk()):
        if number >= MOST_PARTS:
            return
        yield part


def _blocks(message: Message) -> Iterator[Message]:
    """The groups of fields of the machine-readable part: about the message, then about each recipient."""
    for part in _parts(message):
        if part.get_content_type() in ("message/delivery-status", "message/global-delivery-status"):
            payload = part.get_payload()
            if isinstance(payload, list):
                yield from (block for block in payload if isinstance(block, Message))


def _mail_id(message: Message) -> str | None:
    """The token in the address that the report was sent to; else the one in the mail that it brings back."""
    for name in _SENT_TO:
        for value in message.get_all(name, []):
            found = _TOKEN.search(str(value))
            if found:
                return found[1]
    for part in _parts(message):
        own = _field(part, MAIL_HEADER)
        if part is not message and _ID.fullmatch(own):
            return own
        if part.get_content_type() in ("text/rfc822-headers", "message/rfc822-headers"):
            returned = BytesParser(policy=compat32).parsebytes(_bytes(part), headersonly=True)
            if _ID.fullmatch(_field(returned, MAIL_HEADER)):
                return _field(returned, MAIL_HEADER)
    return None


def _bytes(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _field(message: Message, name: str) -> str:
    return str(message.get(name, "")).strip()
