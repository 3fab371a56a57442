"""The commands of the engine. Each is one transaction: lock, load, run to the next wait state, record, commit."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from engine.actors import SYSTEM, Actor
from engine.clock import Clock
from engine.definitions import Definitions
from engine.registry import Registry
from engine.unit_of_work import Database


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
        raise NotImplementedError

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
        Whenever it is refused after the form was read, what was typed is kept as this person's draft.
        """
        raise NotImplementedError

    def claim(self, task_id: str, actor: Actor, version: int | None = None, *, now: datetime | None = None) -> int:
        """Take a task of one's groups; returns the task's new version. Claiming one's own task changes nothing."""
        raise NotImplementedError

    def release(self, task_id: str, actor: Actor, version: int | None = None, *, now: datetime | None = None) -> int:
        """Give a claimed task back to its group; returns the task's new version."""
        raise NotImplementedError

    def assign(self, task_id: str, actor: Actor, to_user_id: str, *, now: datetime | None = None) -> int:
        """Hand a task to another person who may take it; by its assignee or by an owner. Returns the new version."""
        raise NotImplementedError

    def save_draft(
        self,
        task_id: str,
        actor: Actor,
        draft: Mapping[str, Any],
        version: int | None = None,
        *,
        now: datetime | None = None,
    ) -> datetime:
        """Keep what this person has typed so far (one draft per person and task); returns when it was saved."""
        raise NotImplementedError

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
    ) -> str:
        """Deliver a message to the one case that waits for it, or start a case by it; returns that case's id.

        `job_id`: the job that carries this message; it is marked done in the same transaction, so that a job that is
        run twice delivers once. Raises NobodyWaitsError when no case waits and no process starts by it.
        """
        raise NotImplementedError

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
        raise NotImplementedError

    def fire(self, deadline_id: str, now: datetime | None = None) -> bool:
        """Fire a due timer. False when there is nothing (any more) to fire."""
        raise NotImplementedError

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
        raise NotImplementedError

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
        raise NotImplementedError

    def cancel(self, instance_id: str, actor: Actor, reason: str, *, now: datetime | None = None) -> None:
        """End a case for good: its tasks, deadlines and handler jobs are cancelled."""
        raise NotImplementedError

    def suspend(self, instance_id: str, actor: Actor, reason: str = "", *, now: datetime | None = None) -> None:
        """Freeze a case: no task can be completed, no timer fires until it is resumed."""
        raise NotImplementedError

    def resume(self, instance_id: str, actor: Actor, reason: str = "", *, now: datetime | None = None) -> None:
        """Take a suspended case up again; timers that came due meanwhile fire now."""
        raise NotImplementedError


__all__ = ["SYSTEM", "Runner"]
