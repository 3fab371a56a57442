"""Daftarkan Peserta: each ticked participant's own task is completed, and what became of each is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from engine.actors import Actor
from engine.errors import AlurError, InvalidDataError
from engine.unit_of_work import UnitOfWork
from web.context import services
from web.i18n import in_locale, locale_code
from web.inpassing import schedule_queries as queries
from web.inpassing.area import instansi_ids
from web.inpassing.casedata import data_of
from web.inpassing.words import method_text

BOOKED, WAITING, REFUSED = "booked", "waiting", "refused"


@dataclass(frozen=True)
class Line:
    """What became of one participant. Plain values: it is kept in the session until it was shown."""

    name: str
    number: str
    result: str
    why: str

    def to_json(self) -> dict[str, str]:
        return {"name": self.name, "number": self.number, "result": self.result, "why": self.why}


def register(schedule: Any, people: list[Any], actor: Actor, *, waiting: bool, now: datetime) -> list[Line]:
    """One act for each: what refuses one refuses nobody else."""
    refused = {person.id: _book(schedule, person, actor, waiting=waiting, now=now) for person in people}
    with services().database.read() as unit:
        ids = [person.id for person in people]
        seats = queries.live_bookings(unit.connection, ids)
        asked = queries.bookable(unit.connection, schedule.programme_id, instansi_ids(actor), actor.user_id, ids)
        tasks = {person.id: person.task_id for person in asked}
        said = {person: _said(unit, person, task) for person, task in tasks.items() if not refused[person]}
        return [_line(unit, schedule, p, seats, refused[p.id] or said.get(p.id, ""), now) for p in people]


def _book(schedule: Any, person: Any, actor: Actor, *, waiting: bool, now: datetime) -> str:
    """Why not, when the task could not be completed at all."""
    answers = {"chosen_schedule": schedule.id, "join_waiting": waiting}
    try:
        services().runner.complete(person.task_id, actor, answers, now=now)
    except InvalidDataError as error:
        return " ".join(in_locale(fault.text) for faults in error.faults.values() for fault in faults)
    except AlurError as error:
        return error.message(locale_code())
    return ""


def _line(unit: UnitOfWork, schedule: Any, person: Any, seats: Mapping[str, Any], refusal: str, now: datetime) -> Line:
    seat = seats.get(person.id)
    if seat is not None and seat.schedule_id == schedule.id:
        if seat.state == "booked":
            todo = _("Lanjutkan dengan Unggah Dokumen Portofolio.") if schedule.method == "portofolio" else ""
            return Line(person.name, person.number, BOOKED, todo)
        return Line(person.name, person.number, WAITING, _("Kuota penuh. Kursi yang lepas diberikan menurut urutan."))
    return Line(person.name, person.number, REFUSED, refusal or _why_not(unit, schedule, now))


def _said(unit: UnitOfWork, participant_id: str, task_id: str) -> str:
    """The reason in the procedure's own words, kept at the step that asks again."""
    refusal = data_of(unit, participant_id, task_id).get("refusal")
    return in_locale(refusal) if isinstance(refusal, Mapping) and "id" in refusal else ""


def _why_not(unit: UnitOfWork, schedule: Any, now: datetime) -> str:
    """What the schedule is like now, after the procedure has said no without a word."""
    fresh = queries.one(unit.connection, [schedule.instansi_id] if schedule.instansi_id else [], schedule.number)
    if fresh is None or fresh.state == "cancelled":
        return _("Jadwal ini dibatalkan.")
    if fresh.state != "open" or fresh.closes_at <= now:
        return _("Pendaftaran jadwal ini sudah ditutup (H-12 hari kerja).")
    if fresh.taken >= fresh.quota:
        return _("Kuota sudah penuh: kursi terakhir diambil peserta lain.")
    return _("Jadwal %(method)s ini tidak dapat dipilih untuk peserta ini.", method=method_text(fresh.method))
