"""The world a scenario plays in: a database in memory, a clock that is moved by hand, people, and the real runner."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlmodel import col

from calendars.zones import DEFAULT_ZONE
from engine.actors import Actor
from engine.acts.cases import lock
from engine.clock import VirtualClock
from engine.deadlines import fire_due
from engine.definitions import Definitions, LoadedVersion
from engine.facts import FactError, Fields
from engine.jobs.run import run_ready
from engine.mail import SpoolTransport
from engine.manifest import BY_INSTANSI
from engine.people import actor_for, add_membership, create_user
from engine.programmes import close_due
from engine.registry import Registry
from engine.runner import Runner
from engine.scenarios import facts
from engine.scenarios.model import Fact, Person, Role
from engine.scenarios.outcome import StepError
from engine.texts import Text
from engine.unit_of_work import Database, UnitOfWork
from engine.upcoming import next_due
from models import Attachment, Document, Instance, Instansi, Programme, User

MOST_ROUNDS = 1_000
SAMPLE_SIZE = 150_000


@dataclass
class World:
    """One scenario's own world. `case` is the id of the case that the last step touched."""

    database: Database
    clock: VirtualClock
    runner: Runner
    registry: Registry
    definitions: Definitions
    versions: tuple[LoadedVersion, ...]
    """The package that is played, then its companions."""
    people: dict[str, str] = field(default_factory=dict)
    """Name → id of the account."""
    addresses: dict[str, str] = field(default_factory=dict)
    """Name → e-mail address."""
    cases: dict[str, str] = field(default_factory=dict)
    """Starter's name → id of the case they started last; and cases by the names that steps gave them."""
    made: dict[str, list[Fields]] = field(default_factory=dict)
    """What the facts made, by the fact's name."""
    programme_id: str | None = None
    case: str | None = None
    expected_mails: set[str] = field(default_factory=set)
    """Mails that an expectation has accounted for."""

    # --- what is given ----------------------------------------------------------------------------------------------

    def give(self, given: Sequence[Fact]) -> None:
        """Programmes first, each in the order written, for what else is given may belong to one."""
        now = self.clock.now()
        with self.database.write() as unit:
            facts.open_for_all(unit, given, now, self, self.registry.facts)
            for fact in given:
                made = facts.make(unit, now, fact, self, self.registry.facts)
                self.made.setdefault(fact.name, []).append(made)

    def agency(self, unit: UnitOfWork, name: str) -> Instansi:
        found: Instansi | None = unit.session.scalars(select(Instansi).where(col(Instansi.name) == name)).first()
        if found is None:
            raise FactError(why=Text(f"tidak ada instansi bernama “{name}”", f"no agency is called “{name}”"))
        return found

    def instant(self, text: str) -> datetime:
        return facts.instant_of(text)

    # --- people -----------------------------------------------------------------------------------------------------

    def add(self, person: Person) -> None:
        now = self.clock.now()
        address = person.email or f"{hashlib.sha256(person.name.encode()).hexdigest()[:12]}@contoh.go.id"
        with self.database.write() as unit:
            user = create_user(unit, email=address, name=person.name, now=now)
            user.state, user.activated_at = ("pending", None) if person.pending else ("active", now)
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
        try:
            return self.agency(unit, str(role.instansi))
        except FactError as error:
            raise StepError(role.line, Text(error.message("id"), error.message("en"))) from error

    def role_key(self, role: str, line: int) -> str:
        """A role by its key or its title in `process.toml`."""
        titles = {key: title for version in reversed(self.versions) for key, title in version.manifest.roles.items()}
        for key, title in titles.items():
            if role in (key, title.id, title.en):
                return key
        known = ", ".join(titles)
        raise StepError(
            line, Text(f"tidak ada peran “{role}”; yang ada: {known}", f"no role “{role}”; there are: {known}")
        )

    def actor(self, name: str) -> Actor:
        """The person with the roles held now; with none while the account is not active, or is closed."""
        with self.database.read() as unit:
            actor = actor_for(unit, self.people[name], self.clock.now())
        return actor or Actor(self.people[name], name)

    # --- time and what happens by itself ----------------------------------------------------------------------------

    def settle(self) -> None:
        """Do the jobs that the last act left, and those that they lead to."""
        run_ready(self.runner, self.registry, SpoolTransport(), self.clock.now(), limit=MOST_ROUNDS)

    def wait_until(self, instant: datetime) -> None:
        """Let time pass, stopping wherever something is due on the way."""
        self.settle()
        for _ in range(MOST_ROUNDS):
            due = next_due(self.database, instant)
            if due is None:
                break
            self.clock.move_to(max(due, self.clock.now()))
            close_due(self.database, self.clock.now())
            fire_due(self.runner, self.clock.now())
            self.settle()
        self.clock.move_to(instant)
        self.settle()
        self.runner.release_lapsed()

    # --- cases ------------------------------------------------------------------------------------------------------

    def chosen_case(self, starter: str | None, line: int) -> str:
        """The case that somebody started, or the one of the step before."""
        self.case = self.case_called(starter, line)
        return self.case

    def case_called(self, name: str | None, line: int) -> str:
        """The same, without turning to it."""
        found = self.case
        if name:
            found = self.cases.get(name) or next(iter(self.cases_like(name)), None) or self.newest_of(name)
        if found is None:
            whose = f" {name}" if name else ""
            raise StepError(line, Text(f"belum ada kasus{whose}", f"there is no case yet{whose}"))
        return found

    def ordinal(self, starter: str) -> str:
        """What the next case that somebody starts is called beside their name: `Sari ke-2`."""
        return f"{starter} ke-{1 + sum(name.startswith(f'{starter} ke-') for name in self.cases)}"

    def cases_like(self, pattern: str) -> list[str]:
        """Cases by their business key, in which `*` stands for anything; by the key's own order."""
        keyed = select(Instance).where(col(Instance.business_key).is_not(None)).order_by(col(Instance.business_key))
        return [case.id for case in self.rows(keyed) if fnmatchcase(case.business_key, pattern)]

    def newest_of(self, process: str) -> str | None:
        """The case of a process (by key or title) that began last: what began by a message has no starter's name."""
        keys = {v.key for v in self.versions if process in (v.key, v.manifest.title.id, v.manifest.title.en)}
        begun = select(Instance).where(col(Instance.definition_key).in_(keys)).order_by(col(Instance.started_at).desc())
        return next((case.id for case in self.rows(begun.limit(1))), None) if keys else None

    def version_of(self, instance_id: str) -> LoadedVersion:
        """The version that a case runs on."""
        return self.definitions.version(self.instance(instance_id).version_id)

    def process_key(self, name: str | None, line: int) -> str:
        """A process by its key or title; None: the one whose scenarios these are."""
        for version in self.versions:
            manifest = version.manifest
            if name is None or name in (manifest.key, manifest.title.id, manifest.title.en):
                return manifest.key
        known = ", ".join(version.key for version in self.versions)
        words = Text(
            f"tidak ada proses “{name}” di sini; yang ada: {known}", f"no process “{name}”; there are: {known}"
        )
        raise StepError(line, words)

    def programme_for(self, key: str) -> str | None:
        """The story's programme, for the processes of its flow."""
        flow = next(v for v in self.versions if v.key == key).manifest.flow
        story: list[Programme] = self.rows(select(Programme).where(col(Programme.id) == self.programme_id))
        return self.programme_id if story and story[0].flow == flow else None

    def agency_id(self, name: str | None, line: int) -> str | None:
        if name is None:
            return None
        try:
            with self.database.read() as unit:
                return self.agency(unit, name).id
        except FactError as error:
            raise StepError(line, Text(error.message("id"), error.message("en"))) from error

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
        version = self.version_of(self.case) if self.case else self.versions[0]
        element = version.specs.elements.get(element_id)
        return element.name if element else element_id

    def data(self, instance_id: str, task_id: str | None = None) -> dict[str, Any]:
        """The case's data, as a task of it sees them."""
        with self.database.read() as unit:
            case = lock(unit, self.definitions, instance_id)
            return {} if case is None else case.session(unit).data(task_id)

    @property
    def zone(self) -> ZoneInfo:
        """The zone that the current case shows its times in; before there is one, the zone of the process."""
        own = self.versions[0].manifest.zone
        return ZoneInfo(self.instance(self.case).zone if self.case else DEFAULT_ZONE if own == BY_INSTANSI else own)

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
