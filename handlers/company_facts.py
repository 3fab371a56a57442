"""What a scenario about companies may begin with, and look at: companies and their Admins, branches, profiles."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from engine.facts import FactError, FactProvider, FactWorld, Fields
from engine.people import add_membership
from engine.registry import Registry
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from handlers.branches import BRANCH_ADMIN
from handlers.companies import ADMIN, OURS, company_by_nib
from handlers.satuan_kerja import name_key
from models import Branch, Company, Director, Membership, PersonProfile, User

BORN = date(1986, 9, 26)


def _company(unit: UnitOfWork, now: datetime, fields: Fields, world: FactWorld) -> Fields:
    """A company; `direksi` lists its leaders, `admin` names the one (or another) who acts for it."""
    company = Company(
        id=uuid.uuid4().hex, nib=_text(fields, "nib"), name=_text(fields, "nama"), address="", verified_at=now,
        created_at=now,
    )  # fmt: skip
    unit.session.add(company)
    unit.session.flush()
    admin, leaders = fields.get("admin"), fields.get("direksi") or []
    for place, leader in enumerate(leaders if isinstance(leaders, list) else [leaders], 1):
        one: Mapping[str, Any] = leader if isinstance(leader, Mapping) else {"nama": str(leader)}
        unit.session.add(
            Director(
                id=uuid.uuid4().hex, company_id=company.id, place=place, name=str(one["nama"]),
                position=str(one.get("jabatan", "Direktur")),
                citizenship=str(one.get("kewarganegaraan", "wni")).lower(),
                user_id=_person(world, admin) if one["nama"] == admin else None,
            )
        )  # fmt: skip
    if admin:
        until = fields.get("sampai")
        _hold(
            unit, now, _person(world, admin), ADMIN, company.id, None, date.fromisoformat(str(until)) if until else None
        )
    unit.session.flush()
    return {"id": company.id}


def _branch(unit: UnitOfWork, now: datetime, fields: Fields, world: FactWorld) -> Fields:
    """A division or branch of a company given before, perhaps with its Admin."""
    company = company_by_nib(unit, _text(fields, "nib"))
    if company is None:
        raise FactError(why=Text("perusahaannya belum ada", "its company is not there yet"))
    name = _text(fields, "nama")
    branch = Branch(
        id=uuid.uuid4().hex, company_id=company.id, kind=str(fields.get("jenis", "cabang")), name=name,
        name_key=name_key(name), created_at=now,
    )  # fmt: skip
    unit.session.add(branch)
    unit.session.flush()
    if fields.get("admin"):
        _hold(unit, now, _person(world, fields["admin"]), BRANCH_ADMIN, company.id, branch.id, None)
    return {"id": branch.id}


def _profile(unit: UnitOfWork, now: datetime, fields: Fields, world: FactWorld) -> Fields:
    """The verified profile of a person of the story."""
    name = _text(fields, "orang")
    serial = unit.session.scalars(select(func.count()).select_from(PersonProfile)).one() + 1
    unit.session.add(
        PersonProfile(
            user_id=_person(world, name), name=name, citizenship="wni", identity_kind="nik",
            identity_number=f"351514260986{serial:04}", birth_date=BORN, state="verified", verified_at=now,
            verified_by="fakta", updated_at=now,
        )
    )  # fmt: skip
    unit.session.flush()
    return {"name": name}


def _hold(
    unit: UnitOfWork, now: datetime, user_id: str, role: str, company_id: str, branch_id: str | None, until: date | None
) -> None:
    add_membership(
        unit,
        user_id=user_id,
        role=role,
        instansi_id=None,
        company_id=company_id,
        branch_id=branch_id,
        valid_from=now.astimezone(OURS).date(),
        valid_until=until,
        now=now,
    )


def _read_company(unit: UnitOfWork, name: str, world: FactWorld) -> Fields | None:  # noqa: ARG001 -- a provider's shape
    """By name or NIB: how many lead it, how many of them are WNA, and whom nobody has let go as its Admin."""
    named = select(Company).where((col(Company.name) == name) | (col(Company.nib) == name))
    company = unit.session.scalars(named).first()
    if company is None:
        return None
    leaders = unit.session.scalars(select(Director).where(col(Director.company_id) == company.id)).all()
    return {
        "nib": company.nib, "nama": company.name, "direksi": len(leaders),
        "wna": sum(one.citizenship == "wna" for one in leaders),
        "terverifikasi": company.verified_at is not None, "admin": _holders(unit, ADMIN, company_id=company.id),
    }  # fmt: skip


def _read_branch(unit: UnitOfWork, name: str, world: FactWorld) -> Fields | None:  # noqa: ARG001 -- a provider's shape
    branch = unit.session.scalars(select(Branch).where(col(Branch.name_key) == name_key(name))).first()
    if branch is None:
        return None
    return {"jenis": branch.kind, "nama": branch.name, "admin": _holders(unit, BRANCH_ADMIN, branch_id=branch.id)}


def _read_profile(unit: UnitOfWork, name: str, world: FactWorld) -> Fields | None:
    found = unit.session.get(PersonProfile, world.people.get(name, ""))
    if found is None:
        return None
    return {"nama": found.name, "status": found.state, "oleh": found.verified_by or None}


def _holders(unit: UnitOfWork, role: str, **place: str) -> str | None:
    held = select(col(User.name)).join(Membership, col(Membership.user_id) == col(User.id))
    held = held.where(col(Membership.role) == role, col(Membership.state) == "active").filter_by(**place)
    return ", ".join(unit.session.scalars(held.order_by(col(User.name)))) or None


def _text(fields: Fields, name: str) -> str:
    if not fields.get(name):
        raise FactError(why=Text(f"sebutkan “{name}”", f"say “{name}”"))
    return str(fields[name])


def _person(world: FactWorld, name: Any) -> str:
    found = world.people.get(str(name))
    if found is None:
        raise FactError(why=Text(f"tidak ada orang bernama “{name}”", f"there is nobody called “{name}”"))
    return found


def register(registry: Registry) -> None:
    registry.facts.add(FactProvider("company", _company, _read_company, aliases=("perusahaan",)))
    registry.facts.add(FactProvider("branch", _branch, _read_branch, aliases=("cabang",)))
    registry.facts.add(FactProvider("profile", _profile, _read_profile, aliases=("profil",)))
