"""Who is meant by “starter”, “participant”, an account or the name of a role when a case writes a mail."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select, union_all
from sqlalchemy.orm import aliased
from sqlmodel import col

from engine.people import find_by_email, membership_status
from engine.registry import HandlerContext
from engine.unit_of_work import UnitOfWork
from models import DefinitionVersion, Instance, Instansi, Membership, User

STARTER = "starter"
PARTICIPANT = "participant"
OPEN = ("active", "ending")
NATIONAL_ZONE = "Asia/Jakarta"
ACCOUNT = re.compile(r"[0-9a-f]{32}")
"""The id of an account: one person, whom the case names. No role is called so."""


@dataclass(frozen=True)
class Recipient:
    """Somebody to write to; `key` is theirs alone within one mailing."""

    key: str
    email: str
    name: str
    locale: str = "id"
    has_account: bool = True

    @property
    def reader(self) -> str:
        """Whose wishes about mail count."""
        return self.key if self.has_account else self.email


def person(user: User) -> Recipient:
    return Recipient(user.id, user.email, user.name, user.locale)


@dataclass(frozen=True)
class CaseFacts:
    """What every mail of a case says, and the people it may be for: read in one statement."""

    version_id: str
    number: str
    zone: str
    agency: str
    starter: User | None
    participant: User | None
    """The account of the participant whom the case is about, if they have one."""


_STARTER, _PARTICIPANT = aliased(User), aliased(User)
_CASE = (
    select(
        col(Instance.version_id), col(Instance.number), col(Instance.zone), col(Instansi.name), _STARTER, _PARTICIPANT
    )
    .select_from(Instance)
    .outerjoin(Instansi, col(Instansi.id) == bindparam("agency"))
    .outerjoin(_STARTER, col(_STARTER.id) == bindparam("starter"))
    .outerjoin(_PARTICIPANT, col(_PARTICIPANT.email) == bindparam("participant"))
    .where(col(Instance.id) == bindparam("case"))
)
"""Made once: to build the statement costs as much as to run it."""


def facts_of(context: HandlerContext) -> CaseFacts | None:
    given = {
        "case": context.instance_id,
        "agency": context.instansi_id,
        "starter": context.starter_id,
        "participant": _email(context) or None,
    }
    found = context.unit.session.execute(_CASE, given).one_or_none()
    if found is None and context.version_id:
        return _of_first_act(context)
    if found is None:
        return None
    version_id, number, zone, agency, starter, participant = found
    return CaseFacts(version_id, number, zone, agency or "", starter, participant)


def _of_first_act(context: HandlerContext) -> CaseFacts:
    """The row of a case is written at the end of its first act: until then the act itself tells."""
    session = context.unit.session
    agency = session.get(Instansi, context.instansi_id) if context.instansi_id else None
    return CaseFacts(
        version_id=context.version_id,
        number=context.number,
        zone=context.zone,
        agency=agency.name if agency else "",
        starter=session.get(User, context.starter_id) if context.starter_id else None,
        participant=find_by_email(context.unit, _email(context)) if _email(context) else None,
    )


@dataclass
class Recipients:
    """Finds them. Lanes are kept by version: a version's files never change."""

    _lanes: dict[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)

    def of(
        self, context: HandlerContext, facts: CaseFacts, whom: str, instansi: Mapping[str, Any] | None
    ) -> list[Recipient]:
        """Everybody meant by `whom`: people who can read their mail, and the participant, who may have no account."""
        if whom == PARTICIPANT:
            return _participant(context, facts.participant)
        if whom == STARTER:
            return _account(facts.starter)
        if ACCOUNT.fullmatch(whom):
            return _account(context.unit.session.get(User, whom))
        lane = self._lane(context.unit, facts.version_id, whom)
        place = str(instansi["id"]) if instansi else None
        if place is None and lane.get("scope") == "instansi":
            place = context.instansi_id
        barred = context.starter_id if STARTER in lane.get("exclude", ()) else None
        return [person(user) for user in holders(context, whom, place) if user.id != barred]

    def _lane(self, unit: UnitOfWork, version_id: str, role: str) -> Mapping[str, Any]:
        """The lane whose tasks the holders of a role do: it says where they hold it, and whether the starter may."""
        if version_id not in self._lanes:
            manifest = unit.session.get_one(DefinitionVersion, version_id).manifest
            lanes = manifest.get("lanes", {}).values()
            self._lanes[version_id] = {lane["role"]: lane for lane in lanes if lane.get("role")}
        return self._lanes[version_id].get(role, {})


def _account(user: User | None) -> list[Recipient]:
    return [person(user)] if user is not None and user.state != "disabled" else []


def _participant(context: HandlerContext, user: User | None) -> list[Recipient]:
    """By the biodata in the case; one who was invited has an account, and works in it."""
    if user is not None and user.state == "active":
        return [person(user)]
    email, name = _email(context), str(context.data.get("name") or "")
    return [Recipient(PARTICIPANT, email, name, has_account=False)] if email else []


def _email(context: HandlerContext) -> str:
    return str(context.data.get("email") or "").strip().lower()


def holders(context: HandlerContext, role: str, place: str | None) -> list[User]:
    """Who may act in the role on the day it is, in the agency if one is given; by address."""
    rows = context.unit.session.execute(
        select(User, Membership, col(Instansi.zone))
        .join(Membership, col(Membership.user_id) == col(User.id))
        .outerjoin(Instansi, col(Instansi.id) == col(Membership.instansi_id))
        .where(
            _held(role, place),
            col(User.state) == "active",
        )
        .order_by(col(User.email))
    ).all()
    holding = {u.id: u for u, m, zone in rows if membership_status(m, context.now, zone or NATIONAL_ZONE) in OPEN}
    return list(holding.values())


def _held(role: str, place: str | None) -> ColumnElement[bool]:
    """Memberships of the role: everybody's, or those in `place` and those that hold everywhere."""
    role_held = (col(Membership.role) == role) & (col(Membership.state) == "active")
    if place is None:
        return role_held
    # Each half by the index: of an OR over the agency SQLite reads the holders of the role in every agency.
    here, everywhere = col(Membership.instansi_id) == place, col(Membership.instansi_id).is_(None)
    halves = (select(col(Membership.id)).where(role_held, where) for where in (here, everywhere))
    return col(Membership.id).in_(union_all(*halves))
