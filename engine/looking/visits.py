"""From the events of a case to its steps: when each was entered and left, by whom, from where, and when it was due.

A step that a token flows into is entered when the step before it was left; a person's task when it was opened.
Gateways and beginnings are passed, not visited: they are only counted.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar

import orjson

from engine.history import Kind
from engine.looking.shape import GATEWAY, PERSON, START, Shape

DONE, CANCELLED = "d", "x"
FOLLOWED = (
    Kind.CASE_STARTED, Kind.CASE_MIGRATED, Kind.CASE_CANCELLED, Kind.CASE_COMPLETED, Kind.ELEMENT_COMPLETED,
    Kind.ELEMENT_CANCELLED, Kind.TASK_CREATED, Kind.TASK_CLAIMED, Kind.TASK_ASSIGNED, Kind.TASK_COMPLETED,
    Kind.TASK_CANCELLED, Kind.TASK_MOVED, Kind.DEADLINE_SET, Kind.DEADLINE_MOVED,
)  # fmt: skip
"""Kinds of events that tell of steps; no others need to be read."""
_T = TypeVar("_T")


class Visit(NamedTuple):
    """One visit of one step. Instants are milliseconds since 1970, so that many cases are read and sorted fast."""

    element: str
    kind: str
    entered: int
    left: int | None = None
    how: str = ""
    """`d` done, `x` cancelled, nothing while it is open."""
    origin: str | None = None
    """The step before it, where a flow led here."""
    via: str | None = None
    """The last named flow on the way from there: why it came here."""
    called: bool = False
    who: str | None = None
    role: str | None = None
    unit: str | None = None
    """The instansi whose people were to do it."""
    due: int | None = None
    taken: int | None = None
    """When somebody of the group took it; None where it was somebody's from the start."""
    working: int | None = None
    """Seconds of working time between entered and left; None where no decree told, or where it is still open."""
    waited: int | None = None
    """The part of it before somebody took it."""

    @property
    def elapsed(self) -> int | None:
        """Seconds by the clock."""
        return None if self.left is None else (self.left - self.entered) // 1000

    def late(self, now: int) -> bool:
        """Left, or still open, after it was due."""
        return self.due is not None and self.how != CANCELLED and (now if self.left is None else self.left) > self.due


@dataclass(frozen=True)
class Walk:
    """A whole case: its visits in the order in which they were entered, and how often everything was passed."""

    visits: list[Visit]
    passed: dict[str, int]
    """Gateways and beginnings, by their id."""
    flows: dict[str, int]
    working: int | None = None
    """Seconds of working time from beginning to end; None while it runs, or where no decree told."""

    def to_bytes(self) -> bytes:
        return orjson.dumps([[_short(v) for v in self.visits], self.passed, self.flows, self.working])

    @classmethod
    def from_bytes(cls, body: bytes) -> "Walk":
        visits, passed, flows, working = orjson.loads(body)
        return cls([Visit(*row) for row in visits], passed, flows, working)


def _short(visit: Visit) -> list[Any]:
    """Without the empty columns at its end: most visits are of the system, and have nothing there."""
    row = list(visit)
    while row[-1] is None or row[-1] is False or row[-1] == "":
        row.pop()
    return row


def millis(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def instant_of(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)


class _Arrival(NamedTuple):
    at: int
    origin: str | None
    via: str | None


@dataclass
class _Open:
    """A visit while it is being followed."""

    element: str
    kind: str
    entered: int
    origin: str | None
    via: str | None
    called: bool
    facts: dict[str, Any] = field(default_factory=dict)

    def closed(self) -> Visit:
        return Visit(self.element, self.kind, self.entered, origin=self.origin, via=self.via, called=self.called,
                     **self.facts)  # fmt: skip


class _Walker:
    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.visits: list[_Open] = []
        self.by_token: dict[str, _Open] = {}
        self.waiting: dict[str, deque[_Open]] = defaultdict(deque)
        """Visits of everything but persons' tasks, by element: the first that came is the first that goes."""
        self.arrived: dict[str, deque[_Arrival]] = defaultdict(deque)
        self.last: dict[str, _Arrival] = {}
        self.repeated: set[str] = set()
        self.passed: dict[str, int] = defaultdict(int)
        self.flows: dict[str, int] = defaultdict(int)

    # --- arriving ------------------------------------------------------------------------------------------------

    def flow(self, flow_id: str, at: int, origin: str | None, via: str | None) -> None:
        self.flows[flow_id] += 1
        flow = self.shape.flows.get(flow_id)
        if flow is None:
            return
        arrival = _Arrival(at, origin, flow.id if flow.name else via)
        self.last[flow.target] = arrival
        kind = self.shape.kinds.get(flow.target, GATEWAY)
        if kind in (GATEWAY, PERSON):
            self.arrived[flow.target].append(arrival)
        else:
            self.waiting[flow.target].append(self.visit(flow.target, kind, arrival))

    def visit(self, element: str, kind: str, arrival: _Arrival) -> _Open:
        called = element in self.shape.called
        made = _Open(element, kind, arrival.at, arrival.origin, arrival.via, called)
        self.visits.append(made)
        return made

    def arrival_at(self, element: str, at: int) -> _Arrival:
        """How a token came here: by a flow, else as what begins it or what it sits on was come to."""
        queue = self.arrived.get(element)
        if queue:
            if element not in self.shape.joins:
                return queue.popleft()
            newest = queue[-1]
            queue.clear()
            return newest
        return self.last.get(element) or self.around(element, at)

    def around(self, element: str, at: int) -> _Arrival:
        known = self.shape.elements.get(element)
        caller = None if known is None else known.attached_to or self.shape.callers.get(known.process)
        before = self.last.get(caller) if caller else None
        if known is not None and known.attached_to:
            return _Arrival(at, known.attached_to, None)
        return _Arrival(at, before.origin, before.via) if before else _Arrival(at, None, None)

    # --- events --------------------------------------------------------------------------------------------------

    def completed(self, event: Any, at: int, detail: Mapping[str, Any]) -> None:
        element = event.element_id
        kind = self.shape.kinds.get(element, GATEWAY)
        if kind in (GATEWAY, START):
            self.passed[element] += 1
            before = self.arrival_at(element, at)
            origin, via = before.origin, before.via
        else:
            if kind != PERSON:
                self.leave(element, kind, at, indexed="index" in detail)
            origin, via = element, None
        for flow_id in detail.get("flows") or ():
            self.flow(flow_id, at, origin, via)

    def leave(self, element: str, kind: str, at: int, *, indexed: bool) -> None:
        queue = self.waiting[element]
        if queue:
            found = queue.popleft()
        elif not indexed and element in self.repeated:
            return  # what holds the repetitions together ends after the last of them
        else:
            found = self.visit(element, kind, self.last[element] if indexed and element in self.last
                               else self.around(element, at))  # fmt: skip
        if indexed:
            self.repeated.add(element)
        found.facts.update(left=at, how=DONE)

    def cancelled(self, event: Any, at: int) -> None:
        queue = self.waiting.get(event.element_id)
        if queue:
            queue.popleft().facts.update(left=at, how=CANCELLED)

    def task(self, event: Any, at: int, detail: Mapping[str, Any]) -> None:
        kind = event.kind
        if kind == Kind.TASK_CREATED:
            queue = self.arrived.get(event.element_id)
            # One of several at once, or one after the other, was led to by no flow of its own.
            arrival = queue.popleft() if queue else _Arrival(at, None, None)
            made = self.visit(event.element_id, PERSON, arrival._replace(at=at))
            made.facts.update(role=detail.get("role"), unit=detail.get("instansi"))
            self.by_token[event.token_id] = made
            return
        found = self.by_token.get(event.token_id)
        if found is None:
            return
        if kind in (Kind.TASK_CLAIMED, Kind.TASK_ASSIGNED):
            found.facts.setdefault("taken", at)
        elif kind == Kind.TASK_COMPLETED:
            found.facts.update(left=at, how=DONE, who=event.actor_id)
        elif kind == Kind.TASK_CANCELLED:
            found.facts.update(left=at, how=CANCELLED)
        elif kind == Kind.TASK_MOVED:
            found.facts.update(role=detail.get("role"), unit=detail.get("instansi"))

    def due(self, event: Any, detail: Mapping[str, Any]) -> None:
        found = self.by_token.get(event.token_id)
        if found is not None and detail.get("kind") == "due":
            found.facts["due"] = millis(datetime.fromisoformat(detail["due"]))

    def moved(self, shape: Shape, renamed: Mapping[str, str]) -> None:
        """From here on the case is on another version: everything so far is called as that one calls it."""
        self.shape = shape
        for made in self.visits:
            made.element = renamed.get(made.element, made.element)
            made.origin = renamed.get(made.origin, made.origin) if made.origin else None
        for before, after in renamed.items():
            _rename(self.waiting, before, after)
            _rename(self.arrived, before, after)
            _rename(self.last, before, after)


def _rename(known: dict[str, _T], before: str, after: str) -> None:
    if before in known:
        known[after] = known.pop(before)


def walk(events: Iterable[Any], shape_at: Callable[[str], Shape]) -> Walk:
    """`events`: rows of one case in order; `shape_at` answers with the shape of a version by its id."""
    walker: _Walker | None = None
    for event in events:
        detail = event.detail
        at = millis(event.at)
        if event.kind == Kind.CASE_STARTED:
            walker = _Walker(shape_at(detail["version"]))
        elif walker is not None:
            _follow(walker, event, at, detail, shape_at)
    if walker is None:
        return Walk([], {}, {})
    visits = sorted((made.closed() for made in walker.visits), key=lambda visit: visit.entered)
    return Walk(visits, dict(walker.passed), dict(walker.flows))


def _follow(walker: _Walker, event: Any, at: int, detail: Mapping[str, Any], shape_at: Callable[[str], Shape]) -> None:
    kind = event.kind
    if kind == Kind.ELEMENT_COMPLETED:
        walker.completed(event, at, detail)
    elif kind == Kind.ELEMENT_CANCELLED:
        walker.cancelled(event, at)
    elif kind.startswith("task:"):
        walker.task(event, at, detail)
    elif kind in (Kind.DEADLINE_SET, Kind.DEADLINE_MOVED):
        walker.due(event, detail)
    elif kind == Kind.CASE_MIGRATED:
        walker.moved(shape_at(detail["version"]), detail.get("renamed") or {})
    elif kind in (Kind.CASE_CANCELLED, Kind.CASE_COMPLETED):
        for made in walker.visits:
            if "left" not in made.facts:
                made.facts.update(left=at, how=CANCELLED)
