"""Joins that work in loops of any length: the walks of SpiffWorkflow's gateways, without recursion or old arrivals."""

from typing import Any

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
    """Replaces the run of a join: the data of all that arrived, each name as it was written last."""
    arrivals = [
        t
        for t in my_task.workflow.tasks.values()
        if t.task_spec is self and t._state & TaskState.FINISHED_MASK and not is_descendant_of(my_task, t)
    ]
    for arrival in sorted(arrivals, key=lambda t: t.last_state_change):
        absorb(my_task, arrival.parent)
        if arrival.state == TaskState.COMPLETED:
            arrival._drop_children(force=True)
    my_task._inherit_data()
    return True


def parallel_may_fire(self: Any, my_task: Task) -> bool:
    """One token on each input, those of an earlier round of a loop left out."""
    waiting = set(self._inputs)
    for task in [t for t in my_task.workflow.tasks.values() if t.task_spec is self]:
        if is_descendant_of(task, my_task):
            # the first round of a loop: this one is reached only after the join, so do not wait for its input
            _discard_nearest_input(task, waiting)
        elif is_descendant_of(my_task, task):
            continue
        elif task.parent.state == TaskState.COMPLETED:
            waiting.discard(task.parent.task_spec.name)
    return not waiting


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
