"""The stage of a season: packages published, a programme open, LKPP's officers, the agencies and their Admins."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlmodel import col

from engine import programmes
from engine.actors import Actor
from engine.definitions import deploy, read_package
from engine.people import actor_for, add_membership, create_user, find_by_email
from engine.registry import Registry
from engine.texts import Text
from engine.unit_of_work import Database, UnitOfWork
from handlers.seeds import prepare
from models import Instansi

FLOW = "lkpp_inpassing"
PACKAGES = ("lkpp_admin", "lkpp_formasi", "lkpp_schedule", "lkpp_participant", "lkpp_recommendation")
OFFICERS = {"admin_lkpp": 2, "verifikator_lkpp": 6, "penguji": 6, "pimpinan_lkpp": 1}
TITLES = {"admin_lkpp": "Admin LKPP", "verifikator_lkpp": "Verifikator LKPP", "penguji": "Penguji",
          "pimpinan_lkpp": "Pimpinan LKPP"}  # fmt: skip


@dataclass(frozen=True)
class Agency:
    """An agency that takes part, and the person who is to be its Admin."""

    id: str
    kind: str
    name: str
    user_id: str


@dataclass(frozen=True)
class Cast:
    """Who takes part, by id."""

    programme_id: str
    officers: dict[str, tuple[str, ...]]
    agencies: tuple[Agency, ...]


def set_stage(
    database: Database, registry: Registry, folder: Path, *, key: str, agencies: int, opens: datetime, closes: datetime
) -> Cast:
    """Everything a season begins with. Raises `ValueError` when there are not so many agencies."""
    with database.write() as unit:
        prepare(unit, opens)
    with database.write() as unit:
        for package in PACKAGES:
            deploy(unit, read_package(folder / package), registry, by="alur demo", note="Peragaan", now=opens)
    with database.write() as unit:
        programme = programmes.open_programme(
            unit,
            key=key,
            flow=FLOW,
            title=Text("Inpassing JF PPBJ: musim peragaan", "Inpassing JF PPBJ: a season for show"),
            period=f"{opens:%Y}",
            opens_at=opens,
            closes_at=closes,
            by="alur demo",
            now=opens,
        )
        return Cast(programme.id, _officers(unit, opens), tuple(_agencies(unit, agencies, opens)))


def act_as(database: Database, user_id: str, now: datetime) -> Actor:
    """The person with the roles held at this instant."""
    with database.read() as unit:
        found = actor_for(unit, user_id, now)
    if found is None:
        raise LookupError(user_id)
    return found


def _officers(unit: UnitOfWork, now: datetime) -> dict[str, tuple[str, ...]]:
    found = {}
    for role, count in OFFICERS.items():
        people = [
            _person(unit, f"musim.{role}{n}@contoh.go.id", f"{TITLES[role]} {n}", now) for n in range(1, count + 1)
        ]
        for person in people:
            add_membership(
                unit, user_id=person, role=role, instansi_id=None, valid_from=(now - timedelta(days=1)).date(),
                valid_until=None, now=now, source_key=f"season:{role}:{person}",
            )  # fmt: skip
        found[role] = tuple(people)
    return found


def _agencies(unit: UnitOfWork, count: int, now: datetime) -> Iterable[Agency]:
    rows = unit.session.scalars(select(Instansi).order_by(col(Instansi.kind), col(Instansi.name)).limit(count)).all()
    if len(rows) < count:
        msg = f"{count} agencies wanted, {len(rows)} known"
        raise ValueError(msg)
    for number, row in enumerate(rows, 1):
        person = _person(unit, f"musim.admin{number:03}@contoh.go.id", f"Admin {row.name}", now)
        yield Agency(row.id, row.kind, row.name, person)


def _person(unit: UnitOfWork, email: str, name: str, now: datetime) -> str:
    """An active account nobody can sign in to: it has no password."""
    user = find_by_email(unit, email) or create_user(unit, email=email, name=name[:200], now=now)
    user.state, user.activated_at = "active", now
    unit.session.add(user)
    unit.session.flush()
    return user.id
