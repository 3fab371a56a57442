"""The commands of the engine. Each is one transaction: lock, load, run to the next wait state, record, commit."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import uuid4

from engine import authorisation, human_tasks, people
from engine.actors import SYSTEM, Actor, NotAPersonError
from engine.acts import cases, recipients, rows
from engine.acts.cases import Case, LiveFrame
from engine.acts.command import Command
from engine.acts.errors import NobodyWaitsError
from engine.acts.perform import Performed
from engine.acts.refusals import incidents, keeping_draft
from engine.acts.starting import new_case, started_by_message
from engine.acts.submission import checked, plain_data
from engine.clock import Clock
from engine.definitions import Definitions
from engine.documents import submit_attachments
from engine.errors import NotFoundError
from engine.history import Kind
from engine.human_tasks import TaskRow
from engine.registry import Registry
from engine.spiff import Session
from engine.spiff.values import clean
from engine.unit_of_work import Database, UnitOfWork


class Runner:
    """Runs cases. Safe to share between threads; holds no state of any case."""

    def __init__(
        self,
        database: Database,
        registry: Registry,
        definitions: Definitions,
        clock: Clock,
        *,
        wake: Callable[[], None] | None = None,
    ) -> None:
        """`wake` is called after a commit that left jobs to do (it may be set later: `runner.wake = ticker.wake`)."""
        self.database = database
        self.registry = registry
        self.definitions = definitions
        self.clock = clock
        self.wake = wake

    # --- people ------------------------------------------------------------------------------------------------------

    def start(
        self,
        definition_key: str,
        actor: Actor,
        *,
        data: Mapping[str, Any] | None = None,
        instansi_id: str | None = None,
        business_key: str | None = None,
        version_id: str | None = None,
        now: datetime | None = None,
    ) -> str:
        """Start a case on the current (or the given) version and return its id."""
        now = now or self.clock.now()
        with incidents(self.database, now), self.database.write() as unit:
            version = self.definitions.version(version_id or self.definitions.current_id(definition_key, unit), unit)
            authorisation.may_start(actor, version.manifest.start.who)
            case = new_case(unit, version, actor, now, instansi_id=instansi_id, business_key=business_key)
            return self._start(unit, case, {"data": plain_data(data or {})}, actor, now)

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
            command = Command(Kind.TASK_COMPLETED, inputs, task.element_id, task.id)
            self._act(unit, case, command, actor, now, session=session, task=task)
            if submission.attachments:
                submit_attachments(unit, submission.attachments, case.facts.instance_id)
            return case.facts.instance_id

    def claim(self, task_id: str, actor: Actor, version: int | None = None, *, now: datetime | None = None) -> int:
        """Take a task of one's groups; returns the task's new version. Claiming one's own task changes nothing."""
        with self._open_task(task_id, actor, version) as (unit, case, task):
            if task.assignee_id == actor.user_id:
                return task.version
            return self._hand(unit, case, task, Kind.TASK_CLAIMED, actor, actor.user_id, now)

    def release(self, task_id: str, actor: Actor, version: int | None = None, *, now: datetime | None = None) -> int:
        """Give a claimed task back to its group; returns the task's new version."""
        with self._open_task(task_id, actor, version) as (unit, case, task):
            if task.assignee_id is None:
                return task.version
            if task.role is None:
                raise authorisation.NoGroupError(why="")
            return self._hand(unit, case, task, Kind.TASK_RELEASED, actor, None, now)

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

    # --- messages, signals, time, handlers ---------------------------------------------------------------------------

    def correlate(
        self,
        message: str,
        actor: Actor,
        payload: Mapping[str, Any],
        *,
        instance_id: str | None = None,
        business_key: str | None = None,
        correlation: str | None = None,
        job_id: str | None = None,
        now: datetime | None = None,
    ) -> str | None:
        """Deliver a message to the one case that waits for it, or start a case by it; returns that case's id.

        `job_id`: the job that carries this message; it is marked done in the same transaction, so that a job that is
        run twice delivers once (then None). Raises NobodyWaitsError when no case waits and no process starts by it,
        AmbiguousMessageError when several cases wait for it.
        """
        now = now or self.clock.now()
        letter = {"name": message, "payload": clean(dict(payload)), "correlation": correlation}
        with self.database.write() as unit:
            sender = recipients.sender_of(unit, job_id)
            if not recipients.take_job(unit, job_id, now):
                return None
            target = instance_id or recipients.waiting_for_message(
                unit, message, business_key=business_key, correlation=correlation, sender=sender
            )
            if target is not None:
                case = self._case(unit, target)
                case.must_be("active")
                detail = {"name": message, **({"from": sender} if sender else {})}
                if self._act(unit, case, Command(Kind.MESSAGE_RECEIVED, letter, detail=detail), actor, now).taken:
                    return target
            version = None if instance_id else started_by_message(unit, self.definitions, message)
            if version is None:
                raise NobodyWaitsError(name=message)
            case = new_case(unit, version, actor, now, business_key=business_key)
            return self._start(unit, case, {"data": {}, "message": letter}, actor, now)

    def broadcast(
        self,
        signal: str,
        actor: Actor,
        payload: Mapping[str, Any],
        *,
        instance_id: str | None = None,
        job_id: str | None = None,
        now: datetime | None = None,
    ) -> int:
        """Send a signal to every case that waits for it; returns how many will get it.

        Without `instance_id` this queues one `signal` job per waiting case (each case's act is its own transaction);
        with it, the signal is delivered to that case. `job_id` as for `correlate`.
        """
        now = now or self.clock.now()
        given = clean(dict(payload))
        with self.database.write() as unit:
            sender = recipients.sender_of(unit, job_id)
            if not recipients.take_job(unit, job_id, now):
                return 0
            if instance_id is None:
                key = f"signal:{job_id or uuid4().hex}"
                queued = recipients.queue_signal(unit, signal, given, now, key, sender=sender)
                self._woken(unit, queued > 0)
                return queued
            case = self._case(unit, instance_id)
            case.must_be("active")
            command = Command(Kind.SIGNAL_RECEIVED, {"name": signal, "payload": given}, detail={"name": signal})
            return int(self._act(unit, case, command, actor, now).taken)

    def fire(self, deadline_id: str, now: datetime | None = None) -> bool:
        """Fire a due timer. False when there is nothing (any more) to fire."""
        now = now or self.clock.now()
        with self.database.write() as unit:
            found = cases.lock_by_deadline(unit, self.definitions, deadline_id)
            if found is None:
                return False
            case, deadline = found
            if deadline.kind != "timer" or deadline.state != "pending" or deadline.due_at > now:
                return False
            case.must_be("active")
            command = Command(Kind.DEADLINE_FIRED, {}, deadline.element_id, deadline.token_id)
            self._act(unit, case, command, SYSTEM, now)
            return True

    def report(
        self,
        instance_id: str,
        token_id: str,
        outputs: Mapping[str, Any],
        *,
        job_id: str | None = None,
        now: datetime | None = None,
    ) -> bool:
        """An async handler answered. False when its token does not wait any more (cancelled, or reported before)."""
        inputs = {"outputs": clean(dict(outputs))}
        return self._answered(Kind.SERVICE_REPORTED, instance_id, token_id, inputs, job_id, now)

    def report_error(
        self,
        instance_id: str,
        token_id: str,
        error_code: str,
        *,
        job_id: str | None = None,
        now: datetime | None = None,
    ) -> bool:
        """An async handler said no (BusinessError): the diagram's error event with `error_code` is taken."""
        return self._answered(Kind.SERVICE_FAILED, instance_id, token_id, {"error_code": error_code}, job_id, now)

    # --- the case as a whole -----------------------------------------------------------------------------------------

    def cancel(self, instance_id: str, actor: Actor, reason: str, *, now: datetime | None = None) -> None:
        """End a case for good: its tasks, deadlines and handler jobs are cancelled."""
        now = now or self.clock.now()
        with self.database.write() as unit:
            case = self._case(unit, instance_id)
            case.must_be("active", "suspended")
            self._act(unit, case, Command(Kind.CASE_CANCELLED, {"reason": reason}), actor, now)
            rows.end_all(unit, instance_id, now)

    def suspend(self, instance_id: str, actor: Actor, reason: str = "", *, now: datetime | None = None) -> None:
        """Freeze a case: no task can be completed, no timer fires until it is resumed."""
        self._standing(instance_id, actor, reason, now, Kind.CASE_SUSPENDED)

    def resume(self, instance_id: str, actor: Actor, reason: str = "", *, now: datetime | None = None) -> None:
        """Take a suspended case up again; timers that came due meanwhile fire with the next tick."""
        self._standing(instance_id, actor, reason, now, Kind.CASE_RESUMED)

    # --- inside ------------------------------------------------------------------------------------------------------

    def _standing(self, instance_id: str, actor: Actor, reason: str, now: datetime | None, kind: Kind) -> None:
        before, after = ("active", "suspended") if kind == Kind.CASE_SUSPENDED else ("suspended", "active")
        now = now or self.clock.now()
        with self.database.write() as unit:
            case = self._case(unit, instance_id)
            case.must_be(before)
            cases.note(unit, case, Command(kind, {"reason": reason}), actor, now, status=after)
            rows.freeze(unit, instance_id) if after == "suspended" else rows.thaw(unit, instance_id)
            self._woken(unit, after == "active")

    def _start(self, unit: UnitOfWork, case: Case, inputs: dict[str, Any], actor: Actor, now: datetime) -> str:
        facts = case.facts
        given = {**inputs, "case": {"number": facts.number, "instansi": facts.instansi_id, "key": facts.business_key}}
        self._act(unit, case, Command(Kind.CASE_STARTED, given, detail={"version": facts.version_id}), actor, now)
        return facts.instance_id

    def _answered(
        self,
        kind: Kind,
        instance_id: str,
        token_id: str,
        inputs: dict[str, Any],
        job_id: str | None,
        now: datetime | None,
    ) -> bool:
        now = now or self.clock.now()
        with self.database.write() as unit:
            case = self._case(unit, instance_id)
            if not recipients.take_job(unit, job_id, now):
                return False
            case.must_be("active")
            session = case.session(unit)
            element_id = session.pending_service(token_id)
            if element_id is None:
                return False
            self._act(unit, case, Command(kind, inputs, element_id, token_id), SYSTEM, now, session=session)
            return True

    def _act(
        self,
        unit: UnitOfWork,
        case: Case,
        command: Command,
        actor: Actor,
        now: datetime,
        *,
        session: Session | None = None,
        task: TaskRow | None = None,
    ) -> Performed:
        performed, left_jobs = cases.act(unit, self.registry, case, command, actor, now, session=session, task=task)
        self._woken(unit, left_jobs)
        return performed

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

    def _case(self, unit: UnitOfWork, instance_id: str) -> Case:
        case = cases.lock(unit, self.definitions, instance_id)
        if case is None:
            raise NotFoundError
        return case

    def _woken(self, unit: UnitOfWork, work_left: bool) -> None:
        if work_left and self.wake is not None:
            unit.after_commit(self.wake)
