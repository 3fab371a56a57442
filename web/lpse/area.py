"""The blueprint of the LPSE pages, who may open them, and which LPSE a page is about."""

from typing import Any

from flask import Blueprint
from sqlalchemy import select
from sqlmodel import col

from engine.actors import Actor
from engine.errors import NotFoundError
from engine.unit_of_work import UnitOfWork
from models import Lpse
from web.lpse import words
from web.security import role

COORDINATOR, PIC, REVIEWER = "koordinator_lpse", "pic_lpse", "reviewer_lpse"
OWN = (COORDINATOR, PIC, REVIEWER)
"""Roles in an LPSE: they see their own."""
NATIONAL = ("spd", "owner")
"""Roles that see every LPSE they hold the role for."""
ROLES = (*OWN, *NATIONAL)

blueprint = Blueprint("lpse", __name__, url_prefix="/lpse")
people = role(*ROLES)
"""Who may open pages of an LPSE; which one, `lpse_of` decides."""
overseers = role(*NATIONAL)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"words": words}


def lpse_of(unit: UnitOfWork, actor: Actor, lpse_id: str) -> Lpse:
    """The LPSE, if this person may see it; else there is none."""
    found = unit.session.get(Lpse, lpse_id)
    if found is None or not may_see(actor, found.instansi_id):
        raise NotFoundError
    return found


def own_lpse(unit: UnitOfWork, actor: Actor) -> list[Lpse]:
    """Those in whose instansi this person holds a role of an LPSE."""
    ids = {g.instansi_id for g in actor.grants if g.role in OWN and g.instansi_id is not None}
    return list(unit.session.scalars(select(Lpse).where(col(Lpse.instansi_id).in_(sorted(ids))).order_by(Lpse.name)))


def may_see(actor: Actor, instansi_id: str) -> bool:
    return sees_all(actor) or any(actor.holds(name, instansi_id) for name in (*OWN, "owner"))


def sees_all(actor: Actor) -> bool:
    """Direktorat SPD, whatever instansi it is named in, and who oversees the whole country."""
    return any(g.role == "spd" or (g.role in NATIONAL and g.instansi_id is None) for g in actor.grants)


def coordinates(actor: Actor, lpse: Lpse) -> bool:
    return actor.holds(COORDINATOR, lpse.instansi_id)
