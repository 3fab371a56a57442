"""Looking for a person: an act of its own, by right and in the ledger, because somebody's cases tell about them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import col

from engine.actors import Actor
from engine.authorisation import audited
from engine.people import search_users
from engine.privacy.concealing import Sort, conceal
from engine.unit_of_work import UnitOfWork
from models import Instance, Instansi, Participant, PersonProfile, User
from web.search import anywhere

MOST = 25
SHORTEST = 3


@dataclass(frozen=True)
class Person:
    """Somebody with an account (`u-…`), or a participant (`p-…`); the numbers masked as everywhere."""

    key: str
    name: str
    about: str


@dataclass(frozen=True)
class Sought:
    """What was typed: how, and the words."""

    by: str
    """name | email | nip | nik"""
    words: str


def sought(typed: str) -> Sought | None:
    """None where it is too little to look for anybody by."""
    words = " ".join(typed.split())[:100]
    digits = re.sub(r"[\s.\-]", "", words)
    if digits.isdigit() and len(digits) in (16, 18):
        return Sought("nip" if len(digits) == 18 else "nik", digits)
    if "@" in words:
        return Sought("email", words.lower())
    return Sought("name", words) if sum(letter.isalpha() for letter in words) >= SHORTEST else None


def find(unit: UnitOfWork, actor: Actor, wanted: Sought, locale: str) -> list[Person]:
    """Accounts first, then participants of inpassing, at most MOST of each."""
    users = [Person(f"u-{user.id}", user.name, conceal(Sort.EMAIL, user.email, locale))
             for user in _users(unit, wanted)]  # fmt: skip
    return users + _participants(unit, actor, wanted, locale)


def name_of(unit: UnitOfWork, key: str) -> str | None:
    """Of a person in an address; None where there is no such one."""
    kind, _dash, ident = key.partition("-")
    named = select(col(Participant.name if kind == "p" else User.name)).where(
        col(Participant.id if kind == "p" else User.id) == ident
    )
    return unit.connection.execute(named).scalar_one_or_none()


def _users(unit: UnitOfWork, wanted: Sought) -> Sequence[User]:
    if wanted.by == "name":
        return search_users(unit, wanted.words, limit=MOST)
    if wanted.by == "nik":
        holders = select(col(PersonProfile.user_id)).where(col(PersonProfile.identity_number) == wanted.words)
        exact = col(User.id).in_(holders)
    else:
        exact = col(User.email if wanted.by == "email" else User.nip) == wanted.words
    return unit.session.scalars(select(User).where(exact).order_by(User.name).limit(MOST)).all()


def _participants(unit: UnitOfWork, actor: Actor, wanted: Sought, locale: str) -> list[Person]:
    """Each NIP once, whatever number of periods they took part in."""
    if wanted.by == "nik":
        return []
    matches = {
        "name": anywhere(wanted.words, col(Participant.name)),
        "email": func.lower(col(Participant.email)) == wanted.words,
        "nip": col(Participant.nip) == wanted.words,
    }
    query = (
        select(func.min(Participant.id).label("id"), func.min(Participant.name).label("name"), Participant.nip,
               func.min(Instansi.name).label("instansi"))
        .join(Instance, col(Instance.id) == Participant.id)
        .join(Instansi, col(Instansi.id) == Participant.instansi_id)
        .where(matches[wanted.by], audited(actor))
        .group_by(Participant.nip)
        .order_by(func.min(Participant.name))
        .limit(MOST)
    )  # fmt: skip
    return [
        Person(f"p-{row.id}", row.name, f"NIP {conceal(Sort.NIP, row.nip, locale)} · {row.instansi}")
        for row in unit.connection.execute(query)
    ]
