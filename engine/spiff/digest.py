"""What a case is, as one digest: the same however it got there, in memory or through the database."""

import hashlib
from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.spiff.frontier import LIVE
from engine.spiff.merging import arrivals
from engine.spiff.snapshot import SEEN, data_digest, is_untouched
from engine.spiff.values import canonical
from engine.spiff.workflow import CaseWorkflow


def digest_of(workflow: CaseWorkflow, *, fresh: bool) -> bytes:
    """SHA-256 over the tokens that are open or wait in a join (element, state, data, bookkeeping), and every scope."""
    whole = hashlib.sha256()
    for scope in sorted(workflow.scopes(), key=lambda s: "" if s.parent_task_id is None else s.parent_task_id.hex):
        owner = None if scope.parent_task_id is None else scope.parent_task_id.hex
        tokens = []
        for task in scope.tasks.values():
            if task._state & (LIVE | TaskState.ERROR):
                digest = _data_of(task, fresh=fresh)
                tokens.append([task.id.hex, task.task_spec.name, int(task._state), digest, _visible(task)])
        tokens.extend(
            [
                join.id.hex,
                join.task_spec.name,
                int(join._state),
                _data_of(join.parent, fresh=fresh),
                _visible(join.parent),
            ]
            for join in arrivals(scope)
        )
        whole.update(canonical([owner, sorted(tokens, key=lambda t: (t[0], t[2])), scope.data, scope.completed]))
    return whole.digest()


def _data_of(task: Task, *, fresh: bool) -> str:
    known = not fresh and is_untouched(task)
    return (task.stored.digest if known else data_digest(task.data)).hex()


def _visible(task: Task) -> dict[str, Any]:
    return {name: value for name, value in task.internal_data.items() if name != SEEN}
