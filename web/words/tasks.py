"""A task's row in the reader's words: localised names, its deadline, who holds it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from engine.actors import Actor
from engine.calendar import load_calendar
from engine.unit_of_work import UnitOfWork
from web.context import services
from web.words.due import Due, due
from web.words.names import element_name, process_title


@dataclass(frozen=True)
class TaskRow:
    """What a list shows of a task."""

    id: str
    name: str
    title: str
    number: str
    process: str
    instansi: str
    due: Due | None
    holder: str
    claimable: bool
    created_at: datetime


def present(unit: UnitOfWork, rows: Iterable[Any], actor: Actor, now: datetime) -> list[TaskRow]:
    """Definitions and calendars come from their caches; this asks the database for nothing per row."""
    return [_present(unit, row, actor, now) for row in rows]


def _present(unit: UnitOfWork, row: Any, actor: Actor, now: datetime) -> TaskRow:
    version = services().definitions.version(row.version_id, unit)
    calendar = load_calendar(unit, row.calendar_of, row.zone, now=now)
    return TaskRow(
        id=row.id,
        name=element_name(version, row.element_id, row.name),
        title=row.case_title or process_title(version),
        number=row.number,
        process=process_title(version),
        instansi=row.instansi or "",
        due=due(row.due_at, row.zone, calendar, now),
        holder=holder(row, actor),
        claimable=row.assignee_id is None,
        created_at=row.created_at,
    )


def holder(row: Any, actor: Actor) -> str:
    if row.assignee_id is None:
        return _("Belum diambil")
    return _("Anda") if row.assignee_id == actor.user_id else row.assignee_name or ""
