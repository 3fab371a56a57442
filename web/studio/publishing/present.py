"""A publication in the reader's words: its state, for whom it is meant, and everything that was done to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlmodel import col

from engine.programmes import title_of
from engine.studio.presence import names_of
from engine.studio.publishing import acts_of
from engine.unit_of_work import UnitOfWork
from models import DefinitionVersion, Draft, Programme, Publication
from web.i18n import locale_code

TONES = {"review": "warn", "refused": "bad", "scheduled": "busy", "live": "good", "withdrawn": "bad"}


def state_text(state: str) -> str:
    return {
        "review": _("Menunggu tinjauan"),
        "refused": _("Ditolak"),
        "scheduled": _("Dijadwalkan"),
        "live": _("Berlaku"),
        "ended": _("Digantikan"),
        "withdrawn": _("Ditarik"),
        "cancelled": _("Dibatalkan"),
    }.get(state, state)


def act_text(kind: str) -> str:
    return {
        "submitted": _("Diajukan"),
        "approved": _("Disetujui"),
        "refused": _("Ditolak"),
        "started": _("Mulai berlaku"),
        "ended": _("Digantikan"),
        "resumed": _("Berlaku lagi"),
        "withdrawn": _("Ditarik"),
        "stopped": _("Kasus baru dihentikan"),
        "cancelled": _("Dibatalkan"),
    }.get(kind, kind)


@dataclass(frozen=True)
class Act:
    text: str
    who: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class Shown:
    """A publication as pages tell it."""

    id: str
    key: str
    draft: str | None
    title: str
    state: str
    state_text: str
    tone: str
    scope: str
    note: str
    starts_at: datetime | None
    requested_at: datetime
    requested_by: str
    requested_name: str
    ref: str
    """What is to hold: the version, or the draft until it is one."""
    before: str | None
    """The version that held before, for cases of no programme."""
    acts: list[Act]


def shown(unit: UnitOfWork, publications: Iterable[Publication]) -> list[Shown]:
    """Several at once, in few statements."""
    found = list(publications)
    acts = acts_of(unit, found)
    names = names_of(unit, [*(p.requested_by for p in found), *(a.by for all_ in acts.values() for a in all_ if a.by)])
    drafts = _titles(unit, found)
    numbers = _numbers(unit, found)
    programmes = _programmes(unit, found)
    return [
        Shown(
            id=one.id,
            key=one.definition_key,
            draft=one.draft_id,
            title=_title(one, numbers, drafts),
            state=one.state,
            state_text=state_text(one.state),
            tone=TONES.get(one.state, "neutral"),
            scope=_scope(one, programmes),
            note=one.note,
            starts_at=one.starts_at,
            requested_at=one.requested_at,
            requested_by=one.requested_by,
            requested_name=names.get(one.requested_by, _("seseorang")),
            ref=one.version_id or one.draft_id or "",
            before=one.before.get("current"),
            acts=[
                Act(
                    act_text(a.kind),
                    names.get(a.by or "", _("Sistem")),
                    a.at,
                    a.reason if a.kind != "submitted" else "",
                )
                for a in acts[one.id]
            ],
        )
        for one in found
    ]


def _title(one: Publication, numbers: dict[str, int], drafts: dict[str, str]) -> str:
    number, draft = numbers.get(one.version_id or ""), drafts.get(one.draft_id or "")
    if number is not None and draft:
        return _("Versi %(number)s: %(title)s", number=number, title=draft)
    return _("Versi %(number)s", number=number) if number is not None else _("Draf “%(title)s”", title=draft or "")


def _scope(one: Publication, programmes: dict[str, str]) -> str:
    if one.scope == "programme":
        return _("Kasus baru di program %(name)s saja", name=programmes.get(one.programme_id or "", ""))
    if one.scope == "new":
        return _("Kasus baru; program yang sedang dibuka tetap memakai versinya")
    return _("Semua kasus baru")


def _titles(unit: UnitOfWork, found: list[Publication]) -> dict[str, str]:
    wanted = select(col(Draft.id), col(Draft.title)).where(col(Draft.id).in_([p.draft_id for p in found if p.draft_id]))
    return {row[0]: row[1] for row in unit.connection.execute(wanted)}


def _numbers(unit: UnitOfWork, found: list[Publication]) -> dict[str, int]:
    ids = [p.version_id for p in found if p.version_id]
    wanted = select(col(DefinitionVersion.id), col(DefinitionVersion.number)).where(col(DefinitionVersion.id).in_(ids))
    return {row[0]: row[1] for row in unit.connection.execute(wanted)}


def _programmes(unit: UnitOfWork, found: list[Publication]) -> dict[str, str]:
    ids = [p.programme_id for p in found if p.programme_id]
    wanted = select(Programme).where(col(Programme.id).in_(ids))
    return {one.id: title_of(one).in_locale(locale_code()) for one in unit.session.scalars(wanted)}
