"""The blueprint of the agency's pages, and whose programme and instansi a page is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, request
from sqlalchemy import or_, select
from sqlmodel import col

from engine.actors import Actor
from engine.errors import NotFoundError
from engine.unit_of_work import UnitOfWork
from models import Instansi, Participant, Programme
from web.security import role

FLOW = "lkpp_inpassing"
ADMIN = "admin_instansi"
FORMASI, PARTICIPANT, SCHEDULE, ACCOUNT = "lkpp_formasi", "lkpp_participant", "lkpp_schedule", "lkpp_admin"
RECOMMENDATION = "lkpp_recommendation"

blueprint = Blueprint("inpassing", __name__, url_prefix="/inpassing")
agency = role(ADMIN)
"""Who may open the pages of an agency."""


@dataclass(frozen=True)
class Scope:
    """The programme a page shows, the others there are to choose from, and the instansi this person acts for."""

    programme: Programme | None
    programmes: tuple[Programme, ...]
    instansi: tuple[Instansi, ...]
    is_open: bool

    @property
    def instansi_ids(self) -> list[str]:
        return [one.id for one in self.instansi]

    @property
    def programme_id(self) -> str:
        """Of no programme, when there is none."""
        return self.programme.id if self.programme is not None else ""

    def arguments(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """What a link needs to stay in this programme, if it is not the one that is shown by itself; and `more`."""
        if self.programme is None or self.programme is self.programmes[0]:
            return dict(more or {})
        return {**(more or {}), "program": self.programme.key}


def instansi_ids(actor: Actor) -> list[str]:
    """The instansi whose Admin this person is today."""
    return sorted({g.instansi_id for g in actor.grants if g.role == ADMIN and g.instansi_id is not None})


def scope(unit: UnitOfWork, actor: Actor, now: datetime) -> Scope:
    """The programme that the address names, else the one that is open, else the latest."""
    ids = instansi_ids(actor)
    instansi = unit.session.scalars(select(Instansi).where(col(Instansi.id).in_(ids)).order_by(col(Instansi.name)))
    found = _programmes(unit, ids, now)
    wanted = request.args.get("program", "")
    chosen = next((p for p in found if p.key == wanted), None) if wanted else next(iter(found), None)
    if wanted and chosen is None:
        raise NotFoundError
    return Scope(chosen, tuple(found), tuple(instansi), chosen is not None and open_at(chosen, now))


def open_at(programme: Programme, now: datetime) -> bool:
    return programme.state == "open" and programme.opens_at <= now < programme.closes_at


def chosen_instansi(actor: Actor, wanted: str | None) -> str:
    """For whom something new begins: the one named, else the only one."""
    ids = instansi_ids(actor)
    if wanted:
        if wanted not in ids:
            raise NotFoundError
        return wanted
    if not ids:
        raise NotFoundError
    return ids[0]


def _programmes(unit: UnitOfWork, ids: list[str], now: datetime) -> list[Programme]:
    """Those that are open, and those this agency took part in; open ones first, then the latest."""
    took_part = select(col(Participant.programme_id)).where(col(Participant.instansi_id).in_(ids)).distinct()
    query = (
        select(Programme)
        .where(
            col(Programme.flow) == FLOW,
            col(Programme.opens_at) <= now,
            or_(col(Programme.state) == "open", col(Programme.id).in_(took_part)),
        )
        .order_by(col(Programme.opens_at).desc(), col(Programme.id))
    )
    return sorted(unit.session.scalars(query), key=lambda p: not open_at(p, now))
