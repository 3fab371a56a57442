"""Results of one exam as a table: what waits to be entered, what was typed, and what became of each row."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select
from sqlmodel import col

from engine.actors import Actor
from engine.authorisation import candidates, mine
from engine.errors import AlurError, InvalidDataError
from models import Booking, ExamResult, Instansi, Participant, TaskDraft, User, UserTask
from web.context import services
from web.i18n import locale_code
from web.lkpp.queues import QUEUES
from web.lkpp.schedules import SEATED
from web.paging import Key, Page, fetch_page

SIZE = 50
KEYS = (Key(col(Participant.name), "name"), Key(col(Participant.id), "id"))
FIELDS = ("outcome", "score", "result_note")


@dataclass(frozen=True)
class Typed:
    """One row as a person filled it in. `version`: of the task when the page was made."""

    outcome: str = ""
    score: str = ""
    result_note: str = ""
    version: int | None = None

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "Typed":
        return cls(*(str(values.get(name) or "") for name in FIELDS))

    @property
    def answers(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in FIELDS}

    def __bool__(self) -> bool:
        return any(self.answers.values())


@dataclass(frozen=True)
class Report:
    """What became of the rows that were sent: faults by task, and how many were saved."""

    saved: dict[str, str] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=dict)


def page(connection: Connection, schedule_id: str, actor: Actor, *, after: str | None, before: str | None) -> Page:
    """Everybody with a seat, with the result or the open task in which it is entered: one statement."""
    test = QUEUES["tes-tertulis"]
    task = and_(
        col(UserTask.instance_id) == Booking.participant_id,
        col(UserTask.state) == "open",
        col(UserTask.definition_key) == test.process,
        col(UserTask.element_id) == test.element,
    )
    result = and_(
        col(ExamResult.participant_id) == Booking.participant_id,
        col(ExamResult.attempt) == Booking.attempt,
        col(ExamResult.schedule_id) == Booking.schedule_id,
    )
    query = (
        select(
            Participant.id,
            Participant.name,
            Participant.nip,
            Participant.jenjang,
            Participant.state,
            col(Instansi.name).label("instansi"),
            Booking.attempt,
            ExamResult.outcome,
            ExamResult.score,
            ExamResult.note,
            ExamResult.recorded_at,
            col(UserTask.id).label("task_id"),
            col(UserTask.version).label("task_version"),
            col(UserTask.due_at).label("task_due"),
            UserTask.assignee_id,
            col(User.name).label("assignee_name"),
        )
        .join(Participant, col(Participant.id) == Booking.participant_id)
        .join(Instansi, col(Instansi.id) == Participant.instansi_id)
        .outerjoin(UserTask, and_(task, or_(mine(actor), candidates(actor), _others())))
        .outerjoin(ExamResult, result)
        .outerjoin(User, col(User.id) == UserTask.assignee_id)
        .where(col(Booking.schedule_id) == schedule_id, col(Booking.state).in_(SEATED))
    )
    return fetch_page(connection, query, KEYS, after=after, before=before, size=SIZE)


def _others() -> Any:
    """Held by a colleague: shown, so that the row is no riddle."""
    return col(UserTask.assignee_id).is_not(None)


def drafts(connection: Connection, task_ids: list[str], user_id: str) -> dict[str, Typed]:
    """What this person typed and has not saved, by task: one statement."""
    query = select(TaskDraft.task_id, TaskDraft.data)
    query = query.where(col(TaskDraft.task_id).in_(task_ids), col(TaskDraft.user_id) == user_id)
    return {row.task_id: Typed.of(row.data) for row in connection.execute(query)}


def names(connection: Connection, task_ids: list[str]) -> dict[str, str]:
    """Whose results these tasks are about, also when the tasks are over: one statement."""
    query = select(col(UserTask.id), Participant.name).join(Participant, col(Participant.id) == UserTask.instance_id)
    return {row[0]: row[1] for row in connection.execute(query.where(col(UserTask.id).in_(task_ids)))}


def sent(values: Mapping[str, str]) -> dict[str, Typed]:
    """The rows of a request, by task."""
    ids = [name.removeprefix("version-") for name in values if name.startswith("version-")]
    return {
        task_id: Typed(
            values.get(f"outcome-{task_id}", ""),
            values.get(f"score-{task_id}", "").strip(),
            values.get(f"note-{task_id}", "").strip(),
            _version(values[f"version-{task_id}"]),
        )
        for task_id in ids[: 2 * SIZE]
    }


def save(rows: Mapping[str, Typed], actor: Actor, now: datetime) -> Report:
    """Complete one task per row, each in an act of its own: a refused row stops no other one."""
    report = Report()
    for task_id, typed in rows.items():
        try:
            services().runner.complete(task_id, actor, typed.answers, typed.version, now=now)
        except InvalidDataError as error:
            faults = [fault.message(locale_code()) for found in error.faults.values() for fault in found]
            report.faults[task_id] = faults or [error.message(locale_code())]
        except AlurError as error:
            report.faults[task_id] = [error.message(locale_code())]
        else:
            report.saved[task_id] = typed.outcome
    return report


def keep(rows: Mapping[str, Typed], actor: Actor, now: datetime) -> None:
    """Keep what was typed in the rows that changed since it was kept last."""
    with services().database.read() as unit:
        known = drafts(unit.connection, list(rows), actor.user_id or "")
    for task_id, typed in rows.items():
        if typed.answers != known.get(task_id, Typed()).answers:
            services().runner.save_draft(task_id, actor, typed.answers, None, now=now)


def waits(row: Row[Any], actor: Actor) -> bool:
    """May this person enter this row's result now?"""
    return row.task_id is not None and row.assignee_id in (None, actor.user_id)


def _version(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
