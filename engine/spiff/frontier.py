"""The live frontier: which tasks of a case the engine can still look at, and how the others are taken out.

SpiffWorkflow keeps every finished task, each with its data, so that its cost grows with history. What it still reads
of them is little: parents of open tasks, arrivals at open joins, open boundary structures, the last child of a loop.
"""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn.specs.control import EventSplit
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

LIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED
PREDICTED = TaskState.PREDICTED_MASK | TaskState.FUTURE
FINISHED = TaskState.FINISHED_MASK


def prune(top: Any) -> None:
    """Take finished tasks that nothing can look at any more out of the case and of all its sub-processes."""
    _drop_finished_subprocesses(top)
    for scope in top.scopes():
        _prune_scope(scope)
    _forget_stale_waits(top)


def kept(scope: Any) -> set[UUID]:
    """Ids of the finished tasks of a scope that the engine may still look at."""
    tasks = scope.tasks
    live = [t for t in tasks.values() if t._state & LIVE or t._state == TaskState.ERROR]
    keep = {scope.task_tree.id}
    if scope.last_task is not None:
        keep.add(scope.last_task.id)
    for task in live:
        # a waiting task inherits from its parent again at every update
        keep.update((task.id, task._parent))
        if isinstance(task.task_spec, LoopTask):
            keep.update(_loop_children(task, tasks))
    keep.update(_parents_of_predicted(tasks))
    keep.update(_arrivals(tasks, {t.task_spec.name for t in live if isinstance(t.task_spec, UnstructuredJoin)}))
    keep.update(_open_splits(tasks))
    keep.update(_inputs_of_cyclic_joins(scope.spec.cyclic_inputs, live, tasks))
    keep.discard(None)
    return keep


def _loop_children(task: Task, tasks: dict[UUID, Task]) -> Iterator[UUID]:
    """Completion conditions look at the child merged last; a child that failed keeps the loop open."""
    merged = task.internal_data.get("merged") or [None]
    for ident in task._children:
        state = tasks[ident]._state
        if str(ident) == merged[-1] or (state & FINISHED and state != TaskState.COMPLETED):
            yield ident


def _parents_of_predicted(tasks: dict[UUID, Task]) -> Iterator[UUID]:
    for task in tasks.values():
        if task._state & PREDICTED:
            parent = tasks.get(task._parent)
            if parent is not None and parent._state & FINISHED:
                yield parent.id


def _arrivals(tasks: dict[UUID, Task], open_joins: set[str]) -> Iterator[UUID | None]:
    """Arrivals at a join that has not fired are cancelled tasks, whose parents it merges when it does."""
    for task in tasks.values():
        arrived = task._state == TaskState.CANCELLED and isinstance(task.task_spec, UnstructuredJoin)
        if arrived and task.task_spec.name in open_joins:
            yield task.id
            yield task._parent


def _open_splits(tasks: dict[UUID, Task]) -> Iterator[UUID]:
    """An activity with boundary events (or several starts): the whole structure while any of it is open."""
    for split in tasks.values():
        if not isinstance(split.task_spec, EventSplit) or not split._state & FINISHED:
            continue
        open_child = any(tasks[child]._state & (LIVE | PREDICTED) for child in split._children)
        if open_child or _has_open_join(tasks, split):
            yield split.id
            yield from split._children


def _has_open_join(tasks: dict[UUID, Task], split: Task) -> bool:
    ahead = list(split._children)
    while ahead:
        task = tasks[ahead.pop()]
        own = getattr(task.task_spec, "split_task", None) == split.task_spec.name
        if own and task._state & (LIVE | PREDICTED):
            return True
        if task.task_spec is not split.task_spec:  # below it, in a loop, stands the next round's own join
            ahead.extend(task._children)
    return False


def _inputs_of_cyclic_joins(
    inputs: Iterable[tuple[str, ...]], live: list[Task], tasks: dict[UUID, Task]
) -> Iterator[UUID]:
    """A gateway that merges a loop looks for its inputs among its ancestors: the nearest of each."""
    for names in inputs:
        for task in live:
            wanted = set(names)
            ancestor = tasks.get(task._parent)
            while ancestor is not None and wanted:
                if ancestor.task_spec.name in wanted:
                    yield ancestor.id
                    wanted.discard(ancestor.task_spec.name)
                ancestor = tasks.get(ancestor._parent)


def _drop_finished_subprocesses(top: Any) -> None:
    """Sub-processes whose owner is finished or gone; those inside them lose their owner and go in the next round."""
    dropped = True
    while dropped:
        dropped = False
        for ident, scope in list(top.subprocesses.items()):
            owner = top.get_task_from_id(ident)
            if owner is None or owner._state & FINISHED:
                dropped = True
                for task in scope.tasks.values():
                    top.event_manager.tasks.pop(task.id, None)
                del top.subprocesses[ident]


def _prune_scope(scope: Any) -> None:
    tasks = scope.tasks
    keep = kept(scope)
    gone = {t.id for t in tasks.values() if t._state & FINISHED and t.id not in keep}
    if not gone:
        return
    for task in [t for t in tasks.values() if t.id not in gone]:
        if any(child in gone for child in task._children):
            task._children = list(_spliced(task._children, gone, tasks))
            for child in task._children:
                tasks[child]._parent = task.id
    for ident in gone:
        scope.top_workflow.event_manager.tasks.pop(ident, None)
        del tasks[ident]


def _spliced(children: Iterable[UUID], gone: set[UUID], tasks: dict[UUID, Task]) -> Iterator[UUID]:
    """The children, with those that go replaced by their own children."""
    ahead = list(children)[::-1]
    while ahead:
        ident = ahead.pop()
        if ident in gone:
            ahead.extend(reversed(tasks[ident]._children))
        else:
            yield ident


def _forget_stale_waits(top: Any) -> None:
    """Tasks dropped with their parent stay registered for events otherwise."""
    for ident, task in list(top.event_manager.tasks.items()):
        if task.workflow.tasks.get(ident) is not task or not task._state & TaskState.WAITING:
            del top.event_manager.tasks[ident]
