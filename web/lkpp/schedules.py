"""What the pages of exam schedules read: lists by keyset, the people of one schedule, results that are missing."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Subquery, and_, case, func, or_, select
from sqlmodel import col

from models import Booking, ExamResult, ExamSchedule, Instance, Instansi, Participant, Programme, User, UserTask
from web.lkpp.queues import QUEUES
from web.lkpp.words import SCHEDULE_STATES
from web.lkpp.work import EXPORT_LIMIT
from web.paging import Key, Page, fetch_page
from web.search import anywhere

SOONEST = (Key(col(ExamSchedule.starts_at), "starts_at"), Key(col(ExamSchedule.id), "id"))
LATEST = (
    Key(col(ExamSchedule.starts_at), "starts_at", descending=True),
    Key(col(ExamSchedule.id), "id", descending=True),
)
RUNNING = ("open", "closed", "held")
BOOKING_KEYS = (
    Key(col(Booking.state), "booking_state"),
    Key(col(Booking.created_at), "booked_at"),
    Key(col(Booking.id), "booking_id"),
)
RESULT_ELEMENTS = tuple(QUEUES[key].element for key in ("portofolio", "tes-tertulis"))
SEATED = ("booked", "done")
"""Bookings whose exam was, or will be, taken."""


@dataclass(frozen=True)
class Filters:
    """What the address of a list of schedules asks for."""

    state: str = "berjalan"
    method: str = ""
    kind: str = ""
    programme: str = ""
    text: str = ""
    after: str | None = None
    before: str | None = None

    @classmethod
    def from_arguments(cls, arguments: Any) -> "Filters":
        state, method, kind = (arguments.get(name, "") for name in ("keadaan", "metode", "jenis"))
        return cls(
            state=state if state in ("semua", *SCHEDULE_STATES) else "berjalan",
            method=method if method in ("portofolio", "tes_tertulis") else "",
            kind=kind if kind in ("reguler", "instansi") else "",
            programme=arguments.get("program", "")[:80],
            text=arguments.get("q", "").strip()[:100],
            after=arguments.get("sesudah"),
            before=arguments.get("sebelum"),
        )

    def arguments(self, **changes: Any) -> dict[str, str]:
        """As query arguments, defaults left out; a changed filter starts at the first page again."""
        chosen = replace(self, after=None, before=None, **changes)
        named = {
            "keadaan": chosen.state if chosen.state != "berjalan" else "",
            "metode": chosen.method,
            "jenis": chosen.kind,
            "program": chosen.programme,
            "q": chosen.text,
        }
        return {name: value for name, value in named.items() if value}

    @property
    def narrowed(self) -> bool:
        return bool(self.arguments())


def page(connection: Connection, filters: Filters, *, size: int = 25) -> Page:
    """What is still to come soonest first; what is over latest first."""
    keys = _keys(filters)
    return fetch_page(connection, _filtered(filters), keys, after=filters.after, before=filters.before, size=size)


def export_rows(connection: Connection, filters: Filters) -> list[Row[Any]]:
    order = [key.column.desc() if key.descending else key.column.asc() for key in _keys(filters)]
    return list(connection.execute(_filtered(filters).order_by(*order).limit(EXPORT_LIMIT)))


def one(connection: Connection, schedule_id: str) -> Row[Any] | None:
    """A schedule with the explanation of its dates, its programme and its case."""
    more = (ExamSchedule.closes_why, ExamSchedule.result_attachment_id, ExamSchedule.programme_id)
    case_of = (Instance.number, Instance.status, col(Programme.title_id), col(Programme.title_en))
    query = _rows(*more, *case_of).join(Instance, col(Instance.id) == ExamSchedule.id)
    query = query.join(Programme, col(Programme.id) == ExamSchedule.programme_id)
    return connection.execute(query.where(col(ExamSchedule.id) == schedule_id)).first()


def participants(
    connection: Connection, schedule_id: str, *, after: str | None = None, before: str | None = None, size: int = 50
) -> Page:
    """Everybody who has or had a seat in it, or waits for one."""
    query = _participants(schedule_id)
    return fetch_page(connection, query, BOOKING_KEYS, after=after, before=before, size=size)


def all_participants(connection: Connection, schedule_id: str) -> list[Row[Any]]:
    order = [key.column.asc() for key in BOOKING_KEYS]
    return list(connection.execute(_participants(schedule_id).order_by(*order).limit(EXPORT_LIMIT)))


def seat_counts(connection: Connection, schedule_id: str) -> dict[str, int]:
    """How many bookings of a schedule are in which state, and how many results there are (`results`)."""
    states = select(Booking.state, func.count()).where(col(Booking.schedule_id) == schedule_id).group_by(Booking.state)
    found = {row[0]: row[1] for row in connection.execute(states)}
    results = select(func.count()).select_from(ExamResult).where(col(ExamResult.schedule_id) == schedule_id)
    return {**found, "results": int(connection.execute(results).scalar_one())}


def with_results(
    connection: Connection, now: datetime, *, missing_only: bool, after: str | None, before: str | None
) -> Page:
    """Schedules whose exam day has come, with how many results there are and are missing: one statement."""
    results, waiting = _result_counts(), _waiting_counts(now)
    counted = func.coalesce(results.c.results, 0).label("results")
    open_now = func.coalesce(waiting.c.waiting, 0).label("waiting")
    late = func.coalesce(waiting.c.late, 0).label("late")
    query = (
        _rows(counted, open_now, late, waiting.c.next_due)
        .outerjoin(results, results.c.schedule_id == ExamSchedule.id)
        .outerjoin(waiting, waiting.c.schedule_id == ExamSchedule.id)
        .where(col(ExamSchedule.starts_at) <= now, col(ExamSchedule.state) != "cancelled")
    )
    if missing_only:
        query = query.where(
            or_(open_now > 0, and_(col(ExamSchedule.taken) > counted, col(ExamSchedule.state) != "finished"))
        )
    return fetch_page(connection, query, LATEST, after=after, before=before, size=25)


def closing_next(connection: Connection, now: datetime, *, limit: int = 5) -> list[Row[Any]]:
    """The schedules whose registration ends next."""
    query = _rows().where(col(ExamSchedule.state) == "open", col(ExamSchedule.closes_at) >= now)
    return list(connection.execute(query.order_by(ExamSchedule.closes_at, ExamSchedule.id).limit(limit)))


def missing_results(connection: Connection, now: datetime) -> int:
    """How many exams were held and have no result yet."""
    query = (
        select(func.count())
        .select_from(Booking)
        .join(ExamSchedule, col(ExamSchedule.id) == Booking.schedule_id)
        .where(
            col(Booking.state) == "booked", col(ExamSchedule.starts_at) <= now, col(ExamSchedule.state) != "cancelled"
        )
    )
    return int(connection.execute(query).scalar_one())


def programmes(connection: Connection, flow: str) -> list[Row[Any]]:
    """The programmes of the flow, newest first: the choices of the filter."""
    query = select(Programme.id, Programme.key, Programme.title_id, Programme.title_en, Programme.state)
    query = query.where(col(Programme.flow) == flow).order_by(col(Programme.opens_at).desc(), Programme.id)
    return list(connection.execute(query.limit(50)))


def _keys(filters: Filters) -> tuple[Key, ...]:
    return SOONEST if filters.state in ("berjalan", "open", "closed", "held") else LATEST


def _filtered(filters: Filters) -> Select[Any]:
    query = _rows()
    if filters.state == "berjalan":
        query = query.where(col(ExamSchedule.state).in_(RUNNING))
    elif filters.state != "semua":
        query = query.where(col(ExamSchedule.state) == filters.state)
    if filters.method:
        query = query.where(col(ExamSchedule.method) == filters.method)
    if filters.kind:
        query = query.where(col(ExamSchedule.kind) == filters.kind)
    if filters.programme:
        chosen = select(col(Programme.id)).where(col(Programme.key) == filters.programme).scalar_subquery()
        query = query.where(col(ExamSchedule.programme_id) == chosen)
    if filters.text:
        searched = (ExamSchedule.name, ExamSchedule.place, Instansi.name)
        query = query.where(anywhere(filters.text, *searched))
    return query


def _rows(*more: Any) -> Select[Any]:
    waiting = (
        select(Booking.schedule_id, func.count().label("queue"))
        .where(col(Booking.state) == "waiting")
        .group_by(Booking.schedule_id)
        .subquery()
    )
    return (
        select(
            ExamSchedule.id,
            ExamSchedule.kind,
            ExamSchedule.method,
            ExamSchedule.name,
            ExamSchedule.place,
            ExamSchedule.zone,
            ExamSchedule.starts_at,
            ExamSchedule.closes_at,
            ExamSchedule.repair_until,
            ExamSchedule.quota,
            ExamSchedule.taken,
            ExamSchedule.state,
            col(Instansi.name).label("instansi"),
            func.coalesce(waiting.c.queue, 0).label("queue"),
            *more,
        )
        .outerjoin(waiting, waiting.c.schedule_id == ExamSchedule.id)
        .outerjoin(Instansi, col(Instansi.id) == ExamSchedule.instansi_id)
    )


def _participants(schedule_id: str) -> Select[Any]:
    result = and_(
        col(ExamResult.participant_id) == Booking.participant_id,
        col(ExamResult.attempt) == Booking.attempt,
        col(ExamResult.schedule_id) == Booking.schedule_id,
    )
    return (
        select(
            col(Booking.id).label("booking_id"),
            col(Booking.state).label("booking_state"),
            col(Booking.created_at).label("booked_at"),
            Booking.attempt,
            Participant.id,
            Participant.name,
            Participant.nip,
            Participant.jenjang,
            Participant.state,
            Participant.documents,
            Instance.number,
            col(Instansi.name).label("instansi"),
            ExamResult.outcome,
            ExamResult.score,
            ExamResult.note,
            ExamResult.recorded_at,
            col(User.name).label("recorder"),
        )
        .join(Participant, col(Participant.id) == Booking.participant_id)
        .join(Instance, col(Instance.id) == Participant.id)
        .join(Instansi, col(Instansi.id) == Participant.instansi_id)
        .outerjoin(ExamResult, result)
        .outerjoin(User, col(User.id) == ExamResult.recorded_by)
        .where(col(Booking.schedule_id) == schedule_id)
    )


def _result_counts() -> Subquery:
    query = select(ExamResult.schedule_id, func.count().label("results")).group_by(ExamResult.schedule_id)
    return query.subquery()


def _waiting_counts(now: datetime) -> Subquery:
    """Open tasks of assessors by the schedule in which the participant has a seat."""
    late: ColumnElement[bool] = col(UserTask.due_at) < now
    query = (
        select(
            Booking.schedule_id,
            func.count().label("waiting"),
            func.sum(case((late, 1), else_=0)).label("late"),
            func.min(col(UserTask.due_at)).label("next_due"),
        )
        .join(UserTask, col(UserTask.instance_id) == Booking.participant_id)
        .where(
            col(Booking.state) == "booked",
            col(UserTask.state) == "open",
            col(UserTask.element_id).in_(RESULT_ELEMENTS),
        )
        .group_by(Booking.schedule_id)
    )
    return query.subquery()
