"""Joins that work in loops of any length: the walks of SpiffWorkflow's gateways, without recursion or old arrivals."""

from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.inclusive_gateway import InclusiveGateway
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.spiff.merging import absorb


def consume_arrivals(self: Any, my_task: Task) -> None:
    """A join that fired has used up the arrivals that were cancelled while it waited: they go."""
    super(UnstructuredJoin, self)._on_complete_hook(my_task)
    workflow = my_task.workflow
    spent = [t for t in workflow.tasks.values() if t.task_spec is self and t._state == TaskState.CANCELLED]
    for arrival in spent:
        if arrival.id in workflow.tasks:
            workflow._remove_task(arrival.id)


def merge_arrivals(self: Any, my_task: Task) -> bool:
    """Replaces the run of a join: the data of all that arrived, each name as it was written last.

    Stock also takes the data of earlier firings that are no ancestors, and drops what came after them.
    """
    arrivals = [t for t in my_task.workflow.tasks.values() if t.task_spec is self and t._state == TaskState.CANCELLED]
    for arrival in sorted(arrivals, key=lambda t: t.last_state_change):
        absorb(my_task, arrival.parent)
    my_task._inherit_data()
    return True


def parallel_may_fire(self: Any, my_task: Task) -> bool:
    """One token on each input, those of an earlier round of a loop left out."""
    waiting = set(self._inputs)
    for task in [t for t in my_task.workflow.tasks.values() if t.task_spec is self]:
        if task._state == TaskState.COMPLETED:
            continue  # it fired, in a round before
        if is_descendant_of(task, my_task):
            # the first round of a loop: this one is reached only after the join, so do not wait for its input
            _discard_nearest_input(task, waiting)
        elif is_descendant_of(my_task, task):
            continue
        elif task.parent.state == TaskState.COMPLETED:
            waiting.discard(task.parent.task_spec.name)
    return not waiting


def inclusive_may_fire(self: Any, my_task: Task) -> bool:
    """No token of the scope can still come to an input that has none, without coming by one that has (BPMN 13.4.3).

    Stock follows one input only, and fires while a token can still arrive.
    """
    arrived = {my_task.parent.task_spec.name}
    tokens = []
    for task in my_task.workflow.tasks.values():
        if task.task_spec is self:
            if task._state & _ARRIVED and task is not my_task:
                arrived.add(task.parent.task_spec.name)
        elif _is_token(task):
            tokens.append(task.task_spec.name)
    ways = my_task.workflow.spec.ways_to[self.name]
    return all(ways.get(name, _NONE) <= arrived or ways[name] & arrived for name in tokens)


_ARRIVED = TaskState.WAITING | TaskState.CANCELLED
_LIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED
_NONE: frozenset[str] = frozenset()


def _is_token(task: Task) -> bool:
    """Open, or just about to be: its predecessor is finished."""
    if task._state & _LIVE:
        return True
    parent = task.parent
    return task._state == TaskState.FUTURE and parent is not None and bool(parent._state & TaskState.FINISHED_MASK)


def ways_to_inclusive_joins(spec: Any) -> dict[str, dict[str, frozenset[str]]]:
    """For each inclusive join, from which element its inputs can be reached without passing through it."""
    found = {}
    for join in spec.task_specs.values():
        if isinstance(join, InclusiveGateway):
            found[join.name] = {name: _inputs_reached(spec.task_specs, name, join) for name in spec.task_specs}
    return found


def _inputs_reached(specs: dict[str, TaskSpec], start: str, join: Any) -> frozenset[str]:
    seen: set[str] = set()
    ahead = [start]
    while ahead:
        name = ahead.pop()
        if name not in seen and name in specs and name != join.name:
            seen.add(name)
            ahead.extend(specs[name]._outputs)
    return frozenset(seen.intersection(join._inputs))


def _discard_nearest_input(task: Task, waiting: set[str]) -> None:
    ancestor: Task | None = task
    while ancestor is not None:
        if ancestor.task_spec.name in waiting:
            waiting.discard(ancestor.task_spec.name)
            return
        ancestor = ancestor.parent


def is_descendant_of(self: Task, task: Task) -> bool:
    ancestor = self.parent
    while ancestor is not None:
        if ancestor is task:
            return True
        ancestor = ancestor.parent
    return False


def find_ancestor(self: Task, spec_name: str) -> Task | None:
    ancestor = self.parent
    while ancestor is not None and ancestor.task_spec.name != spec_name:
        ancestor = ancestor.parent
    return ancestor


def inputs_on_a_cycle(spec: Any) -> list[tuple[str, ...]]:
    """For each parallel gateway that can reach itself: its inputs, which it looks for among its ancestors."""
    found = []
    for task_spec in spec.task_specs.values():
        joins = isinstance(task_spec, UnstructuredJoin) and len(task_spec._inputs) > 1
        if joins and task_spec.name in _reachable(task_spec, spec.task_specs):
            found.append(tuple(task_spec._inputs))
    return found


def _reachable(task_spec: TaskSpec, specs: dict[str, TaskSpec]) -> set[str]:
    seen: set[str] = set()
    ahead = list(task_spec._outputs)
    while ahead:
        name = ahead.pop()
        if name not in seen and name in specs:
            seen.add(name)
            ahead.extend(specs[name]._outputs)
    return seen
