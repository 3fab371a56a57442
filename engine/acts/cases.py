"""A case as an act holds it: its locked row, its version and where its record stands; and writing an act back.

The instance row is always locked first, and by the first statement of the act: whoever has it may touch everything
else of the case, in any order, without a deadlock. (On SQLite the write transaction itself is the lock.)
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Table, bindparam, select, update
from sqlalchemy import case as sql_case

from calendars import WorkingCalendar
from calendars.zones import DEFAULT_ZONE
from engine import history, ledger, store
from engine.actors import Actor
from engine.acts import rows
from engine.acts.command import Command
from engine.acts.consequences import consequences_of, entry_of
from engine.acts.facts import Facts
from engine.acts.perform import Performed, body, perform
from engine.acts.recording import BY_ID, INSTANCES, Recorded, head_of, head_values, record
from engine.acts.services import LiveServices, Services
from engine.calendar import load_calendar
from engine.definitions import Definitions, LoadedVersion
from engine.errors import InstanceNotActiveError
from engine.history import Entry, Head, Kind
from engine.human_tasks import NOBODYS_INSTANSI, STATUS_WORDS, TaskRow, excluded_from
from engine.manifest import BY_INSTANSI
from engine.registry import Registry
from engine.spiff import Session
from engine.unit_of_work import UnitOfWork
from models import Instansi, metadata

INSTANSI: Table = metadata.tables[str(Instansi.__tablename__)]
TASKS, DEADLINES = rows.TASKS, rows.DEADLINES


class TimerRow(NamedTuple):
    """What firing must know of a deadline's row."""

    kind: str
    state: str
    due_at: datetime
    element_id: str
    token_id: str


@dataclass(frozen=True)
class Case:
    """One case inside a transaction. `row` is None for a case that is being started."""

    facts: Facts
    version: LoadedVersion
    head: Head
    row: Row[Any] | None = None

    @property
    def status(self) -> str:
        return "active" if self.row is None else str(self.row.status)

    def must_be(self, *statuses: str) -> None:
        """Raise InstanceNotActiveError unless the case has one of these statuses."""
        if self.status not in statuses:
            raise InstanceNotActiveError(status=STATUS_WORDS[self.status])

    def session(self, unit: UnitOfWork) -> Session:
        """The engine's state: loaded, or new."""
        if self.row is None:
            return Session.new(self.version.specs, self.facts.instance_id)
        return store.load(unit, self.row, self.version.specs)


# --- locking ---------------------------------------------------------------------------------------------------------


_TASK_COLUMNS = [TASKS.c[name].label(f"task_{name}") for name in TaskRow.names()]
# Both rows are locked, so that on PostgreSQL both are read as they are after waiting for the lock.
_BY_TASK = (
    select(INSTANCES, *_TASK_COLUMNS)
    .join(TASKS, TASKS.c.instance_id == INSTANCES.c.id)
    .where(TASKS.c.id == bindparam("key"))
    .with_for_update(of=[INSTANCES, TASKS], key_share=True)
)
_BY_DEADLINE = (
    select(INSTANCES, *(DEADLINES.c[name].label(f"deadline_{name}") for name in TimerRow._fields))
    .join(DEADLINES, DEADLINES.c.instance_id == INSTANCES.c.id)
    .where(DEADLINES.c.id == bindparam("key"))
    .with_for_update(of=[INSTANCES, DEADLINES], key_share=True)
)


def lock(unit: UnitOfWork, definitions: Definitions, instance_id: str) -> Case | None:
    """A case by its id."""
    row = unit.connection.execute(BY_ID, {"key": instance_id}).first()
    return None if row is None else _case(unit, definitions, row)


def look(unit: UnitOfWork, definitions: Definitions, instance_id: str) -> Case | None:
    """A case by its id, not locked: to be looked at only."""
    row = unit.connection.execute(select(INSTANCES).where(INSTANCES.c.id == instance_id)).first()
    return None if row is None else _case(unit, definitions, row)


def lock_by_task(unit: UnitOfWork, definitions: Definitions, task_id: str) -> tuple[Case, TaskRow] | None:
    """The case of a user task, and the task's row."""
    row = unit.connection.execute(_BY_TASK, {"key": task_id}).first()
    if row is None:
        return None
    task = TaskRow(**{name: getattr(row, f"task_{name}") for name in TaskRow.names()})
    return _case(unit, definitions, row), task


def lock_by_deadline(unit: UnitOfWork, definitions: Definitions, deadline_id: str) -> tuple[Case, TimerRow] | None:
    """The case of a deadline, and what it is: as both are once they are locked, so that an earlier firing is seen."""
    row = unit.connection.execute(_BY_DEADLINE, {"key": deadline_id}).first()
    if row is None:
        return None
    return _case(unit, definitions, row), TimerRow(*(getattr(row, f"deadline_{name}") for name in TimerRow._fields))


def _case(unit: UnitOfWork, definitions: Definitions, row: Row[Any]) -> Case:
    return Case(Facts.of_row(row), definitions.version(row.version_id, unit), head_of(row), row)


# --- acting ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LiveFrame:
    """An act as it happens: zone and calendar come from the database, services run."""

    unit: UnitOfWork
    registry: Registry
    version: LoadedVersion
    number: int
    now: datetime
    actor: Actor
    known_zones: dict[str | None, str] = field(default_factory=dict)
    """By instansi: what the case's row tells already is not asked again."""

    def zone_for(self, facts: Facts) -> str:
        if facts.programme is not None:
            return facts.zone
        named = self.version.manifest.zone
        if named != BY_INSTANSI:
            return named
        if facts.instansi_id is None:
            return DEFAULT_ZONE
        if facts.instansi_id not in self.known_zones:
            found = select(INSTANSI.c.zone).where(INSTANSI.c.id == facts.instansi_id)
            self.known_zones[facts.instansi_id] = self.unit.connection.execute(found).scalar() or DEFAULT_ZONE
        return self.known_zones[facts.instansi_id]

    def calendar_for(self, facts: Facts) -> WorkingCalendar:
        return load_calendar(self.unit, facts.calendar_of, facts.zone, now=self.now)

    def services_for(self, facts: Facts) -> Services:
        return LiveServices(self.unit, self.registry, facts, self.version.manifest, self.actor, self.now)


def act(
    unit: UnitOfWork,
    registry: Registry,
    case: Case,
    command: Command,
    actor: Actor,
    now: datetime,
    *,
    session: Session | None = None,
    task: TaskRow | None = None,
) -> tuple[Performed, bool]:
    """Perform a command on a locked case and write everything that follows; says also whether it left jobs.

    Nothing is written when nothing in the case took it (`Performed.taken`).
    """
    session = session or case.session(unit)
    known = {} if case.row is None else {case.facts.instansi_id: case.facts.zone}
    frame = LiveFrame(unit, registry, case.version, case.head.acts + 1, now, actor, known)
    performed = perform(session, command, frame, case.facts)
    if not performed.taken:
        return performed, False
    snapshot = session.take_snapshot()
    stored = performed.facts.sealing(snapshot.digest())
    sealed = history.seal(case.head, _entry(performed, actor, stored))
    values = {**_values(performed), **head_values(sealed.head)}
    if command.kind == Kind.CASE_MIGRATED:
        values["version_id"] = performed.version.id
    by = actor.user_id if task is not None else None
    with unit.writing_ahead():
        if case.row is None:
            store.insert_case(unit, session, {**_first_values(performed.facts), **values}, snapshot)
        else:
            store.save(unit, session, values, snapshot)
        history.write(unit, sealed)
        left = rows.write(unit, performed, registry, by=by, had_due=task is not None and task.due_at is not None)
    if case.row is None:
        first = sealed.events[0]["hash"]
        kind, facts = ledger.Kind.CASE_REGISTERED, performed.facts
        ledger.note(unit, kind, at=now, instance_id=facts.instance_id, ref=facts.number, digest=first)
    if session.open_tasks - {opened.task.id for opened in performed.opened}:
        _follow_facts(unit, case.facts, performed)
    return performed, left


def note(unit: UnitOfWork, case: Case, command: Command, actor: Actor, now: datetime, **values: Any) -> None:
    """Record an act that the engine does not feel (a claim, a suspension), with what it changes in the case's row."""
    assert case.row is not None  # noqa: S101 -- a case that is being started has no such acts
    recorded = Recorded(case.facts.instance_id, case.head, bytes(case.row.state_digest))
    record(unit, recorded, command, actor, now, **values)


def _entry(performed: Performed, actor: Actor, stored: bytes) -> Entry:
    """`stored`: the digest of the rows that hold the case after it, which is no part of what a replay compares."""
    entry = entry_of(performed)
    return Entry(
        instance_id=performed.facts.instance_id,
        now=performed.now,
        actor_id=actor.user_id,
        entry=replace(entry, detail={**entry.detail, "stored": stored.hex()}),
        consequences=consequences_of(performed),
        state_digest=performed.digest,
        payload=body(performed),
    )


def _values(performed: Performed) -> dict[str, Any]:
    """What an act may change in the case's row."""
    facts, delta = performed.facts, performed.delta
    cancelled = performed.command.kind == Kind.CASE_CANCELLED
    ended = cancelled or delta.completed
    status = "cancelled" if cancelled else "completed" if ended else "active"
    return {
        "title": facts.title,
        "business_key": facts.business_key,
        "instansi_id": facts.instansi_id,
        "zone": facts.zone,
        "stage": facts.stage,
        "stage_element": facts.stage_element,
        "completers": dict(facts.completers),
        "status": status,
        "outcome": delta.outcome if delta.completed and not cancelled else None,
        "ended_at": performed.now if ended else None,
        "state_digest": performed.digest,
    }


def _first_values(facts: Facts) -> dict[str, Any]:
    return {
        "number": facts.number,
        "definition_key": facts.definition_key,
        "version_id": facts.version_id,
        "starter_id": facts.starter_id,
        "started_at": facts.started_at,
        "programme_id": facts.programme_id,
        "programme": facts.programme,
        "parameters": facts.parameters,
    }


def _follow_facts(unit: UnitOfWork, before: Facts, performed: Performed) -> None:
    """Tasks that were open before the act show the case's new title, and go to its new instansi."""
    after = performed.facts
    changes: dict[str, Any] = {}
    if after.title != before.title:
        changes["case_title"] = after.title
    if after.instansi_id != before.instansi_id:
        scoped = TASKS.c.instansi_id == (before.instansi_id or NOBODYS_INSTANSI)
        changes["instansi_id"] = sql_case((scoped, after.instansi_id), else_=TASKS.c.instansi_id)
    if changes:
        unit.connection.execute(update(TASKS).where(_open_in(after)).values(**changes))
    if after.completers != before.completers:
        _exclude_completers(unit, performed)


def _exclude_completers(unit: UnitOfWork, performed: Performed) -> None:
    """Who has just completed a step may not do a task that was open beside it, nor keep it if they had taken it."""
    elements, manifest = performed.version.specs.elements, performed.version.manifest
    waiting = select(TASKS.c.id, TASKS.c.element_id, TASKS.c.excluded, TASKS.c.assignee_id, TASKS.c.role)
    for task in unit.connection.execute(waiting.where(_open_in(performed.facts))).all():
        excluded = excluded_from(elements[task.element_id], manifest, performed.facts)
        if excluded != task.excluded:
            taken = task.role is not None and task.assignee_id in excluded
            values = {"excluded": excluded, "assignee_id": None if taken else task.assignee_id}
            changed = update(TASKS).where(TASKS.c.id == task.id)
            unit.connection.execute(changed.values(**values, version=TASKS.c.version + 1))


def _open_in(facts: Facts) -> ColumnElement[bool]:
    return (TASKS.c.instance_id == facts.instance_id) & (TASKS.c.state == "open")
