"""A running case hung on another version of its process: its live frontier goes over, the rest is predicted anew.

Nothing that is open is begun again: ids, data, instants of timers, items of repetitions and running sub-processes stay.
The library's own migration loses open work and data, restarts timers and skips what follows a running call.
Call it only where `obstacles_to` finds none.
"""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.control import EventSplit, _EndJoin
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent, EventBasedGateway
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.spiff import waits
from engine.spiff.counterparts import (
    EDGES,
    SPLIT,
    Counterparts,
    branches,
    family,
    in_order,
    live_tasks,
    tasks_in_order,
    waits_at_an_edge,
)
from engine.spiff.event_subprocess import EventListener, stop_waiting
from engine.spiff.frontier import LIVE, PREDICTED
from engine.spiff.merging import carry
from engine.spiff.obstacles import places_of_arrivals
from engine.spiff.specs import SpecSet
from engine.spiff.values import copied
from engine.spiff.workflow import is_message


def move(top: Any, specs: SpecSet, renamed: Mapping[str, str]) -> None:
    """Go on with `specs`. `renamed`: element of the version it runs on → the one that takes its place."""
    counterparts = Counterparts(top, specs, renamed)
    scopes = in_order(top)
    kept = {scope: counterparts.kept_waits(scope) for scope in scopes}
    _end_lost_waits(top, counterparts, kept)
    scopes = [scope for scope in scopes if scope is top or scope.parent_task_id in top.subprocesses]
    top.subprocess_specs = specs.subprocess_specs
    touched = [task for scope in scopes for task in _rehang(scope, counterparts)]
    for task in list(live_tasks(top)):
        _predict(task)
    for scope in scopes:
        _begin_new_waits(scope, kept[scope])
    for task in touched:
        if task._state == TaskState.WAITING:
            task.task_spec._update(task)


# --- what ends -------------------------------------------------------------------------------------------------------


def _end_lost_waits(top: Any, counterparts: Counterparts, kept: Mapping[Any, set[str]]) -> None:
    """Events at the edge of work that the new version does not have there wait no more. Still on the old specs."""
    for task in [t for t in live_tasks(top) if waits_at_an_edge(t) and t._state == TaskState.WAITING]:
        if counterparts.name(task.task_spec.name) not in kept[task.workflow]:
            stop_waiting(task)


# --- what goes over --------------------------------------------------------------------------------------------------


def _rehang(scope: Any, counterparts: Counterparts) -> list[Task]:
    """Every task of a scope on its new spec; returns those whose waiting the new version has changed."""
    for task in tasks_in_order(scope):
        if task._state & PREDICTED and task.id in scope.tasks:
            scope._remove_task(task.id)
    specs = {task: counterparts.of(task) for task in tasks_in_order(scope)}
    touched = [task for task, new in specs.items() if new is not None and _waits_otherwise(task, new, counterparts)]
    specs |= _places_of_arrivals(scope, counterparts)
    for task, new in specs.items():
        if isinstance(new, EventBasedGateway) and task._state == TaskState.WAITING:
            _keep_branches(task, new, counterparts)
        # nobody asks a finished task whose element is gone by its name
        task.task_spec = new or counterparts.scope(scope).start
    scope.spec = counterparts.scope(scope)
    if scope.spec.data_objects:
        scope.data.setdefault("data_objects", {})
    _reconnect(scope)
    return touched


def _places_of_arrivals(scope: Any, counterparts: Counterparts) -> dict[Task, Any]:
    """What has come to a join that waits stands there by an input which the join has now."""
    found = {}
    for task in tasks_in_order(scope):
        if isinstance(task.task_spec, UnstructuredJoin) and task._state == TaskState.WAITING:
            new = counterparts.of(task)
            for arrival, name in (places_of_arrivals(counterparts, scope, task.task_spec, new) or {}).items():
                found[arrival.parent] = counterparts.scope(scope).task_specs[name]
    return found


def _waits_otherwise(task: Task, new: Any, counterparts: Counterparts) -> bool:
    """It must look again, now that the new version joins or waits for something else."""
    old = task.task_spec
    if task._state != TaskState.WAITING:
        return False
    if isinstance(old, UnstructuredJoin) and not isinstance(old, _EndJoin):
        return {counterparts.name(name) for name in old._inputs} != set(new._inputs)
    if isinstance(old, EventBasedGateway):
        before = [(counterparts.name(name), _told(one)) for name, (_, one) in branches(old).items()]
        return before != [(name, _told(one)) for name, (_, one) in branches(new).items()]
    return isinstance(old, CatchingEvent) and _told(old.event_definition) != _told(new.event_definition)


def _told(definition: Any) -> Any:
    """What a wait keeps besides an instant: messages are waited for by name."""
    several = getattr(definition, "event_definitions", [definition])
    return [(family(one), one.name if is_message(one) else None) for one in several]


def _keep_branches(task: Task, new: Any, counterparts: Counterparts) -> None:
    """An event gateway numbers its branches: each keeps its instant under its new number, those that are gone none."""
    data = task.internal_data
    before = {counterparts.name(name): branch for name, branch in branches(task.task_spec).items()}
    kept = {}
    for name, (number, definition) in branches(new).items():
        was, waited = before.get(name, (0, None))
        if waited is not None and family(waited) == family(definition) and f"{waits.DUE}_{was}" in data:
            kept[f"{waits.DUE}_{number}"] = data[f"{waits.DUE}_{was}"]
    rest = {key: value for key, value in data.items() if not key.startswith(f"{waits.DUE}_")}
    task.internal_data = {**rest, **kept}


def _reconnect(scope: Any) -> None:
    """The end of a sub-process is told to its owner as the new version knows it."""
    if scope.parent_task_id is None:
        return
    owner = scope.top_workflow.get_task_from_id(scope.parent_task_id)
    if isinstance(owner.task_spec, SubWorkflowTask):
        scope.completed_event.hard_subscribers = None
        scope.completed_event.connect(owner.task_spec._on_subworkflow_completed, owner)


def _predict(task: Task) -> None:
    """What may follow, as when the task was reached. What it has begun already (a repetition's items) is let alone."""
    if isinstance(task.task_spec, BoundaryEvent):
        state, task._state = task._state, TaskState.MAYBE
        task.task_spec._predict(task, mask=TaskState.PREDICTED_MASK)
        task._state = state
        return
    task.task_spec._predict_hook(task)
    for child in task.children:
        if child._state & PREDICTED:
            child.task_spec._predict(child, mask=PREDICTED)


# --- what begins -----------------------------------------------------------------------------------------------------


def _begin_new_waits(scope: Any, kept: set[str]) -> None:
    """Events that the new version has on what is open now begin to wait with the move."""
    for task in [t for t in tasks_in_order(scope) if t._state & LIVE and not waits_at_an_edge(t)]:
        split = scope.spec.task_specs.get(task.task_spec.name + SPLIT)
        if split is None or not task._state & LIVE:
            continue
        if task.parent.task_spec is not split:
            _put_above(task, split)
        _add_waits(task.parent, [spec for spec in split.outputs if isinstance(spec, EDGES) and spec.name not in kept])
    if _goes_on_normally(scope):
        listeners = [spec for spec in scope.spec.start.outputs if isinstance(spec, EventListener)]
        _add_waits(scope.task_tree, [spec for spec in listeners if spec.name not in kept])


def _goes_on_normally(scope: Any) -> bool:
    """Not, where an event sub-process has interrupted all else: then no other begins."""
    return any(
        task._state & LIVE and not waits_at_an_edge(task) and not getattr(task.task_spec, "on_event", False)
        for task in scope.tasks.values()
    )


def _add_waits(parent: Task, specs: list[Any]) -> None:
    for spec in specs:
        child = parent._add_child(spec, TaskState.MAYBE)
        spec._predict(child, mask=TaskState.PREDICTED_MASK)
        child._set_state(TaskState.WAITING)
        spec._update(child)


def _put_above(task: Task, split: EventSplit) -> None:
    """An activity that had no events on it when it was reached stands below a finished split now, as if it had."""
    before = task.parent
    above = Task(task.workflow, split, None, state=TaskState.COMPLETED)
    above._parent, above._children = before.id, [task.id]
    above.data = copied(before.data)
    carry(before, above)
    before._children[before._children.index(task.id)] = above.id
    task._parent = above.id
