"""Every access gets a case for its life: at once where a case granted it, and by a chore where it came otherwise."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, literal, select
from sqlmodel import col

from engine.acts.recipients import queue_start
from engine.chores import SOME, Chore
from engine.registry import Registry
from engine.unit_of_work import UnitOfWork
from handlers.recipients import NATIONAL_ZONE
from models import Definition, DefinitionVersion, Membership

if TYPE_CHECKING:
    from engine.runner import Runner

PROCESS = "inaproc_expiry"
GRANTED = "access_granted"


def take_up(unit: UnitOfWork, membership: Membership, now: datetime, *, sender: str | None = None) -> bool:
    """Have a case started that sees this access to its end; False where the process is not published, or not for it."""
    rules = _rules(unit)
    if rules is None or membership.life_id is not None or membership.role not in _roles(rules):
        return False
    membership.life_id = uuid.uuid4().hex
    unit.session.add(membership)
    payload = {"membership_id": membership.id, "holder": membership.user_id, "instansi_id": membership.instansi_id}
    queue_start(unit, GRANTED, payload, membership.life_id, now, sender=sender)
    return True


def adopt(runner: "Runner", now: datetime) -> int:
    """Take up accesses from the administration and from imports, before their first reminder is due."""
    with runner.database.read() as unit:
        rules = _rules(unit)
        if rules is None or unit.session.scalars(_unwatched(rules, now).limit(1)).first() is None:
            return 0
    with runner.database.write() as unit:
        found = unit.session.scalars(_unwatched(rules, now).with_for_update(skip_locked=True)).all()
        taken = sum(take_up(unit, membership, now) for membership in found)
        if taken and runner.wake is not None:
            unit.after_commit(runner.wake)
        return taken


def _unwatched(rules: Mapping[str, Any], now: datetime) -> Select[Any]:
    horizon = now.astimezone(ZoneInfo(NATIONAL_ZONE)).date() + timedelta(days=int(_value(rules, "adopt_days")))
    return (
        select(Membership)
        .where(
            col(Membership.state) == literal("active", literal_execute=True),
            col(Membership.life_id).is_(None),
            col(Membership.valid_until) <= horizon,
            col(Membership.role).in_(_roles(rules)),
        )
        .order_by(col(Membership.valid_until), col(Membership.id))
        .limit(SOME)
    )


def _rules(unit: UnitOfWork) -> Mapping[str, Any] | None:
    """The parameters of the published version, as its manifest has them; None where there is none."""
    current = select(col(Definition.current_version_id)).where(col(Definition.key) == PROCESS)
    manifest = select(col(DefinitionVersion.manifest)).where(col(DefinitionVersion.id) == current.scalar_subquery())
    found = unit.session.execute(manifest).scalar()
    return None if found is None else found["parameters"]


def _roles(rules: Mapping[str, Any]) -> list[str]:
    return [str(role) for role in _value(rules, "watched_roles")]


def _value(rules: Mapping[str, Any], name: str) -> Any:
    return rules[name]["value"]


def register(registry: Registry) -> None:
    registry.chores.add(Chore("access_adoption", adopt))
