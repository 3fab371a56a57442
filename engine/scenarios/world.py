"""The world a scenario plays in: a database in memory, a clock that is moved by hand, people, and the real runner."""

import hashlib
import sqlite3
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select
from sqlmodel import col

from engine.actors import Actor
from engine.acts.cases import lock
from engine.clock import VirtualClock
from engine.deadlines import fire_due
from engine.definitions import Definitions, LoadedVersion, Package, deploy
from engine.jobs.run import run_ready
from engine.mail import SpoolTransport
from engine.people import actor_for, add_membership, create_user
from engine.registry import Registry
from engine.runner import Runner
from engine.scenarios.model import Person, Role, Scenario
from engine.scenarios.outcome import StepError
from engine.texts import Text
from engine.unit_of_work import Database, UnitOfWork
from models import Attachment, Deadline, Document, Instance, Instansi, User, metadata

Prepare = Callable[[UnitOfWork, datetime], None]
"""Fills a fresh database with what every installation has: agencies, the working calendar."""

IN_MEMORY = "sqlite://"
MOST_ROUNDS = 1_000
SAMPLE_SIZE = 150_000


class Stage:
    """A package deployed once on a fresh database; every scenario begins on a copy of it."""

    def __init__(self, package: Package, registry: Registry, prepare: Prepare, now: datetime) -> None:
        self.registry = registry
        self._database = Database(IN_MEMORY)
        metadata.create_all(self._database.engine)
        with self._database.write() as unit:
            prepare(unit, now)
            version = deploy(unit, package, registry, by="alur scenario", note="", now=now)
            version_id = version.id
        self._definitions = Definitions(self._database)
        # One engine for all copies: what SQLAlchemy compiled for one scenario serves the next.
        self._playground = Database(IN_MEMORY)
        self.version: LoadedVersion = self._definitions.version(version_id)

    def world(self, scenario: Scenario) -> "World":
        """A world of its own for this scenario; the one before it is gone."""
        _copy(self._database, self._playground)
        clock = VirtualClock(scenario.start)
        runner = Runner(self._playground, self.registry, self._definitions, clock)
        world = World(self._playground, clock, runner, self.registry, self._definitions, self.version)
        for person in scenario.people:
            world.add(person)
        return world

    def close(self) -> None:
        self._database.dispose()
        self._playground.dispose()


@dataclass
class World:
    """One scenario's own world. `case` is the id of the case that the last step touched."""

    database: Database
    clock: VirtualClock
    runner: Runner
    registry: Registry
    definitions: Definitions
    version: LoadedVersion
    people: dict[str, str] = field(default_factory=dict)
    """Name → id of the account."""
    addresses: dict[str, str] = field(default_factory=dict)
    """Name → e-mail address."""
    cases: dict[str, str] = field(default_factory=dict)
    """Starter's name → id of the case they started last."""
    case: str | None = None
    expected_mails: set[str] = field(default_factory=set)
    """Mails that an expectation has accounted for."""

    # --- people -----------------------------------------------------------------------------------------------------

    def add(self, person: Person) -> None:
        now = self.clock.now()
        address = hashlib.sha256(person.name.encode()).hexdigest()[:12]
        with self.database.write() as unit:
            user = create_user(unit, email=f"{address}@contoh.go.id", name=person.name, now=now)
            user.state, user.activated_at = "active", now
            self.people[person.name], self.addresses[person.name] = user.id, user.email
            for role in person.roles:
                self._grant(unit, user, role, now)

    def _grant(self, unit: UnitOfWork, user: User, role: Role, now: datetime) -> None:
        instansi = self._instansi(unit, role) if role.instansi else None
        zone = ZoneInfo(instansi.zone if instansi else "Asia/Jakarta")
        add_membership(
            unit,
            user_id=user.id,
            role=self.role_key(role.role, role.line),
            instansi_id=instansi.id if instansi else None,
            valid_from=now.astimezone(zone).date(),
            valid_until=role.until,
            now=now,
        )

    def _instansi(self, unit: UnitOfWork, role: Role) -> Instansi:
        statement = select(Instansi).where(col(Instansi.name) == role.instansi)
        found: Instansi | None = unit.session.execute(statement).scalars().first()
        if found is None:
            words = Text(f"tidak ada instansi bernama “{role.instansi}”", f"no agency is called “{role.instansi}”")
            raise StepError(role.line, words)
        return found

    def role_key(self, role: str, line: int) -> str:
        """A role by its key or its title in `process.toml`."""
        titles = self.version.manifest.roles
        for key, title in titles.items():
            if role in (key, title.id, title.en):
                return key
        known = ", ".join(titles)
        raise StepError(
            line, Text(f"tidak ada peran “{role}”; yang ada: {known}", f"no role “{role}”; there are: {known}")
        )

    def actor(self, name: str) -> Actor:
        """The person with the roles held now."""
        with self.database.read() as unit:
            actor = actor_for(unit, self.people[name], self.clock.now())
        if actor is None:
            msg = f"{name} has no active account"
            raise LookupError(msg)
        return actor

    # --- time and what happens by itself ----------------------------------------------------------------------------

    def settle(self) -> None:
        """Do the jobs that the last act left, and those that they lead to."""
        run_ready(self.runner, self.registry, SpoolTransport(), self.clock.now(), limit=MOST_ROUNDS)

    def wait_until(self, instant: datetime) -> None:
        """Let time pass, stopping wherever something is due on the way."""
        for _ in range(MOST_ROUNDS):
            due = self._next_due(instant)
            if due is None:
                break
            self.clock.move_to(max(due, self.clock.now()))
            fire_due(self.runner, self.clock.now())
            self.settle()
        self.clock.move_to(instant)
        self.settle()

    def _next_due(self, until: datetime) -> datetime | None:
        statement = select(func.min(Deadline.due_at)).where(
            col(Deadline.state) == "pending",
            col(Deadline.kind) == "timer",
            col(Deadline.due_at) <= until,
            col(Deadline.retry_at).is_(None),
        )
        with self.database.read() as unit:
            found: datetime | None = unit.session.execute(statement).scalar()
        return found

    # --- cases ------------------------------------------------------------------------------------------------------

    def chosen_case(self, starter: str | None, line: int) -> str:
        """The case that somebody started, or the one of the step before."""
        found = self.cases.get(starter) if starter else self.case
        if found is None:
            whose = f" {starter}" if starter else ""
            raise StepError(line, Text(f"belum ada kasus{whose}", f"there is no case yet{whose}"))
        self.case = found
        return found

    def instance(self, instance_id: str) -> Instance:
        found: list[Instance] = self.rows(select(Instance).where(col(Instance.id) == instance_id))
        return found[0]

    def rows(self, statement: Select[Any]) -> list[Any]:
        """Objects as they are now, free to be looked at after their transaction."""
        with self.database.read() as unit:
            found = list(unit.session.execute(statement).scalars())
            unit.session.expunge_all()
        return found

    def element_name(self, element_id: str) -> str:
        element = self.version.specs.elements.get(element_id)
        return element.name if element else element_id

    def data(self, instance_id: str, task_id: str | None = None) -> dict[str, Any]:
        """The case's data, as a task of it sees them."""
        with self.database.read() as unit:
            case = lock(unit, self.definitions, instance_id)
            return {} if case is None else case.session(unit).data(task_id)

    @property
    def zone(self) -> ZoneInfo:
        """The zone that the current case shows its times in."""
        return ZoneInfo(self.instance(self.case).zone) if self.case else ZoneInfo("Asia/Jakarta")

    def attach(self, unit: UnitOfWork, task_id: str, owner: str, path: str, filename: str) -> str:
        """An upload of this name for a task's field, as if it had been received and found sound."""
        digest = hashlib.sha256(filename.encode()).hexdigest()
        kind = "pdf" if filename.lower().endswith(".pdf") else "jpg"
        now = self.clock.now()
        unit.session.merge(Document(digest=digest, kind=kind, size=SAMPLE_SIZE, stored_at=now))
        unit.session.flush()  # the attachment refers to it
        attachment = Attachment(
            id=uuid.uuid4().hex,
            digest=digest,
            filename=filename,
            field=path,
            user_task_id=task_id,
            uploaded_by=self.people[owner],
            uploaded_at=now,
        )
        unit.session.add(attachment)
        unit.session.flush()
        return attachment.id


def _copy(source: Database, target: Database) -> None:
    """SQLite's own backup: a copy of everything in a few milliseconds."""
    origin, copy = source.engine.raw_connection(), target.engine.raw_connection()
    try:
        from_, to = origin.driver_connection, copy.driver_connection
        if not isinstance(from_, sqlite3.Connection) or not isinstance(to, sqlite3.Connection):
            raise TypeError(source.url)
        from_.backup(to)
    finally:
        origin.close()
        copy.close()
