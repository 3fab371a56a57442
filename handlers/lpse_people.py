"""Field source `lpse_pic`: who may be named PIC of a standard: holders of that role in the LPSE's instansi."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from engine.forms import Fault, FieldSource, Option
from engine.forms.sources import Values
from engine.registry import Registry
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from models import Membership, User

ROLE = "pic_lpse"
MOST_OPTIONS = 500
UNKNOWN = Fault(
    "pic_unknown",
    Text("Orang ini tidak memegang peran PIC LPSE pada instansi ini.",
         "This person does not hold the role of PIC in this instansi."),
)  # fmt: skip


def options(unit: UnitOfWork, query: str, values: Values) -> list[Option]:
    """Those whose name contains `query`, by name."""
    found = _holders(unit, values, col(User.name).icontains(query, autoescape=True))
    return [Option(user.id, Text(user.name, user.name)) for user in found]


def resolve(unit: UnitOfWork, raw: str, values: Values) -> dict[str, Any] | str | Fault:
    """The person chosen, by account or (a scenario) by a name that only one of them has."""
    found = _holders(unit, values, (col(User.id) == raw) | (col(User.name) == raw))
    if len(found) != 1:
        return UNKNOWN
    return {"id": found[0].id, "name": found[0].name}


def _holders(unit: UnitOfWork, values: Mapping[str, Any], condition: Any) -> list[User]:
    """A role that ended today is refused by the act itself; here only what was ended by hand is left out."""
    case = values.get("case") or {}
    statement = (
        select(User)
        .join(Membership, col(Membership.user_id) == col(User.id))
        .where(
            col(Membership.role) == ROLE,
            col(Membership.state) == "active",
            col(Membership.instansi_id) == case.get("instansi"),
            col(User.state) == "active",
            condition,
        )
        .order_by(col(User.name), col(User.id))
        .distinct()
        .limit(MOST_OPTIONS)
    )
    return list(unit.session.execute(statement).scalars())


def register(registry: Registry) -> None:
    registry.fields.add(
        FieldSource(
            name="lpse_pic",
            options=options,
            resolve=resolve,
            title_id="PIC LPSE pada instansi kasus ini",
            title_en="PICs of the LPSE in the case's instansi",
            closed=True,
        )
    )
