"""Event sub-processes: a listener in the scope they stand in waits for their start event.

Stock SpiffWorkflow knows them at the top level only, takes none as interrupting, starts those with a timer at once and
lets the scope wait for them for ever. Here a scope with event sub-processes has a listener for each, beside its
start event:  Start → [start event …, listener → event sub-process → end].
"""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.control import _EndJoin
from SpiffWorkflow.bpmn.specs.event_definitions.conditional import ConditionalEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.spiff.faults import UnparsableError
from engine.spiff.merging import latest, replace
from engine.spiff.records import Element


class EventListener(CatchingEvent, BpmnSpecMixin):
    """Waits for the start event of an event sub-process, for as long as its scope is open."""

    def __init__(self, wf_spec: Any, name: str, event_definition: Any, starts: str, *, interrupting: bool) -> None:
        super().__init__(wf_spec, name, event_definition)
        self.starts = starts
        """The start event inside, whose definition this one has taken over: the element that waits."""
        self.interrupting = interrupting
        self.bpmn_id = starts

    def _update_hook(self, my_task: Task) -> bool:
        data = my_task.internal_data
        if my_task.state != TaskState.WAITING:
            my_task._inherit_data()
        elif "due_now" in data or data.get("event_fired"):
            self._take_latest_data(my_task)
        if self.event_definition.has_fired(my_task):
            self._take_latest_data(my_task)
            return True
        my_task._set_state(TaskState.WAITING)
        my_task.workflow.top_workflow.event_manager.add_task(my_task)
        self.event_definition.update_task(my_task)
        return False

    def _on_ready_hook(self, my_task: Task) -> None:
        super()._on_ready_hook(my_task)
        if self.interrupting:
            for other in my_task.parent.children:
                if other is not my_task:
                    other.cancel()
            _forget_arrivals(my_task)

    def _on_complete_hook(self, my_task: Task) -> None:
        super()._on_complete_hook(my_task)
        if not self.interrupting:
            rearm(my_task)

    @staticmethod
    def _take_latest_data(my_task: Task) -> None:
        """An event sub-process sees the data of its scope as they are, not as they were when it began to wait."""
        replace(my_task, *latest(my_task, [my_task.workflow]))


def _forget_arrivals(my_task: Task) -> None:
    """What had arrived at a join is over too; the listener has taken its data already."""
    workflow = my_task.workflow
    own = set(my_task)
    for task in list(workflow.tasks.values()):
        spent = isinstance(task.task_spec, UnstructuredJoin) and task._state == TaskState.CANCELLED
        if spent and task not in own and workflow.tasks.get(task.id) is task:
            workflow._remove_task(task.id)


def rearm(my_task: Task) -> None:
    """What does not interrupt may happen again: wait anew beside the one that fired (a timer happens once)."""
    spec = my_task.task_spec
    if isinstance(spec.event_definition, TimerEventDefinition) or my_task.workflow.completed:
        return
    again = my_task.parent._add_child(spec, TaskState.FUTURE)
    again.triggered = True
    if isinstance(spec.event_definition, ConditionalEventDefinition):
        again.internal_data["held"] = True  # it fires again once its condition has been false in between
    spec._predict(again, mask=TaskState.NOT_FINISHED_MASK)
    spec._update(again)


def end_join_may_fire(self: _EndJoin, my_task: Task) -> bool:
    """The end of a scope waits for every task that is not finished, except for listeners nobody has called."""
    tasks = my_task.workflow.tasks
    ahead = [my_task.workflow.task_tree]
    while ahead:
        task = ahead.pop()
        if is_idle_listener(task):
            # what a repeating timer has begun is open, what nobody has called is not
            ahead.extend(child for child in task.children if not child._state & _NOT_YET)
            continue
        if task is my_task:
            continue
        if task._state & TaskState.NOT_FINISHED_MASK:
            return False
        if task.task_spec is not self:
            ahead.extend(tasks[child] for child in task._children)
    return True


def dismiss_listeners(workflow: Any) -> None:
    """The scope is over: nobody listens any more, not even one that was called at this very moment."""
    for task in list(workflow.tasks.values()):
        if isinstance(task.task_spec, EventListener) and not task._state & TaskState.FINISHED_MASK:
            stop_waiting(task)


def stop_waiting(task: Task) -> None:
    """No more events for this one; what earlier rounds of it began goes on."""
    begun = any(not child._state & _NOT_YET for child in task.children)
    if not begun:
        task.cancel()
        return
    task.workflow.top_workflow.event_manager.remove_task(task)
    task._set_state(TaskState.CANCELLED)


def is_idle_listener(task: Task) -> bool:
    return isinstance(task.task_spec, EventListener) and bool(task._state & (TaskState.WAITING | _NOT_YET))


_NOT_YET = TaskState.FUTURE | TaskState.PREDICTED_MASK


def wire_event_subprocesses(
    spec: BpmnProcessSpec, specs: Mapping[str, BpmnProcessSpec], elements: Mapping[str, Element]
) -> None:
    """Give each event sub-process of `spec` its listener."""
    for task_spec in list(spec.task_specs.values()):
        # by the diagram: stock looks for triggeredByEvent in a namespace it does not have
        if task_spec.name not in elements or not elements[task_spec.name].event_subprocess:
            continue
        inner = specs[task_spec.spec]
        if len(inner.bpmn_start_events) != 1:
            raise UnparsableError(why=f"event sub-process {task_spec.name} needs exactly one start event")
        start = inner.bpmn_start_events[0]
        _disconnect(spec, task_spec)
        task_spec.on_event = True
        listener = EventListener(
            spec,
            f"{start.name}.Listener",
            start.event_definition,
            start.name,
            interrupting=elements[start.name].interrupting,
        )
        start.event_definition = NoneEventDefinition()
        spec.start.connect(listener)
        listener.connect(task_spec)
        task_spec.connect(spec.end)
    spec.start.trigger_specs = []


def _disconnect(spec: BpmnProcessSpec, task_spec: Any) -> None:
    """Take back what stock did for a timer or a plain start."""
    spec.task_specs[task_spec.name] = task_spec
    spec.start._outputs = [name for name in spec.start._outputs if name != task_spec.name]
    spec.end._inputs = [name for name in spec.end._inputs if name != task_spec.name]
    task_spec._inputs, task_spec._outputs = [], []
