"""What is next on a virtual clock: the simulations (scenarios, seasons) stop at every instant something is due."""

from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import col

from engine.unit_of_work import Database
from models import Deadline, Programme


def next_due(database: Database, until: datetime) -> datetime | None:
    """The earliest timer that was not tried yet, or closing of a programme, not later than `until`."""
    timer = select(func.min(Deadline.due_at)).where(
        col(Deadline.state) == "pending",
        col(Deadline.kind) == "timer",
        col(Deadline.due_at) <= until,
        col(Deadline.retry_at).is_(None),
    )
    closing = select(func.min(Programme.closes_at)).where(
        col(Programme.state) == "open", col(Programme.closes_at) <= until
    )
    with database.read() as unit:
        found = [unit.session.execute(asked).scalar() for asked in (timer, closing)]
    return min((instant for instant in found if instant is not None), default=None)
