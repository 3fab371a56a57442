"""Checks what a case's rows say (status, inbox, deadlines) against what its record says happened."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, Table, bindparam, select

from engine.history.chain import instant
from engine.history.kinds import Kind
from engine.history.verify import Finding, Record, finding
from engine.unit_of_work import UnitOfWork
from models import Deadline, UserTask, metadata

TASKS: Table = metadata.tables[str(UserTask.__tablename__)]
DEADLINES: Table = metadata.tables[str(Deadline.__tablename__)]
_KEY: Any = bindparam("key")
_TASKS_OF = select(TASKS).where(TASKS.c.instance_id == _KEY).order_by(TASKS.c.id)
_DEADLINES_OF = select(DEADLINES).where(DEADLINES.c.instance_id == _KEY).order_by(DEADLINES.c.id)

_STATUS = {
    Kind.CASE_STARTED: "active",
    Kind.CASE_SUSPENDED: "suspended",
    Kind.CASE_RESUMED: "active",
    Kind.CASE_COMPLETED: "completed",
    Kind.CASE_CANCELLED: "cancelled",
    Kind.CASE_MIGRATED: "active",
}
_WAITING = {"open": ("open", "suspended"), "pending": ("pending", "suspended", "failed")}
"""A suspended case's rows are set aside; a timer that could not fire is an incident."""


@dataclass
class _Task:
    element_id: str | None
    role: str | None
    assignee_id: str | None
    made: int
    state: str = "open"
    closed_by: str | None = None


@dataclass
class _Standing:
    """Where a case stands after its events, by nothing but them."""

    columns: dict[str, Any] = field(default_factory=dict)
    said_by: dict[str, int] = field(default_factory=dict)
    tasks: dict[str, _Task] = field(default_factory=dict)
    dues: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)
    """(kind, token) → instant and the event that set it, while it waits."""

    def say(self, event: Row[Any], **columns: Any) -> None:
        self.columns.update(columns)
        self.said_by.update(dict.fromkeys(columns, event.seq))

    def follow(self, event: Row[Any]) -> None:
        detail = event.detail if isinstance(event.detail, dict) else {}
        if "zone" in detail:
            self.say(event, zone=detail["zone"])
        if event.kind in _STATUS:
            self._case(event, Kind(event.kind), detail)
        elif event.kind.startswith("task:"):
            self._task(event, detail)
        elif event.kind == Kind.DEADLINE_SET:
            self.dues[detail.get("kind", ""), event.token_id] = (detail.get("due", ""), event.seq)
        elif event.kind in (Kind.DEADLINE_CLEARED, Kind.DEADLINE_FIRED):
            self.dues.pop(("timer", event.token_id), None)

    def _case(self, event: Row[Any], kind: Kind, detail: dict[str, Any]) -> None:
        self.say(event, status=_STATUS[kind])
        if kind == Kind.CASE_MIGRATED:
            self.say(event, version_id=detail.get("version"))
        elif kind == Kind.CASE_STARTED:
            self.say(event, started_at=event.at, starter_id=event.actor_id or detail.get("starter"),
                     version_id=detail.get("version"), programme_id=detail.get("programme"),
                     ended_at=None, outcome=None)  # fmt: skip
        elif kind in (Kind.CASE_COMPLETED, Kind.CASE_CANCELLED):
            self.say(event, ended_at=event.at, outcome=event.element_id if kind == Kind.CASE_COMPLETED else None)
            for task in self.tasks.values():
                task.state = "cancelled" if task.state == "open" else task.state
            self.dues.clear()

    def _task(self, event: Row[Any], detail: dict[str, Any]) -> None:
        if event.kind == Kind.TASK_CREATED:
            assignee = detail.get("assignee")
            self.tasks[event.token_id] = _Task(event.element_id, detail.get("role"), assignee, event.seq)
        task = self.tasks.get(event.token_id)
        if task is None:
            return
        if event.kind in (Kind.TASK_CLAIMED, Kind.TASK_ASSIGNED, Kind.TASK_RELEASED):
            task.assignee_id = detail.get("to")
        elif event.kind == Kind.TASK_MOVED:
            # with its case to another version: whoever holds it for a group keeps it while it is that group's
            if task.role is None or task.role != detail.get("role"):
                task.assignee_id = detail.get("assignee")
            task.element_id, task.role = event.element_id, detail.get("role")
        elif event.kind == Kind.TASK_COMPLETED:
            task.state, task.closed_by = "completed", event.actor_id
        elif event.kind == Kind.TASK_CANCELLED:
            task.state = "cancelled"
        if task.state != "open":
            self.dues.pop(("due", event.token_id), None)


def check_standing(unit: UnitOfWork, record: Record) -> list[Finding]:
    """Rows that say something else than the record; each finding names the event that said so."""
    standing = _Standing()
    for event in record.events:
        standing.follow(event)
    tasks = {row.id: row for row in unit.connection.execute(_TASKS_OF, {"key": record.case.id})}
    deadlines = unit.connection.execute(_DEADLINES_OF, {"key": record.case.id}).all()
    return [*_case(record.case, standing), *_inbox(tasks, standing), *_deadlines(deadlines, standing)]


def _case(case: Row[Any], standing: _Standing) -> Iterator[Finding]:
    for name, said in standing.columns.items():
        if getattr(case, name) != said:
            seq = standing.said_by[name]
            yield finding(
                "case",
                f"Kolom {name} kasus bukan seperti dicatat peristiwa {seq}.",
                f"The case's {name} is not what event {seq} recorded.",
                seq,
            )


def _inbox(rows: dict[str, Row[Any]], standing: _Standing) -> Iterator[Finding]:
    for ident, task in standing.tasks.items():
        row = rows.pop(ident, None)
        if row is None or _differs(row, task):
            yield finding(
                "inbox",
                f"Tugas “{task.element_id}” di kotak masuk bukan seperti yang dicatat (peristiwa {task.made}).",
                f"The task “{task.element_id}” in the inbox is not as recorded (event {task.made}).",
                task.made,
            )
    for row in rows.values():
        yield finding(
            "inbox",
            f"Tugas “{row.element_id}” di kotak masuk tidak pernah dicatat.",
            f"The task “{row.element_id}” in the inbox was never recorded.",
        )


def _differs(row: Row[Any], task: _Task) -> bool:
    if (row.element_id, row.role) != (task.element_id, task.role):
        return True
    if task.state == "open":
        # four eyes may give a task back to its group, which is no act of its own
        return row.state not in _WAITING["open"] or row.assignee_id not in (task.assignee_id, None)
    return (row.state, row.closed_by) != (task.state, task.closed_by)


def _deadlines(rows: list[Row[Any]] | Any, standing: _Standing) -> Iterator[Finding]:
    waiting = {(row.kind, row.token_id): row for row in rows if row.state in _WAITING["pending"]}
    for key, (due, seq) in standing.dues.items():
        row = waiting.pop(key, None)
        if row is None or instant(row.due_at) != due:
            yield finding(
                "deadline",
                f"Tenggat yang dicatat peristiwa {seq} hilang atau diubah.",
                f"The deadline that event {seq} recorded is gone or was changed.",
                seq,
            )
    for row in waiting.values():
        yield finding(
            "deadline",
            f"Tenggat pada “{row.element_id}” tidak pernah dicatat, atau sudah berlalu.",
            f"The deadline at “{row.element_id}” was never recorded, or is over.",
        )
