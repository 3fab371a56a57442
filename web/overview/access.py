"""Who sees the overview, and how much of it.

The figures name nobody. Those who run INAPROC or oversee it see the whole country. A VAI sees its own region, as the
source's table is shown to the VAI of a region; of ministries and institutions, which are no region, its own alone.
"""

from collections.abc import Collection

from sqlalchemy import select
from sqlmodel import col

from engine.actors import Actor
from engine.unit_of_work import UnitOfWork
from models import Instansi
from web.security import role

COUNTRY = ("spd", "telkom", "owner", "auditor", "admin")
VERIFIER = "vai"
ROLES = (*COUNTRY, VERIFIER)
viewers = role(*ROLES)


def sees_country(actor: Actor) -> bool:
    return any(grant.role in COUNTRY for grant in actor.grants)


def own_agencies(unit: UnitOfWork, actor: Actor) -> Collection[Instansi]:
    """The agencies that this person verifies accounts of, by name."""
    ids = sorted({g.instansi_id for g in actor.grants if g.role == VERIFIER and g.instansi_id is not None})
    return unit.session.scalars(select(Instansi).where(col(Instansi.id).in_(ids)).order_by(col(Instansi.name))).all()
