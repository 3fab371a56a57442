"""Performing a command on a loaded session. Nothing here touches the database: a replay performs in the same way."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from calendars import WorkingCalendar
from engine.acts.command import Command
from engine.acts.facts import Facts
from engine.acts.services import Answer, Services
from engine.definitions import LoadedVersion
from engine.due import Due, due_of
from engine.errors import AlurError, ExecutionError
from engine.expressions import EvaluationContext
from engine.history import Kind
from engine.human_tasks import Placement, four_eyes_elements, place
from engine.spiff import Act, Data, Delta, OpenTask, Session, acting
from engine.spiff.values import decode, encode


class Frame(Protocol):
    """What an act stands in. Live it asks the database and runs handlers; in a replay it asks the record."""

    @property
    def version(self) -> LoadedVersion: ...
    @property
    def number(self) -> int: ...
    @property
    def now(self) -> datetime: ...

    def zone_for(self, facts: Facts) -> str:
        """The zone of the case, given its instansi."""

    def calendar_for(self, facts: Facts) -> WorkingCalendar:
        """The working calendar of the case's instansi, in the case's zone."""

    def services_for(self, facts: Facts) -> Services:
        """Who answers service calls."""


@dataclass(frozen=True)
class Opened:
    """A user task that opened: who may do it, and until when."""

    task: OpenTask
    placement: Placement
    due: Due | None


@dataclass(frozen=True)
class Performed:
    """An act as it was done, before anything is written. `facts` are those after it, `zone` is that of the act."""

    command: Command
    version: LoadedVersion
    number: int
    now: datetime
    zone: str
    calendar_version: int
    facts: Facts
    delta: Delta
    opened: tuple[Opened, ...]
    moved: tuple[Opened, ...]
    """What was open before the case went to another version, and still is."""
    answers: tuple[Answer, ...]
    digest: bytes
    taken: bool = True
    """False: nothing in the case took it, and nothing changed."""


def perform(session: Session, command: Command, frame: Frame, facts: Facts) -> Performed:
    """Run the engine to its next wait state and find out everything that must be written."""
    facts = _told(session, command, frame, facts)
    calendar = frame.calendar_for(facts)
    services = frame.services_for(facts)
    manifest = frame.version.manifest
    act = Act(
        instance_id=facts.instance_id,
        number=frame.number,
        now=frame.now,
        context=EvaluationContext(now=frame.now, calendar=calendar),
        externals=facts.externals(manifest),
        services=services,
    )
    with acting(act):
        taken = command.apply(session, frame.version.specs)
    delta = session.delta()
    after = _after(session, command, frame, calendar, facts, delta)
    externals = after.externals(manifest)
    return Performed(
        command=command,
        version=frame.version,
        number=frame.number,
        now=frame.now,
        zone=facts.zone,
        calendar_version=calendar.version,
        facts=after,
        delta=delta,
        opened=tuple(_opened(task, externals, frame, calendar, after) for task in delta.opened),
        moved=tuple(
            _opened(task, externals, frame, calendar, after, dated=task.id in command.inputs["without_due"])
            for task in delta.moved
        ),
        answers=tuple(services.answers),
        digest=after.sealing(session.digest()),
        taken=taken,
    )


def body(performed: Performed) -> bytes:
    """The journal entry's payload: what was told, and what handlers answered."""
    return encode({"inputs": dict(performed.command.inputs), "services": [a.to_record() for a in performed.answers]})


def unpack(payload: bytes) -> tuple[Data, list[Answer]]:
    """Inputs and recorded answers of a journal entry's payload."""
    record = decode(payload)
    return record["inputs"], [Answer(*answer) for answer in record["services"]]


def _told(session: Session, command: Command, frame: Frame, facts: Facts) -> Facts:
    """The facts as what was submitted makes them: dates of this very act are then those of the instansi just chosen."""
    if command.kind == Kind.TASK_COMPLETED:
        data = {**session.data(command.token), **command.inputs["data"]}
    elif command.kind == Kind.CASE_STARTED:
        data = dict(command.inputs["data"])
        if "message" in command.inputs:
            data |= frame.version.specs.told_by(command.inputs["message"])
    else:
        data = {}
    told = facts.after(frame.version.manifest, data, EvaluationContext(now=frame.now)) if data else facts
    return replace(told, zone=frame.zone_for(told))


def _after(
    session: Session, command: Command, frame: Frame, calendar: WorkingCalendar, facts: Facts, delta: Delta
) -> Facts:
    context = EvaluationContext(now=frame.now, calendar=calendar)
    after = facts.after(frame.version.manifest, session.data(), context)
    if delta.stage is not None:
        words = frame.version.specs.elements[delta.stage].properties["stage"]
        after = replace(after, stage=words[:300], stage_element=delta.stage)
    if command.kind == Kind.TASK_COMPLETED and command.element_id in four_eyes_elements(frame.version):
        after = after.with_completer(command.element_id, command.inputs["by"])
    return after


def _opened(
    task: OpenTask,
    externals: Mapping[str, Any],
    frame: Frame,
    calendar: WorkingCalendar,
    facts: Facts,
    *,
    dated: bool = True,
) -> Opened:
    names = {**task.data, **externals}
    context = EvaluationContext(now=frame.now, calendar=calendar)
    try:
        placement = place(task, frame.version.manifest, facts, names, context)
        due = due_of(task.properties.get("due"), names, context) if dated else None
    except (AlurError, ValueError) as error:
        why = error.message("en") if isinstance(error, AlurError) else str(error)
        raise ExecutionError(element=task.name, why=why) from error
    return Opened(task, placement, due)
