"""A person's accesses as the account's settings show them: how each stands, what can be done, and the case behind."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select
from sqlmodel import col

from engine.actors import SYSTEM, Actor
from engine.acts.errors import NobodyWaitsError
from engine.errors import NotFoundError
from engine.people import HeldRole, memberships_of
from engine.people.memberships import NATIONAL_ZONE
from engine.unit_of_work import UnitOfWork
from models import Definition, Instance, Instansi, Membership, UserTask
from web.context import Services
from web.words.names import stage_text

PROCESS = "inaproc_expiry"
OFF, ON, CHANGED, GRANTED = "deactivation_requested", "reactivation_requested", "access_changed", "access_granted"


@dataclass(frozen=True)
class Life:
    """One access. `can`: "deactivate" or "reactivate", or nothing while something is under way or it is over."""

    held: HeldRole
    days_left: int | None
    can: str | None
    number: str | None = None
    stage: str = ""
    task_id: str | None = None
    """The form that is open, and waits for its holder."""
    is_over: bool = False


def lives_of(parts: Services, unit: UnitOfWork, actor: Actor, now: datetime) -> list[Life]:
    """Every access of the person, the open ones first."""
    held = memberships_of(unit, actor.user_id or "", now)
    places = _places(unit, [one.id for one in held])
    cases = _cases(unit, [row.life_id for row in places.values() if row.life_id])
    tasks = _tasks(unit, actor, list(cases))
    watched = _watched_roles(parts, unit)
    return [_life(parts, unit, one, places[one.id], cases, tasks, watched, now) for one in held]


def _life(
    parts: Services,
    unit: UnitOfWork,
    held: HeldRole,
    place: Row[Any],
    cases: dict[str, Row[Any]],
    tasks: dict[str, str],
    watched: Sequence[str],
    now: datetime,
) -> Life:
    today = now.astimezone(ZoneInfo(place.zone or NATIONAL_ZONE)).date()
    left = (held.valid_until - today).days if held.valid_until is not None and held.is_open else None
    case = cases.get(place.life_id or "")
    if case is None:
        wish = "deactivate" if held.is_open else "reactivate" if held.status != "future" else None
        return Life(held, left, wish if held.role in watched else None)
    version = parts.definitions.version(case.version_id, unit)
    task, over = tasks.get(case.id), case.status != "active"
    under_way = task is not None or (not held.is_open and case.stage_element in _UNDER_WAY)
    can = None if over or under_way else "deactivate" if held.is_open else "reactivate"
    return Life(held, left, can, case.number, stage_text(version, case.stage_element, case.stage), task, over)


_UNDER_WAY = frozenset(
    {"survey_on", "by_agency", "by_lkpp", "verify_by_spd", "verify_by_telkom", "tell_escalated", "repair_again"}
)
"""Elements whose stage says that a reactivation is being looked at."""


def wish(parts: Services, actor: Actor, membership_id: str, message: str, now: datetime) -> str | None:
    """Tell the access's case what its holder wants; the id of the form that opens, if one does.

    An access that no case sees to yet gets one first. One that the administration ended is looked at again first.
    """
    life_id = _life_of(parts, actor, membership_id)
    if life_id is None:
        life_id = _begin(parts, actor, membership_id, now)
    try:
        parts.runner.correlate(message, actor, {}, instance_id=life_id, now=now)
    except NobodyWaitsError:
        if message != ON:
            raise
        parts.runner.correlate(CHANGED, SYSTEM, {}, instance_id=life_id, now=now)
        parts.runner.correlate(message, actor, {}, instance_id=life_id, now=now)
    with parts.database.read() as unit:
        return _tasks(unit, actor, [life_id]).get(life_id)


def _life_of(parts: Services, actor: Actor, membership_id: str) -> str | None:
    with parts.database.read() as unit:
        membership = unit.session.get(Membership, membership_id)
        if membership is None or membership.user_id != actor.user_id:
            raise NotFoundError
        if membership.life_id is None and membership.role not in _watched_roles(parts, unit):
            raise NotFoundError
        return membership.life_id


def _begin(parts: Services, actor: Actor, membership_id: str, now: datetime) -> str:
    with parts.database.read() as unit:
        membership = unit.session.get_one(Membership, membership_id)
        told = {"membership_id": membership.id, "holder": actor.user_id, "instansi_id": membership.instansi_id}
    life_id = uuid.uuid4().hex
    parts.runner.correlate(GRANTED, SYSTEM, told, begins=life_id, now=now)
    return life_id


def _places(unit: UnitOfWork, ids: Sequence[str]) -> dict[str, Row[Any]]:
    query = (
        select(Membership.id, Membership.life_id, Instansi.zone)
        .outerjoin(Instansi, col(Instansi.id) == col(Membership.instansi_id))
        .where(col(Membership.id).in_(ids))
    )
    return {row.id: row for row in unit.connection.execute(query)}


def _cases(unit: UnitOfWork, ids: Sequence[str]) -> dict[str, Row[Any]]:
    query = select(
        Instance.id, Instance.number, Instance.status, Instance.version_id, Instance.stage, Instance.stage_element
    ).where(col(Instance.id).in_(ids))
    return {row.id: row for row in unit.connection.execute(query)}


def _tasks(unit: UnitOfWork, actor: Actor, ids: Sequence[str]) -> dict[str, str]:
    mine = select(UserTask.instance_id, UserTask.id).where(
        col(UserTask.instance_id).in_(ids),
        col(UserTask.assignee_id) == actor.user_id,
        col(UserTask.state) == "open",
        col(UserTask.role).is_(None),
    )
    return {row.instance_id: row.id for row in unit.connection.execute(mine)}


def _watched_roles(parts: Services, unit: UnitOfWork) -> Sequence[str]:
    """Of the published version; none where it is not published."""
    current = select(col(Definition.current_version_id)).where(col(Definition.key) == PROCESS)
    version_id = unit.connection.execute(current).scalar()
    if version_id is None:
        return ()
    roles: Sequence[str] = parts.definitions.version(version_id, unit).manifest.parameters["watched_roles"].value
    return roles
