"""Results of the uji kompetensi: one for each exam that a participant took, and whether there may be another."""

import uuid
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Table, bindparam, insert, select

from engine.programmes import is_open
from engine.registry import Field, Handler, HandlerContext, Registry
from handlers import seats
from handlers.inpassing import DiagramFaultError, enter_state, parameter, participant_of, programme_of
from handlers.scheduling import RESULTS
from models import Programme, metadata

PASSED = "lulus"
PROGRAMMES: Table = metadata.tables[str(Programme.__tablename__)]
_PROGRAMME: Any = select(PROGRAMMES.c.state, PROGRAMMES.c.opens_at, PROGRAMMES.c.closes_at).where(
    PROGRAMMES.c.id == bindparam("programme")
)
_KEEP = insert(RESULTS)
_LAST = (
    select(RESULTS)
    .where(RESULTS.c.participant_id == bindparam("participant"))
    .order_by(RESULTS.c.attempt.desc())
    .limit(1)
)
OUTCOMES = (PASSED, "tidak_lulus", "tidak_hadir")


def record_result(
    context: HandlerContext,
    *,
    outcome: str,
    score: Decimal | float | None = None,
    note: str | None = None,
    by: str | None = None,
) -> dict[str, Any]:
    """Keep the result of the exam that the participant had a seat in; the seat is used up, the attempt counted."""
    if outcome not in OUTCOMES:
        msg = f"{context.element_id}: no exam ends as “{outcome}”"
        raise DiagramFaultError(msg)
    participant = participant_of(context)
    held = seats.live_booking(context)
    if held is None or held.state != seats.BOOKED:
        msg = f"{context.element_id}: this participant has no seat, so there is no exam to record"
        raise DiagramFaultError(msg)
    schedule = seats.lock(context, [held.schedule_id])[held.schedule_id]
    seats.end_booking(context, held, seats.DONE)
    row = {
        "id": uuid.uuid4().hex, "participant_id": participant.id, "schedule_id": schedule.id, "attempt": held.attempt,
        "method": schedule.method, "outcome": outcome, "score": None if score is None else Decimal(str(score)),
        "note": (note or "")[:500], "recorded_by": by or context.actor.user_id, "recorded_at": context.now,
    }  # fmt: skip
    context.unit.connection.execute(_KEEP, [row])
    enter_state(context, outcome, note or "", {"attempt": held.attempt, "schedule": schedule.id}, attempts=held.attempt)
    return {
        "attempt": held.attempt,
        "outcome": outcome,
        "passed": outcome == PASSED,
        **_retest(context, held.attempt, outcome),
    }


def _retest(context: HandlerContext, attempt: int, outcome: str) -> dict[str, Any]:
    """May the exam be taken again while the programme is open, and from which day?

    0 attempts as the most means: as often as one likes.
    """
    most = int(parameter(context, "max_attempts"))
    allowed = outcome != PASSED and (most == 0 or attempt < most) and _programme_goes_on(context)
    today: date = context.now.astimezone(ZoneInfo(context.zone)).date()
    wait = timedelta(days=int(parameter(context, "retest_wait_days")))
    return {"retest_allowed": allowed, "retest_from": today + wait if allowed else None}


def _programme_goes_on(context: HandlerContext) -> bool:
    found = context.unit.connection.execute(_PROGRAMME, {"programme": programme_of(context)}).one()
    return is_open(found, context.now)


def last_result(context: HandlerContext, participant_id: str) -> Any:
    """The newest result of a participant; None before the first exam."""
    return context.unit.connection.execute(_LAST, {"participant": participant_id}).first()


def register(registry: Registry) -> None:
    registry.add(
        Handler(
            name="record_result",
            mode="inline",
            function=record_result,
            title_id="Catat hasil uji kompetensi",
            title_en="Record the result of the exam",
            inputs=(
                Field("outcome", "text", "lulus, tidak_lulus, atau tidak_hadir", "lulus, tidak_lulus or tidak_hadir"),
                Field("score", "number", "Nilai", "Score", required=False),
                Field("note", "text", "Keterangan", "Note", required=False),
                Field("by", "text", "Penilai; kosong: pelaku langkah ini", "Who judged; empty: who did this step",
                      required=False),
            ),
            outputs=(
                Field("attempt", "number", "Ujian ke berapa", "Which attempt this was"),
                Field("outcome", "text", "Hasil", "Outcome"),
                Field("passed", "boolean", "Lulus?", "Passed?"),
                Field("retest_allowed", "boolean", "Boleh mengulang?", "May it be taken again?"),
                Field("retest_from", "date", "Boleh mengulang mulai", "May be taken again from"),
            ),
        )
    )  # fmt: skip
