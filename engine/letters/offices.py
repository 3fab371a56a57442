"""Offices that write letters: the head of their paper, their codes, and how their numbers look."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlmodel import col

from engine.actors import Actor
from engine.errors import NotFoundError
from engine.letters.errors import LetterOfficeError
from engine.letters.numbering import check_pattern
from engine.unit_of_work import UnitOfWork
from models import Instansi, LetterEvent, LetterOffice


@dataclass(frozen=True)
class Office:
    """An office as its letters show it."""

    key: str
    name: str
    lines: Sequence[str]
    """The head of its letters."""
    address: Sequence[str] = ()
    city: str = ""
    zone: str = "Asia/Jakarta"
    class_code: str = ""
    unit_code: str = ""
    number_pattern: str = ""
    patterns: Mapping[str, str] = field(default_factory=dict)
    signer_title: str = ""
    signer_name: str = ""
    signer_nip: str = ""
    instansi_id: str | None = None

    def pattern_for(self, kind: str, otherwise: str) -> str:
        """Its own for the kind, else its own for all, else what the process says."""
        return self.patterns.get(kind) or self.number_pattern or otherwise

    def to_data(self) -> dict[str, Any]:
        """As a template sees it."""
        return {
            "key": self.key, "name": self.name, "lines": list(self.lines), "address": list(self.address),
            "city": self.city, "signer": {"title": self.signer_title, "name": self.signer_name, "nip": self.signer_nip},
        }  # fmt: skip


_KEPT = tuple(f.name for f in fields(Office))


def office_of(unit: UnitOfWork, key: str) -> Office:
    """The office `key`. An instansi whose paper nobody has described yet has its own name as the head."""
    row = (
        unit.session.get(LetterOffice, key)
        or unit.session.scalars(
            select(LetterOffice).where(col(LetterOffice.instansi_id) == key).order_by(col(LetterOffice.key))
        ).first()
    )
    if row is not None:
        return Office(**{name: getattr(row, name) for name in _KEPT})
    instansi = unit.session.get(Instansi, key)
    if instansi is None:
        raise LetterOfficeError(key=key)
    lines = (letterhead(instansi.kind, instansi.name),)
    return Office(key=key, name=instansi.name, lines=lines, zone=instansi.zone, instansi_id=instansi.id)


def letterhead(kind: str, name: str) -> str:
    """PEMERINTAH KABUPATEN KAPUAS; a ministry or an agency by its own name."""
    regional = kind in ("provinsi", "kabupaten", "kota") and not name.lower().startswith("pemerintah")
    return (f"Pemerintah {name}" if regional else name).upper()


def change_office(
    unit: UnitOfWork, key: str, values: Mapping[str, Any], *, actor: Actor, reason: str, now: datetime
) -> None:
    """Keep what an office's letters show from now on, and who changed it. Letters that are written stay as they are."""
    for pattern in [values.get("number_pattern", ""), *dict(values.get("patterns", {})).values()]:
        if pattern:
            check_pattern(pattern)
    known = unit.session.get(LetterOffice, key)
    row = known or _begun(unit, key, now)
    before = {name: getattr(row, name) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    row.updated_at, row.updated_by = now, actor.user_id
    unit.session.add(row)
    unit.session.flush()
    changed = {name: [before[name], value] for name, value in values.items() if known is None or before[name] != value}
    record(unit, key, "office:changed", actor=actor, reason=reason, detail=changed, now=now)


def _begun(unit: UnitOfWork, key: str, now: datetime) -> LetterOffice:
    try:
        found = office_of(unit, key)
    except LetterOfficeError:
        raise NotFoundError from None
    given = {name: getattr(found, name) for name in _KEPT}
    given |= {"lines": list(found.lines), "address": list(found.address), "patterns": dict(found.patterns)}
    return LetterOffice(**given, updated_at=now)


def add_offices(unit: UnitOfWork, offices: Sequence[Mapping[str, Any]], now: datetime) -> int:
    """Those of `offices` that are not there yet; what is there is left as it is."""
    known = set(unit.connection.execute(select(col(LetterOffice.key))).scalars())
    missing = [office for office in offices if office["key"] not in known]
    unit.session.add_all([LetterOffice(**office, updated_at=now) for office in missing])
    unit.session.flush()
    return len(missing)


def record(
    unit: UnitOfWork, subject_id: str, kind: str, *, actor: Actor, reason: str, detail: Mapping[str, Any], now: datetime
) -> None:
    """One line of what was done by hand."""
    row = {
        "id": uuid.uuid4().hex, "subject_id": subject_id, "kind": kind, "actor_id": actor.user_id,
        "reason": reason, "detail": dict(detail), "at": now,
    }  # fmt: skip
    unit.connection.execute(insert(LetterEvent), [row])
