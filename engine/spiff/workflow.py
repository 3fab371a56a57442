"""SpiffWorkflow's workflow classes as Alur runs them: safe engine, budgets, no walk cut short, nothing left behind."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol
from uuid import UUID

from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import SignalEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.errors import BudgetExceededError
from engine.spiff import patches  # noqa: F401 -- nothing runs unpatched
from engine.spiff.act import current_act
from engine.spiff.language import SafeScriptEngine
from engine.spiff.records import ServiceCall

LIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED
_NO_LIMIT = 1_000_000


class Listener(Protocol):
    """What a workflow tells, while it runs, to whoever runs it (a Session)."""

    def state_changed(self, task: Task, state: int) -> None: ...
    def task_completed(self, task: Task) -> None: ...
    def task_removed(self, task: Task) -> None: ...
    def round_fired(self, task: Task) -> None: ...
    def after_step(self, work: Callable[[], None]) -> None: ...
    def service_pending(self, task: Task, call: ServiceCall) -> None: ...
    def error_raised(self, task: Task, code: str, words: Mapping[str, str]) -> None: ...
    def error_uncaught(self, task: Task) -> None: ...
    def escalated(self, definition: Any, task: Task, payload: Any) -> None: ...
    def message_thrown(self, event: BpmnEvent, task: Task) -> None: ...
    def signal_thrown(self, event: BpmnEvent) -> None: ...


class _Tasks(dict[UUID, Task]):
    """Every new task passes here, and costs."""

    def __setitem__(self, key: UUID, task: Task) -> None:
        current_act().budget.charge(tasks=1)
        super().__setitem__(key, task)


class _Scope:
    """What the case and its sub-processes have in common."""

    top_workflow: Any
    _tasks: _Tasks

    @property
    def tasks(self) -> _Tasks:
        return self._tasks

    @tasks.setter
    def tasks(self, tasks: dict[UUID, Task]) -> None:
        self._tasks = _Tasks(tasks)

    def get_tasks_iterator(self, first_task: Task | None = None, **how: Any) -> Any:
        # Stock stops at depth 1,000 and reports a case as completed that has a task ready below.
        how.setdefault("max_depth", _NO_LIMIT)
        return super().get_tasks_iterator(first_task, **how)  # type: ignore[misc]

    def state_changed(self, task: Task, state: int) -> None:
        self.top_workflow.session.state_changed(task, state)

    def _task_completed_notify(self, task: Task) -> None:
        self.top_workflow.session.task_completed(task)
        super()._task_completed_notify(task)  # type: ignore[misc]

    def _task_removed_notify(self, task: Task) -> None:
        """A task that is dropped takes its sub-process and its waiting with it: stock leaves both behind."""
        top = self.top_workflow
        top.event_manager.tasks.pop(task.id, None)
        top.session.task_removed(task)
        if task._state & LIVE:
            task._state = TaskState.CANCELLED  # it may be running at this moment, and must not go on
        inner = top.subprocesses.pop(task.id, None)
        if inner is not None:
            inner.completed = True
            for child in sorted(inner.tasks.values(), key=lambda t: t.last_state_change):
                inner._task_removed_notify(child)
        super()._task_removed_notify(task)  # type: ignore[misc]


class CaseSubWorkflow(_Scope, BpmnSubWorkflow):
    """A running sub-process, event sub-process or called process."""


class CaseWorkflow(_Scope, BpmnWorkflow):
    """A running case. `session` hears of everything that happens."""

    def __init__(self, spec: Any, subprocess_specs: Any, session: Listener, **how: Any) -> None:
        self.session = session
        # stock falls back to its eval() engine, also each time an instance is restored
        super().__init__(spec, subprocess_specs, script_engine=SafeScriptEngine(), **how)

    def create_subprocess(self, my_task: Task, spec_name: str) -> CaseSubWorkflow:
        budget = current_act().budget
        if my_task.workflow.depth >= budget.call_depth:
            raise BudgetExceededError(why="processes call each other too deeply")
        if len(self.subprocesses) >= budget.sub_processes:
            raise BudgetExceededError(why="too many sub-processes at once")
        inner = CaseSubWorkflow(self.subprocess_specs[spec_name], parent_task_id=my_task.id, top_workflow=self)
        self.subprocesses[my_task.id] = inner
        return inner

    def scopes(self) -> list[Any]:
        return [self, *self.subprocesses.values()]

    def do_engine_steps(
        self,
        will_complete_task: Callable[[Task], None] | None = None,
        did_complete_task: Callable[[Task], None] | None = None,
    ) -> None:
        """As stock, without firing timers: those have acts of their own."""
        while self._do_engine_steps(will_complete_task, did_complete_task):
            pass

    def _do_engine_steps(
        self,
        will_complete_task: Callable[[Task], None] | None = None,  # noqa: ARG002 -- stock's signature
        did_complete_task: Callable[[Task], None] | None = None,
    ) -> bool:
        """One round over the sub-processes, innermost first, then the case. True when there may be more to do."""
        active = [scope for scope in self.subprocesses.values() if not scope.completed]
        owners = {scope.parent_task_id: self.get_task_from_id(scope.parent_task_id) for scope in active}
        for scope in sorted(active, key=lambda s: (-s.depth, _began(owners[s.parent_task_id]))):
            while self._run_ready(scope, did_complete_task):
                pass
            owner = self.get_task_from_id(scope.parent_task_id)
            if owner is not None and owner._state & LIVE:
                owner.task_spec._update(owner)
        ran = self._run_ready(self, did_complete_task)
        return ran or len(self.get_active_subprocesses()) > len(active)

    def _run_ready(self, scope: Any, did_complete: Callable[[Task], None] | None) -> bool:
        """Run the tasks that are ready now, except those that a task before them cancelled."""
        if not any(t._state == TaskState.READY and not t.task_spec.manual for t in scope.tasks.values()):
            return False
        ran = False
        for task in scope.get_tasks(state=TaskState.READY):
            if task.task_spec.manual or task._state != TaskState.READY or task.workflow.tasks.get(task.id) is not task:
                continue
            current_act().budget.charge(steps=1)
            task.run()
            ran = True
            if did_complete is not None:
                did_complete(task)
        return ran

    def get_task_from_id(self, task_id: UUID) -> Task | None:
        """Stock raises for an unknown id at the top and returns None below."""
        for scope in self.scopes():
            task: Task | None = scope.tasks.get(task_id)
            if task is not None:
                return task
        return None

    def catch(self, event: BpmnEvent) -> None:
        """Thrown inside: signals reach everybody in the case, and the world."""
        self._put_waits_in_order()
        self.event_manager.catch(event)
        self.bpmn_events: list[BpmnEvent] = []
        if isinstance(event.event_definition, SignalEventDefinition):
            self.session.signal_thrown(event)

    def throw_message(self, event: BpmnEvent, task: Task) -> None:
        """A message is for whoever waits in the case, or else for the world."""
        if self.deliver(event) == 0:
            self.session.message_thrown(event, task)

    def deliver(self, event: BpmnEvent) -> int:
        """A message or signal from outside; returns how many tokens took it."""
        self._put_waits_in_order()
        return int(self.event_manager.catch(event, internal=False))

    def _put_waits_in_order(self) -> None:
        """Who began to wait first is told first, whether the case was loaded or stayed in memory."""
        waits = sorted(self.event_manager.tasks.items(), key=lambda entry: _began(entry[1]))
        self.event_manager.tasks = dict(waits)


def _began(task: Task | None) -> float:
    return 0.0 if task is None else task.last_state_change


def is_message(definition: Any) -> bool:
    return isinstance(definition, MessageEventDefinition)
