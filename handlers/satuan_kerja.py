"""Working units (*satuan kerja*) of an agency: suggested and recognised by name, registered once by whoever is first.

A unit counts as registered from the moment an application claims it, while that application runs, and for good once
an access in it was granted. A claim that came to nothing leaves the unit to the next registrant.
"""

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_, select, tuple_, update
from sqlmodel import col

from engine.forms import Fault, FieldSource, Option
from engine.forms.sources import Values
from engine.registry import BusinessError, Field, Handler, HandlerContext, Registry
from engine.texts import Text
from engine.unit_of_work import UnitOfWork, inserting
from models import Instance, SatuanKerja

INSTANSI_FIELD = "instansi"
TAKEN = "satuan_kerja_taken"
MOST_SUGGESTIONS = 20
RUNNING = ("active", "suspended")


class SatuanKerjaTakenError(BusinessError):
    """The working unit "{name}" was registered by another user in the meantime."""

    indonesian = "Satuan kerja “{name}” sementara itu sudah didaftarkan pengguna lain."
    code = TAKEN

    def __init__(self, name: str) -> None:
        super().__init__(TAKEN, name=name)


NO_INSTANSI = Fault(
    "satuan_kerja_without_instansi",
    Text("Pilih nama instansi lebih dahulu.", "Choose the agency first."),
)


def name_key(name: str) -> str:
    """Two spellings of one name are one unit: case and spacing do not count."""
    return " ".join(name.split()).casefold()[:200]


def options(unit: UnitOfWork, query: str, values: Values) -> list[Option]:
    """Registered units of the chosen agency whose name contains what was typed."""
    instansi_id = _instansi_id(values)
    if instansi_id is None:
        return []
    found = unit.session.execute(
        select(col(SatuanKerja.name))
        .where(
            col(SatuanKerja.instansi_id) == instansi_id,
            col(SatuanKerja.name_key).contains(name_key(query), autoescape=True),
            _registered(),
        )
        .order_by(col(SatuanKerja.name))
        .limit(MOST_SUGGESTIONS)
    ).scalars()
    return [Option(name, Text(name, name)) for name in found]


def resolve(unit: UnitOfWork, raw: str, values: Values) -> dict[str, Any] | str | Fault:
    """The unit by its name, and whether its NPWP and address are known: then they are not asked again."""
    instansi_id = _instansi_id(values)
    if instansi_id is None:
        return NO_INSTANSI
    name = " ".join(raw.split())
    known = unit.session.execute(_by_name(instansi_id, name).where(_registered())).scalar_one_or_none()
    if known is None:
        return {"id": None, "name": name, "registered": False}
    own = values.get("working_unit")
    mine = isinstance(own, Mapping) and own.get("first") is True and own.get("id") == known.id
    return {"id": known.id, "name": known.name, "registered": not mine}


def register_satuan_kerja(
    context: HandlerContext,
    *,
    instansi: Mapping[str, Any],
    satuan_kerja: Mapping[str, Any],
    npwp: str | None = None,
    address: str | None = None,
) -> dict[str, Any]:
    """Join a registered unit, or register it with NPWP and address. Of two first registrants one is refused."""
    name = str(satuan_kerja["name"])
    _let_go_of_others(context, str(instansi["id"]), name)
    row = _claimed(context, str(instansi["id"]), name, npwp, address)
    first = row.verified_at is None and row.registered_by_instance == context.instance_id
    if not first and npwp is not None:
        raise SatuanKerjaTakenError(name)
    return {"id": row.id, "name": row.name, "npwp": row.npwp, "address": row.address, "first": first}


def known_by_name(unit: UnitOfWork, named: Collection[tuple[str, str]], now: datetime) -> dict[tuple[str, str], str]:
    """Ids of units by agency and name, for imports. One that nobody registered yet is kept by its name alone: whoever
    applies for an access in it first gives NPWP and address."""
    if not named:
        return {}
    keys = {(instansi_id, name): (instansi_id, name_key(name)) for instansi_id, name in named}
    found = select(col(SatuanKerja.id), col(SatuanKerja.instansi_id), col(SatuanKerja.name_key)).where(
        tuple_(col(SatuanKerja.instansi_id), col(SatuanKerja.name_key)).in_(sorted(set(keys.values())))
    )
    ids = {(row.instansi_id, row.name_key): row.id for row in unit.connection.execute(found)}
    missing = {key: " ".join(pair[1].split()) for pair, key in keys.items() if key not in ids}
    if missing:
        new = [
            {"id": uuid.uuid4().hex, "instansi_id": instansi_id, "name": name, "name_key": key, "npwp": "",
             "address": "", "created_at": now}
            for (instansi_id, key), name in missing.items()
        ]  # fmt: skip
        unit.connection.execute(inserting(unit, SatuanKerja).on_conflict_do_nothing(), new)
        ids = {(row.instansi_id, row.name_key): row.id for row in unit.connection.execute(found)}
    return {pair: ids[key] for pair, key in keys.items()}


def _let_go_of_others(context: HandlerContext, instansi_id: str, name: str) -> None:
    """An application that names another unit after a repair gives up the one it claimed before."""
    context.unit.session.execute(
        update(SatuanKerja)
        .where(
            col(SatuanKerja.registered_by_instance) == context.instance_id,
            col(SatuanKerja.verified_at).is_(None),
            or_(col(SatuanKerja.instansi_id) != instansi_id, col(SatuanKerja.name_key) != name_key(name)),
        )
        .values(registered_by_instance=None)
        .execution_options(synchronize_session=False)
    )


def _claimed(
    context: HandlerContext, instansi_id: str, name: str, npwp: str | None, address: str | None
) -> SatuanKerja:
    """The unit's row after this case tried to be its registrant."""
    session = context.unit.session
    if npwp is not None and address is not None:
        session.execute(_insert(context, instansi_id, name, npwp, address))
        _take_over(context, instansi_id, name, npwp, address)
    row: SatuanKerja | None = session.execute(
        _by_name(instansi_id, name).execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if row is None:  # it was registered when the form was filled; nothing deletes units, so this is a broken input
        raise SatuanKerjaTakenError(name)
    return row


def _insert(context: HandlerContext, instansi_id: str, name: str, npwp: str, address: str) -> Any:
    """Waits for a concurrent registrant's transaction, then does nothing if that one was first."""
    return (
        inserting(context.unit, SatuanKerja)
        .values(
            id=uuid.uuid4().hex,
            instansi_id=instansi_id,
            name=name,
            name_key=name_key(name),
            npwp=npwp,
            address=address,
            registered_by_instance=context.instance_id,
            created_at=context.now,
        )
        .on_conflict_do_nothing(index_elements=["instansi_id", "name_key"])
    )


def _take_over(context: HandlerContext, instansi_id: str, name: str, npwp: str, address: str) -> None:
    """Correct one's own registration, or register a unit whose former claim came to nothing."""
    context.unit.session.execute(
        update(SatuanKerja)
        .where(
            col(SatuanKerja.instansi_id) == instansi_id,
            col(SatuanKerja.name_key) == name_key(name),
            col(SatuanKerja.verified_at).is_(None),
            or_(col(SatuanKerja.registered_by_instance) == context.instance_id, ~_registered()),
        )
        .values(npwp=npwp, address=address, registered_by_instance=context.instance_id)
        .execution_options(synchronize_session=False)
    )


def _by_name(instansi_id: str, name: str) -> Select[Any]:
    return select(SatuanKerja).where(
        col(SatuanKerja.instansi_id) == instansi_id, col(SatuanKerja.name_key) == name_key(name)
    )


def _registered() -> ColumnElement[bool]:
    """Verified, or claimed by an application that is still running."""
    claimed = exists().where(
        col(Instance.id) == col(SatuanKerja.registered_by_instance), col(Instance.status).in_(RUNNING)
    )
    return or_(col(SatuanKerja.verified_at).is_not(None), claimed)


def _instansi_id(values: Values) -> str | None:
    instansi = values.get(INSTANSI_FIELD)
    return str(instansi["id"]) if isinstance(instansi, Mapping) and instansi.get("id") else None


def register(registry: Registry) -> None:
    registry.fields.add(
        FieldSource(
            name="satuan_kerja",
            options=options,
            resolve=resolve,
            title_id="Satuan kerja pada instansi",
            title_en="Working units of the agency",
            closed=False,
            depends_on=(INSTANSI_FIELD,),
        )
    )
    registry.add(
        Handler(
            name="register_satuan_kerja",
            mode="inline",
            function=register_satuan_kerja,
            title_id="Daftarkan satuan kerja",
            title_en="Register a working unit",
            inputs=(
                Field("instansi", "record", "Instansi, dari isian instansi", "The agency, from its field"),
                Field("satuan_kerja", "record", "Satuan kerja, dari isian satuan kerja", "The unit, from its field"),
                Field("npwp", "text", "NPWP; kosong bila sudah terdaftar", "NPWP; empty if registered", required=False),
                Field(
                    "address",
                    "text",
                    "Alamat; kosong bila sudah terdaftar",
                    "Address; empty if registered",
                    required=False,
                ),
            ),
            outputs=(
                Field("id", "text", "Nomor satuan kerja", "Id of the unit"),
                Field("name", "text", "Nama", "Name"),
                Field("npwp", "text", "NPWP", "NPWP"),
                Field("address", "text", "Alamat", "Address"),
                Field("first", "boolean", "Pendaftar pertama?", "First registrant?"),
            ),
            errors=(TAKEN,),
        )
    )
