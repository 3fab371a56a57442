"""What the lists of work read: counts, groups and pages of a queue, each in one statement however long it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, func, or_, select
from sqlmodel import col

from engine.actors import Actor
from engine.authorisation import candidates, mine
from engine.programmes import calendar_owner
from models import Booking, ExamSchedule, Instance, Instansi, Participant, Programme, User, UserTask
from web.lkpp.queues import Queue
from web.paging import Key, Page, fetch_page
from web.search import anywhere

VIEWS = ("semua", "saya", "terlambat")
LIVE = ("booked", "waiting")
NO_SCHEDULE = "tanpa"
"""In an address: participants who have no seat yet."""
EXPORT_LIMIT = 10_000

KEYS = (
    Key(col(UserTask.due_at), "due_at", nullable=True),
    Key(col(UserTask.created_at), "created_at"),
    Key(col(UserTask.id), "id"),
)


@dataclass(frozen=True)
class Filters:
    """What the address of a list of work asks for."""

    view: str = "semua"
    schedule: str = ""
    instansi: str = ""
    programme: str = ""
    text: str = ""
    after: str | None = None
    before: str | None = None

    @classmethod
    def from_arguments(cls, arguments: Any) -> "Filters":
        view = arguments.get("saring", "")
        return cls(
            view=view if view in VIEWS else "semua",
            schedule=arguments.get("jadwal", "")[:32],
            instansi=arguments.get("instansi", "")[:32],
            programme=arguments.get("program", "")[:80],
            text=arguments.get("q", "").strip()[:100],
            after=arguments.get("sesudah"),
            before=arguments.get("sebelum"),
        )

    def arguments(self, **changes: Any) -> dict[str, str]:
        """As query arguments, defaults left out; a changed filter starts at the first page again."""
        chosen = replace(self, after=None, before=None, **changes)
        named = {
            "saring": chosen.view if chosen.view != "semua" else "",
            "jadwal": chosen.schedule,
            "instansi": chosen.instansi,
            "program": chosen.programme,
            "q": chosen.text,
        }
        return {name: value for name, value in named.items() if value}

    @property
    def narrowed(self) -> bool:
        return bool(self.text or self.schedule or self.instansi or self.programme)


def tally(connection: Connection, queues: Iterable[Queue], actor: Actor, now: datetime) -> dict[str, Row[Any]]:
    """By queue: how much waits, is late, is this person's; and what is due next. One statement for all queues."""
    wanted = list(queues)
    if not wanted:
        return {}
    query = (
        select(UserTask.definition_key, UserTask.element_id, *_sums(actor, now))
        .where(_open(), or_(*(_of(queue) for queue in wanted)))
        .group_by(UserTask.definition_key, UserTask.element_id)
    )
    found = {(row.definition_key, row.element_id): row for row in connection.execute(query)}
    return {q.key: found[q.process, q.element] for q in wanted if (q.process, q.element) in found}


def by_schedule(
    connection: Connection, queue: Queue, actor: Actor, now: datetime, *, programme: str = ""
) -> list[Row[Any]]:
    """Per schedule: what waits, nearest closing first; those without a seat last. One statement."""
    named = (ExamSchedule.id, ExamSchedule.name, ExamSchedule.method, ExamSchedule.kind, ExamSchedule.zone)
    dates = (ExamSchedule.starts_at, ExamSchedule.closes_at, ExamSchedule.state)
    query = (
        _grouped(queue, actor, now, (*named, *dates), programme)
        .order_by(col(ExamSchedule.closes_at).asc().nulls_last(), ExamSchedule.id)
        .limit(500)
    )
    return list(connection.execute(query))


def by_instansi(
    connection: Connection, queue: Queue, actor: Actor, now: datetime, *, programme: str = ""
) -> list[Row[Any]]:
    """Per instansi: what waits, in the order of its first deadline. One statement."""
    query = _grouped(queue, actor, now, (Instansi.id, Instansi.name), programme)
    first = func.min(col(UserTask.due_at))
    return list(connection.execute(query.order_by(first.asc().nulls_last(), Instansi.name).limit(1000)))


def page(
    connection: Connection, queue: Queue, actor: Actor, filters: Filters, now: datetime, *, size: int = 50
) -> Page:
    query = filtered(queue, actor, filters, now)
    return fetch_page(connection, query, KEYS, after=filters.after, before=filters.before, size=size)


def export_rows(connection: Connection, queue: Queue, actor: Actor, filters: Filters, now: datetime) -> list[Row[Any]]:
    return list(connection.execute(filtered(queue, actor, filters, now).order_by(*_order()).limit(EXPORT_LIMIT)))


def doable(connection: Connection, queue: Queue, actor: Actor, filters: Filters, now: datetime) -> list[str]:
    """Tasks of the list that this person has or may take, in its order: what a batch goes through."""
    query = filtered(queue, actor, filters, now).where(or_(mine(actor), candidates(actor)))
    only_ids = query.with_only_columns(col(UserTask.id), maintain_column_froms=True)
    return [str(found) for found in connection.execute(only_ids.order_by(*_order()).limit(EXPORT_LIMIT)).scalars()]


def nearest(connection: Connection, queues: Sequence[Queue], actor: Actor, *, limit: int = 8) -> list[Row[Any]]:
    """Of all one's kinds of work, what is due first and can be done now."""
    if not queues:
        return []
    query = _tasks(queues).where(or_(mine(actor), candidates(actor)), col(UserTask.due_at).is_not(None))
    return list(connection.execute(query.order_by(*_order()).limit(limit)))


def filtered(queue: Queue, actor: Actor, filters: Filters, now: datetime) -> Select[Any]:
    """The open tasks of a queue that the filters leave, with what a row shows."""
    query = _tasks([queue]).where(*_conditions(filters, actor, now))
    if filters.programme:
        query = query.where(_in_programme(filters.programme))
    return query


def _tasks(queues: Sequence[Queue]) -> Select[Any]:
    return (
        select(
            UserTask.id,
            UserTask.name,
            UserTask.element_id,
            UserTask.case_title,
            UserTask.due_at,
            UserTask.created_at,
            UserTask.assignee_id,
            UserTask.instance_id,
            UserTask.definition_key,
            Instance.number,
            Instance.zone,
            Instance.version_id,
            calendar_owner(),
            col(Instansi.name).label("instansi"),
            col(User.name).label("assignee_name"),
            col(Participant.name).label("participant"),
            Participant.nip,
            Participant.jenjang,
            col(ExamSchedule.id).label("schedule_id"),
            col(ExamSchedule.name).label("schedule"),
            ExamSchedule.closes_at,
        )
        .outerjoin(Participant, col(Participant.id) == UserTask.instance_id)
        .outerjoin(Booking, _seat())
        .outerjoin(ExamSchedule, col(ExamSchedule.id) == Booking.schedule_id)
        .join(Instance, col(Instance.id) == UserTask.instance_id)
        .outerjoin(Instansi, col(Instansi.id) == Instance.instansi_id)
        .outerjoin(User, col(User.id) == UserTask.assignee_id)
        .where(_open(), or_(*(_of(queue) for queue in queues)))
    )


def _conditions(filters: Filters, actor: Actor, now: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.view == "saya":
        found.append(mine(actor))
    elif filters.view == "terlambat":
        found.append(col(UserTask.due_at) < now)
    if filters.schedule:
        none = filters.schedule == NO_SCHEDULE
        found.append(col(ExamSchedule.id).is_(None) if none else col(ExamSchedule.id) == filters.schedule)
    if filters.instansi:
        found.append(col(Instance.instansi_id) == filters.instansi)
    if filters.text:
        searched = (UserTask.case_title, Instance.number, Instansi.name, Participant.name, Participant.nip)
        found.append(anywhere(filters.text, *searched))
    return found


def _grouped(queue: Queue, actor: Actor, now: datetime, columns: tuple[Any, ...], programme: str) -> Select[Any]:
    query = (
        select(*columns, *_sums(actor, now))
        .select_from(UserTask)
        .join(Instance, col(Instance.id) == UserTask.instance_id)
        .outerjoin(Instansi, col(Instansi.id) == Instance.instansi_id)
        .outerjoin(Booking, _seat())
        .outerjoin(ExamSchedule, col(ExamSchedule.id) == Booking.schedule_id)
        .where(_open(), _of(queue))
        .group_by(*columns)
    )
    return query.where(_in_programme(programme)) if programme else query


def _seat() -> ColumnElement[bool]:
    return and_(col(Booking.participant_id) == UserTask.instance_id, col(Booking.state).in_(LIVE))


def _in_programme(key: str) -> ColumnElement[bool]:
    chosen = select(col(Programme.id)).where(col(Programme.key) == key).scalar_subquery()
    return col(Instance.programme_id) == chosen


def _sums(actor: Actor, now: datetime) -> tuple[ColumnElement[Any], ...]:
    late, own = col(UserTask.due_at) < now, col(UserTask.assignee_id) == actor.user_id
    return (
        func.count(col(UserTask.id)).label("waiting"),
        func.sum(case((late, 1), else_=0)).label("late"),
        func.sum(case((own, 1), else_=0)).label("own"),
        func.min(col(UserTask.due_at)).label("next_due"),
    )


def _of(queue: Queue) -> ColumnElement[bool]:
    return and_(col(UserTask.definition_key) == queue.process, col(UserTask.element_id) == queue.element)


def _open() -> ColumnElement[bool]:
    return col(UserTask.state) == "open"


def _order() -> list[ColumnElement[Any]]:
    return [key.column.asc().nulls_last() if key.nullable else key.column.asc() for key in KEYS]
