"""What the engine tells its callers: elements of a diagram, and what one act changed in a case.

Plain frozen records; nothing here knows SpiffWorkflow.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Data = dict[str, Any]
"""Process data: JSON values, and date, datetime with zone, Decimal."""

Closing = Literal["completed", "cancelled"]
TimerKind = Literal["date", "duration", "cycle"]
ThrownKind = Literal["message", "signal", "escalation"]


@dataclass(frozen=True)
class Flow:
    """A sequence flow of the diagram."""

    id: str
    source: str
    target: str
    name: str
    condition: str | None
    is_default: bool


@dataclass(frozen=True)
class Element:
    """A flow node as it was drawn. `type` is its BPMN tag (`userTask`, `boundaryEvent` …)."""

    id: str
    name: str
    type: str
    process: str
    """Id of the process or sub-process that it stands in."""
    lane: str | None
    properties: Mapping[str, str]
    documentation: str
    outgoing: tuple[str, ...]
    attached_to: str | None = None
    """For a boundary event: the activity it sits on."""
    event: str | None = None
    """message | signal | timer | error | escalation | conditional | terminate | cancel | multiple, or None."""
    event_subprocess: bool = False
    """A sub-process that its start event begins, wherever the scope around it stands."""
    interrupting: bool = True
    """For a boundary event, or the start of an event sub-process."""
    called: str | None = None
    """For a call activity, the process called; for a business rule task, the decision."""


@dataclass(frozen=True)
class ServiceCall:
    """A service task asks for its handler. `inputs` are computed already."""

    name: str
    inputs: Mapping[str, Any]
    token_id: str
    element_id: str
    result_variable: str | None
    """Outputs go to this variable as one record; without it they are merged into the data."""
    data: Mapping[str, Any] = field(repr=False)
    """The data at the task; to be read only."""


@dataclass(frozen=True)
class OpenTask:
    """Something a person has to do: a user or manual task that opened. `data` is to be read only."""

    id: str
    element_id: str
    name: str
    type: str
    lane: str | None
    properties: Mapping[str, str]
    data: Mapping[str, Any] = field(repr=False)
    scope: tuple[str, ...]
    """Element ids of the sub-processes and call activities around it, outermost first."""
    index: int | str | None = None
    """Its number (or key) in a multi-instance or loop, its own or the nearest one around it."""


@dataclass(frozen=True)
class ClosedTask:
    """A task that was open before the act and is not any more."""

    id: str
    element_id: str
    how: Closing


@dataclass(frozen=True)
class TimerWait:
    """A token waits for an instant. `explanation` is how the calendar came to it, when a calendar function was used."""

    token_id: str
    element_id: str
    name: str
    due_at: datetime
    kind: TimerKind
    explanation: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class EventWait:
    """A token waits for a message or signal: `event` is `message:<name>` or `signal:<name>`."""

    token_id: str
    element_id: str
    event: str
    correlation: str | None = None


@dataclass(frozen=True)
class Thrown:
    """Something the case says to the world: a message nobody inside took, a signal, an uncaught escalation."""

    kind: ThrownKind
    name: str
    payload: Mapping[str, Any]
    correlation: str | None = None
    element_id: str | None = None


@dataclass(frozen=True)
class Around:
    """A running sub-process or called process: the element that it is, and which of several it is."""

    element_id: str
    token_id: str
    index: int | str | None = None


@dataclass(frozen=True)
class Step:
    """An element finished, in the order it happened. `flows` are the sequence flows its tokens took from there."""

    element_id: str
    name: str
    type: str
    token_id: str
    state: Closing
    flows: tuple[str, ...]
    at: datetime
    index: int | str | None = None
    around: tuple[Around, ...] = ()


@dataclass(frozen=True)
class Delta:
    """What happened to a case since it was loaded (or since `delta()` was asked before)."""

    opened: tuple[OpenTask, ...]
    closed: tuple[ClosedTask, ...]
    timers_set: tuple[TimerWait, ...]
    """New waits and waits whose instant moved (the next round of a cycle)."""
    timers_fired: tuple[str, ...]
    """Token ids whose timer fired in this act."""
    timers_cleared: tuple[str, ...]
    """Token ids that do not wait for a timer any more: fired for the last time, or cancelled."""
    services_pending: tuple[ServiceCall, ...]
    """Calls that were not answered in the act: report them later by `report_service` or `fail_service`."""
    services_cleared: tuple[str, ...]
    """Token ids of pending service tasks that ended otherwise (cancelled by an event)."""
    thrown: tuple[Thrown, ...]
    steps: tuple[Step, ...]
    completed: bool
    outcome: str | None
    """Id of the end event reached last, at the top of the case."""
    stage: str | None
    """Id of the element reached last in this act that has a `stage` property; None when none was."""
    moved: tuple[OpenTask, ...] = ()
    """Tasks that were open before the case went to another version and still are: as that version knows them."""
    timers_moved: tuple[TimerWait, ...] = ()
    """The same for timers that go on to their old instant."""
