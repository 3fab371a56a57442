"""Seats of an exam schedule: taken, waited for in order of arrival, given up, passed on.

Whoever touches the seats of a schedule locks its row first, and several schedules in the order of their ids: then two
who move in opposite directions wait for each other, but never for ever.
"""

import uuid
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, Table, bindparam, func, insert, select, update

from calendars import zone_of
from engine.acts.recipients import queue_message
from engine.registry import HandlerContext
from models import Booking, ExamSchedule, Participant, metadata

SCHEDULES: Table = metadata.tables[str(ExamSchedule.__tablename__)]
BOOKINGS: Table = metadata.tables[str(Booking.__tablename__)]
PARTICIPANTS: Table = metadata.tables[str(Participant.__tablename__)]

BOOKED, WAITING, DONE, RELEASED, DROPPED = "booked", "waiting", "done", "released", "dropped"
LIVE = (BOOKED, WAITING)
SEAT_GIVEN = "seat_given"
SCHEDULE_CANCELLED = "schedule_cancelled"

# Made once: to build them costs as much as to send them.
_LOCK = (
    select(SCHEDULES)
    .where(SCHEDULES.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(SCHEDULES.c.id)
    .with_for_update(key_share=True)
)
_LIVE = select(BOOKINGS).where(BOOKINGS.c.participant_id == bindparam("participant"), BOOKINGS.c.state.in_(LIVE))
_TAKE = (
    update(SCHEDULES)
    .where(SCHEDULES.c.id == bindparam("schedule"), SCHEDULES.c.taken < SCHEDULES.c.quota)
    .where(SCHEDULES.c.state.in_(bindparam("states", expanding=True)))
    .values(taken=SCHEDULES.c.taken + 1)
)
_LAST = select(func.coalesce(func.max(BOOKINGS.c.number), 0)).where(BOOKINGS.c.schedule_id == bindparam("schedule"))
_ATTEMPTS = select(PARTICIPANTS.c.attempts).where(PARTICIPANTS.c.id == bindparam("participant"))
_BOOK = insert(BOOKINGS)
_END = (
    update(BOOKINGS)
    .where(BOOKINGS.c.id == bindparam("booking"))
    .values(state=bindparam("how"), ended_at=bindparam("at", type_=BOOKINGS.c.ended_at.type))
)
_FEWER = update(SCHEDULES).where(SCHEDULES.c.id == bindparam("schedule")).values(taken=SCHEDULES.c.taken - 1)
_SCHEDULE = select(SCHEDULES).where(SCHEDULES.c.id == bindparam("schedule"))


def lock(context: HandlerContext, ids: Iterable[str]) -> dict[str, Row[Any]]:
    """The rows of these schedules as they are once nobody else holds them."""
    rows = context.unit.connection.execute(_LOCK, {"ids": sorted(set(ids))}).all()
    return {row.id: row for row in rows}


def live_booking(context: HandlerContext) -> Row[Any] | None:
    """The seat, or the place in a line, that the participant of the case has now."""
    return context.unit.connection.execute(_LIVE, {"participant": context.instance_id}).first()


def takes_bookings(context: HandlerContext, schedule: Row[Any]) -> bool:
    """Until its Batas Akhir Pendaftaran."""
    return bool(schedule.state == "open" and context.now < schedule.closes_at)


def may_pass_on(context: HandlerContext, schedule: Row[Any]) -> bool:
    """Until the exam: who is not complete when registration ends frees a seat for the line that still waits then."""
    return bool(schedule.state in ("open", "closed") and context.now < schedule.starts_at)


def take(context: HandlerContext, schedule_id: str, states: tuple[str, ...] = ("open",)) -> bool:
    """One seat more is taken; False when none is left. The condition is the guard, whatever was locked before."""
    return context.unit.connection.execute(_TAKE, {"schedule": schedule_id, "states": states}).rowcount == 1


def write_booking(context: HandlerContext, schedule_id: str, state: str) -> int:
    """The participant of the case gets a place in the schedule; returns its number in the order of arrival."""
    connection = context.unit.connection
    number: int = connection.execute(_LAST, {"schedule": schedule_id}).scalar_one() + 1
    attempts = connection.execute(_ATTEMPTS, {"participant": context.instance_id}).scalar_one()
    row = {
        "id": uuid.uuid4().hex, "schedule_id": schedule_id, "participant_id": context.instance_id, "number": number,
        "attempt": attempts + 1, "state": state, "created_at": context.now,
        "ended_at": None,
    }  # fmt: skip
    connection.execute(_BOOK, [row])
    return number


def place_in_line(context: HandlerContext, booking: Row[Any]) -> int:
    """How many wait before this one, itself counted; 0 for a seat."""
    if booking.state != WAITING:
        return 0
    before = (BOOKINGS.c.schedule_id == booking.schedule_id) & (BOOKINGS.c.state == WAITING)
    count = select(func.count()).where(before & (BOOKINGS.c.number <= booking.number))
    return context.unit.connection.execute(count).scalar_one()


def end_booking(context: HandlerContext, booking: Row[Any], how: str) -> None:
    """The seat, or the place in a line, is one no more."""
    context.unit.connection.execute(_END, {"booking": booking.id, "how": how, "at": context.now})


def release(context: HandlerContext, how: str, *, held: Iterable[str] = ()) -> bool:
    """Give up what the participant has; a seat goes to the first who waits. `held`: schedules locked already."""
    booking = live_booking(context)
    if booking is None:
        return False
    if booking.schedule_id not in held:
        lock(context, [booking.schedule_id])
        booking = live_booking(context)  # while this waited for the lock, the place in line may have become a seat
        if booking is None:
            return False
    end_booking(context, booking, how)
    if booking.state == BOOKED:
        context.unit.connection.execute(_FEWER, {"schedule": booking.schedule_id})
        pass_on(context, booking.schedule_id)
    return True


def pass_on(context: HandlerContext, schedule_id: str) -> int:
    """Give free seats of a schedule, which is locked, to those who wait, first come first; returns how many."""
    connection = context.unit.connection
    schedule = connection.execute(_SCHEDULE, {"schedule": schedule_id}).one()
    if not may_pass_on(context, schedule) or schedule.taken >= schedule.quota:
        return 0
    line = select(BOOKINGS).where((BOOKINGS.c.schedule_id == schedule_id) & (BOOKINGS.c.state == WAITING))
    lucky = connection.execute(line.order_by(BOOKINGS.c.number).limit(schedule.quota - schedule.taken)).all()
    for booking in lucky:
        take(context, schedule_id, ("open", "closed"))
        connection.execute(update(BOOKINGS).where(BOOKINGS.c.id == booking.id).values(state=BOOKED))
    tell(context, SEAT_GIVEN, [(b.id, b.participant_id) for b in lucky], {"schedule": record_of(schedule)})
    return len(lucky)


def end_all(context: HandlerContext, schedule_id: str, reason: str) -> None:
    """A schedule that is called off: nobody has a seat or waits any more, and each case is told."""
    connection = context.unit.connection
    theirs = (BOOKINGS.c.schedule_id == schedule_id) & BOOKINGS.c.state.in_(LIVE)
    booked = connection.execute(select(BOOKINGS).where(theirs).order_by(BOOKINGS.c.number)).all()
    connection.execute(update(BOOKINGS).where(theirs).values(state=RELEASED, ended_at=context.now))
    done = select(func.count()).where((BOOKINGS.c.schedule_id == schedule_id) & (BOOKINGS.c.state == DONE))
    values = {"state": "cancelled", "taken": done.scalar_subquery()}
    connection.execute(update(SCHEDULES).where(SCHEDULES.c.id == schedule_id).values(**values))
    payload = {"schedule_id": schedule_id, "reason": reason}
    tell(context, SCHEDULE_CANCELLED, [(b.id, b.participant_id) for b in booked], payload)


def tell(
    context: HandlerContext,
    message: str,
    whom: Iterable[tuple[str, str]],
    payload: dict[str, Any],
    *,
    optional: bool = True,
) -> None:
    """A message to each case of `whom` (a key of its own, the case's id), after the act.

    An optional one is dropped when its case has gone on meanwhile and does not wait for it.
    """
    for key, case in whom:
        queue_message(
            context.unit,
            message,
            payload,
            [case],
            context.now,
            f"{message}:{key}",
            sender=context.instance_id,
            optional=optional,
        )


def record_of(schedule: Row[Any]) -> dict[str, Any]:
    """A schedule as a case keeps it, its times as the clocks at the place show them."""
    zone = zone_of(schedule.zone)
    return {
        "id": schedule.id,
        "name": schedule.name,
        "kind": schedule.kind,
        "method": schedule.method,
        "place": schedule.place,
        "zone": schedule.zone,
        "quota": schedule.quota,
        "starts_at": schedule.starts_at.astimezone(zone),
        "closes_at": schedule.closes_at.astimezone(zone),
        "repair_until": schedule.repair_until.astimezone(zone),
    }
