"""Moving a case to another version: what the act is told, the facts it goes on with, and the rows of what stays open.

People's tasks keep their id, their holder, what was typed in them and when they are due; a timer keeps its instant.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Table, bindparam, select, update

from engine.acts.cases import Case
from engine.acts.facts import Facts
from engine.acts.perform import Opened, Performed
from engine.acts.rows import DEADLINES, JOBS, TASKS, due_id
from engine.definitions import LoadedVersion
from engine.history import Kind
from engine.history.journal import EVENTS
from engine.human_tasks import four_eyes_elements
from engine.unit_of_work import UnitOfWork
from models import Incident, metadata

INCIDENTS: Table = metadata.tables[str(Incident.__tablename__)]
STAGE_LENGTH = 300


def inputs_of(
    unit: UnitOfWork, case: Case, version: LoadedVersion, renamed: Mapping[str, str], reason: str
) -> dict[str, Any]:
    """Everything the act is told. What only the tables know is told with it, so that a replay need not ask them."""
    own = (TASKS.c.instance_id == case.facts.instance_id) & (TASKS.c.state == "open")
    undue = select(TASKS.c.id).where(own, TASKS.c.due_at.is_(None)).order_by(TASKS.c.id)
    return {
        "version": version.id,
        "renamed": dict(sorted(renamed.items())),
        "completers": _completers(unit, case.facts, version, renamed),
        "without_due": list(unit.connection.execute(undue).scalars()),
        "reason": reason,
    }


def _completers(
    unit: UnitOfWork, facts: Facts, version: LoadedVersion, renamed: Mapping[str, str]
) -> dict[str, list[str]]:
    """Who completed what a four-eyes rule of the new version names; the old one may have had no need to remember."""
    wanted = four_eyes_elements(version)
    if not wanted:
        return {}
    moves = [*_earlier_moves(unit, facts.instance_id), (None, renamed)]
    done = select(TASKS.c.element_id, TASKS.c.closed_by, TASKS.c.closed_at).where(
        TASKS.c.instance_id == facts.instance_id, TASKS.c.state == "completed", TASKS.c.closed_by.is_not(None)
    )
    found: dict[str, set[str]] = {}
    for task in unit.connection.execute(done):
        name = task.element_id
        for at, names in moves:
            if at is None or at >= task.closed_at:
                name = names.get(name, name)
        if name in wanted:
            found.setdefault(name, set()).add(task.closed_by)
    return {name: sorted(people) for name, people in sorted(found.items())}


def _earlier_moves(unit: UnitOfWork, instance_id: str) -> list[tuple[Any, Mapping[str, str]]]:
    moves = (EVENTS.c.instance_id == instance_id) & (EVENTS.c.kind == str(Kind.CASE_MIGRATED))
    found = unit.connection.execute(select(EVENTS.c.at, EVENTS.c.detail).where(moves).order_by(EVENTS.c.seq))
    return [(row.at, row.detail.get("renamed", {})) for row in found]


def facts_after(facts: Facts, version: LoadedVersion, inputs: Mapping[str, Any]) -> Facts:
    """The facts that a case goes on with: the same case, its elements called as the new version calls them."""
    renamed: Mapping[str, str] = inputs["renamed"]
    completers: dict[str, list[str]] = {}
    for element, people in facts.completers.items():
        completers.setdefault(renamed.get(element, element), []).extend(people)
    for element, people in inputs["completers"].items():
        completers.setdefault(element, []).extend(people)
    moved = replace(
        facts,
        version_id=version.id,
        completers={element: sorted(set(people)) for element, people in completers.items()},
    )
    return _with_stage(moved, version, renamed)


def _with_stage(facts: Facts, version: LoadedVersion, renamed: Mapping[str, str]) -> Facts:
    """The status line as the new version words it; one it does not have any more is still true."""
    name = facts.stage_element
    element = version.specs.elements.get(renamed.get(name, name)) if name is not None else None
    words = None if element is None else element.properties.get("stage")
    if element is None or words is None:
        return replace(facts, stage_element=None)
    return replace(facts, stage=words[:STAGE_LENGTH], stage_element=element.id)


# --- rows ------------------------------------------------------------------------------------------------------------


def write_moved(unit: UnitOfWork, performed: Performed, before: LoadedVersion) -> None:
    """The rows of what stayed open, as the new version knows it. Drafts hang on the task's id, and stay."""
    _write_tasks(unit, performed.moved, before, performed.version)
    named = [(due_id(o.task.id), o.task.element_id, o.task.name) for o in performed.moved]
    named += [(wait.token_id, wait.element_id, wait.name) for wait in performed.delta.timers_moved]
    _rename_deadlines(unit, named)
    renamed: Mapping[str, str] = performed.command.inputs["renamed"]
    for old, new in renamed.items():
        for table in (JOBS, INCIDENTS):
            of_it = (table.c.instance_id == performed.facts.instance_id) & (table.c.element_id == old)
            unit.connection.execute(update(table).where(of_it).values(element_id=new))


def _write_tasks(unit: UnitOfWork, moved: Sequence[Opened], before: LoadedVersion, after: LoadedVersion) -> None:
    if not moved:
        return
    wanted = ("id", "role", "assignee_id", "form", "version", "due_at")
    found = select(*(TASKS.c[name] for name in wanted)).where(TASKS.c.id.in_([o.task.id for o in moved]))
    rows = {row.id: row for row in unit.connection.execute(found)}
    values = [_values(opened, rows[opened.task.id], before, after) for opened in moved if opened.task.id in rows]
    names = [name for name in values[0] if name != "b_id"] if values else []
    if values:
        statement = update(TASKS).where(TASKS.c.id == bindparam("b_id"))
        unit.connection.execute(statement.values({name: bindparam(name) for name in names}), values)


def _values(opened: Opened, row: Any, before: LoadedVersion, after: LoadedVersion) -> dict[str, Any]:
    task, placement = opened.task, opened.placement
    form = task.properties.get("form")
    holder = holder_after(row.role, row.assignee_id, placement.role, placement.assignee_id)
    if placement.role is not None and holder in placement.excluded:
        holder = None
    # who has the page open is told of it only where something on the page is not as it was
    same_page = holder == row.assignee_id and _form_of(before, row.form) == _form_of(after, form)
    return {
        "b_id": task.id,
        "element_id": task.element_id,
        "name": task.name[:300],
        "lane": task.lane,
        "form": form,
        "role": placement.role,
        "instansi_id": placement.instansi_id,
        "excluded": list(placement.excluded),
        "assignee_id": holder,
        "version": row.version if same_page else row.version + 1,
        "due_at": row.due_at if opened.due is None else opened.due.at,
    }


def holder_after(role: str | None, holder: str | None, new_role: str | None, placed: str | None) -> str | None:
    """Whoever has taken a task of a group keeps it, as long as it is that group's."""
    return holder if role is not None and role == new_role else placed


def _form_of(version: LoadedVersion, form: str | None) -> bytes | None:
    return None if form is None else version.files.get(f"forms/{form}.json")


def _rename_deadlines(unit: UnitOfWork, named: Iterable[tuple[str, str, str]]) -> None:
    values = [{"b_id": ident, "b_element": element, "b_name": name[:300]} for ident, element, name in named]
    if values:
        statement = update(DEADLINES).where(DEADLINES.c.id == bindparam("b_id"))
        unit.connection.execute(statement.values(element_id=bindparam("b_element"), name=bindparam("b_name")), values)
