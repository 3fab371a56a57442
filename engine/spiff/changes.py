"""What an act changes, collected while it runs and put together as a Delta when it is over."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import CycleTimerEventDefinition, TimerEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.end_event import EndEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.spiff.specs.mixins.service_task import ServiceTask
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.spiff import waits
from engine.spiff.act import current_act
from engine.spiff.event_subprocess import EventListener
from engine.spiff.language import element_id
from engine.spiff.records import Around, ClosedTask, Delta, Element, OpenTask, ServiceCall, Step, Thrown, TimerWait
from engine.spiff.specs import SpecSet

_LIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED
_NOT_REACHED = TaskState.PREDICTED_MASK | TaskState.FUTURE


class Changes:
    """Listens to a running workflow (see Session)."""

    def __init__(self, specs: SpecSet) -> None:
        self.specs = specs
        self.thrown: list[Thrown] = []
        self.timers_fired: list[str] = []
        self.services_pending: dict[str, ServiceCall] = {}
        self.completed_ids: set[str] = set()
        self.outcome: str | None = None
        self.stage: str | None = None
        self._steps: dict[tuple[str, int], Step] = {}
        self._numbers: dict[str, int] = {}

    def state_changed(self, task: Task, before: int) -> None:
        element = self._element(task)
        if element is None:
            return
        state = task._state
        if state == TaskState.COMPLETED and _is_cycle(task):
            return  # its rounds were told of, each as it fired
        if "stage" in element.properties and state & _LIVE and before & _NOT_REACHED:
            self.stage = element.id
        if state == TaskState.COMPLETED:
            self.completed_ids.add(task.id.hex)
            self._step(task, element, "completed")
        elif state == TaskState.CANCELLED and before & _LIVE and not isinstance(task.task_spec, UnstructuredJoin):
            self._step(task, element, "cancelled")

    def task_completed(self, task: Task) -> None:
        """Its children are known now, and so are the flows taken; where it ends, how."""
        key = (task.id.hex, self._numbers.get(task.id.hex, 0))
        if key in self._steps and not _is_cycle(task):
            targets = [child.task_spec.name for child in task.children]
            flows = tuple(self._flows_to(element_id(task.task_spec), targets))
            self._steps[key] = replace(self._steps[key], flows=flows)
        if isinstance(task.task_spec, EndEvent) and _ends_the_case(task):
            self.outcome = element_id(task.task_spec)

    def round_fired(self, task: Task) -> None:
        """A repeating timer sent a token on."""
        element = self._element(task)
        if element is not None:
            outputs = [output.name for output in task.task_spec.outputs]
            key = self._step(task, element, "completed")
            self._steps[key] = replace(self._steps[key], flows=tuple(self._flows_to(element.id, outputs)))

    def task_removed(self, task: Task) -> None:
        """Dropped with its parent, without a word: an item of a cancelled multi-instance."""
        element = self._element(task)
        if element is not None and task._state & _LIVE:
            self._step(task, element, "cancelled")

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(self._steps.values())

    def _element(self, task: Task) -> Element | None:
        if isinstance(task.task_spec, EventListener):
            return None  # its start event is told of when the event sub-process begins
        return self.specs.elements.get(element_id(task.task_spec))

    def _step(self, task: Task, element: Element, how: Any) -> tuple[str, int]:
        number = self._numbers[task.id.hex] = self._numbers.get(task.id.hex, 0) + 1
        index, around = own_index(task), around_of(task)
        step = Step(element.id, element.name, element.type, task.id.hex, how, (), current_act().now, index, around)
        self._steps[task.id.hex, number] = step
        return task.id.hex, number

    def _flows_to(self, source: str, targets: Iterable[str]) -> Iterator[str]:
        for target in targets:
            flow = self.specs.by_ends.get((source, target.removesuffix(".BoundaryEventSplit")))
            if flow is not None:
                yield flow


def _is_cycle(task: Task) -> bool:
    return isinstance(getattr(task.task_spec, "event_definition", None), CycleTimerEventDefinition)


def _ends_the_case(task: Task) -> bool:
    """An end event of the main process, or of an event sub-process that stands in it."""
    workflow = task.workflow
    if workflow.parent_task_id is None:
        return True
    owner = workflow.top_workflow.get_task_from_id(workflow.parent_task_id)
    return owner is not None and getattr(owner.task_spec, "on_event", False) and owner.workflow is workflow.top_workflow


@dataclass
class Baseline:
    """What was open, waiting and pending at one moment, by token id."""

    tasks: dict[str, str] = field(default_factory=dict)
    """Open tasks → element."""
    timers: dict[str, datetime] = field(default_factory=dict)
    services: dict[str, str] = field(default_factory=dict)
    """Pending service tasks → element."""
    moved: bool = False
    """The case went to another version since: what stays open there is told of, too."""

    def rename(self, renamed: Mapping[str, str]) -> None:
        """The case goes on with a version in which these elements are called otherwise."""
        self.moved = True
        for open_there in (self.tasks, self.services):
            open_there.update({token: renamed.get(element, element) for token, element in open_there.items()})


def baseline_of(workflow: Any) -> Baseline:
    found = Baseline()
    tasks = [task for scope in workflow.scopes() for task in scope.tasks.values() if task._state & _LIVE]
    # in the order in which they began: the same whether the case was loaded or stayed in memory
    for task in sorted(tasks, key=lambda t: t.last_state_change):
        definition = getattr(task.task_spec, "event_definition", None)
        if task._state == TaskState.READY and task.task_spec.manual:
            found.tasks[task.id.hex] = element_id(task.task_spec)
        elif task._state == TaskState.STARTED and isinstance(task.task_spec, ServiceTask):
            found.services[task.id.hex] = element_id(task.task_spec)
        elif task._state == TaskState.WAITING and _is_timer(definition):
            due = waits.due_at(task)
            if due is not None:
                found.timers[task.id.hex] = due
    return found


def _is_timer(definition: Any) -> bool:
    return isinstance(definition, TimerEventDefinition | MultipleEventDefinition)


def delta_of(session: Any, changes: Changes, before: Baseline, after: Baseline) -> Delta:
    """The difference between two moments, with what was heard in between."""
    workflow, specs = session.workflow, session.specs
    return Delta(
        opened=tuple(_opened(workflow, specs, ident) for ident in after.tasks if ident not in before.tasks),
        closed=tuple(
            ClosedTask(ident, element, "completed" if ident in changes.completed_ids else "cancelled")
            for ident, element in before.tasks.items()
            if ident not in after.tasks
        ),
        timers_set=tuple(
            _timer(workflow, specs, ident, due)
            for ident, due in after.timers.items()
            if before.timers.get(ident) != due
        ),
        timers_fired=tuple(changes.timers_fired),
        timers_cleared=tuple(ident for ident in before.timers if ident not in after.timers),
        services_pending=tuple(call for ident, call in changes.services_pending.items() if ident in after.services),
        services_cleared=tuple(
            ident for ident in before.services if ident not in after.services and ident not in changes.completed_ids
        ),
        thrown=tuple(changes.thrown),
        steps=changes.steps,
        completed=session.completed,
        outcome=session.outcome if session.completed else None,
        stage=changes.stage,
        moved=tuple(_opened(workflow, specs, ident) for ident in after.tasks if before.moved and ident in before.tasks),
        timers_moved=tuple(
            _timer(workflow, specs, ident, due)
            for ident, due in after.timers.items()
            if before.moved and before.timers.get(ident) == due
        ),
    )


def _opened(workflow: Any, specs: SpecSet, ident: str) -> OpenTask:
    task = _find(workflow, ident)
    element = specs.elements[element_id(task.task_spec)]
    scope, index = _around(task)
    return OpenTask(
        id=ident,
        element_id=element.id,
        name=element.name,
        type=element.type,
        lane=element.lane,
        properties=element.properties,
        data=task.data,
        scope=scope,
        index=index,
    )


def _timer(workflow: Any, specs: SpecSet, ident: str, due: datetime) -> TimerWait:
    task = _find(workflow, ident)
    element = specs.elements[element_id(task.task_spec)]
    kind: Any = waits.timer_kind(task)
    return TimerWait(ident, element.id, element.name, due, kind, waits.explanation(task))


def _find(workflow: Any, ident: str) -> Task:
    found: Task = workflow.get_task_from_id(UUID(hex=ident))
    return found


def _around(task: Task) -> tuple[tuple[str, ...], int | str | None]:
    """The sub-processes around a task, outermost first, and the nearest multi-instance number."""
    around = around_of(task)
    index = own_index(task)
    if index is None:
        index = next((one.index for one in reversed(around) if one.index is not None), None)
    return tuple(one.element_id for one in around), index


def around_of(task: Task) -> tuple[Around, ...]:
    """The sub-processes and called processes that a task runs in, outermost first.

    Of a task that is dropped with all around it, as far as that is still there.
    """
    scope = task.workflow
    if scope.parent_task_id is None:
        return ()
    found: list[Around] = []
    while scope.parent_task_id is not None:
        owner = scope.top_workflow.get_task_from_id(scope.parent_task_id)
        if owner is None:
            break
        found.append(Around(element_id(owner.task_spec), owner.id.hex, own_index(owner)))
        scope = owner.workflow
    return tuple(reversed(found))


def own_index(task: Task) -> int | str | None:
    """Its number or key, for a child of a multi-instance or loop."""
    parent = task.parent
    if parent is None or not isinstance(parent.task_spec, LoopTask) or not task.triggered:
        return None
    for name in ("key_or_index", "iteration", "item"):
        value = task.internal_data.get(name)
        if isinstance(value, int | str):
            return value
    return None
