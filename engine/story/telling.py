"""Tells a case's story from its rows alone, in a dozen statements however long it is; nothing is executed."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Select, select
from sqlmodel import col

from engine.acts.recording import INSTANCES
from engine.definitions import Definitions, LoadedVersion
from engine.errors import NotFoundError
from engine.history.journal import EVENTS, PAYLOADS
from engine.history.kinds import Kind
from engine.spiff import Element
from engine.spiff.values import decode
from engine.story.crossings import cross
from engine.story.grouping import WITH_A_REASON, group_of
from engine.story.limits import Limits, calendars_of, measure, rows_of
from engine.story.papers import papers_of
from engine.story.records import Measure, Phase, Scope, Story, Told
from engine.story.tokens import Board
from engine.unit_of_work import UnitOfWork
from models import Instansi, User

_COLUMNS = [
    EVENTS.c[name]
    for name in ("seq", "act", "at", "kind", "actor_id", "on_behalf_of", "element_id", "token_id", "detail")
]
DEEPEST = 20
MOST_REASONS = 500


def tell(unit: UnitOfWork, definitions: Definitions, instance_id: str) -> Story:
    """The whole story of a case; its data are told by `retell`."""
    case = unit.connection.execute(select(INSTANCES).where(INSTANCES.c.id == instance_id)).first()
    if case is None:
        raise NotFoundError
    query = select(*_COLUMNS).where(EVENTS.c.instance_id == instance_id).order_by(EVENTS.c.seq)
    rows = unit.connection.execute(query).all()
    phases = _phases(rows, definitions, unit)
    teller = _Teller(phases)
    events = [teller.told(row) for row in rows]
    teller.limits.explained_by(rows_of(unit, instance_id))
    limits = teller.limits.all
    calendars = calendars_of(unit, case, limits)
    for event in events:
        event.limits = [measure(limits, m.limit, event.at, calendars) for m in event.limits]
    papers = papers_of(unit, instance_id, events)
    for number, paper in enumerate(papers):
        events[paper.since_n - 1].papers.append(number)
    _give_reasons(unit, instance_id, events)
    cross(unit, instance_id, events)
    story = Story(case, phases, events, limits, papers, calendars)
    story.people, story.offices = _people(unit, story), _offices(unit, story)
    return story


def versions_before(instance_id: str) -> Select[tuple[dict[str, Any]]]:
    """The details of a case's moves: each names the version it came from."""
    moves = (EVENTS.c.instance_id == instance_id) & (EVENTS.c.kind == str(Kind.CASE_MIGRATED))
    return select(EVENTS.c.detail).where(moves).order_by(EVENTS.c.seq)


def _phases(rows: Sequence[Row[Any]], definitions: Definitions, unit: UnitOfWork) -> list[Phase]:
    return [
        Phase(definitions.version(row.detail["version"], unit), row.seq)
        for row in rows
        if row.kind in (Kind.CASE_STARTED, Kind.CASE_MIGRATED)
    ]


class _Teller:
    """Goes through the events once, in their order."""

    def __init__(self, phases: list[Phase]) -> None:
        self.phases = phases
        self.phase = -1
        self.board: Board | None = None
        self.limits = Limits()
        self.act = 0
        self.asked: dict[str, Mapping[str, Any]] = {}
        """What a task asked for when it opened, by token."""
        self._token_scopes: dict[str, tuple[Scope, ...]] = {}
        self._called_by: dict[tuple[int, str], list[Element]] = {}

    def told(self, row: Row[Any]) -> Told:
        entered, left = self._moves(row)
        begins = row.act != self.act
        self.act = row.act
        told = Told(
            n=row.seq,
            act=row.act,
            at=row.at,
            kind=row.kind,
            group=group_of(row.kind, row.actor_id, begins=begins),
            begins=begins,
            actor_id=row.actor_id,
            on_behalf_of=row.on_behalf_of,
            element_id=row.element_id,
            token_id=row.token_id,
            detail=row.detail,
            version=self.phase,
            flows=tuple(row.detail.get("flows", ())),
            entered=tuple(entered),
            left=tuple(left),
            scopes=self._scopes_of(row),
            index=row.detail.get("index"),
        )
        self._ask(told)
        told.limits = [Measure(number, None, None) for number in self.limits.follow(told)]
        if told.element_id is None and told.limits:
            told.element_id = self.limits.all[told.limits[0].limit].element_id
        return told

    @property
    def version(self) -> LoadedVersion:
        return self.phases[self.phase].version

    def _moves(self, row: Row[Any]) -> tuple[list[str], list[str]]:
        if row.kind in (Kind.CASE_STARTED, Kind.CASE_MIGRATED):
            self.phase += 1
            if self.board is not None:
                return self.board.switch(self.version.specs, row.detail.get("renamed", {}))
            self.board = Board(self.version.specs)
        return ([], []) if self.board is None else self.board.move(row.kind, row.element_id, row.detail)

    def _ask(self, told: Told) -> None:
        """For whom a task was is said where it opened, and counts until it is done."""
        token = told.token_id or ""
        if told.kind in (Kind.TASK_CREATED, Kind.TASK_MOVED):
            self.asked[token] = told.detail
        asked = self.asked.get(token)
        if asked is not None and told.kind.startswith("task:"):
            told.role, told.office = asked.get("role"), asked.get("instansi")

    def _scopes_of(self, row: Row[Any]) -> tuple[Scope, ...]:
        """A token stays where it is: what was said of it first counts, whatever has moved on since."""
        if row.token_id is None:
            return self._around(row.element_id)
        if row.token_id not in self._token_scopes:
            self._token_scopes[row.token_id] = self._around(row.element_id)
        return self._token_scopes[row.token_id]

    def _around(self, element_id: str | None) -> tuple[Scope, ...]:
        """The sub-processes and called processes an element stands in: of several that call one, the one at work."""
        found: list[Scope] = []
        element = None if element_id is None else self.version.specs.elements.get(element_id)
        while element is not None and len(found) < DEEPEST:
            element = self._outer(element.process)
            found += [] if element is None else [Scope(element.id)]
        return tuple(reversed(found))

    def _outer(self, process: str) -> Element | None:
        """What a process is a part of; None for the main one, and where the record cannot say."""
        specs = self.version.specs
        if process == specs.process_name or process in specs.elements:
            return specs.elements.get(process)
        callers = self._callers(process)
        if len(callers) > 1 and self.board is not None:
            callers = [caller for caller in callers if self.board.resting[caller.id]]
        return callers[0] if len(callers) == 1 else None

    def _callers(self, process: str) -> list[Element]:
        key = (self.phase, process)
        if key not in self._called_by:
            elements = self.version.specs.elements.values()
            self._called_by[key] = [e for e in elements if e.called == process and e.type == "callActivity"]
        return self._called_by[key]


def _give_reasons(unit: UnitOfWork, instance_id: str, events: list[Told]) -> None:
    """Why people did what changed the case's course; nothing where retention has destroyed it."""
    wanted = [event.n for event in events if event.kind in WITH_A_REASON]
    if not wanted:
        return
    bodies = select(PAYLOADS.c.seq, PAYLOADS.c.body).where(
        PAYLOADS.c.instance_id == instance_id, PAYLOADS.c.seq.in_(wanted[:MOST_REASONS])
    )
    for row in unit.connection.execute(bodies):
        if row.body is not None:
            events[row.seq - 1].reason = str(decode(bytes(row.body))["inputs"].get("reason", ""))


def _people(unit: UnitOfWork, story: Story) -> dict[str, str]:
    ids = {event.actor_id for event in story.events} | {event.on_behalf_of for event in story.events}
    ids |= {event.detail.get(name) for event in story.events for name in ("to", "assignee")}
    ids |= {paper.by for paper in story.papers} | {story.case.starter_id}
    found = select(col(User.id), col(User.name)).where(col(User.id).in_(sorted(filter(None, ids))))
    return {row.id: row.name for row in unit.connection.execute(found)}


def _offices(unit: UnitOfWork, story: Story) -> dict[str, str]:
    ids = {event.office for event in story.events} | {story.case.instansi_id}
    found = select(col(Instansi.id), col(Instansi.name)).where(col(Instansi.id).in_(sorted(filter(None, ids))))
    return {row.id: row.name for row in unit.connection.execute(found)}
