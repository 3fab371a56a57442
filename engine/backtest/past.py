"""A recorded case as a back-test needs it: what it was told and when, which way it went, how long each thing waited.

Elements are called as the version at the record's end calls them: a case that was moved to another version in between
has the elements of both, and those of the first by the names that the move gave them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, select

from engine.acts.command import Command
from engine.acts.perform import unpack
from engine.acts.services import Answer
from engine.backtest.errors import DestroyedError
from engine.history import Kind
from engine.history.journal import EVENTS, PAYLOADS
from engine.history.verify import INSTANCES
from engine.spiff import Data
from engine.unit_of_work import UnitOfWork

Index = int | str | None


@dataclass(frozen=True)
class Stimulus:
    """Something the case was told, in the order of the record."""

    act: int
    command: Command
    at: datetime
    actor_id: str | None
    zone: str
    calendar: int


@dataclass(frozen=True)
class PastStep:
    """An element that finished."""

    element_id: str
    index: Index
    state: str
    flows: frozenset[str]
    at: datetime
    version_id: str


@dataclass
class PastWait:
    """Something that waited under a token: a task of a person, a timer, a handler to answer."""

    token_id: str
    element_id: str
    kind: str
    """task | timer | service"""
    opened_at: datetime
    index: Index = None
    role: str | None = None
    dues: list[str] = field(default_factory=list)
    """A repeating timer has one for each of its rounds."""
    ended_at: datetime | None = None
    how: str = "open"
    """open | completed | cancelled | fired"""
    is_told_of: bool = True
    """False: it began and ended in one act, and the record knows nothing of it but its end."""


@dataclass
class Past:
    """One case."""

    case: Row[Any]
    versions: list[str] = field(default_factory=list)
    stimuli: list[Stimulus] = field(default_factory=list)
    steps: list[PastStep] = field(default_factory=list)
    waits: dict[tuple[str, str], PastWait] = field(default_factory=dict)
    """By kind and token."""
    answers: dict[str, list[Answer]] = field(default_factory=lambda: defaultdict(list))
    """By element, in the order of the calls."""
    rests: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    """While it was suspended nothing fired."""
    last_at: datetime | None = None
    outcome: str | None = None

    @property
    def ended(self) -> bool:
        return self.case.status in ("completed", "cancelled")


def read_pasts(unit: UnitOfWork, ids: Sequence[str]) -> Iterator[Past | DestroyedError]:
    """These cases, in this order, by three statements; for one whose record was destroyed the error that says so."""
    cases = {r.id: r for r in unit.connection.execute(select(INSTANCES).where(INSTANCES.c.id.in_(ids)))}
    ordered = EVENTS.select().where(EVENTS.c.instance_id.in_(ids)).order_by(EVENTS.c.instance_id, EVENTS.c.seq)
    events = {i: list(rows) for i, rows in groupby(unit.connection.execute(ordered), key=lambda e: e.instance_id)}
    payloads: dict[str, dict[int, Row[Any]]] = defaultdict(dict)
    for row in unit.connection.execute(PAYLOADS.select().where(PAYLOADS.c.instance_id.in_(ids))):
        payloads[row.instance_id][row.seq] = row
    for ident in ids:
        if ident not in cases:
            continue
        try:
            yield _Reader(cases[ident], events.get(ident, []), payloads[ident]).read()
        except DestroyedError as error:
            yield error


class _Reader:
    """Goes through the events once."""

    def __init__(self, case: Row[Any], events: Sequence[Row[Any]], payloads: Mapping[int, Row[Any]]) -> None:
        self.events = events
        self.payloads = payloads
        self.past = Past(case)
        self.indices: dict[str, Index] = {}

    def read(self) -> Past:
        for _, events in groupby(self.events, key=lambda e: e.act):
            entry, *followed = events
            self._entry(entry)
            for event in followed:
                self._follow(event)
        for wait in self.past.waits.values():
            wait.index = self.indices.get(wait.token_id)
        return self.past

    def _entry(self, entry: Row[Any]) -> None:
        past, detail = self.past, entry.detail
        past.last_at = entry.at
        if entry.kind == Kind.CASE_STARTED:
            past.versions.append(detail["version"])
        elif entry.kind == Kind.CASE_SUSPENDED:
            past.rests.append((entry.at, None))
        elif entry.kind == Kind.CASE_RESUMED:
            past.rests[-1] = (past.rests[-1][0], entry.at)
        elif entry.kind == Kind.CASE_MIGRATED:
            self._moved(self._inputs(entry)[0])
            return
        command = Command(Kind(entry.kind), {}, entry.element_id, entry.token_id)
        if not command.moves_engine:
            return
        inputs, answers = self._inputs(entry)
        command = Command(command.kind, inputs, entry.element_id, entry.token_id)
        past.stimuli.append(Stimulus(entry.act, command, entry.at, entry.actor_id, detail["zone"], detail["calendar"]))
        for answer in answers:
            past.answers[answer.element_id].append(answer)
            if answer.is_pending:
                self._wait("service", answer.token_id, answer.element_id, entry.at)
        self._end(entry)

    def _end(self, entry: Row[Any]) -> None:
        """What the act itself ends."""
        ends = {Kind.TASK_COMPLETED: "task", Kind.SERVICE_REPORTED: "service", Kind.SERVICE_FAILED: "service"}
        if entry.kind in ends:
            wait = self.past.waits.get((ends[Kind(entry.kind)], entry.token_id))
            if wait is not None:
                wait.ended_at, wait.how = entry.at, "completed"
        elif entry.kind == Kind.DEADLINE_FIRED:
            wait = self.past.waits.get(("timer", entry.token_id))
            if wait is not None:
                wait.ended_at, wait.how = entry.at, "fired"

    def _inputs(self, entry: Row[Any]) -> tuple[Data, list[Answer]]:
        payload = self.payloads.get(entry.seq)
        if payload is None:
            return {}, []
        if payload.body is None:
            raise DestroyedError(number=self.past.case.number, case=self.past.case.id)
        return unpack(bytes(payload.body))

    def _follow(self, event: Row[Any]) -> None:
        past, detail = self.past, event.detail
        if event.kind in (Kind.ELEMENT_COMPLETED, Kind.ELEMENT_CANCELLED):
            state = "completed" if event.kind == Kind.ELEMENT_COMPLETED else "cancelled"
            index = detail.get("index")
            self.indices[event.token_id] = index
            flows = frozenset(detail.get("flows") or ())
            past.steps.append(PastStep(event.element_id, index, state, flows, event.at, past.versions[-1]))
            self._over_at_once(event, state)
        elif event.kind == Kind.TASK_CREATED:
            self._wait("task", event.token_id, event.element_id, event.at).role = detail.get("role")
        elif event.kind == Kind.TASK_CANCELLED:
            self._cancelled("task", event)
        elif event.kind == Kind.DEADLINE_SET:
            kind = "task" if detail["kind"] == "due" else "timer"
            self._wait(kind, event.token_id, event.element_id, event.at).dues.append(detail["due"])
        elif event.kind == Kind.DEADLINE_CLEARED:
            self._cancelled("timer", event)
        elif event.kind == Kind.CASE_COMPLETED:
            past.outcome = event.element_id

    def _over_at_once(self, event: Row[Any], state: str) -> None:
        """What began and ended in one act was never told of as waiting: a task whose deadline had passed already."""
        kinds = ("task", "timer") if state == "cancelled" else ("timer",)
        for kind in kinds:
            if (kind, event.token_id) not in self.past.waits:
                wait = self._wait(kind, event.token_id, event.element_id, event.at)
                wait.ended_at, wait.how, wait.is_told_of = event.at, state, False

    def _wait(self, kind: str, token_id: str, element_id: str, at: datetime) -> PastWait:
        return self.past.waits.setdefault((kind, token_id), PastWait(token_id, element_id, kind, at))

    def _cancelled(self, kind: str, event: Row[Any]) -> None:
        wait = self.past.waits.get((kind, event.token_id))
        if wait is not None and wait.how == "open":
            wait.ended_at, wait.how = event.at, "cancelled"

    def _moved(self, inputs: Data) -> None:
        """From here on the case runs on another version, whose names all that came before is told in."""
        past, names = self.past, inputs.get("renamed") or {}
        past.versions.append(inputs["version"])
        past.steps = [replace(s, element_id=names.get(s.element_id, s.element_id)) for s in past.steps]
        past.stimuli = [_renamed(stimulus, names) for stimulus in past.stimuli]
        for wait in past.waits.values():
            wait.element_id = names.get(wait.element_id, wait.element_id)
        answers = [(names.get(element, element), given) for element, given in past.answers.items()]
        past.answers = defaultdict(list, answers)


def _renamed(stimulus: Stimulus, names: Mapping[str, str]) -> Stimulus:
    command = stimulus.command
    name = names.get(command.element_id or "")
    return stimulus if name is None else replace(stimulus, command=replace(command, element_id=name))


def tokens_by_element(waits: Iterable[PastWait]) -> dict[tuple[str, str], list[PastWait]]:
    """By kind and element, in the order in which they began to wait."""
    found: dict[tuple[str, str], list[PastWait]] = defaultdict(list)
    for wait in waits:
        found[wait.kind, wait.element_id].append(wait)
    return found
