"""Errors and escalations, caught from the inside out; boundary events, which end their activity or do not.

Functions with a `self` stand in for methods of the library (see patches.py).
"""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import ErrorEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.spiff.event_subprocess import EventListener, rearm, stop_waiting
from engine.spiff.faults import UncaughtErrorError
from engine.spiff.language import element_id
from engine.spiff.values import clean


def throw_code(self: Any, my_task: Task) -> None:
    throw(self, my_task, dict(my_task.data))


def throw_with_payload(self: Any, my_task: Task) -> None:
    """SpiffWorkflow's own dialect: errors, escalations and signals carry what their payload expression says."""
    payload = None
    if self.expression is not None:
        payload = clean(my_task.workflow.script_engine.evaluate(my_task, self.expression))
    if hasattr(self, "code"):
        throw(self, my_task, payload)
    else:
        my_task.workflow.top_workflow.catch(BpmnEvent(self, payload=payload))


def throw(definition: Any, my_task: Task, payload: Any) -> None:
    """To the nearest that catches it, from the inside out; uncaught, an escalation goes out and an error ends all."""
    catcher = nearest_catcher(definition, my_task, from_activity=False)
    top = my_task.workflow.top_workflow
    if catcher is not None:
        top.session.after_step(lambda: deliver(catcher, BpmnEvent(definition, payload=payload)))
    elif isinstance(definition, ErrorEventDefinition):
        top.session.error_uncaught(my_task)
    else:
        top.session.escalated(definition, my_task, payload)


def raise_error(my_task: Task, code: str, words: Mapping[str, str]) -> None:
    """A service task ends in a business error: the boundary event on it, or the nearest around, takes it.

    An event with a variable keeps the code and, by locale, the words that say why.
    """
    definition = ErrorEventDefinition(code, code=code)
    catcher = nearest_catcher(definition, my_task, from_activity=True)
    if catcher is None:
        raise UncaughtErrorError(element_id(my_task.task_spec), code)
    deliver(catcher, BpmnEvent(definition, payload={"code": code, **words}))


def deliver(catcher: Task, event: BpmnEvent) -> None:
    if catcher.state != TaskState.WAITING:
        return  # interrupted meanwhile
    catcher.task_spec.catch(catcher, event)
    catcher.task_spec._update(catcher)


def nearest_catcher(definition: Any, my_task: Task, *, from_activity: bool) -> Task | None:
    """From the inside out: boundary events on the activity, then event sub-processes of its scope, and so on."""
    activity: Task | None = my_task
    on_activity = from_activity
    while activity is not None:
        if on_activity:
            found = _best(definition, _boundary_events(activity))
            if found is not None:
                return found
        found = _best(definition, _listeners(activity.workflow))
        if found is not None:
            return found
        owner_id = activity.workflow.parent_task_id
        activity = None if owner_id is None else activity.workflow.top_workflow.get_task_from_id(owner_id)
        on_activity = True
    return None


def _best(definition: Any, waiting: list[Task]) -> Task | None:
    """The one for this very code before one for any code."""
    matching = [t for t in waiting if _catches_code(t.task_spec.event_definition, definition)]
    exact = [t for t in matching if t.task_spec.event_definition.code is not None]
    return (exact or matching or [None])[0]


def _catches_code(catching: Any, thrown: Any) -> bool:
    # Our service errors are plain definitions, the diagram's are SpiffWorkflow's dialect: compare kind, not class.
    both_errors = isinstance(catching, ErrorEventDefinition) == isinstance(thrown, ErrorEventDefinition)
    return hasattr(catching, "code") and both_errors and catching.code in (None, thrown.code)


def _boundary_events(activity: Task) -> list[Task]:
    """Those that wait on this activity; for a child of a loop, those on the loop."""
    if activity.parent is not None and isinstance(activity.parent.task_spec, LoopTask) and activity.triggered:
        activity = activity.parent
    split = activity.parent
    if split is None or not isinstance(split.task_spec, BoundaryEventSplit):
        return []
    return [t for t in split.children if isinstance(t.task_spec, BoundaryEvent) and t.state == TaskState.WAITING]


def _listeners(workflow: Any) -> list[Task]:
    """Waiting starts of the event sub-processes of a scope."""
    return [
        t for t in workflow.tasks.values() if isinstance(t.task_spec, EventListener) and t.state == TaskState.WAITING
    ]


# --- boundary events -------------------------------------------------------------------------------------------------


def boundary_ready(self: BoundaryEvent, my_task: Task) -> None:
    """An interrupting event ends its activity, and the other events on it, at once."""
    super(BoundaryEvent, self)._on_ready_hook(my_task)
    if self.cancel_activity and isinstance(my_task.parent.task_spec, BoundaryEventSplit):
        for other in my_task.parent.children:
            if other is not my_task and (not isinstance(other.task_spec, BoundaryEvent) or _waits(other)):
                if isinstance(other.task_spec, BoundaryEvent):
                    stop_waiting(other)
                else:
                    other.cancel()


def boundary_join_may_fire(self: Any, my_task: Task) -> tuple[bool, list[Task]]:
    """Its activity is finished: the events on it wait no more, but what a repeating one has begun goes on."""
    finished, cancelled = _stock_boundary_join(self, my_task)
    for task in cancelled:
        if isinstance(task.task_spec, BoundaryEvent):
            stop_waiting(task)
    return finished, [task for task in cancelled if not task._state & TaskState.FINISHED_MASK]


_stock_boundary_join = BoundaryEventJoin._check_threshold_structured


def _waits(task: Task) -> bool:
    return not task._state & TaskState.FINISHED_MASK


def boundary_complete(self: BoundaryEvent, my_task: Task) -> None:
    """A non-interrupting event may happen again while its activity is open."""
    super(BoundaryEvent, self)._on_complete_hook(my_task)
    if self.cancel_activity:
        return
    for child in my_task.children:
        if isinstance(child.task_spec, BoundaryEventJoin):  # its activity has one of its own; this would stay for ever
            my_task.workflow._remove_task(child.id)
    if any(not isinstance(t.task_spec, BoundaryEvent) and _waits(t) for t in my_task.parent.children):
        rearm(my_task)
