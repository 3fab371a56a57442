"""Runs cases for engine tests: every act loads the case from the database, and what it leaves is checked on the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from engine.expressions import EvaluationContext
from engine.spiff import Act, Delta, OpenTask, ServiceCall, Session, SpecSet, acting, parse
from engine.spiff.values import canonical
from engine.store import insert_case, load, locked, save
from engine.unit_of_work import Database
from models import Definition, DefinitionVersion
from tests.support.bpmn import Process

START = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
"""Monday, 09.00 WIB."""


_NUMBERS = count(1)


def parsed(process: Process, *called: Process, decisions=()) -> SpecSet:
    return parse(process.files(*called, decisions=decisions), process.id)


@dataclass
class Case:
    """One case on a database. `opened`, `closed` … of the last act are in `delta`."""

    database: Database
    specs: SpecSet
    id: str = field(default_factory=lambda: f"{next(_NUMBERS):032x}")
    now: datetime = START
    number: int = 0
    services: object = None
    externals: Mapping = field(default_factory=dict)
    calendar: object = None
    check: bool = True
    """Compare digests at every load; the long tests do without."""
    delta: Delta | None = None
    digests: list[bytes] = field(default_factory=list)
    journal: list[tuple] = field(default_factory=list)
    calls: list[ServiceCall] = field(default_factory=list)

    def start(self, **data) -> Delta:
        session = Session.new(self.specs, self.id)
        with self.database.write() as unit, self._acting():
            unit.session.merge(Definition(key="test", title="Test", owner="test"))
            unit.session.merge(_version(self.now))
            unit.session.flush()
            session.start(data)
            self.delta = session.delta()
            insert_case(unit, session, _columns(self.id, self.now))
        return self._remember(session, ("start", data))

    def complete(self, element: str, index=None, **data) -> Delta:
        """Complete the open task of `element` (of several, the first, or that with `index`)."""
        return self.act("complete", self.task(element, index).id, data)

    def act(self, command: str, *arguments) -> Delta:
        """Any command of a Session, as its own transaction."""
        with self.database.write() as unit:
            session = load(unit, locked(unit, self.id), self.specs)
            if self.check and self.digests:
                assert session.digest(fresh=True) == session.digest() == self.digests[-1]
            with self._acting():
                self.answer = getattr(session, command)(*arguments)
            self.delta = session.delta()
            save(unit, session, {})
        return self._remember(session, (command, *arguments))

    def fire(self, element: str) -> Delta:
        """Move the clock to the instant that `element` waits for, and fire it."""
        token, due = next((t, due) for t, (name, due) in self.timers.items() if name == element)
        self.now = max(self.now, due)
        return self.act("fire_timer", token)

    def wait(self, **duration) -> None:
        self.now += timedelta(**duration)

    def session(self) -> Session:
        """The case as it stands, to look at."""
        with self.database.read() as unit:
            return load(unit, locked(unit, self.id), self.specs)

    # what is open ----------------------------------------------------------------------------------------------------

    @property
    def open(self) -> list[str]:
        """Elements of the open tasks, sorted."""
        return sorted(task.element_id for task in self.tasks.values())

    def task(self, element: str, index=None) -> OpenTask:
        found = [t for t in self.tasks.values() if t.element_id == element and index in (None, t.index)]
        assert found, f"{element} is not open; open are {self.open}"
        return found[0]

    @property
    def waiting(self) -> list[str]:
        """Elements that wait for a timer."""
        return sorted(name for name, _ in self.timers.values())

    @property
    def steps(self) -> list[str]:
        """Elements finished in the last act; cancelled ones with a minus before."""
        return [("-" if s.state == "cancelled" else "") + s.element_id for s in self.delta.steps]

    def data(self) -> dict:
        return self.session().data()

    def replayed(self) -> list[bytes]:
        """The digests that the same commands lead to in memory, without any save or load in between."""
        session = Session.new(self.specs, self.id)
        found = []
        for number, (now, services, command, *arguments) in enumerate(self.journal, 1):
            context = EvaluationContext(now, self.calendar)
            with acting(Act(self.id, number, now, context, self.externals, services)):
                if command == "start":
                    session.start(arguments[0])
                else:
                    getattr(session, command)(*arguments)
            found.append(session.digest())
        return found

    # inside ----------------------------------------------------------------------------------------------------------

    tasks: dict[str, OpenTask] = field(default_factory=dict)
    timers: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    pending: dict[str, ServiceCall] = field(default_factory=dict)
    answer: object = None

    def _acting(self):
        self.number += 1
        context = EvaluationContext(self.now, self.calendar)
        return acting(Act(self.id, self.number, self.now, context, self.externals, self._service))

    def _service(self, call: ServiceCall):
        self.calls.append(call)
        return self.services(call) if self.services else None

    def _remember(self, session: Session, entry: tuple) -> Delta:
        delta = self.delta
        for task in delta.opened:
            self.tasks[task.id] = task
        for closed in delta.closed:
            del self.tasks[closed.id]
        for timer in delta.timers_set:
            self.timers[timer.token_id] = (timer.element_id, timer.due_at)
        for token in delta.timers_cleared:
            del self.timers[token]
        for call in delta.services_pending:
            self.pending[call.token_id] = call
        for token in delta.services_cleared:
            del self.pending[token]
        if entry[0] in ("report_service", "fail_service"):
            self.pending.pop(entry[1], None)
        if self.check:
            self.digests.append(session.digest())
        self.journal.append((self.now, self.services or (lambda _call: None), *entry))
        for task in delta.opened:
            canonical(dict(task.data))
        return delta


def _version(now: datetime) -> DefinitionVersion:
    return DefinitionVersion(
        id="v1", definition_key="test", number=1, main_process="p", manifest={}, deployed_at=now, deployed_by="test"
    )


def _columns(ident: str, now: datetime) -> dict:
    return {
        "number": ident[-20:],
        "definition_key": "test",
        "version_id": "v1",
        "started_at": now,
        "chain_head": b"",
        "state_digest": b"",
    }
