"""What the overview reads: recaps as of a day, and the memberships that are open now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, distinct, func, or_, select
from sqlmodel import col

from engine.unit_of_work import UnitOfWork
from models import AgencyRecap, Instansi, Membership, RoleRecap, User
from models.recaps import NON_PENYEDIA

MOST_DAYS = 60


@dataclass(frozen=True)
class Count:
    """Verifiers (VAI) and accounts, these among them."""

    vai: int = 0
    accounts: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.vai + other.vai, self.accounts + other.accounts)


def recap_days(unit: UnitOfWork) -> list[date]:
    """Days of which there is a recap, newest first."""
    days = select(col(AgencyRecap.day)).union(select(col(RoleRecap.day)))
    return sorted(unit.connection.execute(days).scalars(), reverse=True)[:MOST_DAYS]


def provinces(unit: UnitOfWork) -> list[str]:
    """Every province that has an agency, by name."""
    found = select(col(Instansi.province)).distinct().where(col(Instansi.province).is_not(None))
    return sorted(str(name) for name in unit.connection.execute(found).scalars())


def agencies(unit: UnitOfWork, among: ColumnElement[bool]) -> Sequence[Any]:
    """id, name, kind and province of agencies."""
    wanted = select(col(Instansi.id), col(Instansi.name), col(Instansi.kind), col(Instansi.province))
    return unit.connection.execute(wanted.where(among).order_by(col(Instansi.name))).all()


def recaps(unit: UnitOfWork, day: date, among: ColumnElement[bool]) -> dict[str, Count]:
    """By agency, those that the recap of this day has."""
    found = select(col(AgencyRecap.instansi_id), col(AgencyRecap.vai), col(AgencyRecap.accounts))
    found = found.join(Instansi, col(Instansi.id) == col(AgencyRecap.instansi_id))
    rows = unit.connection.execute(found.where(col(AgencyRecap.day) == day, among))
    return {row.instansi_id: Count(row.vai, row.accounts) for row in rows}


def role_recaps(unit: UnitOfWork, day: date) -> dict[str, int]:
    found = select(col(RoleRecap.role), col(RoleRecap.accounts)).where(col(RoleRecap.day) == day)
    return {row.role: row.accounts for row in unit.connection.execute(found)}


def live(unit: UnitOfWork, now: datetime, among: ColumnElement[bool]) -> dict[str, Count]:
    """By agency: people with an access that is open today where the agency is. Two accesses are one account."""
    vai = case((col(Membership.role) == "vai", col(Membership.user_id)))
    found = select(
        col(Membership.instansi_id),
        func.count(distinct(vai)).label("vai"),
        func.count(distinct(col(Membership.user_id))).label("accounts"),
    )
    counted = _open(found, unit, now).where(_in(among)).group_by(col(Membership.instansi_id))
    return {row.instansi_id: Count(row.vai, row.accounts) for row in unit.connection.execute(counted)}


def live_roles(unit: UnitOfWork, now: datetime) -> dict[str, int]:
    """By role, in the whole country."""
    found = select(col(Membership.role), func.count(distinct(col(Membership.user_id))).label("accounts"))
    counted = _open(found, unit, now).group_by(col(Membership.role))
    return {row.role: row.accounts for row in unit.connection.execute(counted)}


def waiting(unit: UnitOfWork, now: datetime, among: ColumnElement[bool]) -> int:
    """How many of these accounts nobody activated yet: for a region, not for the country."""
    found = select(func.count(distinct(col(Membership.user_id)))).join(User, col(User.id) == col(Membership.user_id))
    counted = _open(found, unit, now).where(_in(among), col(User.state) == "pending")
    return int(unit.connection.execute(counted).scalar() or 0)


def _in(among: ColumnElement[bool]) -> ColumnElement[bool]:
    return col(Membership.instansi_id).in_(select(col(Instansi.id)).where(among))


def _open(found: Any, unit: UnitOfWork, now: datetime) -> Any:
    """Of what is open today in the agency's own zone, and of accounts that are not disabled.

    Answered from an index of memberships alone: joins would look a hundred thousand accounts up, one by one.
    """
    zones = unit.connection.execute(select(col(Instansi.zone)).distinct()).scalars().all()
    by_day: dict[date, list[str]] = {}
    for zone in zones:
        by_day.setdefault(now.astimezone(ZoneInfo(zone)).date(), []).append(zone)
    if len(by_day) == 1:  # most of the day it is one day everywhere
        today = _on(next(iter(by_day)))
    else:
        today = or_(*(and_(_in(col(Instansi.zone).in_(names)), _on(day)) for day, names in by_day.items()))
    disabled = select(col(User.id)).where(col(User.state) == "disabled")
    return found.where(
        col(Membership.role).in_(NON_PENYEDIA),
        col(Membership.state) == "active",
        col(Membership.instansi_id).is_not(None),
        col(Membership.user_id).not_in(disabled),
        today,
    )


def _on(day: date) -> ColumnElement[bool]:
    until = col(Membership.valid_until)
    return and_(col(Membership.valid_from) <= day, or_(until.is_(None), until >= day))
