"""How timers, conditions, errors, escalations and messages are caught: what replaces SpiffWorkflow's own rules.

These functions stand in for methods of event definitions (see patches.py), so `self` is a definition.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import ErrorEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import (
    CycleTimerEventDefinition,
    DurationTimerEventDefinition,
    TimeDateEventDefinition,
    TimerEventDefinition,
)
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent, EventBasedGateway
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.util.event import EventManager
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.spiff import timers
from engine.spiff.act import current_act
from engine.spiff.event_subprocess import EventListener, rearm, stop_waiting
from engine.spiff.faults import UncaughtErrorError, at_element
from engine.spiff.language import element_id
from engine.spiff.merging import latest, replace, write
from engine.spiff.values import clean, copied

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
    """One event is enough, or (parallel) each of them. Every timer keeps an instant of its own."""
    seen = list(my_task.internal_data.get("seen_events", []))
    for number, definition in enumerate(self.event_definitions):
        if isinstance(definition, TimerEventDefinition):
            key = f"{DUE}_{number}"
            if key not in my_task.internal_data and _computed(definition, my_task, key) <= current_act().now:
                my_task.internal_data["due_now"] = number
            if my_task.internal_data.get("due_now") == number:
                seen.append(BpmnEvent(definition))
                del my_task.internal_data["due_now"]
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


# --- errors and escalations ------------------------------------------------------------------------------------------


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


def raise_error(my_task: Task, code: str) -> None:
    """A service task ends in a business error: the boundary event on it, or the nearest around, takes it."""
    definition = ErrorEventDefinition(code, code=code)
    catcher = nearest_catcher(definition, my_task, from_activity=True)
    if catcher is None:
        raise UncaughtErrorError(element_id(my_task.task_spec), code)
    deliver(catcher, BpmnEvent(definition, payload={"code": code}))


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


# --- catching --------------------------------------------------------------------------------------------------------


def catch_where_waiting(self: EventManager, event: BpmnEvent, internal: bool = True) -> int:  # noqa: ARG001 -- stock's
    """Every token that waits for the event takes it, unless another that took it before has interrupted it."""
    taken = 0
    for task in list(self.tasks.values()):
        if event.target is not None and task.workflow is not event.target:
            continue
        if task.state == TaskState.WAITING and task.task_spec.catches(task, event):
            task.task_spec.catch(task, event)
            task.task_spec._update(task)
            taken += 1
    return taken


# --- messages --------------------------------------------------------------------------------------------------------


def message_catches(self: Any, my_task: Task, event: BpmnEvent) -> bool:
    """By name, and by correlation where the token has one."""
    if not self == event.event_definition:  # noqa: SIM201 -- SpiffWorkflow's definitions define == only
        return False
    wanted = my_task.internal_data.get(f"correlation:{self.name}")
    return wanted is None or wanted == (event.correlations or {}).get("key")


def keep_message(self: Any, my_task: Task, event: BpmnEvent) -> None:  # noqa: ARG001 -- a method's replacement
    my_task.internal_data[event.event_definition.name] = copied(event.payload)


def keep_item(self: Any, my_task: Task, event: BpmnEvent | None = None) -> None:
    """Signals, errors and escalations."""
    my_task.internal_data[self.name] = copied(event.payload) if event is not None else None
    my_task.internal_data["event_fired"] = True


def take_message(self: Any, my_task: Task) -> None:
    """A message's payload goes to the variable that the diagram names; without one it is not kept."""
    payload = my_task.internal_data.pop(self.name, None)
    if self.message_var is not None:
        write(my_task, {self.message_var: payload})


def take_item(self: Any, my_task: Task) -> None:
    """The same for signals, errors and escalations."""
    payload = my_task.internal_data.pop(self.name, None)
    if self.variable is not None:
        write(my_task, {self.variable: payload})


def throw_message(self: Any, my_task: Task) -> None:
    """A message with the payload and the correlation that its element says."""
    engine = my_task.workflow.script_engine
    payload = {} if self.expression is None else clean(engine.evaluate(my_task, self.expression))
    key = correlation_key(self, my_task)
    event = BpmnEvent(self, payload=payload, correlations={} if key is None else {"key": key})
    my_task.workflow.top_workflow.throw_message(event, my_task)


def wait_for_message(self: Any, my_task: Task) -> None:
    """On arrival, the correlation is computed once."""
    name = f"correlation:{self.name}"
    if name not in my_task.internal_data:
        key = correlation_key(self, my_task)
        if key is not None:
            my_task.internal_data[name] = key


def wait_for_any(self: Any, my_task: Task) -> None:
    """An event gateway waits for what each of its events waits for."""
    for definition in self.event_definitions:
        definition.update_task(my_task)


def correlation_key(definition: Any, my_task: Task) -> str | None:
    expression = getattr(definition, "correlation", None)
    if not expression:
        return None
    value = my_task.workflow.script_engine.evaluate(my_task, expression)
    return None if value is None else str(value)


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
