"""One mail a day, at seven in the reader's own zone, with what they wished to have together.

Whatever was written before seven goes with that day's digest, what is written from then on with the next. The digest's
id follows from reader and day, and its mails are marked with it in the same transaction: it goes out once, however many
processes look, and late rather than never when none looked at seven.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from hashlib import sha256
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, and_, func, literal, select, update
from sqlmodel import col

from calendars.zones import DEFAULT_ZONE
from engine.forms.words import show_date
from engine.mail.outgoing import Mail, queue_mails
from engine.mail.templates import LINK
from engine.texts import Text
from engine.unit_of_work import Database, UnitOfWork
from models import OutgoingMail, User

HOUR = time(7)
MOST = 500
"""Notices in one digest; what is beyond goes with the next."""

_SUBJECT = Text("Ringkasan Alur {day}: {count} kabar", "Alur digest of {day}: {count}")
_OPENING = Text(
    "Kabar sejak ringkasan yang lalu. Anda meminta kabar seperti ini digabung sekali sehari.",
    "What happened since the last digest. You asked to have notices like these together, once a day.",
)


@dataclass(frozen=True)
class Reader:
    """Somebody for whom mails wait."""

    key: str
    address: str
    locale: str
    zone: str
    disabled: bool


def send_digests(database: Database, now: datetime) -> int:
    """Write the digests that are due by `now`, each in a transaction of its own; how many."""
    with database.read() as unit:
        waiting = [(_reader(row), row.oldest) for row in unit.connection.execute(_readers())]
    sent = 0
    for reader, oldest in waiting:
        until = boundary(now, reader.zone)
        if oldest < until:
            with database.write() as unit:
                sent += _send(unit, reader, until, now)
    return sent


def boundary(now: datetime, zone: str) -> datetime:
    """The last time it was seven there: what was written before it is due."""
    local = now.astimezone(ZoneInfo(zone))
    seven = datetime.combine(local.date(), HOUR, local.tzinfo)
    return seven if seven <= local else datetime.combine(local.date() - timedelta(days=1), HOUR, local.tzinfo)


def _waiting() -> ColumnElement[bool]:
    # Written out, not bound: only so may the partial index serve the query.
    return and_(
        col(OutgoingMail.delivery) == literal("digest", literal_execute=True), col(OutgoingMail.digest_id).is_(None)
    )


def _readers() -> Any:
    return (
        select(
            col(OutgoingMail.reader),
            func.min(col(OutgoingMail.created_at)).label("oldest"),
            func.max(col(OutgoingMail.recipient)).label("recipient"),
            col(User.email),
            col(User.locale),
            col(User.zone),
            col(User.state),
        )
        .outerjoin(User, col(User.id) == col(OutgoingMail.reader))
        .where(_waiting())
        .group_by(col(OutgoingMail.reader), col(User.id))
        .order_by(col(OutgoingMail.reader))
    )


def _reader(row: Row[Any]) -> Reader:
    return Reader(
        row.reader, row.email or row.recipient, row.locale or "id", row.zone or DEFAULT_ZONE, row.state == "disabled"
    )


def _send(unit: UnitOfWork, reader: Reader, until: datetime, now: datetime) -> int:
    """Written anew from what still waits: another process may have been first."""
    key = f"digest:{sha256(reader.key.encode()).hexdigest()[:32]}:{until.date().isoformat()}"
    due = and_(_waiting(), col(OutgoingMail.reader) == reader.key, col(OutgoingMail.created_at) < until)
    query = select(OutgoingMail).where(due).order_by(col(OutgoingMail.created_at), col(OutgoingMail.id)).limit(MOST)
    mails = list(unit.session.scalars(query.with_for_update(skip_locked=True)))
    if not mails:
        return 0
    if reader.disabled:
        unit.connection.execute(update(OutgoingMail).where(due).values(delivery="never"))
        return 0
    digest = _written(reader, mails, until, key)
    if unit.session.get(OutgoingMail, digest.id) is not None:  # moved to a zone where it is not yet seven again
        return 0
    queue_mails(unit, [digest], now)
    with_it = col(OutgoingMail.id).in_([mail.id for mail in mails])
    unit.connection.execute(update(OutgoingMail).where(with_it).values(digest_id=digest.id))
    return 1


def _written(reader: Reader, mails: list[OutgoingMail], until: datetime, key: str) -> Mail:
    subject = _SUBJECT.in_locale(reader.locale).format(day=show_date(until.date(), reader.locale), count=len(mails))
    opening = _OPENING.in_locale(reader.locale)
    items = [(mail.subject, _link_in(mail.text)) for mail in mails]
    lines = "\n\n".join(f"- {words}\n  {link}" if link else f"- {words}" for words, link in items)
    rows = "\n".join(
        f'<li><a href="{escape(link)}">{escape(words)}</a></li>' if link else f"<li>{escape(words)}</li>"
        for words, link in items
    )
    html = (
        f'<!doctype html>\n<html lang="{reader.locale[:2]}"><body>\n<p>{escape(opening)}</p>\n<ul>\n{rows}\n</ul>\n'
        "</body></html>\n"
    )
    return Mail(
        reader.address, subject, f"{opening}\n\n{lines}\n", html, key, reader=reader.key, courtesy=True, at_once=True
    )


def _link_in(text: str) -> str:
    """The first address in a mail's words: where it leads."""
    found = LINK.search(text)
    return found.group().rstrip(".,;:)") if found else ""
