"""When something is due: the value of a `due` expression as an instant, with the reasons for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from calendars.zones import END_OF_DAY
from engine.expressions import EvaluationContext, evaluate


@dataclass(frozen=True)
class Due:
    """When a user task is due, and how the calendar came to it."""

    at: datetime
    explanation: dict[str, Any] | None


def due_of(source: str | None, names: Mapping[str, Any], context: EvaluationContext) -> Due | None:
    """What the expression gives now; None when it gives nothing."""
    if not source:
        return None
    before = len(context.explanations)
    value = evaluate(source, names, context)
    if value is None:
        return None
    explained = context.explanations[before:]
    return Due(_instant(value, context), explained[-1].to_json() if explained else None)


def _instant(value: Any, context: EvaluationContext) -> datetime:
    """An instant; a date means the end of that day in the case's zone, a duration counts from now."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, timedelta):
        return context.now + value
    if isinstance(value, datetime):
        return value if value.tzinfo is not None else value.replace(tzinfo=context.zone)
    if isinstance(value, date):
        return datetime.combine(value, END_OF_DAY, tzinfo=context.zone)
    msg = f"a due date cannot be made of {type(value).__name__}"
    raise ValueError(msg)
