"""Accesses: a verified application becomes a membership with role, agency and end date."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from engine.people import add_membership
from engine.registry import BusinessError, Field, Handler, HandlerContext, Registry
from handlers.access_adoption import take_up
from models import Instansi, SatuanKerja

END_DATE_PASSED = "end_date_passed"


class EndDatePassedError(BusinessError):
    """The end date {date} has passed."""

    indonesian = "Tanggal berakhir {date} sudah lewat."
    code = END_DATE_PASSED

    def __init__(self, day: date) -> None:
        super().__init__(END_DATE_PASSED, date=day.isoformat())


class UnknownHolderError(LookupError):
    """The access has no agency, or nobody who could hold it: the diagram hands over wrong data."""


def grant_access(
    context: HandlerContext,
    *,
    role: str,
    instansi: Mapping[str, Any],
    valid_until: date,
    working_unit: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Give the starter of the case the role in the agency, from today to `valid_until`, both included."""
    session = context.unit.session
    agency = session.get(Instansi, str(instansi["id"]))
    if agency is None or context.starter_id is None:
        raise UnknownHolderError(UnknownHolderError.__doc__)
    today = context.now.astimezone(ZoneInfo(agency.zone)).date()
    if valid_until < today:
        raise EndDatePassedError(valid_until)
    satuan_kerja = session.get(SatuanKerja, str(working_unit["id"])) if working_unit else None
    if satuan_kerja is not None and satuan_kerja.verified_at is None:
        satuan_kerja.verified_at = context.now
    membership = add_membership(
        context.unit,
        user_id=context.starter_id,
        role=role,
        instansi_id=agency.id,
        satuan_kerja_id=satuan_kerja.id if satuan_kerja else None,
        valid_from=today,
        valid_until=valid_until,
        now=context.now,
        source_key=context.idempotency_key,
    )
    take_up(context.unit, membership, context.now, sender=context.instance_id)
    return {"membership_id": membership.id, "valid_from": today, "valid_until": valid_until}


def register(registry: Registry) -> None:
    registry.add(
        Handler(
            name="grant_access",
            mode="inline",
            function=grant_access,
            title_id="Aktifkan akses pemohon",
            title_en="Activate the applicant's access",
            inputs=(
                Field("role", "text", "Peran yang diberikan", "The role to grant"),
                Field("instansi", "record", "Instansi tempat peran berlaku", "The agency it holds in"),
                Field("valid_until", "date", "Hari terakhir", "The last day"),
                Field("working_unit", "record", "Satuan kerja yang terdaftar", "The registered unit", required=False),
            ),
            outputs=(
                Field("membership_id", "text", "Nomor keanggotaan", "Id of the membership"),
                Field("valid_from", "date", "Hari pertama", "The first day"),
                Field("valid_until", "date", "Hari terakhir", "The last day"),
            ),
            errors=(END_DATE_PASSED,),
        )
    )
