"""The events of an act as they go into the record: the journal entry, and what followed from it in a fixed order."""

from collections.abc import Iterator
from typing import Any

from engine.acts.perform import Performed
from engine.acts.services import Answer
from engine.history import Kind, Occurrence
from engine.history.chain import instant
from engine.spiff import Step


def entry_of(performed: Performed) -> Occurrence:
    """The act itself. Zone and calendar version are kept: with them a replay computes the same dates again."""
    command = performed.command
    frame: dict[str, Any] = {"zone": performed.zone, "calendar": performed.calendar_version}
    if command.kind == Kind.CASE_STARTED and performed.version.manifest.case.starter is not None:
        frame["starter"] = performed.facts.starter_id  # whose case it is where nobody started it
    return Occurrence(command.kind, command.element_id, command.token_id, {**command.detail, **frame})


def consequences_of(performed: Performed) -> list[Occurrence]:
    """Everything else that happened. It follows from the journal alone, so a replay compares it event by event."""
    return [
        *map(_step, performed.delta.steps),
        *map(_service, performed.answers),
        *_tasks(performed),
        *_deadlines(performed),
        *_thrown(performed),
        *_ending(performed),
    ]


def _step(step: Step) -> Occurrence:
    kind = Kind.ELEMENT_COMPLETED if step.state == "completed" else Kind.ELEMENT_CANCELLED
    detail: dict[str, Any] = {"flows": list(step.flows)}
    if step.index is not None:
        detail["index"] = step.index
    return Occurrence(kind, step.element_id, step.token_id, detail)


def _service(answer: Answer) -> Occurrence:
    kind = Kind.SERVICE_REQUESTED if answer.is_pending else Kind.SERVICE_ANSWERED
    detail = {"handler": answer.name, **({"error": answer.error} if answer.error else {})}
    return Occurrence(kind, answer.element_id, answer.token_id, detail)


def _tasks(performed: Performed) -> Iterator[Occurrence]:
    for opened in performed.opened:
        placement = opened.placement
        detail = {"role": placement.role, "instansi": placement.instansi_id, "assignee": placement.assignee_id}
        yield Occurrence(Kind.TASK_CREATED, opened.task.element_id, opened.task.id, detail)
    for moved in performed.moved:
        placement = moved.placement
        detail = {"role": placement.role, "instansi": placement.instansi_id, "assignee": placement.assignee_id}
        yield Occurrence(Kind.TASK_MOVED, moved.task.element_id, moved.task.id, detail)
    for closed in performed.delta.closed:
        if closed.how == "cancelled":
            yield Occurrence(Kind.TASK_CANCELLED, closed.element_id, closed.id)


def _deadlines(performed: Performed) -> Iterator[Occurrence]:
    delta = performed.delta
    for opened in (*performed.opened, *performed.moved):
        if opened.due is not None:
            detail = {"due": instant(opened.due.at), "kind": "due"}
            yield Occurrence(Kind.DEADLINE_SET, opened.task.element_id, opened.task.id, detail)
    for wait in delta.timers_set:
        detail = {"due": instant(wait.due_at), "kind": "timer"}
        yield Occurrence(Kind.DEADLINE_SET, wait.element_id, wait.token_id, detail)
    fired = set(delta.timers_fired)
    for token_id in delta.timers_cleared:
        if token_id not in fired:
            yield Occurrence(Kind.DEADLINE_CLEARED, None, token_id)


def _thrown(performed: Performed) -> Iterator[Occurrence]:
    kinds = {"message": Kind.MESSAGE_SENT, "signal": Kind.SIGNAL_SENT, "escalation": Kind.ESCALATION_RAISED}
    for thrown in performed.delta.thrown:
        yield Occurrence(kinds[thrown.kind], thrown.element_id, None, {"name": thrown.name})


def _ending(performed: Performed) -> Iterator[Occurrence]:
    if performed.delta.completed and performed.command.kind != Kind.CASE_CANCELLED:
        yield Occurrence(Kind.CASE_COMPLETED, performed.delta.outcome)
