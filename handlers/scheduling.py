"""Exam schedules: opened with their deadlines, closed, held, finished, called off."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from calendars import DayOffError, NoDecreeError
from calendars.words import full_instant
from engine.registry import BusinessError, Field, Handler, HandlerContext, Registry
from engine.texts import Text
from handlers import seats
from handlers.deadlines import RULES, dates_of
from handlers.inpassing import DiagramFaultError, parameter, programme_of
from handlers.lkpp_letters import number_result_list
from handlers.schedule_words import SCHEDULE_FIELDS
from models import ExamResult, Instansi, metadata

TOO_LATE = "too_late"
EXAM_ON_DAY_OFF = "exam_on_day_off"
NO_DECREE = "no_decree"
KINDS = ("reguler", "instansi")
METHODS = ("portofolio", "tes_tertulis")
RESULTS = metadata.tables[str(ExamResult.__tablename__)]
INSTANSI = metadata.tables[str(Instansi.__tablename__)]


class TooLateError(BusinessError):
    """Registration for this exam would have closed on {closes}: choose a later date."""

    indonesian = "Pendaftaran ujian ini sudah harus ditutup pada {closes}: pilih tanggal yang lebih kemudian."
    code = TOO_LATE

    def __init__(self, closes_at: datetime) -> None:
        super().__init__(TOO_LATE, closes=Text(full_instant(closes_at, "id"), full_instant(closes_at, "en")))


class ExamOnDayOffError(BusinessError):
    """There is no exam on a day off. {why}"""

    indonesian = "Ujian tidak diadakan pada hari libur. {why}"
    code = EXAM_ON_DAY_OFF

    def __init__(self, why: DayOffError) -> None:
        super().__init__(EXAM_ON_DAY_OFF, why=Text(why.message("id"), why.message("en")))


class NoDecreeForExamError(BusinessError):
    """Batas Akhir Pendaftaran cannot be computed. {why}"""

    indonesian = "Batas Akhir Pendaftaran belum dapat dihitung. {why}"
    code = NO_DECREE

    def __init__(self, why: NoDecreeError) -> None:
        super().__init__(NO_DECREE, why=Text(why.message("id"), why.message("en")))


def open_schedule(  # noqa: PLR0913 -- a schedule is what it is: kind, method, place, time and seats
    context: HandlerContext,
    *,
    kind: str,
    method: str,
    name: str,
    place: str,
    starts_on: date,
    starts_time: str,
    quota: int,
    zone: str | None = None,
    instansi: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Open the schedule whose case this is, with its Batas Akhir Pendaftaran and the end of the time for repairs."""
    if kind not in KINDS or method not in METHODS:
        msg = f"{context.element_id}: there is no schedule of kind “{kind}”, method “{method}”"
        raise DiagramFaultError(msg)
    instansi_id = _for_whom(context, kind, instansi)
    calendar = context.calendar.with_zone(zone or _zone_of(context, instansi_id))
    rules = {name: parameter(context, name) for name in RULES}
    try:
        dates = dates_of(calendar, starts_on, starts_time, rules)
    except DayOffError as error:
        raise ExamOnDayOffError(error) from error
    except NoDecreeError as error:
        raise NoDecreeForExamError(error) from error
    if dates.closes_at <= context.now:
        raise TooLateError(dates.closes_at)
    row = {
        "id": context.instance_id, "programme_id": programme_of(context), "kind": kind, "instansi_id": instansi_id,
        "method": method, "name": name, "place": place, "zone": calendar.zone.key, "starts_at": dates.starts_at,
        "closes_at": dates.closes_at, "closes_why": dates.closes.to_json(), "repair_until": dates.repair_until,
        "quota": quota, "taken": 0, "state": "open", "result_attachment_id": None, "created_at": context.now,
    }  # fmt: skip
    if context.instance_id not in seats.lock(context, [context.instance_id]):
        context.unit.connection.execute(insert(seats.SCHEDULES), [row])
    opened = schedule_of(context)
    return {**seats.record_of(opened), "closes_why": opened.closes_why}


def _for_whom(context: HandlerContext, kind: str, instansi: Mapping[str, Any] | None) -> str | None:
    if kind != "instansi":
        return None
    instansi_id = str(instansi["id"]) if instansi else context.instansi_id
    if instansi_id is None:
        msg = f"{context.element_id}: a schedule of an instansi needs that instansi"
        raise DiagramFaultError(msg)
    return instansi_id


def _zone_of(context: HandlerContext, instansi_id: str | None) -> str:
    """Where the exam is held: by default at the instansi, or where the programme is."""
    if instansi_id is None:
        return context.zone
    zone = context.unit.connection.execute(select(INSTANSI.c.zone).where(INSTANSI.c.id == instansi_id)).scalar()
    return str(zone or context.zone)


def schedule_of(context: HandlerContext) -> Row[Any]:
    """The schedule whose case this is, locked."""
    schedule = seats.lock(context, [context.instance_id]).get(context.instance_id)
    if schedule is None:
        msg = f"{context.element_id}: the schedule of this case is not open yet"
        raise DiagramFaultError(msg)
    return schedule


def close_schedule(context: HandlerContext) -> dict[str, Any]:
    """Nobody is registered any more."""
    return _enter(context, "closed", before=("open",))


def hold_schedule(context: HandlerContext) -> dict[str, Any]:
    """The exam takes place."""
    return _enter(context, "held", before=("open", "closed"))


def cancel_schedule(context: HandlerContext, *, reason: str | None = None) -> dict[str, Any]:
    """The exam is called off: seats and places in the line are gone, and each participant's case is told."""
    if schedule_of(context).state not in ("finished", "cancelled"):
        seats.end_all(context, context.instance_id, reason or "")
    return _standing(context)


def finish_schedule(context: HandlerContext) -> dict[str, Any]:
    """The results are in. While one is missing nothing changes: ask again later."""
    schedule = schedule_of(context)
    booked = (seats.BOOKINGS.c.schedule_id == context.instance_id) & (seats.BOOKINGS.c.state == seats.BOOKED)
    missing = context.unit.connection.execute(select(func.count()).where(booked)).scalar_one()
    outcomes = select(RESULTS.c.outcome, func.count().label("number")).where(
        RESULTS.c.schedule_id == context.instance_id
    )
    rows = context.unit.connection.execute(outcomes.group_by(RESULTS.c.outcome)).all()
    by_outcome: dict[str, int] = {row.outcome: row.number for row in rows}
    if missing == 0:
        _enter(context, "finished", before=("open", "closed", "held"))
        number_result_list(context, schedule.name)
    return {
        "finished": missing == 0,
        "missing": missing,
        "passed": by_outcome.get("lulus", 0),
        "failed": by_outcome.get("tidak_lulus", 0),
        "absent": by_outcome.get("tidak_hadir", 0),
        "total": sum(by_outcome.values()) + missing,
    }


def _enter(context: HandlerContext, state: str, *, before: tuple[str, ...]) -> dict[str, Any]:
    schedule_of(context)
    own = (seats.SCHEDULES.c.id == context.instance_id) & seats.SCHEDULES.c.state.in_(before)
    context.unit.connection.execute(update(seats.SCHEDULES).where(own).values(state=state))
    return _standing(context)


def _standing(context: HandlerContext) -> dict[str, Any]:
    schedule = schedule_of(context)
    waiting = (seats.BOOKINGS.c.schedule_id == schedule.id) & (seats.BOOKINGS.c.state == seats.WAITING)
    number = context.unit.connection.execute(select(func.count()).where(waiting)).scalar_one()
    return {"state": schedule.state, "quota": schedule.quota, "taken": schedule.taken, "waiting": number}


STANDING = (
    Field("state", "text", "Status jadwal", "State of the schedule"),
    Field("quota", "number", "Kuota", "Quota"),
    Field("taken", "number", "Kursi terisi", "Seats taken"),
    Field("waiting", "number", "Peserta dalam daftar tunggu", "Participants in the waiting list"),
)


def register(registry: Registry) -> None:
    registry.add(_opening())
    for function, title_id, title_en in (
        (close_schedule, "Tutup pendaftaran jadwal", "Close registration for the schedule"),
        (hold_schedule, "Catat bahwa ujian dilaksanakan", "Record that the exam takes place"),
    ):
        registry.add(Handler(function.__name__, "inline", function, title_id, title_en, outputs=STANDING))
    registry.add(
        Handler(
            name="cancel_schedule",
            mode="inline",
            function=cancel_schedule,
            title_id="Batalkan jadwal",
            title_en="Call the schedule off",
            inputs=(Field("reason", "text", "Alasan", "Reason", required=False),),
            outputs=STANDING,
        )
    )
    registry.add(
        Handler(
            name="finish_schedule",
            mode="inline",
            function=finish_schedule,
            title_id="Selesaikan jadwal bila semua hasil sudah masuk",
            title_en="Finish the schedule once all results are in",
            outputs=(
                Field("finished", "boolean", "Semua hasil sudah masuk?", "Are all results in?"),
                Field("missing", "number", "Hasil yang belum ada", "Results that are missing"),
                Field("passed", "number", "Lulus", "Passed"),
                Field("failed", "number", "Tidak lulus", "Failed"),
                Field("absent", "number", "Tidak hadir", "Absent"),
                Field("total", "number", "Seluruhnya", "In all"),
            ),
        )
    )


def _opening() -> Handler:
    return Handler(
        name="open_schedule",
        mode="inline",
        function=open_schedule,
        title_id="Buka jadwal ujian dan hitung Batas Akhir Pendaftaran",
        title_en="Open the exam schedule and compute Batas Akhir Pendaftaran",
        inputs=(
            Field("kind", "text", "reguler atau instansi", "reguler or instansi"),
            Field("method", "text", "portofolio atau tes_tertulis", "portofolio or tes_tertulis"),
            Field("name", "text", "Nama jadwal", "Name of the schedule"),
            Field("place", "text", "Tempat", "Place"),
            Field("starts_on", "date", "Tanggal ujian", "Date of the exam"),
            Field("starts_time", "text", "Jam mulai, misalnya 09.00", "Time it begins, 09.00 for one"),
            Field("quota", "number", "Kuota peserta", "Number of seats"),
            Field("zone", "text", "Zona waktu tempat ujian; kosong: zona instansi atau program",
                  "Time zone of the place; empty: of the instansi or the programme", required=False),
            Field("instansi", "record", "Hanya untuk jenis instansi; kosong: instansi kasus",
                  "Only for kind instansi; empty: the case's instansi", required=False),
        ),
        outputs=(
            *SCHEDULE_FIELDS,
            Field("closes_why", "record", "Penjelasan Batas Akhir Pendaftaran, hari demi hari",
                  "How Batas Akhir Pendaftaran was computed, day by day"),
        ),
        errors=(TOO_LATE, EXAM_ON_DAY_OFF, NO_DECREE),
    )  # fmt: skip
