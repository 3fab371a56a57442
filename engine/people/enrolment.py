"""Many people at once: accounts and memberships written set by set, for imports of a hundred thousand accesses.

Who calls has checked the rows; here is only what `create_user` and `add_membership` write, in as many statements for
some hundreds as for one. Nobody is mailed: an account waits until its owner asks for the activation link.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import col

from engine.actors import Actor
from engine.people.journal import record
from engine.unit_of_work import UnitOfWork
from models import Membership, User


@dataclass(frozen=True)
class Enrolment:
    """An access for whoever has this address. `source_key` makes granting twice granting once."""

    email: str
    """As `normal_email` has it."""
    name: str
    role: str
    instansi_id: str
    satuan_kerja_id: str | None
    valid_from: date
    valid_until: date | None
    source_key: str
    zone: str


def users_by_email(unit: UnitOfWork, emails: Iterable[str]) -> dict[str, User]:
    """Accounts with these addresses."""
    found = select(User).where(col(User.email).in_(sorted(set(emails))))
    return {user.email: user for user in unit.session.scalars(found)}


def memberships_by_user(unit: UnitOfWork, user_ids: Iterable[str]) -> dict[str, list[Membership]]:
    """Every membership these people have or had."""
    held: dict[str, list[Membership]] = {}
    found = select(Membership).where(col(Membership.user_id).in_(sorted(set(user_ids))))
    for membership in unit.session.scalars(found):
        held.setdefault(membership.user_id, []).append(membership)
    return held


def enrol(
    unit: UnitOfWork, wanted: Sequence[Enrolment], known: Mapping[str, User], *, by: Actor, reason: str, now: datetime
) -> set[str]:
    """Add what is wanted to the accounts `known` by their address, or to new ones; returns the new addresses."""
    users = dict(known)
    created = {one.email: _account(one, now) for one in wanted if one.email not in known}
    unit.session.add_all(created.values())
    unit.session.flush()
    users.update(created)
    for user in created.values():
        record(unit, user.id, "account:created", by=by, now=now, reason=reason)
    for one in wanted:
        made = Membership(
            id=uuid.uuid4().hex,
            user_id=users[one.email].id,
            role=one.role,
            instansi_id=one.instansi_id,
            satuan_kerja_id=one.satuan_kerja_id,
            valid_from=one.valid_from,
            valid_until=one.valid_until,
            source_key=one.source_key,
            created_at=now,
        )
        unit.session.add(made)
        detail = {"membership_id": made.id, "role": made.role, "instansi_id": made.instansi_id}
        record(unit, made.user_id, "membership:granted", by=by, now=now, reason=reason, detail=detail)
    unit.session.flush()
    return set(created)


def _account(one: Enrolment, now: datetime) -> User:
    name = " ".join(one.name.split())
    return User(id=uuid.uuid4().hex, email=one.email, name=name, zone=one.zone, state="pending", created_at=now)
