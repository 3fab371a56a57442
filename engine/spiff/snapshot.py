"""A case as rows: one per live task, its data as a difference to one base document, and back.

A task that was loaded and never touched answers with the bytes it came from, so that a save costs what was touched.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import SignalEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.errors import BudgetExceededError
from engine.spiff.base_document import EMPTY, BaseDocument
from engine.spiff.frontier import PREDICTED
from engine.spiff.language import element_id
from engine.spiff.positions import positions
from engine.spiff.records import EventWait
from engine.spiff.values import canonical, encode
from engine.spiff.workflow import CaseWorkflow, is_message

SEEN = "seen_events"
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

    def digest(self) -> bytes:
        """Over everything that is stored, to the byte: with it nothing of a case need be restored to be proved."""
        whole = hashlib.sha256(b"%d:%d:" % (self.base.number, len(self.meta)))
        whole.update(self.meta)
        whole.update(self.base.body)
        for ident in sorted(self.rows):
            _take_in(whole, self.rows[ident])
        return whole.digest()


def _take_in(whole: Any, row: TokenRow) -> None:
    places = [row.id, row.scope, row.parent, float(row.position), row.spec, int(row.state), bool(row.triggered),
              float(row.changed_at), row.base, row.event, row.correlation]  # fmt: skip
    bodies = (row.internal, row.predicted, row.data, row.digest, row.subprocess)
    whole.update(orjson.dumps([*places, *(None if body is None else len(body) for body in bodies)]))
    for body in bodies:
        if body is not None:
            whole.update(body)


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


def take(workflow: CaseWorkflow, before: Snapshot, outcome: str | None, most_data: int) -> Snapshot:
    """The rows of a case; with a new base document where the differences to the one before have grown too large.

    BudgetExceededError where a token's data are larger than `most_data` bytes.
    """
    tasks = _stored_order(workflow)
    places = positions([_old_position(before, task) for task in tasks])
    shapes = [_shape(task, place) for task, place in zip(tasks, places, strict=True)]
    data = _difference(tasks, before.base, most_data)
    if _has_grown(data, before):
        base = before.base.following(max((t.data for t in tasks if not is_untouched(t)), key=_size))
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
        if is_untouched(task) and task.base_document is base:
            row = task.stored
            found.append((row.base, row.data, row.digest))
            continue
        if is_untouched(task):
            number, body = base.rebased(task.base_document, task.stored.base, task.stored.data)
            found.append((number, body, task.stored.digest))
            continue
        number, body, size = base.difference(task.data)
        if size > most:
            raise BudgetExceededError(why=f"the data at {element_id(task.task_spec)} are larger than {most} bytes")
        found.append((number, body, data_digest(task.data)))
    return found


def is_untouched(task: Task) -> bool:
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
    if SEEN in data:
        definitions = task.task_spec.event_definition.event_definitions
        data[SEEN] = [[definitions.index(e.event_definition), e.payload, e.correlations] for e in data[SEEN]]
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


def data_digest(data: Mapping[str, Any]) -> bytes:
    return hashlib.blake2b(canonical(data), digest_size=_DIGEST_BYTES).digest()
