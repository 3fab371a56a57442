"""Who is meant by “starter”, “participant”, an account or the name of a role when a case writes a mail."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Table, bindparam, select, union_all

from engine.people import status_of
from engine.registry import HandlerContext
from engine.unit_of_work import UnitOfWork
from models import DefinitionVersion, Instance, Instansi, Membership, User, metadata

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


class Account(NamedTuple):
    """What a mail needs of an account."""

    id: str
    email: str
    name: str
    locale: str
    state: str


def person(user: User | Account) -> Recipient:
    return Recipient(user.id, user.email, user.name, user.locale)


@dataclass(frozen=True)
class CaseFacts:
    """What every mail of a case says, and the people it may be for: read in one statement."""

    version_id: str
    number: str
    zone: str
    agency: str
    starter: Account | None
    participant: Account | None
    """The account of the participant whom the case is about, if they have one."""


USERS: Table = metadata.tables[str(User.__tablename__)]
MEMBERSHIPS: Table = metadata.tables[str(Membership.__tablename__)]
INSTANSI: Table = metadata.tables[str(Instansi.__tablename__)]
INSTANCES: Table = metadata.tables[str(Instance.__tablename__)]
_STARTER, _PARTICIPANT = USERS.alias(), USERS.alias()
# Statements are made once: to build them costs as much as to run them.
_CASE = (
    select(
        INSTANCES.c.version_id, INSTANCES.c.number, INSTANCES.c.zone, INSTANSI.c.name.label("agency"),
        *(_STARTER.c[name].label(f"starter_{name}") for name in Account._fields),
        *(_PARTICIPANT.c[name].label(f"participant_{name}") for name in Account._fields),
    )
    .select_from(INSTANCES)
    .outerjoin(INSTANSI, INSTANSI.c.id == bindparam("agency"))
    .outerjoin(_STARTER, _STARTER.c.id == bindparam("starter"))
    .outerjoin(_PARTICIPANT, _PARTICIPANT.c.email == bindparam("participant"))
    .where(INSTANCES.c.id == bindparam("case"))
)  # fmt: skip
_ACCOUNTS = select(*(USERS.c[name] for name in Account._fields))
_BY_ID = _ACCOUNTS.where(USERS.c.id == bindparam("key"))
_BY_EMAIL = _ACCOUNTS.where(USERS.c.email == bindparam("key"))


def _holders(*, in_place: bool) -> Select[Any]:
    """Memberships of the role: everybody's, or those in the place and those that hold everywhere."""
    role_held: ColumnElement[bool] = (MEMBERSHIPS.c.role == bindparam("role")) & (MEMBERSHIPS.c.state == "active")
    if in_place:
        # Each half by the index: of an OR over the agency SQLite reads the holders of the role in every agency.
        here, everywhere = MEMBERSHIPS.c.instansi_id == bindparam("place"), MEMBERSHIPS.c.instansi_id.is_(None)
        halves = (select(MEMBERSHIPS.c.id).where(role_held, where) for where in (here, everywhere))
        role_held = MEMBERSHIPS.c.id.in_(union_all(*halves))
    return (
        select(
            *(USERS.c[name] for name in Account._fields),
            MEMBERSHIPS.c.state.label("standing"), MEMBERSHIPS.c.valid_from, MEMBERSHIPS.c.valid_until, INSTANSI.c.zone,
        )
        .join(MEMBERSHIPS, MEMBERSHIPS.c.user_id == USERS.c.id)
        .outerjoin(INSTANSI, INSTANSI.c.id == MEMBERSHIPS.c.instansi_id)
        .where(role_held, USERS.c.state == "active")
        .order_by(USERS.c.email)
    )  # fmt: skip


_HOLDERS, _HOLDERS_HERE = _holders(in_place=False), _holders(in_place=True)


def facts_of(context: HandlerContext) -> CaseFacts | None:
    given = {
        "case": context.instance_id,
        "agency": context.instansi_id,
        "starter": context.starter_id,
        "participant": _email(context) or None,
    }
    found = context.unit.connection.execute(_CASE, given).first()
    if found is None and context.version_id:
        return _of_first_act(context)
    if found is None:
        return None
    version_id, number, zone, agency, *people = found
    starter, participant = people[: len(Account._fields)], people[len(Account._fields) :]
    return CaseFacts(version_id, number, zone, agency or "", _known(starter), _known(participant))


def _known(columns: Sequence[Any]) -> Account | None:
    return Account(*columns) if columns[0] is not None else None


def _read(unit: UnitOfWork, statement: Select[Any], key: str | None) -> Account | None:
    found = unit.connection.execute(statement, {"key": key}).first() if key else None
    return None if found is None else Account(*found)


def _of_first_act(context: HandlerContext) -> CaseFacts:
    """The row of a case is written at the end of its first act: until then the act itself tells."""
    named = select(INSTANSI.c.name).where(INSTANSI.c.id == context.instansi_id)
    agency = context.unit.connection.execute(named).scalar() if context.instansi_id else None
    return CaseFacts(
        version_id=context.version_id,
        number=context.number,
        zone=context.zone,
        agency=agency or "",
        starter=_read(context.unit, _BY_ID, context.starter_id),
        participant=_read(context.unit, _BY_EMAIL, _email(context)),
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
            return _account(_read(context.unit, _BY_ID, whom))
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


def _account(user: Account | None) -> list[Recipient]:
    return [person(user)] if user is not None and user.state != "disabled" else []


def _participant(context: HandlerContext, user: Account | None) -> list[Recipient]:
    """By the biodata in the case; one who was invited has an account, and works in it."""
    if user is not None and user.state == "active":
        return [person(user)]
    email, name = _email(context), str(context.data.get("name") or "")
    return [Recipient(PARTICIPANT, email, name, has_account=False)] if email else []


def _email(context: HandlerContext) -> str:
    return str(context.data.get("email") or "").strip().lower()


def holders(context: HandlerContext, role: str, place: str | None) -> list[Account]:
    """Who may act in the role on the day it is, in the agency if one is given; by address."""
    statement = _HOLDERS if place is None else _HOLDERS_HERE
    rows = context.unit.connection.execute(statement, {"role": role, **({} if place is None else {"place": place})})
    held = {
        row.id: Account(*row[: len(Account._fields)])
        for row in rows
        if status_of(row.standing, row.valid_from, row.valid_until, context.now, row.zone or NATIONAL_ZONE) in OPEN
    }
    return list(held.values())
