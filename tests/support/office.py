"""A whole engine for tests: packages deployed through the gate, people with roles, the real runner.

office = Office(database)
office.deploy(process)                       # lanes "Pemohon" (the starter) and "Verifikator" (role verifier)
case = office.start("permit", office.person("Ani"))
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from engine.actors import SYSTEM, Actor, Grant
from engine.clock import VirtualClock
from engine.deadlines import fire_due
from engine.definitions import Definitions, check_package, deploy, package_of
from engine.jobs.run import run_ready
from engine.mail import SpoolTransport
from engine.programmes import close_due
from engine.registry import Field, Handler, Registry
from engine.runner import Runner
from engine.unit_of_work import Database
from models import Deadline, HistoryEvent, Incident, Instance, Instansi, Job, User, UserTask
from tests.support.bpmn import Process

START = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
"""Monday, 09.00 WIB."""

LANES = """
[lanes."Pemohon"]
assign = "starter"

[lanes."Verifikator"]
role = "verifier"
scope = "any"
exclude = ["starter"]

[lanes."Sistem"]
assign = "system"

[roles.verifier]
id = "Verifikator"
en = "Verifier"
"""


@dataclass
class Office:
    database: Database
    clock: VirtualClock = field(default_factory=lambda: VirtualClock(START))
    registry: Registry = field(default_factory=Registry)
    woken: int = 0

    def __post_init__(self) -> None:
        self.definitions = Definitions(self.database)
        self.runner = Runner(self.database, self.registry, self.definitions, self.clock, wake=self._wake)

    def _wake(self) -> None:
        self.woken += 1

    # --- setting the scene -------------------------------------------------------------------------------------------

    def handler(self, name: str, function, mode: str = "inline", inputs=(), **more) -> None:
        fields = tuple(i if isinstance(i, Field) else Field(i, "text", i, i) for i in inputs)
        self.registry.add(Handler(name=name, mode=mode, function=function, title_id=name, title_en=name,
                                  inputs=fields, **more))  # fmt: skip

    def deploy(
        self,
        process: Process,
        *called: Process,
        toml: str = "",
        lanes: str = LANES,
        files=None,
        zone: str = "Asia/Jakarta",
        flow: str | None = None,
    ) -> str:
        """Put a diagram through the gate and publish it; returns the version's id."""
        manifest = manifest_of(process, *called, toml=toml, lanes=lanes, zone=zone, flow=flow)
        body = {**process.files(*called), "process.toml": manifest.encode(), **(files or {})}
        with self.database.write() as unit:
            package = package_of(process.id, body)
            errors = [
                f"{f.element}: {f.code}: {f.reason.en}" for f in check_package(package, self.registry) if f.is_error
            ]
            assert not errors, "\n".join(errors)
            return deploy(unit, package, self.registry, by="test", note="", now=self.clock.now()).id

    def person(self, name: str, *roles: str, instansi: str | None = None) -> Actor:
        """An account of this name, and the actor that it is with these roles."""
        ident = f"user-{name.lower()}"
        with self.database.write() as unit:
            unit.session.merge(User(id=ident, email=f"{ident}@contoh.go.id", name=name, state="active",
                                    created_at=self.clock.now()))  # fmt: skip
        return Actor(user_id=ident, name=name, grants=tuple(Grant(role, instansi) for role in roles))

    def instansi(self, ident: str, zone: str = "Asia/Jakarta") -> str:
        with self.database.write() as unit:
            unit.session.merge(Instansi(id=ident, kind="kota", name=ident, zone=zone))
        return ident

    # --- acting ------------------------------------------------------------------------------------------------------

    def start(self, key: str, actor: Actor = SYSTEM, **more) -> str:
        return self.runner.start(key, actor, **more)

    def complete(self, case: str, element: str, actor: Actor, version: int | None = None, **data) -> None:
        self.runner.complete(self.task(case, element).id, actor, data, version)

    def wait(self, **duration) -> None:
        self.clock.move_to(self.clock.now() + timedelta(**duration))

    def tick(self):
        """What the ticker does: close programmes, fire what is due, then work off the jobs."""
        close_due(self.database, self.clock.now())
        report = fire_due(self.runner, self.clock.now())
        run_ready(self.runner, self.registry, SpoolTransport(), self.clock.now())
        return report

    # --- looking -----------------------------------------------------------------------------------------------------

    def rows(self, model, **where):
        """All rows of a model with these values, oldest first as far as its key tells."""
        with self.database.read() as unit:
            return list(unit.session.scalars(select(model).filter_by(**where)))

    def case(self, ident: str) -> Instance:
        return self.rows(Instance, id=ident)[0]

    def tasks(self, case: str, state: str = "open") -> list[UserTask]:
        return sorted(self.rows(UserTask, instance_id=case, state=state), key=lambda t: (t.element_id, t.id))

    def task(self, case: str, element: str) -> UserTask:
        return next(t for t in self.tasks(case) if t.element_id == element)

    def open(self, case: str) -> list[str]:
        """Element ids of the open tasks."""
        return [t.element_id for t in self.tasks(case)]

    def deadlines(self, case: str, **where) -> list[Deadline]:
        return sorted(self.rows(Deadline, instance_id=case, **where), key=lambda d: d.due_at)

    def jobs(self, **where) -> list[Job]:
        return self.rows(Job, **where)

    def incidents(self) -> list[Incident]:
        return self.rows(Incident)

    def events(self, case: str) -> list[HistoryEvent]:
        return sorted(self.rows(HistoryEvent, instance_id=case), key=lambda e: e.seq)

    def kinds(self, case: str) -> list[str]:
        return [e.kind for e in self.events(case)]


def manifest_of(
    process: Process,
    *called: Process,
    toml: str = "",
    lanes: str = LANES,
    zone: str = "Asia/Jakarta",
    flow: str | None = None,
) -> str:
    """The `process.toml` of a diagram."""
    head = f'key = "{process.id}"\nmain = "{process.id}"\nowner = "Penguji"\nzone = "{zone}"\n'
    head += f'flow = "{flow}"\n' if flow else ""
    title = '[title]\nid = "Uji"\nen = "Test"\n'
    used = {lane for p in (process, *called) for lane in p.lanes}
    return head + title + _lanes_in_use(lanes, used) + toml


def _lanes_in_use(lanes: str, used: set[str]) -> str:
    """Only the lanes that the diagram has: the gate refuses any other."""
    parts = lanes.split("\n[")
    kept = [p for p in parts if not p.startswith('lanes."') or p.split('"')[1] in used]
    return "\n[".join(kept) + "\n"
