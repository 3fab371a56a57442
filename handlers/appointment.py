"""Appointment: the instansi reports the SK by which it appointed the participant."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.registry import Field, Handler, HandlerContext, Registry
from engine.unit_of_work import inserting
from handlers.inpassing import enter_state, participant_of
from models import Appointment


def report_appointment(
    context: HandlerContext,
    *,
    sk_number: str,
    sk_date: date,
    effective_from: date | None = None,
    document: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Keep number, date and document of the SK; reported again, it is corrected."""
    participant = participant_of(context)
    row = {
        "participant_id": participant.id, "sk_number": sk_number, "sk_date": sk_date, "effective_from": effective_from,
        "attachment_id": str(document["id"]) if document else None, "reported_at": context.now,
    }  # fmt: skip
    statement = inserting(context.unit, Appointment).values(row)
    corrected = {name: statement.excluded[name] for name in row if name != "participant_id"}
    context.unit.connection.execute(statement.on_conflict_do_update(index_elements=["participant_id"], set_=corrected))
    enter_state(context, "diangkat", sk_number)
    return {"reported_at": context.now}


def register(registry: Registry) -> None:
    registry.add(
        Handler(
            name="report_appointment",
            mode="inline",
            function=report_appointment,
            title_id="Catat SK pengangkatan",
            title_en="Record the decree of appointment",
            inputs=(
                Field("sk_number", "text", "Nomor SK", "Number of the decree"),
                Field("sk_date", "date", "Tanggal SK", "Date of the decree"),
                Field("effective_from", "date", "Terhitung mulai tanggal", "In effect from", required=False),
                Field("document", "record", "Berkas SK", "The decree as a file", required=False),
            ),
            outputs=(Field("reported_at", "date", "Saat dilaporkan", "When it was reported"),),
        )
    )
