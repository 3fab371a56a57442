"""What people command: start a case, take a task, keep a draft, complete it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from engine import authorisation, human_tasks, people, programmes
from engine.actors import SYSTEM, Actor, NotAPersonError
from engine.acts import cases
from engine.acts.again import whole_act
from engine.acts.cases import Case, LiveFrame
from engine.acts.command import Command
from engine.acts.engine import Engine
from engine.acts.errors import StartedByMessageError
from engine.acts.refusals import incidents, keeping_draft
from engine.acts.starting import new_case
from engine.acts.submission import checked, plain_data
from engine.documents import submit_attachments
from engine.errors import NotFoundError
from engine.history import Kind
from engine.human_tasks import TaskRow
from engine.unit_of_work import UnitOfWork


class PeopleCommands(Engine):
    """Each is one transaction; a refused one keeps what was typed."""

    @whole_act
    def start(  # noqa: PLR0913 -- everything a case may begin with, each by its name
        self,
        definition_key: str,
        actor: Actor,
        *,
        data: Mapping[str, Any] | None = None,
        instansi_id: str | None = None,
        business_key: str | None = None,
        version_id: str | None = None,
        programme_id: str | None = None,
        instance_id: str | None = None,
        now: datetime | None = None,
    ) -> str:
        """Start a case on the current (or the given) version and return its id.

        `instansi_id`: by default the one in which the actor holds a role that may start it, if it is only one.

        Whoever repeats after a crash names the id beforehand (`instance_id`), and so finds the case made before.

        A process of a flow is started in a programme: the one named, or the only one that is open. Its cases run on
        the version that the programme has taken up. Raises ProgrammeRequiredError, ProgrammeClosedError.
        """
        now = now or self.clock.now()
        with incidents(self.database, now), self.database.write() as unit:
            version = self.definitions.version(version_id or self.definitions.current_id(definition_key, unit), unit)
            programme = programmes.joined(unit, version.manifest, programme_id, now)
            if programme is not None and version_id is None:
                version = self.definitions.version(programmes.version_of(programme, version.manifest), unit)
            authorisation.may_start(actor, version.manifest.start.who)
            if version.specs.started_by_message is not None:
                raise StartedByMessageError(name=version.specs.started_by_message)
            office = instansi_id or authorisation.office_of(actor, version.manifest.start.who)
            case = new_case(unit, version, actor, now, instansi_id=office, business_key=business_key,
                            programme=programme, instance_id=instance_id)  # fmt: skip
            return self._start(unit, case, {"data": plain_data(data or {})}, actor, now)

    @whole_act
    def complete(
        self,
        task_id: str,
        actor: Actor,
        submitted: Mapping[str, Any],
        version: int | None = None,
        *,
        now: datetime | None = None,
    ) -> str:
        """Complete a user task with what its form submitted; returns the case's id.

        Raises InvalidDataError (`.faults`: path → faults), TaskClosedError, TaskTakenError, StaleTaskError,
        ForbiddenError, NotFoundError, InstanceNotActiveError, ActFailedError (an incident, with its reference).
        Whatever refuses it but ForbiddenError and NotFoundError, what was typed is kept as this person's draft.
        """
        now = now or self.clock.now()
        with (
            keeping_draft(self.database, task_id, actor, submitted, now),
            incidents(self.database, now, task_id=task_id),
            self.database.write() as unit,
        ):
            case, task = self._task(unit, task_id)
            human_tasks.check_open(unit, task, case.status, actor, case.facts.zone)
            human_tasks.check_version(unit, task, version)
            session = case.session(unit)
            frame = LiveFrame(unit, self.registry, case.version, case.head.acts + 1, now, actor)
            submission = checked(case, task, session, submitted, frame)
            inputs = {"data": submission.data, "by": actor.user_id}
            detail = {"documents": submission.attachments} if submission.attachments else {}
            command = Command(Kind.TASK_COMPLETED, inputs, task.element_id, task.id, detail)
            self._act(unit, case, command, actor, now, session=session, task=task)
            if submission.attachments:
                submit_attachments(unit, submission.attachments, case.facts.instance_id)
            return case.facts.instance_id

    @whole_act
    def claim(self, task_id: str, actor: Actor, version: int | None = None, *, now: datetime | None = None) -> int:
        """Take a task of one's groups; returns the task's new version. Claiming one's own task changes nothing."""
        with self._open_task(task_id, actor, version) as (unit, case, task):
            if task.assignee_id == actor.user_id:
                return task.version
            return self._hand(unit, case, task, Kind.TASK_CLAIMED, actor, actor.user_id, now)

    @whole_act
    def release(self, task_id: str, actor: Actor, version: int | None = None, *, now: datetime | None = None) -> int:
        """Give a claimed task back to its group; returns the task's new version."""
        with self._open_task(task_id, actor, version) as (unit, case, task):
            if task.assignee_id is None:
                return task.version
            if task.role is None:
                raise authorisation.NoGroupError(why="")
            return self._hand(unit, case, task, Kind.TASK_RELEASED, actor, None, now)

    def release_lapsed(self, *, now: datetime | None = None) -> int:
        """Give tasks whose holders lost the role, or their account, back to their groups; returns how many."""
        now = now or self.clock.now()
        with self.database.read() as unit:
            doubtful = human_tasks.held_without_office(unit, now)
        return sum(self._release_lapsed(task_id, now) for task_id in doubtful)

    @whole_act
    def _release_lapsed(self, task_id: str, now: datetime) -> bool:
        with self.database.write() as unit:
            case, task = self._task(unit, task_id)
            if task.state != "open" or task.assignee_id is None or case.status != "active":
                return False
            holder = people.actor_for(unit, task.assignee_id, now)
            if task.role is None or (holder and authorisation.holds_for(holder, task.role, task.instansi_id)):
                return False
            self._hand(unit, case, task, Kind.TASK_RELEASED, SYSTEM, None, now)
            return True

    @whole_act
    def assign(self, task_id: str, actor: Actor, to_user_id: str, *, now: datetime | None = None) -> int:
        """Hand a task to another person who may take it; by its assignee or by an owner. Returns the new version."""
        now = now or self.clock.now()
        with self.database.write() as unit:
            case, task = self._task(unit, task_id)
            authorisation.may_assign(task, actor, case.facts.instansi_id)
            if task.state != "open":
                raise human_tasks.closed_error(unit, task, case.facts.zone)
            case.must_be("active")
            to = people.actor_for(unit, to_user_id, now)
            if to is None:
                raise NotFoundError
            authorisation.may_take(task, to)
            return self._hand(unit, case, task, Kind.TASK_ASSIGNED, actor, to_user_id, now)

    def save_draft(
        self,
        task_id: str,
        actor: Actor,
        draft: Mapping[str, Any],
        version: int | None = None,  # noqa: ARG002 -- pages send it with every form; a draft is kept all the same
        *,
        now: datetime | None = None,
    ) -> datetime:
        """Keep what this person has typed so far (one draft per person and task); returns when it was saved.

        A draft is no act: it locks no case, and is kept whatever becomes of the task.
        """
        now = now or self.clock.now()
        with self.database.write() as unit:
            if actor.user_id is None:
                raise NotAPersonError
            human_tasks.check_authority(unit, human_tasks.read_task(unit, task_id), actor)
            human_tasks.keep_draft(unit, task_id, actor.user_id, draft, now)
        return now

    def _hand(
        self,
        unit: UnitOfWork,
        case: Case,
        task: TaskRow,
        kind: Kind,
        actor: Actor,
        to: str | None,
        now: datetime | None,
    ) -> int:
        command = Command(kind, {}, task.element_id, task.id, {"to": to})
        cases.note(unit, case, command, actor, now or self.clock.now())
        return human_tasks.hand(unit, task, to)

    @contextmanager
    def _open_task(self, task_id: str, actor: Actor, version: int | None) -> Iterator[tuple[UnitOfWork, Case, TaskRow]]:
        """A task that this person may act on, locked with its case."""
        with self.database.write() as unit:
            case, task = self._task(unit, task_id)
            human_tasks.check_open(unit, task, case.status, actor, case.facts.zone)
            human_tasks.check_version(unit, task, version)
            yield unit, case, task

    def _task(self, unit: UnitOfWork, task_id: str) -> tuple[Case, TaskRow]:
        found = cases.lock_by_task(unit, self.definitions, task_id)
        if found is None:
            raise NotFoundError
        return found
