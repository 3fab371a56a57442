"""What all commands share: locking a case, acting on it in one transaction, waking the worker afterwards."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from engine.actors import Actor
from engine.acts import cases
from engine.acts.cases import Case
from engine.acts.command import Command
from engine.acts.perform import Performed
from engine.clock import Clock
from engine.definitions import Definitions
from engine.errors import NotFoundError
from engine.history import Kind
from engine.human_tasks import TaskRow
from engine.registry import Registry
from engine.spiff import Session
from engine.unit_of_work import Database, UnitOfWork


class Engine:
    """Safe to share between threads; holds no state of any case."""

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

    def _start(
        self,
        unit: UnitOfWork,
        case: Case,
        inputs: dict[str, Any],
        actor: Actor,
        now: datetime,
        sender: str | None = None,
    ) -> str:
        """`sender`: the case whose message begins this one."""
        facts = case.facts
        begun = {"number": facts.number, "instansi": facts.instansi_id, "key": facts.business_key,
                 "programme": facts.programme, "parameters": facts.parameters}  # fmt: skip
        detail = {"version": facts.version_id, "programme": facts.programme_id, **({"from": sender} if sender else {})}
        self._act(unit, case, Command(Kind.CASE_STARTED, {**inputs, "case": begun}, detail=detail), actor, now)
        return facts.instance_id

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

    def _case(self, unit: UnitOfWork, instance_id: str) -> Case:
        case = cases.lock(unit, self.definitions, instance_id)
        if case is None:
            raise NotFoundError
        return case

    def _woken(self, unit: UnitOfWork, work_left: bool) -> None:
        if work_left and self.wake is not None:
            unit.after_commit(self.wake)
