"""What a scenario of accesses may begin with, and look at: an access, and how it is written now."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from engine.facts import FactError, FactProvider, FactWorld, Fields
from engine.people import add_membership
from engine.registry import Registry
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from handlers.access_adoption import take_up
from models import Membership

WORDS = {"siapa": "who", "peran": "role", "instansi": "instansi", "sampai": "until"}


def make(unit: UnitOfWork, now: datetime, fields: Fields, world: FactWorld) -> Fields:
    """Who holds which role, where, until when (`{siapa: Sari, peran: vai, …}`); its case is called by the holder."""
    given = {WORDS.get(name, name): value for name, value in fields.items()}
    if unknown := sorted(set(given) - set(WORDS.values())):
        words = ", ".join(unknown)
        raise FactError(why=Text(f"“{words}” tidak dikenal", f"“{words}” is unknown"))
    who = str(given.get("who"))
    if who not in world.people:
        raise FactError(why=Text(f"tidak ada orang bernama “{who}”", f"nobody is called “{who}”"))
    agency = world.agency(unit, str(given["instansi"])) if given.get("instansi") else None
    membership = add_membership(
        unit, user_id=world.people[who], role=str(given.get("role")), instansi_id=agency.id if agency else None,
        valid_from=now.date(), valid_until=_day(given.get("until")), now=now,
    )  # fmt: skip
    if take_up(unit, membership, now):
        world.cases[who] = str(membership.life_id)
    return {"id": membership.id}


def read(unit: UnitOfWork, name: str, world: FactWorld) -> Fields | None:
    """By its holder's name: the newest one that a case sees to."""
    held = select(Membership).where(col(Membership.user_id) == world.people.get(name))
    found = unit.session.scalars(
        held.order_by(col(Membership.life_id).is_(None), col(Membership.created_at).desc())
    ).first()
    return None if found is None else {"status": found.state, "sampai": found.valid_until, "dari": found.valid_from}


def _day(value: Any) -> date | None:
    return value if value is None or isinstance(value, date) else date.fromisoformat(str(value))


def register(registry: Registry) -> None:
    registry.facts.add(FactProvider("akses", make, read, aliases=("access",)))
