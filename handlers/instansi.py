"""Field source `instansi`: the agencies of the kind chosen before it, as a list to choose from."""

from typing import Any

from sqlalchemy import select
from sqlmodel import col

from engine.forms import Fault, FieldSource, Option
from engine.forms.sources import Values
from engine.registry import Registry
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from models import Instansi

KIND_FIELD = "instansi_kind"
MOST_OPTIONS = 1_000

UNKNOWN = Fault(
    "instansi_unknown",
    Text("Instansi ini tidak ada dalam daftar untuk jenis instansi yang dipilih.",
         "This agency is not in the list for the kind of agency chosen."),
)  # fmt: skip


def options(unit: UnitOfWork, query: str, values: Values) -> list[Option]:
    """Agencies of the chosen kind whose name contains `query`, by name; none until a kind is chosen."""
    kind = values.get(KIND_FIELD)
    if not kind:
        return []
    found = unit.session.execute(
        select(Instansi)
        .where(col(Instansi.kind) == kind, col(Instansi.name).icontains(query, autoescape=True))
        .order_by(col(Instansi.name))
        .limit(MOST_OPTIONS)
    ).scalars()
    return [Option(i.id, Text(i.name, i.name)) for i in found]


def resolve(unit: UnitOfWork, raw: str, values: Values) -> dict[str, Any] | str | Fault:
    """The agency chosen, as the case keeps it."""
    instansi = unit.session.get(Instansi, raw)
    if instansi is None or instansi.kind != values.get(KIND_FIELD):
        return UNKNOWN
    return {"id": instansi.id, "name": instansi.name, "kind": instansi.kind}


def register(registry: Registry) -> None:
    registry.fields.add(
        FieldSource(
            name="instansi",
            options=options,
            resolve=resolve,
            title_id="Instansi menurut jenisnya",
            title_en="Agencies by their kind",
            closed=True,
            depends_on=(KIND_FIELD,),
        )
    )
