"""What the auditor's list of cases reads: each function is one statement, by an index wherever there is one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, literal, or_, select, text
from sqlmodel import col

from calendars import zone_of
from calendars.zones import DEFAULT_ZONE, local_instant
from engine.actors import Actor
from engine.authorisation import audited
from engine.looking.rules import DUE
from engine.programmes import calendar_owner
from engine.unit_of_work import UnitOfWork
from models import (
    CaseProof,
    Definition,
    HistoryEvent,
    Instance,
    Instansi,
    Letter,
    LookedBreak,
    Participant,
    Programme,
    User,
    UserTask,
)
from models.history import INTERVENTIONS
from web.audit.find.filters import Filters
from web.paging import Key, Page, fetch_page

MOST_COUNTED = 10_000
"""More than that are “more than that”: counting all would cost more than reading a page."""
MOST_CHOSEN = 10_000
EXPORT_LIMIT = 10_000
_LATE = text("closed_at > due_at")
_INTERVENED = text(f"kind IN ({', '.join(repr(kind) for kind in INTERVENTIONS)})")
"""Both word for word as the partial indexes say it, which are not used otherwise."""
_ID = Key(col(Instance.id), "id")
_ORDERS: dict[str, tuple[Key, ...]] = {
    "terbaru": (Key(col(Instance.started_at), "started_at", descending=True), Key(col(Instance.id), "id", True)),
    "terlama": (Key(col(Instance.started_at), "started_at"), _ID),
    "selesai": (Key(col(Instance.ended_at), "ended_at", descending=True), Key(col(Instance.id), "id", True)),
    "nomor": (Key(col(Instance.number), "number"),),
}


@dataclass(frozen=True)
class Marks:
    """What one sees of the cases of a page beside their rows."""

    late: dict[str, timedelta]
    """How late the latest task is, or was."""
    interventions: dict[str, list[str]]
    """Kinds of events by which somebody stepped in."""
    broken: set[str]
    """Cases that broke a rule of their procedure other than a deadline, which is lateness."""
    proofs: dict[str, list[Row[Any]]]


def page(unit: UnitOfWork, actor: Actor, filters: Filters, now: datetime, *, size: int = 25) -> Page:
    query = _rows().where(*conditions(unit, actor, filters, now))
    keys = _ORDERS[filters.order]
    return fetch_page(unit.connection, query, keys, after=filters.after, before=filters.before, size=size)


def export_rows(unit: UnitOfWork, actor: Actor, filters: Filters, now: datetime) -> Sequence[Row[Any]]:
    """All cases of the list, at most EXPORT_LIMIT."""
    query = _rows().where(*conditions(unit, actor, filters, now)).order_by(*_ordered(filters))
    return unit.connection.execute(query.limit(EXPORT_LIMIT)).all()


def count(unit: UnitOfWork, actor: Actor, filters: Filters, now: datetime) -> int:
    """How many there are; MOST_COUNTED + 1 where there are more."""
    found = select(col(Instance.id)).where(*conditions(unit, actor, filters, now)).limit(MOST_COUNTED + 1)
    return unit.connection.execute(select(func.count()).select_from(found.subquery())).scalar_one()


def ids(unit: UnitOfWork, actor: Actor, filters: Filters, now: datetime) -> list[str]:
    """Every case of the list, at most MOST_CHOSEN."""
    query = select(col(Instance.id)).where(*conditions(unit, actor, filters, now)).order_by(*_ordered(filters))
    return list(unit.connection.execute(query.limit(MOST_CHOSEN)).scalars())


def ids_of(unit: UnitOfWork, actor: Actor, numbers: Iterable[str]) -> list[str]:
    """Of cases named by their numbers, those that this auditor may look at."""
    query = select(col(Instance.id)).where(col(Instance.number).in_(list(numbers)[:MOST_CHOSEN]), audited(actor))
    return list(unit.connection.execute(query.order_by(col(Instance.number))).scalars())


def conditions(unit: UnitOfWork, actor: Actor, filters: Filters, now: datetime) -> list[ColumnElement[bool]]:
    """Everything that a case on the list fulfils."""
    found = [audited(actor)]
    equal = ((Instance.definition_key, filters.process), (Instance.programme_id, filters.programme),
             (Instance.instansi_id, filters.instansi), (Instance.status, filters.state))  # fmt: skip
    found += [col(column) == value for column, value in equal if value]
    if filters.reference:
        found.append(_reference(filters.reference))
    if filters.person:
        found.append(_person(filters.person))
    if filters.since:
        found.append(col(Instance.started_at) >= _midnight(filters.since))
    if filters.until:
        found.append(col(Instance.started_at) < _midnight(filters.until + timedelta(days=1)))
    if filters.late:
        found.append(_late(unit, int(filters.late), now))
    if filters.deviation:
        found.append(_deviation(filters.deviation))
    if filters.order == "selesai":
        found.append(col(Instance.ended_at).is_not(None))
    return found


def marks(unit: UnitOfWork, instance_ids: Sequence[str], now: datetime) -> Marks:
    """Lateness, interventions and proofs of the cases of one page."""
    ended = func.coalesce(col(UserTask.closed_at), now)
    tasks = select(UserTask.instance_id, UserTask.due_at, UserTask.closed_at).where(
        col(UserTask.instance_id).in_(instance_ids), col(UserTask.due_at) < ended
    )
    late: dict[str, timedelta] = {}
    for task in unit.connection.execute(tasks):
        by = (task.closed_at or now) - task.due_at
        late[task.instance_id] = max(by, late.get(task.instance_id, by))
    events = select(HistoryEvent.instance_id, HistoryEvent.kind).distinct().where(
        col(HistoryEvent.instance_id).in_(instance_ids), _INTERVENED
    )  # fmt: skip
    interventions: dict[str, list[str]] = {}
    for event in unit.connection.execute(events.order_by(HistoryEvent.kind)):
        interventions.setdefault(event.instance_id, []).append(event.kind)
    broke = _broke().where(col(LookedBreak.instance_id).in_(instance_ids)).distinct()
    broken = set(unit.connection.execute(broke).scalars())
    return Marks(late, interventions, broken, proofs(unit, instance_ids))


def proofs(unit: UnitOfWork, instance_ids: Sequence[str]) -> dict[str, list[Row[Any]]]:
    """How each of these cases stood when it was proved last."""
    known = select(CaseProof.instance_id, CaseProof.kind, CaseProof.run_id, CaseProof.at, CaseProof.events,
                   CaseProof.findings).where(col(CaseProof.instance_id).in_(instance_ids))  # fmt: skip
    found: dict[str, list[Row[Any]]] = {}
    for proof in unit.connection.execute(known.order_by(CaseProof.instance_id, col(CaseProof.kind).desc())):
        found.setdefault(proof.instance_id, []).append(proof)
    return found


def processes(unit: UnitOfWork) -> Sequence[Row[Any]]:
    return unit.connection.execute(select(Definition.key, Definition.title).order_by(Definition.title)).all()


def programmes(unit: UnitOfWork) -> Sequence[Row[Any]]:
    """The latest first."""
    known = select(Programme.id, Programme.title_id, Programme.title_en, Programme.period)
    return unit.connection.execute(known.order_by(col(Programme.opens_at).desc(), Programme.key).limit(200)).all()


def agencies(unit: UnitOfWork) -> Sequence[Row[Any]]:
    """Those that have cases."""
    with_cases = select(col(Instance.instansi_id)).distinct()
    known = select(Instansi.id, Instansi.name).where(col(Instansi.id).in_(with_cases))
    return unit.connection.execute(known.order_by(Instansi.name)).all()


def _rows() -> Select[Any]:
    return (
        select(
            Instance.id, Instance.number, Instance.title, Instance.status, Instance.outcome, Instance.stage,
            Instance.stage_element, Instance.definition_key, Instance.version_id, Instance.zone, Instance.instansi_id,
            calendar_owner(), Instance.started_at, Instance.ended_at, Instance.event_count,
            col(Definition.title).label("process"), col(Instansi.name).label("instansi"),
            literal("").label("starter_name"),
        )
        .join(Definition, col(Definition.key) == Instance.definition_key)
        .outerjoin(Instansi, col(Instansi.id) == Instance.instansi_id)
    )  # fmt: skip


def _ordered(filters: Filters) -> list[ColumnElement[Any]]:
    return [key.column.desc() if key.descending else key.column.asc() for key in _ORDERS[filters.order]]


def _reference(reference: str) -> ColumnElement[bool]:
    """A case by its number or the beginning of it, or by the number of a letter in it. Not by its title, which names
    people: whoever looks for a person does so openly."""
    number = reference.upper()
    letters = select(col(Letter.instance_id)).where(col(Letter.number) == reference)
    return or_(col(Instance.number).between(number, f"{number}~"), col(Instance.id).in_(letters))


def _person(person: str) -> ColumnElement[bool]:
    """Cases that somebody began, or worked on, or that are about them."""
    kind, _dash, ident = person.partition("-")
    if kind == "p":
        same = select(col(Participant.nip)).where(col(Participant.id) == ident)
        return col(Instance.id).in_(select(col(Participant.id)).where(col(Participant.nip).in_(same)))
    nip = select(col(User.nip)).where(col(User.id) == ident, col(User.nip).is_not(None))
    return or_(
        col(Instance.starter_id) == ident,
        col(Instance.id).in_(select(col(UserTask.instance_id)).where(col(UserTask.assignee_id) == ident)),
        col(Instance.id).in_(select(col(UserTask.instance_id)).where(col(UserTask.closed_by) == ident)),
        col(Instance.id).in_(select(col(Participant.id)).where(col(Participant.nip).in_(nip))),
    )


def _late(unit: UnitOfWork, days: int, now: datetime) -> ColumnElement[bool]:
    """A task was done after its deadline, or one that is open has passed it."""
    done = select(col(UserTask.instance_id)).where(_LATE, _longer(unit, days))
    waiting = exists().where(
        col(UserTask.instance_id) == Instance.id,
        col(UserTask.state).in_(("open", "suspended")),
        col(UserTask.due_at) < now - timedelta(days=days),
    )
    return or_(col(Instance.id).in_(done), and_(col(Instance.status).in_(("active", "suspended")), waiting))


def _longer(unit: UnitOfWork, days: int) -> ColumnElement[bool]:
    if unit.is_postgresql:
        return col(UserTask.closed_at) - col(UserTask.due_at) > timedelta(days=days)
    return func.julianday(col(UserTask.closed_at)) - func.julianday(col(UserTask.due_at)) > days


def _deviation(name: str) -> ColumnElement[bool]:
    if name == "intervensi":
        return col(Instance.id).in_(select(col(HistoryEvent.instance_id)).where(_INTERVENED))
    if name == "aturan":
        return col(Instance.id).in_(_broke())
    if name == "pembuktian":
        return col(Instance.id).in_(select(col(CaseProof.instance_id)).where(col(CaseProof.findings) > 0))
    if name == "belum":
        return ~exists().where(col(CaseProof.instance_id) == Instance.id)
    return literal(value=False)


def _broke() -> Select[Any]:
    """What the analyses found of rules that were broken (engine.looking); a missed deadline is lateness here."""
    return select(col(LookedBreak.instance_id)).where(col(LookedBreak.rule) != DUE)


def _midnight(day: date) -> datetime:
    return local_instant(day, time(), zone_of(DEFAULT_ZONE))
