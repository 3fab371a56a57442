"""A case made again of its rows. Draws no id, reads no clock, costs no budget."""

from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.spiff.base_document import BaseDocument
from engine.spiff.snapshot import SEEN, Snapshot, StoredTask, TokenRow
from engine.spiff.specs import SpecSet
from engine.spiff.values import decode
from engine.spiff.workflow import CaseSubWorkflow, CaseWorkflow, Listener


def restore(specs: SpecSet, session: Listener, snapshot: Snapshot) -> CaseWorkflow:
    """The workflow that a snapshot was taken of. Draws no id and reads no clock."""
    meta = decode(snapshot.meta)
    top = CaseWorkflow(specs.spec, specs.subprocess_specs, session, deserializing=True)
    session.outcome = meta.get("outcome")  # type: ignore[attr-defined]
    by_scope: dict[str | None, list[TokenRow]] = {}
    for row in sorted(snapshot.rows.values(), key=lambda r: r.position):
        by_scope.setdefault(row.scope, []).append(row)
    _fill(top, meta, by_scope.get(None, []), snapshot.base)
    owners = [row for row in by_scope.get(None, []) if row.subprocess is not None]
    while owners:
        row = owners.pop(0)
        scope = _restore_subprocess(specs, top, row)
        rows = by_scope.get(row.id, [])
        _fill(scope, decode(row.subprocess or b"{}"), rows, snapshot.base)
        owners.extend(inner for inner in rows if inner.subprocess is not None)
    return top


def _restore_subprocess(specs: SpecSet, top: CaseWorkflow, row: TokenRow) -> CaseSubWorkflow:
    owner = top.get_task_from_id(UUID(hex=row.id))
    assert owner is not None  # noqa: S101 -- its scope was filled before
    name = decode(row.subprocess or b"{}")["spec"]
    scope = CaseSubWorkflow(specs.spec_named(name), owner.id, top, deserializing=True)
    top.subprocesses[owner.id] = scope
    if isinstance(owner.task_spec, SubWorkflowTask):
        scope.completed_event.connect(owner.task_spec._on_subworkflow_completed, owner)
    return scope


def _fill(scope: Any, meta: dict[str, Any], rows: list[TokenRow], base: BaseDocument) -> None:
    stored = [_stored_task(scope, row, base) for row in rows]
    for task in stored:
        if task._parent is not None:
            scope.tasks[task._parent]._children.append(task.id)
    for task in stored:
        if task.stored.predicted is not None:
            _grow(scope, task, decode(task.stored.predicted))
        if task._state == TaskState.WAITING and isinstance(task.task_spec, CatchingEvent):
            scope.top_workflow.event_manager.tasks[task.id] = task
    scope.task_tree = scope.tasks[UUID(hex=meta["root"])]
    scope.data, scope.correlations = meta["data"], meta["correlations"]
    scope.success, scope.completed = meta["success"], meta["completed"]
    scope.last_task = None if meta["last"] is None else scope.tasks.get(UUID(hex=meta["last"]))


def _stored_task(scope: Any, row: TokenRow, base: BaseDocument) -> StoredTask:
    task = _bare(StoredTask, scope, row.id, row.spec, row.state)
    task._parent = None if row.parent is None else UUID(hex=row.parent)
    task.triggered = row.triggered
    task.last_state_change = row.changed_at
    task.stored, task.base_document = row, base
    task._data = None
    if row.internal is not None:
        task.internal_data = decode(row.internal)
        if SEEN in task.internal_data:
            definitions = task.task_spec.event_definition.event_definitions
            task.internal_data[SEEN] = [
                BpmnEvent(definitions[number], payload, correlations)
                for number, payload, correlations in task.internal_data[SEEN]
            ]
    return task


def _grow(scope: Any, parent: Task, branches: list[Any]) -> None:
    for place, ident, spec, state, inner in branches:
        child = _bare(Task, scope, ident, spec, state)
        child.data = {}
        child._parent = parent.id
        parent._children.insert(place, child.id)
        _grow(scope, child, inner)


def _bare(kind: Any, scope: Any, ident: str, spec: str, state: int) -> Any:
    """A task as `Task.__init__` would make it, without drawing an id, reading a clock or costing anything."""
    task = kind.__new__(kind)
    task.id = UUID(hex=ident)
    task.workflow = scope
    task.task_spec = scope.spec.task_specs[spec]
    task._parent, task._children, task._state = None, [], state
    task.triggered, task.thread_id, task.last_state_change = False, 0, 0.0
    task.internal_data = {}
    dict.__setitem__(scope.tasks, task.id, task)
    return task
