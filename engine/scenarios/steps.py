"""Doing one `when` through the real runner. A refusal is an outcome, not an error: the next `then` may expect it."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from engine.actors import SYSTEM
from engine.errors import AlurError
from engine.scenarios.activation import activate
from engine.scenarios.filling import Filling, plain
from engine.scenarios.model import Activate, Cancel, Complete, Pretend, Send, Start, Wait, When
from engine.scenarios.outcome import StepError
from engine.scenarios.pretending import pretended
from engine.scenarios.words import ALIASES
from engine.scenarios.world import World
from engine.texts import Text
from models import UserTask


def perform(world: World, when: When) -> AlurError | None:
    """Do it; returns the refusal, if it was refused."""
    try:
        _do(world, when)
    except AlurError as refusal:
        return refusal
    world.settle()
    return None


def perform_at_once(world: World, steps: tuple[When, ...]) -> Iterator[tuple[When, AlurError | None]]:
    """Each fills in what all see before the first submits; then they submit in order, with what they saw."""
    seen = [_prepared(world, step) for step in steps]
    for step, submit in zip(steps, seen, strict=True):
        try:
            submit()
        except AlurError as refusal:
            yield step, refusal
        else:
            yield step, None
    world.settle()


def _prepared(world: World, when: When) -> Callable[[], object]:
    action = when.action
    if not isinstance(action, Complete):
        return partial(_do, world, when)
    case = world.chosen_case(when.case, when.line)
    task = find_task(world, case, action.who, action.task, when.line)
    submitted, actor = _submitted(world, action, case, task), world.actor(action.who)
    return partial(world.runner.complete, task.id, actor, submitted, task.version)


def _do(world: World, when: When) -> None:
    action = when.action
    if isinstance(action, Start):
        _start(world, action, when.line)
    elif isinstance(action, Wait):
        _wait(world, action, when.line)
    elif isinstance(action, Complete):
        _complete(world, action, when)
    elif isinstance(action, Activate):
        world.case = activate(world, action.who, when.line)
    elif isinstance(action, Cancel):
        world.runner.cancel(world.chosen_case(when.case, when.line), world.actor(action.who), action.reason)
    elif isinstance(action, Pretend):
        pretended(world.registry, action, when.line)
    else:
        _send(world, action, when)


def _wait(world: World, action: Wait, line: int) -> None:
    now = world.clock.now()
    until = action.until or (now + action.span if action.span else now)
    if until < now:
        words = Text("waktu tidak dapat mundur: langkah sebelumnya sudah lebih lambat", "time cannot go back")
        raise StepError(line, words)
    world.wait_until(until)


def _told(world: World, value: Any, line: int) -> Any:
    """Data as the engine gets it: `{kasus: Budi}` stands for the id of that case, `{akun: Budi}` of that account."""
    if isinstance(value, list):
        return [_told(world, item, line) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and (word := next(iter(value))) in ALIASES["case"]:
        return world.case_called(str(value[word]), line)
    if len(value) == 1 and (word := next(iter(value))) in ALIASES["account"] and value[word] in world.people:
        return world.people[value[word]]
    return {name: _told(world, item, line) for name, item in value.items()}


def _complete(world: World, action: Complete, when: When) -> None:
    for case in _cases(world, action, when):
        task = find_task(world, case, action.who, action.task, when.line)
        world.runner.complete(task.id, world.actor(action.who), _submitted(world, action, case, task))


def _cases(world: World, action: Complete, when: When) -> list[str]:
    """The case meant; with a `*` in its key, each in which the task is open: what is done alike is said once."""
    if when.case is None or "*" not in when.case:
        return [world.chosen_case(when.case, when.line)]
    named = (col(UserTask.name) == action.task) | (col(UserTask.element_id) == action.task)
    with_it = {t.instance_id for t in world.rows(select(UserTask).where(named, col(UserTask.state) == "open"))}
    found = [case for case in world.cases_like(when.case) if case in with_it]
    if not found:
        words = Text("tidak ada kasus “{key}” dengan tugas itu", "no case “{key}” has that task")
        raise StepError(when.line, words.filled(key=when.case))
    world.case = found[-1]
    return found


def _start(world: World, action: Start, line: int) -> None:
    instansi = world.agency_id(action.instansi, line)
    actor, data = world.actor(action.who), _told(world, plain(action.data), line)
    key = world.process_key(action.process, line)
    world.case = world.runner.start(key, actor, data=data, instansi_id=instansi, programme_id=world.programme_for(key))
    world.cases[action.who] = world.case
    world.cases[world.ordinal(action.who)] = world.case
    if action.called:
        world.cases[action.called] = world.case


def _submitted(world: World, action: Complete, case: str, task: UserTask) -> dict[str, Any]:
    """What a browser would send: the task's form as it is shown, with the entries over it."""
    form = world.version_of(case).forms.get(task.form) if task.form else None
    if form is None:
        return plain(action.fill)
    data = world.data(case, task.id if task.state == "open" else None)
    with world.database.write() as unit:
        attach = partial(world.attach, unit, task.id, action.who)
        return Filling(data, world.registry.fields.bound(unit), attach).of_form(form, action.fill)


def find_task(world: World, case: str, who: str, name: str, line: int) -> UserTask:
    """The open task so called (by name or id), of several the person's own; else the one closed last, so that a refusal
    can be told."""
    person = world.people.get(who)
    tasks: list[UserTask] = world.rows(
        select(UserTask)
        .where(col(UserTask.instance_id) == case)
        .order_by(
            col(UserTask.state) != "open",
            func.coalesce(col(UserTask.assignee_id), "") != person,
            col(UserTask.assignee_id).is_not(None),
            col(UserTask.closed_at).desc(),
            col(UserTask.created_at),
        )
    )
    named = [t for t in tasks if name in (t.name, t.element_id)]
    if named:
        return named[0]
    open_now = ", ".join(f"“{t.name}”" for t in tasks if t.state == "open") or "–"
    raise StepError(
        line, Text(f"tidak ada tugas “{name}”; yang terbuka: {open_now}", f"no task “{name}”; open ones: {open_now}")
    )


def _send(world: World, action: Send, when: When) -> None:
    payload = _told(world, plain(action.payload), when.line)
    if action.kind == "signal":
        world.runner.broadcast(action.name, SYSTEM, payload)
        return
    key = world.people.get(action.correlation or "", action.correlation)
    # A message with a key finds its case by it, unless the case is named.
    case = world.chosen_case(when.case, when.line) if when.case else None if key else world.case
    world.case = world.runner.correlate(action.name, SYSTEM, payload, instance_id=case, correlation=key)
