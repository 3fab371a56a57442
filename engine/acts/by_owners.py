"""What a process owner commands of running cases: go on with another version of the process."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from engine.actors import Actor
from engine.acts import cases, moving
from engine.acts.again import whole_act
from engine.acts.cases import Case, LiveFrame
from engine.acts.command import Command
from engine.acts.engine import Engine
from engine.acts.errors import OtherProcessError
from engine.acts.facts import Facts
from engine.acts.perform import perform
from engine.acts.postponing import move_command, write_due
from engine.acts.services import Answer, Services
from engine.definitions import LoadedVersion
from engine.errors import AlurError, NotFoundError
from engine.history import Kind
from engine.human_tasks import STATUS_WORDS
from engine.spiff import Obstacle, ServiceCall
from engine.texts import Text
from engine.unit_of_work import UnitOfWork

SUSPENDED = Text("Kasus sedang ditangguhkan; lanjutkan dahulu.", "The case is suspended; resume it first.")
ENDED = Text("Kasus sudah {status}.", "The case is {status} already.")


class OwnerCommands(Engine):
    """Each is one transaction; a case that cannot be moved is as it was."""

    @whole_act
    def migrate(
        self,
        instance_id: str,
        version_id: str,
        actor: Actor,
        *,
        mapping: Mapping[str, str] | None = None,
        reason: str,
        now: datetime | None = None,
    ) -> bool:
        """Let a running case go on with another version of its process. False: it runs on that one already.

        `mapping`: element of its present version → the one that takes its place. What is open keeps its id, data,
        holder, draft and due date; timers keep their instants. Raises CannotMoveError with all obstacles,
        InstanceNotActiveError, OtherProcessError.
        """
        now = now or self.clock.now()
        with self.database.write() as unit:
            case = self._case(unit, instance_id)
            case.must_be("active")
            version = self._target(unit, case, version_id)
            if version.id == case.version.id:
                return False
            session = case.session(unit)
            going, command = _going(unit, case, version, mapping or {}, reason)
            performed = self._act(unit, going, command, actor, now, session=session)
            moving.write_moved(unit, performed, case.version)
            return True

    @whole_act
    def move_deadline(
        self, deadline_id: str, to: datetime, actor: Actor, *, reason: str, now: datetime | None = None
    ) -> str:
        """Let a task be due, or a timer fire, at another time; returns the case's id. Who may is for the caller to say.

        Raises BadPostponementError, InstanceNotActiveError.
        """
        now = now or self.clock.now()
        with self.database.write() as unit:
            found = cases.lock_by_deadline(unit, self.definitions, deadline_id)
            if found is None:
                raise NotFoundError
            case, deadline = found
            case.must_be("active")
            command = move_command(deadline, to, reason, now)
            if command.moves_engine:
                self._act(unit, case, command, actor, now)
            else:
                cases.note(unit, case, command, actor, now)
                write_due(unit, command, case.facts.zone, now)
            return case.facts.instance_id

    def rehearse(
        self,
        instance_id: str,
        version_id: str,
        actor: Actor,
        *,
        mapping: Mapping[str, str] | None = None,
        now: datetime | None = None,
    ) -> "Rehearsed":
        """What moving a case would come to. Done in memory as a whole, and thrown away."""
        now = now or self.clock.now()
        with self.database.read() as unit:
            case = cases.look(unit, self.definitions, instance_id)
            if case is None:
                raise NotFoundError
            return self._rehearsed(unit, case, self._target(unit, case, version_id), mapping or {}, actor, now)

    def _rehearsed(
        self,
        unit: UnitOfWork,
        case: Case,
        version: LoadedVersion,
        mapping: Mapping[str, str],
        actor: Actor,
        now: datetime,
    ) -> "Rehearsed":
        if case.status != "active":
            words = SUSPENDED if case.status == "suspended" else ENDED.filled(status=STATUS_WORDS[case.status])
            return Rehearsed((), (Obstacle(case.status, "", words),))
        session = case.session(unit)
        standing = tuple(session.live_elements())
        found = session.obstacles(version.specs, mapping)
        if found or version.id == case.version.id:
            return Rehearsed(standing, tuple(found))
        going, command = _going(unit, case, version, mapping, "")
        frame = _Rehearsal(unit, self.registry, version, case.head.acts + 1, now, actor)
        try:
            perform(session, command, frame, going.facts)
        except AlurError as error:
            words = Text(error.message("id"), error.message("en"))
            return Rehearsed(standing, (Obstacle("failed", str(error.context.get("element") or ""), words),))
        return Rehearsed(standing, ())

    def _target(self, unit: UnitOfWork, case: Case, version_id: str) -> LoadedVersion:
        version = self.definitions.version(version_id, unit)
        if version.key != case.facts.definition_key:
            raise OtherProcessError
        return version


@dataclass(frozen=True)
class Rehearsed:
    """Where a case stands (an element for each open token), and what keeps it from moving."""

    standing: tuple[str, ...]
    obstacles: tuple[Obstacle, ...]


@dataclass
class _Unanswered:
    """In a rehearsal no handler is called: whatever would be asked stays asked."""

    answers: list[Answer] = field(default_factory=list)

    def __call__(self, call: ServiceCall) -> Mapping[str, Any] | None:  # noqa: ARG002 -- the shape of a ServiceCaller
        return None


class _Rehearsal(LiveFrame):
    def services_for(self, facts: Facts) -> Services:  # noqa: ARG002 -- nobody answers
        return _Unanswered()


def _going(
    unit: UnitOfWork, case: Case, version: LoadedVersion, mapping: Mapping[str, str], reason: str
) -> tuple[Case, Command]:
    """The case as it goes on, and the act that brings it there."""
    renamed = {old: new for old, new in mapping.items() if old != new}
    inputs = moving.inputs_of(unit, case, version, renamed, reason)
    detail = {"version": version.id, "from": case.version.id, "renamed": inputs["renamed"]}
    going = replace(case, version=version, facts=moving.facts_after(case.facts, version, inputs))
    return going, Command(Kind.CASE_MIGRATED, inputs, detail=detail)
