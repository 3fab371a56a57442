"""Data of parallel branches that come together again: for each name, the branch that wrote it last counts.

Stock merges the arrivals one over the other, whole: what one branch has written is lost to the older value that
another, which arrives later, has carried along. Here a token remembers when a name was written, as long as it is not
the only one of its case.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.spiff.act import current_act
from engine.spiff.values import copied, same

WRITTEN = "written"
"""In a task's internal data: name → logical time at which it was written last."""

_LIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED


def write(task: Task, values: Mapping[str, Any]) -> None:
    """Put values into a task's data."""
    task.data.update(values)
    mark(task, values)


def mark(task: Task, names: Iterable[str]) -> None:
    """These names were written at this task just now."""
    line = list(_line(task))
    alone = _is_alone(task, {t.id for t in line})
    if alone and len(line) == 1:
        task.internal_data.pop(WRITTEN, None)
        return
    stamps = task.internal_data.get(WRITTEN, {})
    fresh = [name for name in names if not alone or name in stamps]
    if fresh:
        now = current_act().next_tick()
        task.internal_data[WRITTEN] = {**stamps, **dict.fromkeys(fresh, now)}


def own(task: Task, name: str, value: Any) -> None:
    """A name that is this task's alone: what its parent has under it is not inherited over it."""
    task.data[name] = value
    if name in task.parent.data:
        task.internal_data[WRITTEN] = {**stamps_of(task), name: current_act().next_tick()}


def absorb(task: Task, source: Task, *, leaving: Collection[str] = ()) -> None:
    """Take over the data of `source`, except for names that were written later here, and those in `leaving`."""
    mine, theirs = stamps_of(task), {n: t for n, t in stamps_of(source).items() if n not in leaving}
    for name, value in source.data.items():
        if name in leaving:
            continue
        if name not in task.data or theirs.get(name, 0.0) >= mine.get(name, 0.0):
            task.data[name] = _over(task.data.get(name), value)
        elif isinstance(value, dict) and isinstance(task.data[name], dict):
            task.data[name] = _over(value, task.data[name])
    if theirs:
        task.internal_data[WRITTEN] = {n: max(mine.get(n, 0.0), theirs.get(n, 0.0)) for n in {**mine, **theirs}}


def latest(task: Task, scopes: Iterable[Any]) -> tuple[dict[str, Any], dict[str, float]]:
    """The data of a waiting task, with what other tokens in `scopes` wrote later; and the stamps.

    It waits, so that nobody else is alone: everything written meanwhile has a stamp.
    """
    data, stamps = dict(task.data), dict(stamps_of(task))
    for scope in scopes:
        for other in _tokens(scope):
            for name, written in stamps_of(other).items():
                if written > stamps.get(name, 0.0) and name in other.data:
                    data[name], stamps[name] = other.data[name], written
    return data, stamps


def _tokens(scope: Any) -> Iterator[Task]:
    """The tasks that carry what their branch wrote: those that are open, and the last ones before a join that waits."""
    for task in scope.tasks.values():
        if task._state & _LIVE:
            yield task
    for arrival in arrivals(scope):
        yield arrival.parent


def arrivals(scope: Any) -> Iterator[Task]:
    """The tokens that have come to a join that still waits for others; their data are those of their parents."""
    joins = [t for t in scope.tasks.values() if isinstance(t.task_spec, UnstructuredJoin)]
    waiting = {t.task_spec.name for t in joins if t._state == TaskState.WAITING}
    for join in joins:
        if join.task_spec.name in waiting and join._state & (TaskState.WAITING | TaskState.CANCELLED):
            yield join


def replace(task: Task, data: Mapping[str, Any], stamps: Mapping[str, float]) -> None:
    """Give a task these data, as its own."""
    task.data = copied(dict(data))
    if stamps:
        task.internal_data[WRITTEN] = dict(stamps)


def carry(source: Task, target: Task) -> None:
    """`target` was given the data of `source` as they are: into a sub-process, or out of it."""
    if WRITTEN in source.internal_data:
        target.internal_data[WRITTEN] = dict(stamps_of(source))
    else:
        target.internal_data.pop(WRITTEN, None)


def stamps_of(task: Task) -> dict[str, float]:
    stamps: dict[str, float] = task.internal_data.get(WRITTEN, {})
    return stamps


def _over(older: Any, newer: Any) -> Any:
    """`newer`, with the fields that only an older record has."""
    if isinstance(older, dict) and isinstance(newer, dict):
        if same(older, newer):
            return older
        merged = copied(older)
        for name, value in newer.items():
            merged[name] = _over(merged[name], value) if name in merged else copied(value)
        return merged
    return older if same(older, newer) else copied(newer)


def _line(task: Task) -> Iterator[Task]:
    """The task, the loops it is a round of, and the owners of the sub-processes around it."""
    current: Task | None = task
    while current is not None:
        yield current
        parent = current.parent
        if parent is not None and parent._state == TaskState.STARTED:
            current = parent
        else:
            owner = current.workflow.parent_task_id
            current = None if owner is None else current.workflow.top_workflow.get_task_from_id(owner)


def _is_alone(task: Task, line: set[Any]) -> bool:
    scopes = [task.workflow.top_workflow, *task.workflow.top_workflow.subprocesses.values()]
    return all(not t._state & _LIVE or t.id in line for scope in scopes for t in scope.tasks.values())
