"""What the address of an analysis asks for, and what may be asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Row, select, true
from sqlmodel import col

from engine.actors import Actor
from engine.authorisation import AUDITORS, audited, listed
from engine.looking.choice import Choice
from engine.programmes import title_of
from engine.unit_of_work import UnitOfWork
from models import Instance, Instansi, Programme
from web.i18n import locale_code, zone

NAMES = ("versi", "program", "instansi", "dari", "sampai", "rinci", "panggilan", "lipat")
LONGEST = 64


@dataclass(frozen=True)
class Options:
    """What the cases of a process can be narrowed by: (value, text) of each."""

    versions: Sequence[tuple[str, str]]
    programmes: Sequence[tuple[str, str]]
    agencies: Sequence[tuple[str, str]]


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """Condition on `Instance`: auditors look at what they may replay, owners at what is theirs.

    Figures name nobody, so that whoever runs the installation sees all of them.
    """
    if any(grant.role in AUDITORS for grant in actor.grants):
        return audited(actor)
    return true() if actor.holds("admin") else listed(actor)


def choice_of(key: str, versions: Sequence[Row[Any]]) -> Choice:
    """What cannot be understood asks for nothing."""
    number = _asked("versi")
    return Choice(
        key=key,
        version_id=next((row.id for row in versions if str(row.number) == number), None),
        programme_id=_asked("program") or None,
        instansi_id=_asked("instansi") or None,
        first=day("dari"),
        last=day("sampai"),
        zone=zone(),
        every_step=_asked("rinci") == "semua",
        called=_asked("panggilan") != "tutup",
        folded=_asked("lipat") == "1",
    )


def arguments(**changed: str | None) -> dict[str, str]:
    """The address' own, so that every link and file keeps them."""
    kept = {name: _asked(name) for name in NAMES} | {name: value or "" for name, value in changed.items()}
    return {name: value for name, value in kept.items() if value}


def day(name: str) -> date | None:
    try:
        return date.fromisoformat(_asked(name))
    except ValueError:
        return None


def _asked(name: str) -> str:
    return request.args.get(name, "").strip()[:LONGEST]


def options(unit: UnitOfWork, key: str, versions: Sequence[Row[Any]], seen: ColumnElement[bool]) -> Options:
    mine = (col(Instance.definition_key) == key, seen)
    programmes = unit.session.scalars(
        select(Programme).where(col(Programme.id).in_(select(col(Instance.programme_id)).where(*mine)))
    )
    agencies = unit.connection.execute(
        select(col(Instansi.id), col(Instansi.name))
        .where(col(Instansi.id).in_(select(col(Instance.instansi_id)).where(*mine)))
        .order_by(col(Instansi.name))
    )
    named = [(programme.id, title_of(programme).in_locale(locale_code())) for programme in programmes]
    return Options(
        versions=[(str(row.number), _("Versi %(number)s", number=row.number)) for row in versions],
        programmes=sorted(named, key=lambda one: one[1]),
        agencies=[(row.id, row.name) for row in agencies],
    )
