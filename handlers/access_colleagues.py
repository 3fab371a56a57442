"""Who else holds the role of an access in its agency: the verifiers who are left, the successors to choose from."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from engine.forms import Fault, FieldSource, Option
from engine.forms.sources import Values
from engine.registry import HandlerContext, Registry
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from handlers.recipients import Account, holders
from models import Membership, User

VAI = "vai"
MOST_OPTIONS = 500
UNKNOWN = Fault(
    "successor_unknown",
    Text("Pilih orang yang memegang peran yang sama di instansi ini.",
         "Choose somebody who holds the same role in this agency."),
)  # fmt: skip


def colleagues_of(context: HandlerContext, role: str, instansi_id: str | None, user_id: str) -> list[Account]:
    """Those who may act in the role there today, without this person."""
    return [user for user in holders(context, role, instansi_id) if user.id != user_id] if instansi_id else []


def options(unit: UnitOfWork, query: str, values: Values) -> list[Option]:
    return [Option(u.id, Text(u.name, u.name)) for u in _others(unit, values) if query.lower() in u.name.lower()]


def resolve(unit: UnitOfWork, raw: str, values: Values) -> dict[str, Any] | str | Fault:
    """By id, or (a scenario) by name."""
    found = [user for user in _others(unit, values) if raw in (user.id, user.name)]
    return {"id": found[0].id, "name": found[0].name} if len(found) == 1 else UNKNOWN


def _others(unit: UnitOfWork, values: Values) -> list[User]:
    """Of the access that the case is about. Whose last day is over is marked by now, or the case will say so."""
    access: Mapping[str, Any] = values.get("access") or {}
    if not access.get("instansi_id"):
        return []
    statement = (
        select(User)
        .join(Membership, col(Membership.user_id) == col(User.id))
        .where(
            col(Membership.role) == access["role"],
            col(Membership.instansi_id) == access["instansi_id"],
            col(Membership.state) == "active",
            col(User.state) == "active",
            col(User.id) != access["holder"],
        )
        .order_by(col(User.name), col(User.id))
        .limit(MOST_OPTIONS)
    )
    return list({user.id: user for user in unit.session.scalars(statement)}.values())


def register(registry: Registry) -> None:
    registry.fields.add(
        FieldSource(
            name="successor",
            options=options,
            resolve=resolve,
            title_id="Pengganti: pemegang peran yang sama di instansi",
            title_en="Successor: somebody with the same role in the agency",
        )
    )
