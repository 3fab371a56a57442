"""What remains when an act is refused: the person's draft, and an incident when the fault is the procedure's.

Both are written in a transaction of their own, after the act's has been rolled back.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import select

from engine.actors import Actor
from engine.acts.errors import ActFailedError, HandlerFailedError
from engine.acts.rows import TASKS
from engine.errors import (
    AlurError,
    BudgetExceededError,
    CalendarError,
    DefinitionError,
    ExecutionError,
    ForbiddenError,
    NotFoundError,
)
from engine.expressions import ExpressionError
from engine.human_tasks import keep_draft
from engine.incidents import open_incident
from engine.unit_of_work import Database

ENGINE_FAULTS = (
    ExecutionError, BudgetExceededError, CalendarError, ExpressionError, DefinitionError, HandlerFailedError,
)  # fmt: skip
"""Faults of a procedure, not of the person who happened to act."""


@contextmanager
def incidents(
    database: Database, now: datetime, *, instance_id: str | None = None, task_id: str | None = None
) -> Iterator[None]:
    """A fault of the procedure becomes an incident, and ActFailedError with its reference for the person."""
    try:
        yield
    except ENGINE_FAULTS as fault:
        with database.write() as unit:
            if task_id is not None:
                named = select(TASKS.c.instance_id).where(TASKS.c.id == task_id)
                instance_id = unit.connection.execute(named).scalar()
            element = fault.context.get("element")
            reference = open_incident(
                unit, fault, now=now, instance_id=instance_id, element_id=str(element)[:80] if element else None
            ).reference
        raise ActFailedError(reference=reference) from fault


@contextmanager
def keeping_draft(
    database: Database, task_id: str, actor: Actor, typed: Mapping[str, Any], now: datetime
) -> Iterator[None]:
    """Nothing typed is lost: whatever refuses a submission, it is kept, unless the task was never this person's."""
    try:
        yield
    except (ForbiddenError, NotFoundError):
        raise
    except AlurError:
        if actor.user_id is not None:
            with database.write() as unit:
                keep_draft(unit, task_id, actor.user_id, typed, now)
        raise
