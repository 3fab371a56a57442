"""How timers, event gateways and conditions wait, and when they have fired: what replaces SpiffWorkflow's own rules.

These functions stand in for methods of event definitions (see patches.py), so `self` is a definition.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin
from SpiffWorkflow.bpmn.specs.event_definitions.conditional import ConditionalEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import (
    CycleTimerEventDefinition,
    DurationTimerEventDefinition,
    TimeDateEventDefinition,
    TimerEventDefinition,
)
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import EventBasedGateway
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.spiff import timers
from engine.spiff.act import current_act
from engine.spiff.faults import at_element
from engine.spiff.language import element_id
from engine.spiff.merging import latest, replace

DUE = "event_value"
"""Where a waiting timer keeps its instant (ISO text) or its cycle, in its task's internal data."""
_EXPLANATION = "explanation"


# --- timers ----------------------------------------------------------------------------------------------------------


def timer_has_fired(self: TimerEventDefinition, my_task: Task) -> bool:
    """A date or duration: computed once, on arrival; fired at once if it is due already, else by `fire` only."""
    if my_task.internal_data.get(DUE) is None:
        due = _computed(self, my_task, DUE)
        if due <= current_act().now:
            my_task.internal_data["event_fired"] = True
    return bool(my_task.internal_data.get("event_fired", False))


def _computed(definition: TimerEventDefinition, my_task: Task, key: str) -> datetime:
    act = current_act()
    before = len(act.context.explanations)
    with at_element(element_id(my_task.task_spec)):
        value = my_task.workflow.script_engine.evaluate(my_task, definition.expression)
        if isinstance(definition, DurationTimerEventDefinition):
            due = timers.after(value, act.now)
        else:
            due = timers.instant(value, act.context.zone)
    my_task.internal_data[key] = due.isoformat()
    if len(act.context.explanations) > before:
        my_task.internal_data[_EXPLANATION] = act.context.explanations[-1].to_json()
    return due


def cycle_has_fired(self: CycleTimerEventDefinition, my_task: Task) -> bool:  # noqa: ARG001 -- a method's replacement
    return bool(my_task.internal_data.get("event_fired", False))


def cycle_complete(self: CycleTimerEventDefinition, my_task: Task) -> bool:
    """Called while it waits. True when a round fires now; `fire` is what says so."""
    act = current_act()
    if my_task.internal_data.get(DUE) is None:
        with at_element(element_id(my_task.task_spec)):
            value = my_task.workflow.script_engine.evaluate(my_task, self.expression)
            cycle = timers.cycle(value, act.now, act.context.zone)
        my_task.internal_data[DUE] = cycle.to_json()
        return False
    if not my_task.internal_data.pop("due_now", False):
        return False
    following = timers.Cycle.from_json(my_task.internal_data[DUE]).fired(act.now)
    if following is None:
        my_task.internal_data["event_fired"] = True
    else:
        my_task.internal_data[DUE] = following.to_json()
    return True


def cycle_update(self: CycleTimerEventDefinition, my_task: Task) -> None:
    """Each round sends a token on; the timer goes on waiting. Stock adds a join to the tree in every round."""
    if not self.cycle_complete(my_task):
        return
    my_task.workflow.top_workflow.session.round_fired(my_task)
    for output in my_task.task_spec.outputs:
        if not isinstance(output, BoundaryEventJoin):
            child = my_task._add_child(output, TaskState.FUTURE)
            child.task_spec._predict(child, mask=TaskState.NOT_FINISHED_MASK)
            child.task_spec._update(child)


def multiple_has_fired(self: Any, my_task: Task) -> bool:
    """One event suffices, or (parallel) each. Every timer keeps an instant of its own; a condition is asked."""
    seen = list(my_task.internal_data.get("seen_events", []))
    for number, definition in enumerate(self.event_definitions):
        if isinstance(definition, TimerEventDefinition):
            key = f"{DUE}_{number}"
            if key not in my_task.internal_data and _computed(definition, my_task, key) <= current_act().now:
                my_task.internal_data["due_now"] = number
            if my_task.internal_data.get("due_now") == number:
                seen.append(BpmnEvent(definition))
                del my_task.internal_data["due_now"]
        elif isinstance(definition, ConditionalEventDefinition) and not seen and definition.has_fired(my_task):
            seen.append(BpmnEvent(definition))
    my_task.internal_data["seen_events"] = seen
    if not self.parallel:
        return bool(seen)
    return all(any(event.event_definition == d for event in seen) for d in self.event_definitions)


def choose_branch(self: EventBasedGateway, my_task: Task) -> bool:
    """Replaces the run of an event gateway: the first event decides, and no prediction is relied on."""
    event = my_task.internal_data["seen_events"][0]
    number = self.event_definition.event_definitions.index(event.event_definition)
    definition = self.event_definition.event_definitions[number]
    definition.catch(my_task, event)
    definition.update_task_data(my_task)
    my_task._sync_children([self.outputs[number]], TaskState.FUTURE)
    for child in my_task.children:
        child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
    return True


def fire(my_task: Task) -> None:
    """The instant of a waiting timer has come: let it go on."""
    definition = my_task.task_spec.event_definition
    if isinstance(definition, CycleTimerEventDefinition):
        my_task.internal_data["due_now"] = True
    elif isinstance(definition, TimerEventDefinition):
        my_task.internal_data["event_fired"] = True
    else:
        my_task.internal_data["due_now"] = min(_instants(my_task))[1]
    my_task.task_spec._update(my_task)
    if my_task.internal_data.get("event_fired") and my_task.state == TaskState.WAITING:
        my_task.task_spec._update(my_task)


def move(my_task: Task, to: datetime) -> None:
    """Wait for another instant. The following rounds of a repeat are counted from it."""
    internal = my_task.internal_data
    value = internal.get(DUE)
    if isinstance(value, dict):
        internal[DUE] = timers.Cycle.from_json(value).moved(to).to_json()
    elif isinstance(value, str):
        internal[DUE] = to.isoformat()
    else:
        internal[f"{DUE}_{min(_instants(my_task))[1]}"] = to.isoformat()
    internal.pop(_EXPLANATION, None)


def due_at(my_task: Task) -> datetime | None:
    """The instant that a waiting task waits for, if it waits for one."""
    value = my_task.internal_data.get(DUE)
    if isinstance(value, str):
        return datetime.fromisoformat(value)
    if isinstance(value, dict):
        return None if my_task.internal_data.get("event_fired") else timers.Cycle.from_json(value).due_at
    return min(_instants(my_task), default=(None, 0))[0]


def _instants(my_task: Task) -> list[tuple[datetime, int]]:
    found = []
    for key, value in my_task.internal_data.items():
        if key.startswith(DUE + "_"):
            found.append((datetime.fromisoformat(value), int(key.rsplit("_", 1)[1])))
    return found


def timer_kind(my_task: Task) -> str:
    definition = my_task.task_spec.event_definition
    if isinstance(definition, CycleTimerEventDefinition):
        return "cycle"
    if isinstance(definition, TimeDateEventDefinition):
        return "date"
    if isinstance(definition, DurationTimerEventDefinition):
        return "duration"
    number = min(_instants(my_task))[1]
    return "date" if isinstance(definition.event_definitions[number], TimeDateEventDefinition) else "duration"


def explanation(my_task: Task) -> Any:
    return my_task.internal_data.get(_EXPLANATION)


# --- conditions ------------------------------------------------------------------------------------------------------


def condition_has_fired(self: Any, my_task: Task) -> bool:
    """A condition sees the data objects, and of every name what was written last in its scope and those around it."""
    data, stamps = latest(my_task, _scopes_around(my_task.workflow))
    names = {**visible_objects(my_task.workflow), **data}
    with at_element(element_id(my_task.task_spec)):
        holds = bool(my_task.workflow.script_engine.environment.evaluate(self.expression, names))
    if not holds:
        my_task.internal_data.pop("held", None)
    if not holds or "held" in my_task.internal_data:
        return False
    replace(my_task, data, stamps)
    return True


def _scopes_around(workflow: Any) -> Iterator[Any]:
    while workflow is not None:
        yield workflow
        workflow = workflow.parent_workflow


def visible_objects(workflow: Any) -> dict[str, Any]:
    """Data objects of the scope and of those around it, the inner ones first."""
    names: dict[str, Any] = {}
    for scope in _scopes_around(workflow):
        names = {**scope.data_objects, **names}
    return names
