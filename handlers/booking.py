"""A participant's seat: booked or waited for, given up, or exchanged for one in the next schedule."""

from typing import Any

from sqlalchemy import Row, select

from engine import relations
from engine.registry import BusinessError, Field, Handler, HandlerContext, Registry
from handlers import seats
from handlers.inpassing import change_participant, participant_of
from handlers.schedule_words import SCHEDULE

SEAT_TAKEN = "seat_taken"
SCHEDULE_CLOSED = "schedule_closed"
WRONG_INSTANSI = "wrong_instansi"
NO_SCHEDULE = "no_schedule"


class SeatTakenError(BusinessError):
    """The last seat of {name} has just been taken. Choose another schedule, or the waiting list."""

    indonesian = "Kursi terakhir pada {name} baru saja terisi. Pilih jadwal lain atau daftar tunggu."
    code = SEAT_TAKEN

    def __init__(self, name: str) -> None:
        super().__init__(SEAT_TAKEN, name=name)


class ScheduleClosedError(BusinessError):
    """Registration for {name} is closed."""

    indonesian = "Pendaftaran pada {name} sudah ditutup."
    code = SCHEDULE_CLOSED

    def __init__(self, name: str) -> None:
        super().__init__(SCHEDULE_CLOSED, name=name)


class WrongInstansiError(BusinessError):
    """{name} is only for participants of another instansi."""

    indonesian = "{name} hanya untuk peserta instansi lain."
    code = WRONG_INSTANSI

    def __init__(self, name: str) -> None:
        super().__init__(WRONG_INSTANSI, name=name)


class NoScheduleError(BusinessError):
    """This schedule does not exist in the programme of the participant."""

    indonesian = "Jadwal ini tidak ada dalam program peserta."
    code = NO_SCHEDULE

    def __init__(self) -> None:
        super().__init__(NO_SCHEDULE)


def book_seat(context: HandlerContext, *, schedule_id: str, waiting: bool = False) -> dict[str, Any]:
    """Take a seat, or (`waiting`, when it is full) a place in the waiting list. What was held elsewhere is given up."""
    participant = participant_of(context)
    held = seats.live_booking(context)
    locked = seats.lock(context, [schedule_id, *([held.schedule_id] if held else [])])
    schedule = _usable(context, participant, locked.get(schedule_id))
    held = seats.live_booking(context)
    if held is None or held.schedule_id != schedule_id:
        state = _a_place(context, schedule, waiting)
        seats.release(context, seats.RELEASED, held=locked)
        seats.write_booking(context, schedule_id, state)
        _follow(context, schedule)
    return _answer(context, schedule)


def _usable(context: HandlerContext, participant: Row[Any], schedule: Row[Any] | None) -> Row[Any]:
    if schedule is None or schedule.programme_id != participant.programme_id:
        raise NoScheduleError
    if schedule.instansi_id not in (None, participant.instansi_id):
        raise WrongInstansiError(schedule.name)
    if not seats.takes_bookings(context, schedule):
        raise ScheduleClosedError(schedule.name)
    return schedule


def _a_place(context: HandlerContext, schedule: Row[Any], waiting: bool) -> str:
    if seats.take(context, schedule.id):
        return seats.BOOKED
    if not waiting:
        raise SeatTakenError(schedule.name)
    return seats.WAITING


def _follow(context: HandlerContext, schedule: Row[Any]) -> None:
    """The participant's method is that of the exam; the two cases know each other."""
    change_participant(context, method=schedule.method)
    relations.link(context.unit, context.instance_id, schedule.id, "schedule", context.now)


def _answer(context: HandlerContext, schedule: Row[Any]) -> dict[str, Any]:
    booking = seats.live_booking(context)
    assert booking is not None  # noqa: S101 -- it was just written, or was there
    return {
        "booking": booking.state,
        "schedule": seats.record_of(schedule),
        "place_in_line": seats.place_in_line(context, booking),
    }


def release_seat(context: HandlerContext, *, reason: str | None = None) -> dict[str, Any]:  # noqa: ARG001 -- for the record of the case
    """Give up the seat or the place in the line; who waits first gets the seat and its case is told."""
    return {"released": seats.release(context, seats.RELEASED)}


def next_schedule(context: HandlerContext, *, method: str) -> dict[str, Any]:
    """Free the old seat and take one in the next schedule of the method that has one. Without such a one: only free."""
    participant = participant_of(context)
    old = seats.live_booking(context)
    ids = _candidates(context, participant, method, old.schedule_id if old else None)
    locked = seats.lock(context, [*ids, *([old.schedule_id] if old else [])])
    seats.release(context, seats.DROPPED, held=locked)
    for schedule in (locked[i] for i in ids):
        if seats.takes_bookings(context, schedule) and seats.take(context, schedule.id):
            seats.write_booking(context, schedule.id, seats.BOOKED)
            _follow(context, schedule)
            return {"moved": True, "booking": seats.BOOKED, "schedule": seats.record_of(schedule)}
    return {"moved": False, "booking": None, "schedule": None}


def _candidates(context: HandlerContext, participant: Row[Any], method: str, old: str | None) -> list[str]:
    """Schedules that may have a seat, the soonest first. They are locked together afterwards, then asked again."""
    table = seats.SCHEDULES
    open_ones = (
        (table.c.programme_id == participant.programme_id)
        & (table.c.state == "open")
        & (table.c.method == method)
        & (table.c.closes_at > context.now)
        & (table.c.taken < table.c.quota)
        & (table.c.instansi_id.is_(None) | (table.c.instansi_id == participant.instansi_id))
        & (table.c.id != (old or ""))
    )
    found = select(table.c.id).where(open_ones).order_by(table.c.starts_at, table.c.id)
    return list(context.unit.connection.execute(found).scalars())


def register(registry: Registry) -> None:
    booking = Field("booking", "text", "booked (mendapat kursi) atau waiting (daftar tunggu)",
                    "booked (has a seat) or waiting (in the waiting list)")  # fmt: skip
    registry.add(
        Handler(
            name="book_seat",
            mode="inline",
            function=book_seat,
            title_id="Ambil kursi pada jadwal ujian",
            title_en="Take a seat in an exam schedule",
            inputs=(
                Field("schedule_id", "text", "Nomor jadwal", "Id of the schedule"),
                Field("waiting", "boolean", "Masuk daftar tunggu bila penuh?", "Join the waiting list if full?",
                      required=False),
            ),
            outputs=(
                booking,
                SCHEDULE,
                Field("place_in_line", "number", "Urutan dalam daftar tunggu; 0 bila mendapat kursi",
                      "Place in the waiting list; 0 with a seat"),
            ),
            errors=(SEAT_TAKEN, SCHEDULE_CLOSED, WRONG_INSTANSI, NO_SCHEDULE),
        )
    )  # fmt: skip
    registry.add(
        Handler(
            name="release_seat",
            mode="inline",
            function=release_seat,
            title_id="Lepas kursi; peserta pertama di daftar tunggu mendapatkannya",
            title_en="Give the seat up; the first of the waiting list gets it",
            inputs=(Field("reason", "text", "Alasan", "Reason", required=False),),
            outputs=(Field("released", "boolean", "Ada yang dilepas?", "Was anything given up?"),),
        )
    )
    registry.add(
        Handler(
            name="next_schedule",
            mode="inline",
            function=next_schedule,
            title_id="Pindahkan ke jadwal berikutnya",
            title_en="Move to the next schedule",
            inputs=(Field("method", "text", "portofolio atau tes_tertulis", "portofolio or tes_tertulis"),),
            outputs=(
                Field("moved", "boolean", "Mendapat kursi di jadwal lain?", "Got a seat in another schedule?"),
                booking,
                SCHEDULE,
            ),
        )
    )
