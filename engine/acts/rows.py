"""What an act writes beside the engine's own state: inbox rows, deadlines and jobs, each table in one statement."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, case, func, update
from sqlalchemy.dialects import postgresql, sqlite

from calendars import elapsed
from engine.acts.perform import Opened, Performed
from engine.acts.services import idempotency_key
from engine.due import Due
from engine.history import Kind
from engine.jobs.queue import JobOrder, enqueue
from engine.registry import Registry
from engine.spiff import TimerWait
from engine.spiff.values import encode
from engine.unit_of_work import UnitOfWork
from models import Deadline, Job, UserTask, metadata

TASKS: Table = metadata.tables[str(UserTask.__tablename__)]
DEADLINES: Table = metadata.tables[str(Deadline.__tablename__)]
JOBS: Table = metadata.tables[str(Job.__tablename__)]


def _upsert_task(dialect: Any) -> Any:
    """New rows go in; a row that is there already is closed."""
    statement = dialect.insert(TASKS)
    new = statement.excluded
    closing = {
        "state": new.state,
        "closed_at": new.closed_at,
        "closed_by": new.closed_by,
        "assignee_id": func.coalesce(TASKS.c.assignee_id, new.assignee_id),
        "version": TASKS.c.version + 1,
    }
    return statement.on_conflict_do_update(index_elements=["id"], set_=closing)


def _upsert_deadline(dialect: Any) -> Any:
    """New rows go in; a row that is there already ends, or (a cycle) waits for its next round."""
    statement = dialect.insert(DEADLINES)
    new = statement.excluded
    waits_again = new.state == "pending"
    moved: dict[str, Any] = {
        name: case((waits_again, new[name]), else_=DEADLINES.c[name])
        for name in ("due_at", "calendar_version", "explanation")
    }
    moved |= {name: new[name] for name in ("state", "attempts", "retry_at")}
    moved["fired_at"] = func.coalesce(new.fired_at, DEADLINES.c.fired_at)
    return statement.on_conflict_do_update(index_elements=["id"], set_=moved)


_TASK = {"sqlite": _upsert_task(sqlite), "postgresql": _upsert_task(postgresql)}
_DEADLINE = {"sqlite": _upsert_deadline(sqlite), "postgresql": _upsert_deadline(postgresql)}


def write(
    unit: UnitOfWork, performed: Performed, registry: Registry, *, by: str | None = None, had_due: bool = False
) -> bool:
    """Write all rows of an act, one statement per table. True when it left jobs to be done.

    `by` completed the act's task; `had_due`: that task had a due date, so there is a row to end.
    """
    dialect = unit.connection.dialect.name
    if tasks := [*_opened_tasks(performed), *_closed_tasks(performed, by)]:
        unit.connection.execute(_TASK[dialect], tasks)
    if deadlines := [*_set_deadlines(performed), *_ended_deadlines(performed, had_due)]:
        unit.connection.execute(_DEADLINE[dialect], deadlines)
    _cancel_due_dates(unit, performed)
    if performed.delta.services_cleared:
        drop_jobs(unit, performed.facts.instance_id, performed.now, performed.delta.services_cleared)
    orders = [*_service_jobs(performed, registry), *_thrown_jobs(performed)]
    enqueue(unit, orders, performed.now)
    return bool(orders)


def drop_jobs(unit: UnitOfWork, instance_id: str, now: datetime, tokens: Sequence[str] | None = None) -> None:
    """Handler jobs whose task is gone are not begun any more (of all tokens of the case when none are named)."""
    condition = (JOBS.c.instance_id == instance_id) & (JOBS.c.kind == "handler") & JOBS.c.state.in_(("ready", "failed"))
    if tokens is not None:
        condition &= JOBS.c.token_id.in_(tokens)
    unit.connection.execute(update(JOBS).where(condition).values(state="cancelled", done_at=now))


def freeze(unit: UnitOfWork, instance_id: str) -> None:
    """A suspended case: its tasks leave the inboxes, its timers are not due."""
    _shift(unit, TASKS, instance_id, "open", "suspended")
    _shift(unit, DEADLINES, instance_id, "pending", "suspended")


def thaw(unit: UnitOfWork, instance_id: str) -> None:
    """Its tasks and deadlines are as they were; what came due meanwhile is due now."""
    _shift(unit, TASKS, instance_id, "suspended", "open")
    _shift(unit, DEADLINES, instance_id, "suspended", "pending")


def end_all(unit: UnitOfWork, instance_id: str, now: datetime) -> None:
    """A cancelled case: nothing of it waits any more, whatever state it was in."""
    gone = TASKS.c.state.in_(("open", "suspended")) & (TASKS.c.instance_id == instance_id)
    unit.connection.execute(update(TASKS).where(gone).values(state="cancelled", closed_at=now))
    for state in ("pending", "suspended", "failed"):
        _shift(unit, DEADLINES, instance_id, state, "cancelled")
    drop_jobs(unit, instance_id, now)


def _shift(unit: UnitOfWork, table: Table, instance_id: str, before: str, after: str) -> None:
    those = (table.c.instance_id == instance_id) & (table.c.state == before)
    unit.connection.execute(update(table).where(those).values(state=after))


# --- user tasks ------------------------------------------------------------------------------------------------------


def _opened_tasks(performed: Performed) -> Iterator[dict[str, Any]]:
    facts, now = performed.facts, performed.now
    for opened in performed.opened:
        task, placement = opened.task, opened.placement
        yield {
            "id": task.id,
            "instance_id": facts.instance_id,
            "definition_key": facts.definition_key,
            "element_id": task.element_id,
            "name": task.name[:300],
            "case_title": facts.title,
            "lane": task.lane,
            "form": task.properties.get("form"),
            "role": placement.role,
            "instansi_id": placement.instansi_id,
            "excluded": list(placement.excluded),
            "assignee_id": placement.assignee_id,
            "state": "open",
            "version": 1,
            "created_at": now,
            "due_at": opened.due.at if opened.due else None,
            "closed_at": None,
            "closed_by": None,
        }


def _closed_tasks(performed: Performed, by: str | None) -> Iterator[dict[str, Any]]:
    """The rows exist: only state, closing and assignee are written of them."""
    for closed in performed.delta.closed:
        own = performed.command.kind == Kind.TASK_COMPLETED and closed.id == performed.command.token_id
        yield {
            "id": closed.id, "instance_id": performed.facts.instance_id, "definition_key": "", "element_id": "",
            "name": "", "case_title": "", "lane": None, "form": None, "role": None, "instansi_id": None,
            "excluded": [], "assignee_id": by if own else None, "state": closed.how, "version": 1,
            "created_at": performed.now, "due_at": None, "closed_at": performed.now,
            "closed_by": by if own else None,
        }  # fmt: skip


# --- deadlines -------------------------------------------------------------------------------------------------------


def due_id(task_id: str) -> str:
    """Id of the deadline that is the due date of a user task: never equal to a timer's (which is its token's)."""
    return f"t{task_id[:31]}"


def _deadline(performed: Performed, deadline_id: str, token_id: str, state: str, **values: Any) -> dict[str, Any]:
    row = {
        "id": deadline_id, "instance_id": performed.facts.instance_id, "token_id": token_id, "element_id": "",
        "name": "", "kind": "timer", "due_at": performed.now, "zone": performed.zone, "state": state,
        "attempts": 0, "retry_at": None, "fired_at": None, "calendar_version": None, "explanation": None,
    }  # fmt: skip
    return {**row, **values}


def _set_deadlines(performed: Performed) -> Iterator[dict[str, Any]]:
    for opened in (*performed.opened, *performed.moved):
        if opened.due is not None:
            yield _due_row(performed, opened, opened.due)
    for wait in performed.delta.timers_set:
        yield _timer_row(performed, wait)


def _due_row(performed: Performed, opened: Opened, due: Due) -> dict[str, Any]:
    task = opened.task
    return _deadline(
        performed, due_id(task.id), task.id, "pending", element_id=task.element_id, name=task.name[:300], kind="due",
        due_at=due.at, explanation=due.explanation or _by_the_clock(performed, due.at, task.properties),
        calendar_version=performed.calendar_version,
    )  # fmt: skip


def _by_the_clock(performed: Performed, due_at: datetime, properties: Mapping[str, str]) -> dict[str, Any]:
    """No calendar function had a part in it: say how far it lies from now, after the owner's own words if there are."""
    words = {"id": properties.get("due_why", ""), "en": properties.get("due_why_en", "")}
    return elapsed(performed.now, due_at, performed.zone, words=words)


def _timer_row(performed: Performed, wait: TimerWait) -> dict[str, Any]:
    fired_at = performed.now if wait.token_id in performed.delta.timers_fired else None
    return _deadline(
        performed, wait.token_id, wait.token_id, "pending", element_id=wait.element_id, name=wait.name[:300],
        due_at=wait.due_at, fired_at=fired_at,
        explanation=wait.explanation or _by_the_clock(performed, wait.due_at, {}),
        calendar_version=performed.calendar_version,
    )  # fmt: skip


def _ended_deadlines(performed: Performed, had_due: bool) -> Iterator[dict[str, Any]]:
    now = performed.now
    waiting = {wait.token_id for wait in performed.delta.timers_set}
    fired = set(performed.delta.timers_fired)
    for token_id in performed.delta.timers_cleared:
        if token_id in waiting:
            continue
        if token_id in fired:
            yield _deadline(performed, token_id, token_id, "fired", fired_at=now)
        else:
            yield _deadline(performed, token_id, token_id, "cancelled")
    if had_due and performed.command.token_id is not None:
        yield _deadline(performed, due_id(performed.command.token_id), performed.command.token_id, "done")


def _cancel_due_dates(unit: UnitOfWork, performed: Performed) -> None:
    """Of tasks that were taken away; whether each had a due date is known to the table alone, so no upsert here."""
    own = performed.command.token_id
    gone = [due_id(closed.id) for closed in performed.delta.closed if closed.id != own]
    if gone:
        unit.connection.execute(update(DEADLINES).where(DEADLINES.c.id.in_(gone)).values(state="cancelled"))


# --- jobs ------------------------------------------------------------------------------------------------------------


def _service_jobs(performed: Performed, registry: Registry) -> Iterator[JobOrder]:
    for call in performed.delta.services_pending:
        yield JobOrder(
            kind="handler",
            name=call.name,
            key=f"handler:{idempotency_key(performed.facts.instance_id, call.token_id)}",
            payload={"inputs": encode(dict(call.inputs)).decode()},
            instance_id=performed.facts.instance_id,
            token_id=call.token_id,
            element_id=call.element_id,
            max_attempts=registry.get(call.name).max_attempts,
        )


def _thrown_jobs(performed: Performed) -> Iterator[JobOrder]:
    """Messages and signals leave the case as jobs of the same transaction; each is delivered in an act of its own."""
    source = performed.facts.instance_id
    for number, thrown in enumerate(performed.delta.thrown):
        if thrown.kind in ("message", "signal"):
            yield JobOrder(
                kind=thrown.kind,
                name=thrown.name,
                key=f"{thrown.kind}:{source}:{performed.number}:{number}",
                payload=message_payload(thrown.payload, correlation=thrown.correlation),
                instance_id=source,
                element_id=thrown.element_id,
            )


def message_payload(
    payload: Mapping[str, Any],
    *,
    correlation: str | None = None,
    instance_id: str | None = None,
    optional: bool = False,
) -> dict[str, Any]:
    """A message or signal on its way, as its job keeps it; `instance_id` is the one case it is for, if known.

    `optional`: that the case does not wait for it (any more) is no fault.
    """
    letter = {"payload": encode(dict(payload)).decode(), "correlation": correlation, "instance_id": instance_id}
    return {**letter, "optional": True} if optional else letter
