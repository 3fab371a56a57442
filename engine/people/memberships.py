"""Memberships: which roles a person holds today, in which instansi, from which day to which day.

The dates decide at every request; the stored state only says that a membership was ended by hand or has expired.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, literal, select, update
from sqlmodel import col

from engine.actors import Actor, Grant
from engine.errors import AlurError, ConflictError, NotFoundError
from engine.people.journal import record
from engine.unit_of_work import UnitOfWork
from models import Branch, Company, Instansi, Membership, SatuanKerja, User
from models.people import SOLE_ROLES

NATIONAL_ZONE = "Asia/Jakarta"
"""The zone of a membership that belongs to no instansi."""
EASTERNMOST = "Asia/Jayapura"
"""Where a day ends first."""
SOON = timedelta(days=30)
"""How long before its end a membership is shown as *Akan Berakhir*."""
MOST_EXPIRED = 5_000
OPEN = ("active", "ending")
"""What a membership is on a day on which its role may be used."""
SYSTEM_ROLES = {
    "admin": ("Administrator", "Administrator"),
    "auditor": ("Auditor", "Auditor"),
    "auditor_luar": ("Auditor eksternal", "External auditor"),
    "data_officer": ("Pejabat Pelindungan Data Pribadi", "Data protection officer"),
    "owner": ("Pemilik proses", "Process owner"),
}
"""Roles of the application itself, in Indonesian and English; every other role is named by a process package."""


class MembershipDatesError(AlurError):
    """The last day lies before the first day."""

    indonesian = "Hari terakhir mendahului hari pertama."
    code = "membership_dates"
    http_status = 422


class SoleHolderError(ConflictError):
    """One person alone holds this role in the agency: {name}. End that membership first."""

    indonesian = "Peran ini hanya dipegang satu orang di instansi itu: {name}. Akhiri dahulu keanggotaan tersebut."
    code = "sole_holder"


@dataclass(frozen=True)
class HeldRole:
    """A membership as people see it. `status`: active | ending | future | expired | inactive."""

    id: str
    role: str
    instansi_id: str | None
    instansi: str | None
    satuan_kerja: str | None
    valid_from: date
    valid_until: date | None
    status: str
    company: str | None = None
    branch: str | None = None
    """Of a Penyedia: the company, and the division or branch of it."""

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


_HELD = (
    select(
        col(Membership.role), col(Membership.instansi_id), col(Membership.state), col(Membership.valid_from),
        col(Membership.valid_until), col(Instansi.zone),
    )
    .outerjoin(Instansi, col(Instansi.id) == col(Membership.instansi_id))
    .where(col(Membership.user_id) == bindparam("user"))
)  # fmt: skip
"""Asked at every request, and so made once: to build it costs as much as to send it."""


def actor_for(unit: UnitOfWork, user_id: str, now: datetime) -> Actor | None:
    """The person with the roles held at `now`; None when there is no such active account."""
    user = unit.session.get(User, user_id)
    if user is None or user.state != "active":
        return None
    held = {
        Grant(m.role, m.instansi_id)
        for m in unit.connection.execute(_HELD, {"user": user_id})
        if status_of(m.state, m.valid_from, m.valid_until, now, m.zone or NATIONAL_ZONE) in OPEN
    }
    return Actor(user_id=user_id, name=user.name, grants=tuple(sorted(held, key=repr)))


def memberships_of(unit: UnitOfWork, user_id: str, now: datetime) -> list[HeldRole]:
    """Every membership a person has or had, the open ones first."""
    rows = unit.session.execute(
        select(
            Membership,
            col(Instansi.name),
            col(Instansi.zone),
            col(SatuanKerja.name),
            col(Company.name),
            col(Branch.name),
        )
        .outerjoin(Instansi, col(Instansi.id) == col(Membership.instansi_id))
        .outerjoin(SatuanKerja, col(SatuanKerja.id) == col(Membership.satuan_kerja_id))
        .outerjoin(Company, col(Company.id) == col(Membership.company_id))
        .outerjoin(Branch, col(Branch.id) == col(Membership.branch_id))
        .where(col(Membership.user_id) == user_id)
        .order_by(col(Membership.valid_from).desc(), col(Membership.id))
    ).all()
    held = [
        HeldRole(
            m.id,
            m.role,
            m.instansi_id,
            instansi,
            satuan_kerja,
            m.valid_from,
            m.valid_until,
            membership_status(m, now, zone or NATIONAL_ZONE),
            company,
            branch,
        )
        for m, instansi, zone, satuan_kerja, company, branch in rows
    ]
    return sorted(held, key=lambda m: not m.is_open)


def membership_status(membership: Membership, now: datetime, zone: str) -> str:
    """What a membership is on the day it is now in its own zone: closed from 00.00 of the day after its last day."""
    return status_of(membership.state, membership.valid_from, membership.valid_until, now, zone)


def status_of(state: str, valid_from: date, valid_until: date | None, now: datetime, zone: str) -> str:
    """The same of what was read of a membership."""
    today = now.astimezone(ZoneInfo(zone)).date()
    if state == "inactive":
        return "inactive"
    if valid_until is not None and valid_until < today:
        return "expired"
    if state == "expired":
        return "expired"
    if valid_from > today:
        return "future"
    if valid_until is not None and valid_until - today <= SOON:
        return "ending"
    return "active"


def add_membership(  # noqa: PLR0913 -- a membership is what it is: person, role, place, days and origin
    unit: UnitOfWork,
    *,
    user_id: str,
    role: str,
    instansi_id: str | None,
    valid_from: date,
    valid_until: date | None,
    now: datetime,
    satuan_kerja_id: str | None = None,
    company_id: str | None = None,
    branch_id: str | None = None,
    source_key: str | None = None,
) -> Membership:
    """Grant a role. With a `source_key` (instance and element that grant it) granting twice is granting once."""
    if valid_until is not None and valid_until < valid_from:
        raise MembershipDatesError
    if source_key is not None:
        known: Membership | None = unit.session.execute(
            select(Membership).where(col(Membership.source_key) == source_key)
        ).scalar_one_or_none()
        if known is not None:
            return known
    if role in SOLE_ROLES and instansi_id is not None:
        _refuse_second(unit, role, instansi_id)
    membership = Membership(
        id=uuid.uuid4().hex,
        user_id=user_id,
        role=role,
        instansi_id=instansi_id,
        satuan_kerja_id=satuan_kerja_id,
        company_id=company_id,
        branch_id=branch_id,
        valid_from=valid_from,
        valid_until=valid_until,
        source_key=source_key,
        created_at=now,
    )
    unit.session.add(membership)
    unit.session.flush()
    return membership


def _refuse_second(unit: UnitOfWork, role: str, instansi_id: str) -> None:
    """In words; against two at once the table's own index stands."""
    held = select(col(User.name)).join(Membership, col(Membership.user_id) == col(User.id))
    held = held.where(col(Membership.role) == role, col(Membership.instansi_id) == instansi_id)
    name = unit.session.execute(held.where(col(Membership.state) == "active")).scalars().first()
    if name is not None:
        raise SoleHolderError(name=name)


def end_membership(unit: UnitOfWork, membership_id: str, *, by: Actor, reason: str, now: datetime) -> Membership:
    """Close a membership at once (Nonaktif). Ending twice changes nothing."""
    membership = unit.session.get(Membership, membership_id, with_for_update=True)
    if membership is None:
        raise NotFoundError
    if membership.state == "active":
        membership.state = "inactive"
        unit.session.add(membership)
        record(
            unit,
            membership.user_id,
            "membership:ended",
            by=by,
            now=now,
            reason=reason,
            detail={"membership_id": membership.id, "role": membership.role},
        )
    return membership


def expire_memberships(unit: UnitOfWork, now: datetime, most: int = MOST_EXPIRED) -> int:
    """Write *Kedaluwarsa* on memberships whose last day is over in their own zone. The dates closed them already.

    Those that a case sees to their end are left to it. The others some at a time: nobody waits long for the lock.
    """
    zones = unit.session.execute(
        select(col(Membership.id), col(Membership.valid_until), col(Instansi.zone))
        .outerjoin(Instansi, col(Instansi.id) == col(Membership.instansi_id))
        .where(
            col(Membership.state) == literal("active", literal_execute=True),
            col(Membership.life_id).is_(None),
            col(Membership.valid_until) < now.astimezone(ZoneInfo(EASTERNMOST)).date(),
        )
        .order_by(col(Membership.valid_until))
        .limit(most)
    ).all()
    over = [id_ for id_, until, zone in zones if until < now.astimezone(ZoneInfo(zone or NATIONAL_ZONE)).date()]
    for start in range(0, len(over), 500):
        unit.session.execute(
            update(Membership).where(col(Membership.id).in_(over[start : start + 500])).values(state="expired")
        )
    return len(over)
