"""User tasks: who may do one, what is checked before a person acts on it, and the drafts of what they typed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, and_, bindparam, delete, exists, not_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from calendars import zone_of
from calendars.words import full_instant
from engine import authorisation
from engine.actors import Actor
from engine.acts.errors import TaskWithdrawnError
from engine.errors import InstanceNotActiveError, NotFoundError, StaleTaskError, TaskClosedError, TaskTakenError
from engine.expressions import EvaluationContext, evaluate
from engine.manifest import Manifest
from engine.people.memberships import EASTERNMOST
from engine.spiff import Element, OpenTask
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from models import Membership, TaskDraft, User, UserTask, metadata

if TYPE_CHECKING:
    from engine.acts.facts import Facts
    from engine.definitions import LoadedVersion

TASKS: Table = metadata.tables[str(UserTask.__tablename__)]
DRAFTS: Table = metadata.tables[str(TaskDraft.__tablename__)]
STARTER, COMPLETER = "starter", "completer:"
STATUS_WORDS = {
    "active": Text("berjalan", "active"),
    "suspended": Text("ditangguhkan", "suspended"),
    "completed": Text("selesai", "completed"),
    "cancelled": Text("dibatalkan", "cancelled"),
}
KEEP_DRAFTS = timedelta(days=90)
NOBODYS_INSTANSI = ""
"""The instansi of a task whose role is meant inside the case's instansi while that is not known yet: no one's."""


@dataclass(frozen=True)
class Placement:
    """Who may do a task: one person from the start, or the holders of a role; never the excluded ones."""

    role: str | None = None
    instansi_id: str | None = None
    assignee_id: str | None = None
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True)
class TaskRow:
    """A row of the inbox as an act holds it: locked, and as it is now."""

    id: str
    instance_id: str
    element_id: str
    name: str
    form: str | None
    role: str | None
    instansi_id: str | None
    excluded: list[str]
    assignee_id: str | None
    state: str
    version: int
    due_at: datetime | None
    closed_at: datetime | None
    closed_by: str | None

    @classmethod
    def names(cls) -> tuple[str, ...]:
        return tuple(f.name for f in fields(cls))


_READ = select(*(TASKS.c[name] for name in TaskRow.names())).where(TASKS.c.id == bindparam("key"))


def place(
    task: OpenTask, manifest: Manifest, facts: "Facts", names: Mapping[str, Any], context: EvaluationContext
) -> Placement:
    """Lane and properties of the element decide; an element's own `assign` goes before its lane's."""
    lane = manifest.lanes.get(task.lane) if task.lane else None
    assign = task.properties.get("assign") or (lane.assign if lane is not None else None)
    excluded = tuple(excluded_from(task, manifest, facts))
    if assign == STARTER:
        return Placement(assignee_id=facts.starter_id, excluded=excluded)
    role = lane.role if lane is not None else None
    scope = None
    if role is not None and lane is not None and lane.scope == "instansi":
        scope = facts.instansi_id or NOBODYS_INSTANSI
    person = None
    if assign and assign != "system":
        person = evaluate(assign, names, context)
    return Placement(role=role, instansi_id=scope, assignee_id=person or None, excluded=excluded)


def excluded_from(task: OpenTask | Element, manifest: Manifest, facts: "Facts") -> list[str]:
    """Ids of the people whom four-eyes rules of its lane or its own keep from a task."""
    lane = manifest.lanes.get(task.lane) if task.lane else None
    rules = [*(lane.exclude if lane is not None else ()), *listed(task.properties.get("exclude"))]
    return sorted(_people(rules, facts))


def listed(value: str | None) -> list[str]:
    """A comma list of a property."""
    return [part.strip() for part in (value or "").split(",") if part.strip()]


def _people(rules: Iterable[str], facts: "Facts") -> set[str]:
    people: set[str] = set()
    for rule in rules:
        if rule == STARTER and facts.starter_id is not None:
            people.add(facts.starter_id)
        elif rule.startswith(COMPLETER):
            people.update(facts.completers.get(rule.removeprefix(COMPLETER), ()))
    return people


_named_completers: dict[str, frozenset[str]] = {}
"""By version id: a version is its content, so this never grows old."""


def four_eyes_elements(version: "LoadedVersion") -> frozenset[str]:
    """Elements whose completers some rule of this version excludes: only theirs must be remembered."""
    found = _named_completers.get(version.id)
    if found is None:
        rules = [rule for lane in version.manifest.lanes.values() for rule in lane.exclude]
        for element in version.specs.elements.values():
            rules.extend(listed(element.properties.get("exclude")))
        found = frozenset(r.removeprefix(COMPLETER) for r in rules if r.startswith(COMPLETER))
        _named_completers[version.id] = found
    return found


# --- what a person may do --------------------------------------------------------------------------------------------


def check_open(unit: UnitOfWork, task: TaskRow, status: str, actor: Actor, zone: str) -> None:
    """Raise unless `actor` may act on this task now: authority first, then whether it is still there to be done."""
    check_authority(unit, task, actor)
    if task.state in ("completed", "cancelled"):
        raise closed_error(unit, task, zone)
    if status != "active":
        raise InstanceNotActiveError(status=STATUS_WORDS[status])
    if task.assignee_id is not None and task.assignee_id != actor.user_id:
        raise TaskTakenError(who=name_of(unit, task.assignee_id))


def check_authority(unit: UnitOfWork, task: TaskRow, actor: Actor) -> None:
    """Raise unless the task is for `actor`; to somebody who may not even see the case it does not exist."""
    try:
        authorisation.may_take(task, actor)
    except (authorisation.NotCandidateError, authorisation.RoleLapsedError):
        if not authorisation.may_see_case_of(unit, actor, task.instance_id):
            raise NotFoundError from None
        raise


def closed_error(unit: UnitOfWork, task: TaskRow, zone: str) -> TaskClosedError:
    """Says who was first and when, in the case's zone."""
    at = Text()
    if task.closed_at is not None:
        local = task.closed_at.astimezone(zone_of(zone))
        at = Text(full_instant(local, "id"), full_instant(local, "en"))
    error = TaskClosedError if task.state == "completed" else TaskWithdrawnError
    return error(who=name_of(unit, task.closed_by), at=at, instant=task.closed_at)


def check_version(unit: UnitOfWork, task: TaskRow, version: int | None) -> None:
    """Raise StaleTaskError when the task changed hands after the page with `version` was opened."""
    if version is not None and version != task.version:
        raise StaleTaskError(who=name_of(unit, task.assignee_id))


def read_task(unit: UnitOfWork, task_id: str) -> TaskRow:
    """A task's row, not locked."""
    row = unit.connection.execute(_READ, {"key": task_id}).first()
    if row is None:
        raise NotFoundError
    return TaskRow(**row._mapping)  # noqa: SLF001 -- SQLAlchemy's public name for it


def hand(unit: UnitOfWork, task: TaskRow, to: str | None) -> int:
    """Give a locked task to a person (None: back to its group); returns its new version."""
    mine = update(TASKS).where(TASKS.c.id == task.id)
    unit.connection.execute(mine.values(assignee_id=to, version=task.version + 1))
    return task.version + 1


def held_without_office(unit: UnitOfWork, now: datetime) -> list[str]:
    """Open tasks of a role whose holder may not hold it today, by the day that ends first; a holder's own zone, and
    so the last word, is for the caller to look at."""
    first_over = now.astimezone(zone_of(EASTERNMOST)).date()
    office = exists().where(
        col(Membership.user_id) == TASKS.c.assignee_id,
        col(Membership.role) == TASKS.c.role,
        or_(
            col(Membership.instansi_id).is_(None),
            TASKS.c.instansi_id.is_(None),
            col(Membership.instansi_id) == TASKS.c.instansi_id,
        ),
        col(Membership.state) == "active",
        or_(col(Membership.valid_until).is_(None), col(Membership.valid_until) >= first_over),
    )
    active = exists().where(col(User.id) == TASKS.c.assignee_id, col(User.state) == "active")
    held = and_(TASKS.c.state == "open", TASKS.c.assignee_id.is_not(None), TASKS.c.role.is_not(None))
    statement = select(TASKS.c.id).where(held, not_(and_(office, active))).limit(500)
    return [str(task_id) for task_id in unit.connection.execute(statement).scalars()]


def name_of(unit: UnitOfWork, user_id: str | None) -> str:
    """The name that others see; a dash for nobody."""
    if user_id is None:
        return "–"
    found = unit.connection.execute(select(col(User.name)).where(col(User.id) == user_id)).scalar()
    return found or "–"


# --- drafts ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Draft:
    """What one person typed in one task, and when it was kept."""

    data: dict[str, Any]
    saved_at: datetime


def draft_of(unit: UnitOfWork, task_id: str, user_id: str) -> Draft | None:
    """This person's draft of this task. It outlives the task: what the second of two people typed is not lost."""
    row = unit.connection.execute(
        select(DRAFTS.c.data, DRAFTS.c.saved_at).where(DRAFTS.c.task_id == task_id, DRAFTS.c.user_id == user_id)
    ).first()
    return None if row is None else Draft(row.data, row.saved_at)


def keep_draft(unit: UnitOfWork, task_id: str, user_id: str, data: Mapping[str, Any], now: datetime) -> None:
    """Keep what was typed, over what was kept before."""
    values = {"task_id": task_id, "user_id": user_id, "data": plain(data), "saved_at": now}
    unit.connection.execute(_KEEP[unit.connection.dialect.name], values)


def forget_drafts(unit: UnitOfWork, now: datetime) -> int:
    """Housekeeping, so that typed personal data does not lie about: drafts of what was submitted, and very old ones."""
    submitted = select(TASKS.c.id).where(TASKS.c.id == DRAFTS.c.task_id, TASKS.c.closed_by == DRAFTS.c.user_id)
    forgotten = delete(DRAFTS).where(or_(DRAFTS.c.saved_at < now - KEEP_DRAFTS, submitted.exists()))
    return unit.connection.execute(forgotten).rowcount


def plain(value: Any) -> Any:
    """As JSON keeps it: a draft is shown again in its form, so dates and numbers go back to what is typed."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def _keep_statement(dialect: Any) -> Any:
    statement = dialect.insert(DRAFTS)
    written = {"data": statement.excluded.data, "saved_at": statement.excluded.saved_at}
    return statement.on_conflict_do_update(index_elements=["task_id", "user_id"], set_=written)


_KEEP = {"sqlite": _keep_statement(sqlite), "postgresql": _keep_statement(postgresql)}
