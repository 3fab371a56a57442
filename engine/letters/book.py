"""The book of letters: each gets its number here, and what becomes of it. A number once given stays given."""

import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import col

from engine.actors import Actor
from engine.letters.codes import QR_FILE
from engine.letters.errors import LetterReasonError, LetterStateError, LetterUnknownError
from engine.letters.numbering import KNOWN, check_pattern, next_running, number_values, series_of, written
from engine.letters.offices import Office, office_of, record
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from models import Letter

ISSUED, SIGNED, WITHDRAWN, REPLACED, CANCELLED = "issued", "signed", "withdrawn", "replaced", "cancelled"
STATES: Mapping[str, Text] = {
    ISSUED: Text("diberi nomor", "numbered"),
    SIGNED: Text("berlaku", "in force"),
    WITHDRAWN: Text("dicabut", "withdrawn"),
    REPLACED: Text("diganti", "replaced"),
    CANCELLED: Text("dibatalkan", "cancelled"),
}
CODE_LENGTH = 16
CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without what is mistaken for another: 80 bits in 16 of these, which nobody guesses."""
_MISTAKEN = str.maketrans("OIL", "011", "- .\t")
REASON_LENGTH = 500
SUBJECT_LENGTH = 300


@dataclass(frozen=True)
class Order:
    """A letter that is wanted. `key` names what wants it: wanted again, it is the same letter."""

    key: str
    instance_id: str
    office: str
    kind: str
    subject: str
    pattern: str
    """What the process says; the office's own goes before it."""
    addressee: str = ""
    holder: str = ""
    """Whom it is about; kept only as the public may see it."""
    series: str | None = None
    """Counted in, where numbers began before offices had patterns of their own. Then the process's pattern counts."""
    number: str | None = None
    """Of a letter that was numbered before there was a book."""


def issue(unit: UnitOfWork, order: Order, now: datetime) -> Letter:
    """Number a letter. Take it late in an act: whoever wants the office's next number waits until the commit."""
    known = letter_by_key(unit, order.key)
    if known is not None:
        return known
    office = office_of(unit, order.office)
    local = now.astimezone(ZoneInfo(office.zone))
    pattern = order.pattern if order.series else office.pattern_for(order.kind, order.pattern)
    series = order.series or series_of(office.key, pattern)
    running, number = _numbered(unit, order, office, pattern, series, local)
    letter = Letter(
        id=uuid.uuid4().hex,
        code="".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH)),
        key=order.key,
        instance_id=order.instance_id,
        office=office.key,
        issuer=office.name,
        kind=order.kind,
        series=series,
        year=local.year,
        running=running,
        number=number,
        subject=order.subject[:SUBJECT_LENGTH],
        addressee=order.addressee[:SUBJECT_LENGTH],
        holder=masked_name(order.holder),
        issued_on=local.date(),
        issued_at=now,
    )
    unit.session.add(letter)
    unit.session.flush()
    return letter


def _numbered(
    unit: UnitOfWork, order: Order, office: Office, pattern: str, series: str, local: datetime
) -> tuple[int | None, str]:
    if order.number is not None:
        return None, order.number
    values = number_values(local.year, local.month, class_code=office.class_code, unit_code=office.unit_code)
    check_pattern(pattern, known=tuple(name for name in KNOWN if values.get(name) != ""))
    running = next_running(unit, series, local.year)
    return running, written(pattern, {**values, "number": running})


def letter_by_key(unit: UnitOfWork, key: str) -> Letter | None:
    """The letter that was wanted under this key; None when there is none."""
    return unit.session.scalars(select(Letter).where(col(Letter.key) == key)).first()


def letter_by_id(unit: UnitOfWork, letter_id: str, *, lock: bool = False) -> Letter:
    """The letter as it stands now; locked, nobody else changes it until the commit."""
    wanted = select(Letter).where(col(Letter.id) == letter_id).execution_options(populate_existing=True)
    found = unit.session.scalars(wanted.with_for_update() if lock else wanted).first()
    if found is None:
        raise LetterUnknownError
    return found


def code_of(typed: str) -> str:
    """A code as it is kept, from what somebody typed: without dashes, and what is easily mistaken put right."""
    return typed.upper().translate(_MISTAKEN)[: CODE_LENGTH + 1]


def shown_code(code: str) -> str:
    """K7QM-2X9D-…: in fours."""
    return "-".join(code[n : n + 4] for n in range(0, len(code), 4))


def told(letter: Letter, address: str) -> dict[str, Any]:
    """A letter as its template sees it: `data.letter`. `address`: its public page."""
    return {
        "number": letter.number, "code": shown_code(letter.code), "url": address, "qr": QR_FILE,
        "subject": letter.subject, "to": letter.addressee, "kind": letter.kind, "issued_on": letter.issued_on,
    }  # fmt: skip


def masked_name(name: str) -> str:
    """“Siti R••• P•••”: enough for who knows the person, too little for who looks for one."""
    first, *others = name.split() or [""]
    return " ".join([first, *(f"{word[:1]}•••" for word in others)])[:200]


# --- what becomes of a letter ----------------------------------------------------------------------------------------


def cancel(unit: UnitOfWork, letter_id: str, *, reason: str, actor: Actor, now: datetime) -> Letter:
    """Before it is signed. Its number stays in the book and is given to no other."""
    return _close(unit, letter_id, CANCELLED, ISSUED, reason=reason, actor=actor, now=now)


def withdraw(unit: UnitOfWork, letter_id: str, *, reason: str, actor: Actor, now: datetime) -> Letter:
    """A signed one is in force no more. Its file stays as it is."""
    return _close(unit, letter_id, WITHDRAWN, SIGNED, reason=reason, actor=actor, now=now)


def replace(unit: UnitOfWork, letter_id: str, by: str, *, reason: str, actor: Actor, now: datetime) -> Letter:
    """A signed one, by another of the same office: nothing that is signed is ever edited."""
    successor = letter_by_id(unit, by, lock=True)
    old = letter_by_id(unit, letter_id)
    if successor.replaces_id == old.id:
        return old
    fits = successor.office == old.office and successor.id != old.id and successor.replaces_id is None
    if not fits or successor.state not in (ISSUED, SIGNED):
        raise LetterStateError(number=successor.number, state=STATES[successor.state])
    if old.state == REPLACED:
        raise LetterStateError(number=old.number, state=STATES[REPLACED])
    old = _close(unit, letter_id, REPLACED, SIGNED, reason=reason, actor=actor, now=now)
    successor.replaces_id = old.id
    unit.session.flush()
    return old


def _close(
    unit: UnitOfWork,
    letter_id: str,
    state: str,
    before: str,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Letter:
    """From the state `before`. Done again, it is done already."""
    if not reason.strip():
        raise LetterReasonError
    letter = letter_by_id(unit, letter_id, lock=True)
    if letter.state == state:
        return letter
    if letter.state != before:
        raise LetterStateError(number=letter.number, state=STATES[letter.state])
    letter.state, letter.reason, letter.closed_at = state, reason.strip()[:REASON_LENGTH], now
    unit.session.flush()
    record(unit, letter.id, f"letter:{state}", actor=actor, reason=letter.reason, detail={}, now=now)
    return letter
