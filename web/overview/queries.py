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
    """Verifiers (VAI) and accounts, these among them. `waiting`: accounts that are not activated yet."""

    vai: int = 0
    accounts: int = 0
    waiting: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.vai + other.vai, self.accounts + other.accounts, self.waiting + other.waiting)


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
    waiting = case((col(User.state) == "pending", col(Membership.user_id)))
    found = select(
        col(Membership.instansi_id),
        func.count(distinct(vai)).label("vai"),
        func.count(distinct(col(Membership.user_id))).label("accounts"),
        func.count(distinct(waiting)).label("waiting"),
    )
    rows = unit.connection.execute(_open(found, unit, now).where(among).group_by(col(Membership.instansi_id)))
    return {row.instansi_id: Count(row.vai, row.accounts, row.waiting) for row in rows}


def live_roles(unit: UnitOfWork, now: datetime) -> dict[str, int]:
    """By role, in the whole country."""
    found = select(col(Membership.role), func.count(distinct(col(Membership.user_id))).label("accounts"))
    rows = unit.connection.execute(_open(found, unit, now).group_by(col(Membership.role)))
    return {row.role: row.accounts for row in rows}


def _open(found: Any, unit: UnitOfWork, now: datetime) -> Any:
    """Of what is open today in the agency's own zone, and of accounts that are not disabled."""
    zones = unit.connection.execute(select(col(Instansi.zone)).distinct()).scalars().all()
    by_day: dict[date, list[str]] = {}
    for zone in zones:
        by_day.setdefault(now.astimezone(ZoneInfo(zone)).date(), []).append(zone)
    today = or_(*(and_(col(Instansi.zone).in_(names), _on(day)) for day, names in by_day.items()))
    if len(by_day) == 1:  # most of the day it is one day everywhere
        today = _on(next(iter(by_day)))
    return (
        found.select_from(Membership)
        .join(Instansi, col(Instansi.id) == col(Membership.instansi_id))
        .join(User, col(User.id) == col(Membership.user_id))
        .where(
            col(Membership.role).in_(NON_PENYEDIA),
            col(Membership.state) == "active",
            col(User.state) != "disabled",
            today,
        )
    )


def _on(day: date) -> ColumnElement[bool]:
    until = col(Membership.valid_until)
    return and_(col(Membership.valid_from) <= day, or_(until.is_(None), until >= day))
