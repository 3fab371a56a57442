"""A case as rows: one per live task, its data as a difference to one base document, and back.

A task that was loaded and never touched answers with the bytes it came from, so that a save costs what was touched.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import SignalEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.errors import BudgetExceededError
from engine.spiff.base_document import EMPTY, BaseDocument
from engine.spiff.frontier import LIVE, PREDICTED
from engine.spiff.language import element_id
from engine.spiff.positions import positions
from engine.spiff.records import EventWait
from engine.spiff.specs import SpecSet
from engine.spiff.values import canonical, decode, encode
from engine.spiff.workflow import CaseSubWorkflow, CaseWorkflow, Listener, is_message

_SEEN = "seen_events"
_DIGEST_BYTES = 16


class TokenRow(NamedTuple):
    """A row of the token table, without the instance it belongs to (see models.instances.Token)."""

    id: str
    scope: str | None
    parent: str | None
    position: float
    spec: str
    state: int
    triggered: bool
    changed_at: float
    internal: bytes | None
    predicted: bytes | None
    base: int
    data: bytes
    digest: bytes
    subprocess: bytes | None
    event: str | None
    correlation: str | None


@dataclass(frozen=True)
class Snapshot:
    """All that is stored of a case."""

    meta: bytes = b"{}"
    rows: Mapping[str, TokenRow] = field(default_factory=dict)
    base: BaseDocument = EMPTY


class StoredTask(Task):
    """A task as it was loaded: its data are read from their bytes when somebody asks for them."""

    stored: TokenRow
    base_document: BaseDocument
    _data: dict[str, Any] | None

    @property
    def data(self) -> dict[str, Any]:
        if self._data is None:
            self._data = self.base_document.apply(self.stored.base, self.stored.data)
        return self._data

    @data.setter
    def data(self, value: dict[str, Any]) -> None:
        self._data = value

    @property
    def untouched(self) -> bool:
        return self._data is None


# --- taking ----------------------------------------------------------------------------------------------------------


def take(workflow: CaseWorkflow, before: Snapshot, outcome: str | None, most_data: int) -> Snapshot:
    """The rows of a case; with a new base document where the differences to the one before have grown too large.

    BudgetExceededError where a token's data are larger than `most_data` bytes.
    """
    tasks = _stored_order(workflow)
    places = positions([_old_position(before, task) for task in tasks])
    shapes = [_shape(task, place) for task, place in zip(tasks, places, strict=True)]
    data = _difference(tasks, before.base, most_data)
    if _has_grown(data, before):
        base = before.base.following(max((t.data for t in tasks if not _is_untouched(t)), key=_size))
        data = _difference(tasks, base, most_data)
    else:
        base = before.base
    rows = {
        shape["id"]: TokenRow(**shape, base=number, data=body, digest=digest)
        for shape, (number, body, digest) in zip(shapes, data, strict=True)
    }
    return Snapshot(_meta(workflow, outcome=outcome), rows, base)


def _has_grown(data: list[tuple[int, bytes, bytes]], before: Snapshot) -> bool:
    old = {row.data for row in before.rows.values()}
    written = sum(len(body) for _, body, _ in data if body not in old)
    return written > max(2048, before.base.size // 3)


def _size(data: Mapping[str, Any]) -> int:
    return len(encode(data))


def _difference(tasks: list[Task], base: BaseDocument, most: int) -> list[tuple[int, bytes, bytes]]:
    """(base number or 0, bytes, digest) of each task's data."""
    found = []
    for task in tasks:
        if _is_untouched(task) and task.base_document is base:
            row = task.stored
            found.append((row.base, row.data, row.digest))
            continue
        if _is_untouched(task):
            number, body = base.rebased(task.base_document, task.stored.base, task.stored.data)
            found.append((number, body, task.stored.digest))
            continue
        number, body, size = base.difference(task.data)
        if size > most:
            raise BudgetExceededError(why=f"the data at {element_id(task.task_spec)} are larger than {most} bytes")
        found.append((number, body, data_digest(task.data)))
    return found


def _is_untouched(task: Task) -> bool:
    return isinstance(task, StoredTask) and task.untouched


def _old_position(before: Snapshot, task: Task) -> float | None:
    row = before.rows.get(task.id.hex)
    return None if row is None else row.position


def _shape(task: Task, position: float) -> dict[str, Any]:
    """Everything of a row but its data."""
    workflow = task.workflow
    inner = workflow.top_workflow.subprocesses.get(task.id)
    event, correlation = _event_of(task)
    return {
        "id": task.id.hex,
        "scope": None if workflow.parent_task_id is None else workflow.parent_task_id.hex,
        "parent": None if task._parent is None else task._parent.hex,
        "position": position,
        "spec": task.task_spec.name,
        "state": int(task._state),
        "triggered": bool(task.triggered),
        "changed_at": float(task.last_state_change),
        "internal": _internal(task),
        "predicted": _predicted(task),
        "subprocess": None if inner is None else _meta(inner, spec=inner.spec.name),
        "event": event,
        "correlation": correlation,
    }


def _stored_order(workflow: CaseWorkflow) -> list[Task]:
    """The tasks that get a row, depth first, so that siblings come back in their order."""
    found: list[Task] = []
    for scope in workflow.scopes():
        ahead = [scope.task_tree.id]
        while ahead:
            task = scope.tasks[ahead.pop()]
            if _has_row(task):
                found.append(task)
            ahead.extend(reversed(task._children))
    return found


def _has_row(task: Task) -> bool:
    return not task._state & PREDICTED or bool(task.data) or bool(task.internal_data) or bool(task.triggered)


def _predicted(task: Task) -> bytes | None:
    """Predicted descendants without anything of their own: [place among the children, id, spec, state, theirs]."""
    tasks = task.workflow.tasks

    def branch(parent: Task) -> list[Any]:
        found = []
        for place, ident in enumerate(parent._children):
            child = tasks[ident]
            if not _has_row(child):
                found.append([place, ident.hex, child.task_spec.name, int(child._state), branch(child)])
        return found

    branches = branch(task)
    return encode(branches) if branches else None


def _internal(task: Task) -> bytes | None:
    if not task.internal_data:
        return None
    data = dict(task.internal_data)
    if _SEEN in data:
        definitions = task.task_spec.event_definition.event_definitions
        data[_SEEN] = [[definitions.index(e.event_definition), e.payload, e.correlations] for e in data[_SEEN]]
    return encode(data)


def _meta(scope: Any, **more: Any) -> bytes:
    last = scope.last_task
    return encode(
        {
            **more,
            "data": scope.data,
            "correlations": scope.correlations,
            "success": scope.success,
            "completed": scope.completed,
            "last": None if last is None else last.id.hex,
            "root": scope.task_tree.id.hex,
        }
    )


def event_waits(workflow: CaseWorkflow) -> Iterator[EventWait]:
    """Every message and signal that a token waits for; an event gateway waits for several."""
    for task in workflow.event_manager.tasks.values():
        if task._state == TaskState.WAITING:
            for event, key in _events_of(task):
                yield EventWait(task.id.hex, element_id(task.task_spec), event, key)


def _events_of(task: Task) -> Iterator[tuple[str, str | None]]:
    definition = task.task_spec.event_definition
    several = definition.event_definitions if isinstance(definition, MultipleEventDefinition) else [definition]
    for one in several:
        if is_message(one):
            yield f"message:{one.name}", task.internal_data.get(f"correlation:{one.name}")
        elif isinstance(one, SignalEventDefinition):
            yield f"signal:{one.name}", None


def _event_of(task: Task) -> tuple[str | None, str | None]:
    """The event columns; several events share one text, `any:|message:a=key|signal:b|` (see engine.store.waiting)."""
    if task._state != TaskState.WAITING or not isinstance(task.task_spec, CatchingEvent):
        return None, None
    found = list(_events_of(task))
    if not found:
        return None, None
    if len(found) == 1:
        return found[0]
    return "any:|" + "".join(f"{event}{'' if key is None else '=' + key}|" for event, key in found), None


# --- restoring -------------------------------------------------------------------------------------------------------


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
        if _SEEN in task.internal_data:
            definitions = task.task_spec.event_definition.event_definitions
            task.internal_data[_SEEN] = [
                BpmnEvent(definitions[number], payload, correlations)
                for number, payload, correlations in task.internal_data[_SEEN]
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


# --- digest ----------------------------------------------------------------------------------------------------------


def data_digest(data: Mapping[str, Any]) -> bytes:
    return hashlib.blake2b(canonical(data), digest_size=_DIGEST_BYTES).digest()


def digest_of(workflow: CaseWorkflow, *, fresh: bool) -> bytes:
    """SHA-256 over the open tokens (element, state, scope, data, bookkeeping) and the data of every scope."""
    whole = hashlib.sha256()
    for scope in sorted(workflow.scopes(), key=lambda s: "" if s.parent_task_id is None else s.parent_task_id.hex):
        owner = None if scope.parent_task_id is None else scope.parent_task_id.hex
        tokens = []
        for task in scope.tasks.values():
            if task._state & (LIVE | TaskState.ERROR):
                known = not fresh and _is_untouched(task)
                digest = task.stored.digest if known else data_digest(task.data)
                tokens.append([task.id.hex, task.task_spec.name, int(task._state), digest.hex(), _visible(task)])
        whole.update(canonical([owner, sorted(tokens, key=lambda t: t[0]), scope.data, scope.completed]))
    return whole.digest()


def _visible(task: Task) -> dict[str, Any]:
    return {name: value for name, value in task.internal_data.items() if name != _SEEN}
