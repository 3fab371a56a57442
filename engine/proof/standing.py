"""Where a case stands by nothing but its events: its row, and the rows of the inbox, held against that."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from engine.acts.facts import Facts
from engine.definitions import LoadedVersion
from engine.history import Finding, Kind
from engine.history.chain import instant
from engine.history.verify import finding
from engine.human_tasks import excluded_from, four_eyes_elements
from engine.proof.deadlines import Deadlines
from engine.proof.documents import is_state_destroyed
from engine.proof.reading import Kept

VersionOf = Callable[[str | None], LoadedVersion | None]
"""A version by its id; None where it cannot be loaded, which is a finding of its own."""

_STATUS = {
    Kind.CASE_STARTED: "active",
    Kind.CASE_SUSPENDED: "suspended",
    Kind.CASE_RESUMED: "active",
    Kind.CASE_COMPLETED: "completed",
    Kind.CASE_CANCELLED: "cancelled",
    Kind.CASE_MIGRATED: "active",
}

_DUE_SAID = (Kind.DEADLINE_SET, Kind.DEADLINE_MOVED)


@dataclass
class _Task:
    """A task of the inbox as the events tell of it."""

    element_id: str | None
    role: str | None
    instansi_id: str | None
    assignee_id: str | None
    made: int
    created_at: datetime
    version_id: str | None
    due: str | None = None
    state: str = "open"
    closed_at: datetime | None = None
    closed_by: str | None = None
    completers: Mapping[str, list[str]] | None = None
    """When it was closed, as far as the events tell: a move to another version knows more than they do."""


@dataclass
class Standing:
    """Follows the events of one case."""

    version_of: VersionOf
    columns: dict[str, Any] = field(default_factory=dict)
    said_by: dict[str, int] = field(default_factory=dict)
    tasks: dict[str, _Task] = field(default_factory=dict)
    deadlines: Deadlines = field(default_factory=Deadlines)
    completers: dict[str, list[str]] | None = field(default_factory=dict)

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
        elif event.kind in _DUE_SAID and detail.get("kind") == "due" and event.token_id in self.tasks:
            self.tasks[event.token_id].due = detail.get("due")
        self.deadlines.follow(event, detail, self.columns.get("version_id"))

    def _case(self, event: Row[Any], kind: Kind, detail: dict[str, Any]) -> None:
        self.say(event, status=_STATUS[kind])
        if kind == Kind.CASE_MIGRATED:
            self.say(event, version_id=detail.get("version"))
            self.completers = None
        elif kind == Kind.CASE_STARTED:
            self.say(event, started_at=event.at, starter_id=event.actor_id or detail.get("starter"),
                     version_id=detail.get("version"), programme_id=detail.get("programme"),
                     ended_at=None, outcome=None, parent_id=None)  # fmt: skip
        elif kind in (Kind.CASE_COMPLETED, Kind.CASE_CANCELLED):
            self.say(event, ended_at=event.at, outcome=event.element_id if kind == Kind.CASE_COMPLETED else None)
            for task in self.tasks.values():
                self._close(task, event, "cancelled")

    def _task(self, event: Row[Any], detail: dict[str, Any]) -> None:
        if event.kind == Kind.TASK_CREATED:
            self.tasks[event.token_id] = _Task(
                event.element_id, detail.get("role"), detail.get("instansi"), detail.get("assignee"), event.seq,
                event.at, self.columns.get("version_id"),
            )  # fmt: skip
        task = self.tasks.get(event.token_id)
        if task is None:
            return
        if event.kind in (Kind.TASK_CLAIMED, Kind.TASK_ASSIGNED, Kind.TASK_RELEASED):
            task.assignee_id = detail.get("to")
        elif event.kind == Kind.TASK_MOVED:
            # with its case to another version: whoever holds it for a group keeps it while it is that group's
            if task.role is None or task.role != detail.get("role"):
                task.assignee_id = detail.get("assignee")
            task.element_id, task.role, task.instansi_id = event.element_id, detail.get("role"), detail.get("instansi")
            task.version_id = self.columns.get("version_id")
        elif event.kind == Kind.TASK_COMPLETED:
            self._close(task, event, "completed")
            self._remember(event)
        elif event.kind == Kind.TASK_CANCELLED:
            self._close(task, event, "cancelled")

    def _close(self, task: _Task, event: Row[Any], state: str) -> None:
        if task.state == "open":
            task.state, task.closed_at = state, event.at
            task.closed_by = event.actor_id if state == "completed" else None
            task.completers = None if self.completers is None else dict(self.completers)

    def _remember(self, event: Row[Any]) -> None:
        """Who has completed what a four-eyes rule names."""
        version = self.version_of(self.columns.get("version_id"))
        if self.completers is None or version is None or event.actor_id is None:
            return
        if event.element_id in four_eyes_elements(version):
            known = self.completers.get(event.element_id, [])
            self.completers = {**self.completers, event.element_id: sorted({*known, event.actor_id})}


def check_standing(kept: Kept, version_of: VersionOf) -> list[Finding]:
    """Rows that say something else than the events; each finding names the event that said so."""
    standing = Standing(version_of)
    for event in kept.record.events:
        standing.follow(event)
    return [*_case(kept.record.case, standing), *_inbox(kept, standing), *standing.deadlines.check(kept, version_of)]


def _case(case: Row[Any], standing: Standing) -> Iterator[Finding]:
    for name, said in standing.columns.items():
        if getattr(case, name) != said:
            seq = standing.said_by[name]
            yield finding(
                "case",
                f"Kolom {name} kasus bukan seperti dicatat peristiwa {seq}.",
                f"The case's {name} is not what event {seq} recorded.",
                seq,
            )


def _inbox(kept: Kept, standing: Standing) -> Iterator[Finding]:
    rows = {row.id: row for row in kept.tasks}
    for ident, task in standing.tasks.items():
        row = rows.pop(ident, None)
        columns = ["–"] if row is None else list(_differing(kept, row, task, standing.version_of))
        if columns:
            what = ", ".join(columns)
            yield finding(
                "inbox",
                f"Tugas “{task.element_id}” di kotak masuk bukan seperti yang dicatat (peristiwa {task.made}): {what}.",
                f"The task “{task.element_id}” in the inbox is not as recorded (event {task.made}): {what}.",
                task.made,
            )
    for row in rows.values():
        yield finding(
            "inbox",
            f"Tugas “{row.element_id}” di kotak masuk tidak pernah dicatat.",
            f"The task “{row.element_id}” in the inbox was never recorded.",
        )


def _differing(kept: Kept, row: Row[Any], task: _Task, version_of: VersionOf) -> Iterator[str]:
    """The columns in which a row of the inbox is not what the events say."""
    case = kept.record.case
    same = {
        "definition_key": case.definition_key,
        "element_id": task.element_id,
        "role": task.role,
        "created_at": task.created_at,
        "closed_at": task.closed_at,
        "closed_by": task.closed_by,
        "state": "suspended" if task.state == "open" and case.status == "suspended" else task.state,
    }
    yield from (name for name, said in same.items() if getattr(row, name) != said)
    if (None if row.due_at is None else instant(row.due_at)) != task.due:
        yield "due_at"
    # where the case's instansi changed while the task was open, the task went with it
    if row.instansi_id != task.instansi_id and (task.instansi_id is None or row.instansi_id != case.instansi_id):
        yield "instansi_id"
    if task.state == "open" and row.case_title != case.title:
        yield "case_title"
    if not _held(row, task):
        yield "assignee_id"
    version = version_of(task.version_id)
    if version is not None:
        yield from _by_the_diagram(kept, row, task, version)


def _held(row: Row[Any], task: _Task) -> bool:
    if task.state == "completed" and task.closed_by is not None:
        return bool(row.assignee_id == task.closed_by)
    if row.assignee_id == task.assignee_id:
        return True
    # four eyes give a task back to its group, which is no act of its own
    return row.assignee_id is None and task.role is not None and task.assignee_id in row.excluded


def _by_the_diagram(kept: Kept, row: Row[Any], task: _Task, version: LoadedVersion) -> Iterator[str]:
    element = version.specs.elements.get(task.element_id or "")
    if element is None:
        yield "element_id"
        return
    same = {"name": element.name[:300], "lane": element.lane, "form": element.properties.get("form")}
    yield from (name for name, said in same.items() if getattr(row, name) != said)
    if task.state != "open" and task.completers is None and is_state_destroyed(kept):
        return  # who had completed what, retention took with the case's data
    facts = Facts.of_row(kept.record.case)
    least = most = facts
    if task.state != "open":
        least = most = replace(facts, completers=dict(task.completers or {}))
        most = facts if task.completers is None else most
    if version.manifest.case.starter is not None:  # whose case it is may have shown later
        least = replace(least, starter_id=None)
    people = set(row.excluded)
    kept_out = set(excluded_from(element, version.manifest, least)), set(excluded_from(element, version.manifest, most))
    if not kept_out[0] <= people <= kept_out[1] or list(row.excluded) != sorted(people):
        yield "excluded"
