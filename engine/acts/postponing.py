"""Moving a deadline by hand, with a reason: the due date of a task, or the instant that a timer waits for.

A due date is only told to people, so the engine does not feel it; a timer is a part of the case's state.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update

from calendars.elapsed import elapsed
from engine.acts.cases import TimerRow
from engine.acts.command import Command
from engine.acts.errors import BadPostponementError
from engine.acts.rows import DEADLINES, TASKS, due_id
from engine.history import Kind
from engine.history.chain import instant
from engine.texts import Text
from engine.unit_of_work import UnitOfWork

REASON_LENGTH = 1000
PAST = Text("waktu yang baru harus di masa depan", "the new time must be in the future")
SAME = Text("waktunya tetap sama", "the time stays the same")
OVER = Text("tenggat ini tidak ditunggu lagi", "nothing waits for this deadline any more")
NO_REASON = Text("sebutkan alasannya", "say why")


def move_command(deadline: TimerRow, to: datetime, reason: str, now: datetime) -> Command:
    """The act that moves a deadline. Raises BadPostponementError."""
    for faulty, why in ((deadline.state != "pending", OVER), (to <= now, PAST), (to == deadline.due_at, SAME),
                        (not reason.strip(), NO_REASON)):  # fmt: skip
        if faulty:
            raise BadPostponementError(why=why)
    detail = {"from": instant(deadline.due_at), "due": instant(to)}
    inputs = {"to": to, "reason": reason.strip()[:REASON_LENGTH]}
    kind = Kind.TIMER_MOVED if deadline.kind == "timer" else Kind.DEADLINE_MOVED
    return Command(kind, inputs, deadline.element_id, deadline.token_id, {**detail, "kind": deadline.kind})


def write_due(unit: UnitOfWork, command: Command, zone: str, now: datetime) -> None:
    """The rows of a task's due date: its deadline, and what the inbox shows."""
    to, token = command.inputs["to"], command.token
    explanation: Mapping[str, Any] = elapsed(now, to, zone)
    moved = update(DEADLINES).where(DEADLINES.c.id == due_id(token))
    unit.connection.execute(moved.values(due_at=to, explanation=explanation))
    unit.connection.execute(update(TASKS).where(TASKS.c.id == token).values(due_at=to))
