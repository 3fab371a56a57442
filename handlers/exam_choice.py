"""Field source `exam_schedule`: the schedules that a participant may be registered for now."""

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select
from sqlmodel import col

from calendars.words import full_instant
from engine.forms import Fault, FieldSource, Option
from engine.forms.sources import Values
from engine.registry import Registry
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from handlers.seats import SCHEDULES
from models import ExamSchedule, Participant

MOST_OPTIONS = 500
METHODS = {
    "portofolio": Text("Verifikasi Portofolio", "portfolio"),
    "tes_tertulis": Text("Tes Tertulis", "written test"),
}
UNKNOWN = Fault(
    "schedule_unknown",
    Text("Jadwal ini tidak ada, sudah ditutup, atau bukan untuk instansi ini.",
         "There is no such schedule, it is closed, or it is not for this instansi."),
)  # fmt: skip


def options(unit: UnitOfWork, query: str, values: Values) -> list[Option]:
    """Open schedules of the participant's programme whose name contains `query`, the earliest first."""
    found = _open_to(unit, values, col(ExamSchedule.name).icontains(query, autoescape=True))
    return [Option(s.id, _words(s)) for s in found]


def resolve(unit: UnitOfWork, raw: str, values: Values) -> dict[str, Any] | str | Fault:
    """The schedule chosen, by its id or (a spreadsheet, a scenario) by its name."""
    found = _open_to(unit, values, (col(ExamSchedule.id) == raw) | (col(ExamSchedule.name) == raw))
    if len(found) != 1:
        return UNKNOWN
    return {"id": found[0].id, "name": found[0].name}


def _open_to(unit: UnitOfWork, values: Values, condition: Any) -> list[Row[Any]]:
    own = select(col(Participant.programme_id), col(Participant.instansi_id))
    asked = own.where(col(Participant.id) == str(values.get("participant_id") or ""))
    participant = unit.connection.execute(asked).first()
    if participant is None:
        return []
    statement = (
        select(SCHEDULES)
        .where(
            col(ExamSchedule.programme_id) == participant.programme_id,
            col(ExamSchedule.state) == "open",
            col(ExamSchedule.instansi_id).is_(None) | (col(ExamSchedule.instansi_id) == participant.instansi_id),
            condition,
        )
        .order_by(col(ExamSchedule.starts_at), col(ExamSchedule.name))
        .limit(MOST_OPTIONS)
    )
    return list(unit.connection.execute(statement))


def _words(schedule: Row[Any]) -> Text:
    """Name, method, time and seats, in one line."""
    at, free = schedule.starts_at.astimezone(ZoneInfo(schedule.zone)), schedule.quota - schedule.taken
    method = METHODS[schedule.method]
    return Text(
        f"{schedule.name}: {method.id}, {full_instant(at, 'id')}; sisa kuota {free} dari {schedule.quota}",
        f"{schedule.name}: {method.en}, {full_instant(at, 'en')}; {free} of {schedule.quota} seats left",
    )


def register(registry: Registry) -> None:
    registry.fields.add(
        FieldSource(
            name="exam_schedule",
            options=options,
            resolve=resolve,
            title_id="Jadwal uji kompetensi yang masih dibuka bagi peserta",
            title_en="Competency test schedules still open to the participant",
            closed=True,
        )
    )
