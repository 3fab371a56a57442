"""A case as an event log has it: its activities with their life cycle, who did them, and how much time they took.

Read from the record alone: nothing is executed, and what was submitted is not looked at.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from calendars import WorkingCalendar, known_working_time
from engine.calendar import load_calendar
from engine.definitions import Definitions, LoadedVersion
from engine.history import Kind
from engine.history.verify import read_record
from engine.unit_of_work import UnitOfWork

TRANSITIONS = {
    Kind.TASK_CREATED: "schedule",
    Kind.TASK_CLAIMED: "assign",
    Kind.TASK_ASSIGNED: "reassign",
    Kind.TASK_RELEASED: "reassign",
    Kind.TASK_COMPLETED: "complete",
    Kind.TASK_CANCELLED: "withdraw",
    Kind.SERVICE_REQUESTED: "start",
    Kind.ELEMENT_COMPLETED: "complete",
    Kind.ELEMENT_CANCELLED: "ate_abort",
}
"""Transitions of the standard life cycle (IEEE 1849) by kind of event."""
UNKNOWN = "unknown"
"""Of interventions, which are no step of the diagram: the standard's word for “none of these”."""
_TOLD_BY_ANOTHER = frozenset(
    {
        Kind.CASE_STARTED, Kind.CASE_COMPLETED, Kind.MESSAGE_RECEIVED, Kind.SIGNAL_RECEIVED, Kind.DEADLINE_FIRED,
        Kind.SERVICE_REPORTED, Kind.SERVICE_ANSWERED, Kind.DEADLINE_SET, Kind.DEADLINE_CLEARED, Kind.TASK_MOVED,
        Kind.MESSAGE_SENT, Kind.SIGNAL_SENT, Kind.ESCALATION_RAISED,
    }
)  # fmt: skip
"""The element that completes in the same act stands in the log for these."""
_OF_PEOPLE = frozenset({"userTask", "manualTask"})
_DEEDS = frozenset({Kind.TASK_CLAIMED, Kind.TASK_ASSIGNED, Kind.TASK_RELEASED, Kind.TASK_COMPLETED})


@dataclass(frozen=True)
class Happening:
    """One line of the log."""

    seq: int
    at: datetime
    kind: str
    activity: str
    """The step's name as it is drawn, or the kind of an intervention."""
    transition: str
    version: int
    element_id: str | None = None
    type: str | None = None
    token_id: str | None = None
    actor_id: str | None = None
    """Who did it; None: the system, or nobody's deed."""
    role: str | None = None
    lane: str | None = None
    instansi_id: str | None = None
    ready_at: datetime | None = None
    """Since when it could be done."""
    due_at: datetime | None = None
    elapsed: timedelta | None = None
    working: timedelta | None = None
    """From `ready_at`; in working time as the calendar then in force counts it."""

    @property
    def late(self) -> bool | None:
        return None if self.due_at is None else self.at > self.due_at


@dataclass(frozen=True)
class CaseLog:
    """A case with its log."""

    case: Row[Any]
    version: LoadedVersion
    """The one it is on now."""
    first_version: int
    happenings: tuple[Happening, ...]
    elapsed: timedelta | None
    """From its start to its end, where it has ended."""
    working: timedelta | None


@dataclass
class _Waiting:
    """Something that can be done since `at`."""

    at: datetime
    element_id: str | None
    role: str | None = None
    instansi_id: str | None = None
    due_at: datetime | None = None


@dataclass
class _Reading:
    """What is known while the events of one case go by."""

    unit: UnitOfWork
    definitions: Definitions
    case: Row[Any]
    version: LoadedVersion
    calendar_number: int | None = None
    waiting: dict[str, _Waiting] = field(default_factory=dict)

    def follow(self, event: Row[Any]) -> Iterator[Happening]:
        detail = event.detail
        self.calendar_number = detail.get("calendar", self.calendar_number)
        kind = event.kind
        if kind == Kind.CASE_MIGRATED:
            self.version = self.definitions.version(detail["version"], self.unit)
        elif kind in (Kind.TASK_CREATED, Kind.SERVICE_REQUESTED):
            self.waiting[event.token_id] = _Waiting(
                event.at, event.element_id, detail.get("role"), detail.get("instansi")
            )
        elif kind in (Kind.DEADLINE_SET, Kind.DEADLINE_MOVED):
            self._due(event)
        elif kind == Kind.TASK_MOVED and event.token_id in self.waiting:
            self.waiting[event.token_id].element_id = event.element_id
        if kind not in _TOLD_BY_ANOTHER and self._is_step(event):
            yield self._told(event)
        if TRANSITIONS.get(kind) in ("complete", "withdraw", "ate_abort"):
            self.waiting.pop(event.token_id, None)

    def _due(self, event: Row[Any]) -> None:
        waits = self.waiting.setdefault(event.token_id, _Waiting(event.at, event.element_id))
        if event.detail.get("kind") == "due":
            waits.due_at = datetime.fromisoformat(event.detail["due"])

    def _is_step(self, event: Row[Any]) -> bool:
        """Routing is no activity, and what a person did is told once."""
        if event.kind not in (Kind.ELEMENT_COMPLETED, Kind.ELEMENT_CANCELLED):
            return True
        element = self.version.specs.elements.get(event.element_id)
        return element is not None and element.type not in _OF_PEOPLE and not element.type.endswith("Gateway")

    def _told(self, event: Row[Any]) -> Happening:
        transition = TRANSITIONS.get(event.kind, UNKNOWN)
        waits = self.waiting.get(event.token_id or "")
        element = self.version.specs.elements.get(event.element_id or "")
        spent = waits is not None and transition != "schedule"
        return Happening(
            seq=event.seq,
            at=event.at,
            kind=event.kind,
            activity=event.kind if element is None or transition == UNKNOWN else element.name or element.id,
            transition=transition,
            version=self.version.number,
            element_id=event.element_id,
            type=None if element is None else element.type,
            token_id=event.token_id,
            actor_id=event.actor_id if event.kind in _DEEDS or transition == UNKNOWN else None,
            role=None if waits is None else waits.role,
            lane=None if element is None else element.lane,
            instansi_id=None if waits is None else waits.instansi_id,
            ready_at=waits.at if waits is not None and spent else None,
            due_at=None if waits is None else waits.due_at,
            elapsed=event.at - waits.at if waits is not None and spent else None,
            working=self._working(waits.at, event.at) if waits is not None and spent else None,
        )

    def _working(self, start: datetime, end: datetime) -> timedelta | None:
        return known_working_time(self.calendar(), start, end)

    def calendar(self) -> WorkingCalendar:
        """As dates of the case were computed in the act at hand."""
        case = self.case
        instansi = case.instansi_id if case.programme is None else case.programme["instansi"]
        return load_calendar(self.unit, instansi, case.zone, self.calendar_number)


def read_log(unit: UnitOfWork, definitions: Definitions, instance_id: str) -> CaseLog:
    """The log of one case; NotFoundError when there is none."""
    record = read_record(unit, instance_id)
    case, events = record.case, record.events
    began = definitions.version(events[0].detail["version"] if events else case.version_id, unit)
    reading = _Reading(unit, definitions, case, began)
    happenings = tuple(told for event in events for told in reading.follow(event))
    ended = case.ended_at
    return CaseLog(
        case=case,
        version=definitions.version(case.version_id, unit),
        first_version=began.number,
        happenings=happenings,
        elapsed=None if ended is None else ended - case.started_at,
        working=None if ended is None else known_working_time(reading.calendar(), case.started_at, ended),
    )
