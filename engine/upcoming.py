"""What is next on a virtual clock: the simulations (scenarios, seasons) stop at every instant something is due."""

from datetime import datetime

from sqlalchemy import bindparam, func, literal, select
from sqlmodel import col

from engine.unit_of_work import Database
from models import Deadline, Programme

# States are written out, not bound: only so may the partial index serve the question.
_TIMER = select(func.min(Deadline.due_at)).where(
    col(Deadline.state) == literal("pending", literal_execute=True),
    col(Deadline.kind) == literal("timer", literal_execute=True),
    col(Deadline.due_at) <= bindparam("until"),
    col(Deadline.retry_at).is_(None),
)
_CLOSING = select(func.min(Programme.closes_at)).where(
    col(Programme.state) == "open", col(Programme.closes_at) <= bindparam("until")
)


def next_due(database: Database, until: datetime) -> datetime | None:
    """The earliest timer that was not tried yet, or closing of a programme, not later than `until`."""
    with database.read() as unit:
        found = [unit.connection.execute(asked, {"until": until}).scalar() for asked in (_TIMER, _CLOSING)]
    return min((instant for instant in found if instant is not None), default=None)
