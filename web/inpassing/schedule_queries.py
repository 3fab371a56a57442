"""What the pages of exam schedules read: schedules this agency may book, its people in them, and their results."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select
from sqlmodel import col

from models import Booking, Certificate, ExamResult, ExamSchedule, Instance, Participant, UserTask
from web.inpassing.area import SCHEDULE, Scope
from web.inpassing.participant_queries import LIVE, open_for
from web.inpassing.words import METHODS
from web.paging import Key, Page, fetch_page

COMING = (Key(col(ExamSchedule.starts_at), "starts_at"), Key(col(ExamSchedule.id), "id"))
PAST = (
    Key(col(ExamSchedule.starts_at), "starts_at", descending=True),
    Key(col(ExamSchedule.id), "id", descending=True),
)
OPEN_STATES = ("open", "closed", "held")
MOST_PEOPLE = 1_000


@dataclass(frozen=True)
class Filters:
    """What the address of a list of schedules asks for. `past`: those that are over."""

    method: str = ""
    past: bool = False
    after: str | None = None
    before: str | None = None

    @classmethod
    def from_arguments(cls, arguments: Any) -> "Filters":
        method = arguments.get("metode", "")
        return cls(
            method=method if method in METHODS else "",
            past=arguments.get("tampil", "") == "selesai",
            after=arguments.get("sesudah"),
            before=arguments.get("sebelum"),
        )

    def arguments(self, **changes: Any) -> dict[str, str]:
        chosen = replace(self, after=None, before=None, **changes)
        named = {"metode": chosen.method, "tampil": "selesai" if chosen.past else ""}
        return {name: value for name, value in named.items() if value}


def page(connection: Connection, scope: Scope, kind: str, filters: Filters) -> Page:
    """A page of the schedules of a kind; of kind instansi only the agency's own."""
    query = _rows(scope).where(
        col(ExamSchedule.programme_id) == scope.programme_id,
        col(ExamSchedule.kind) == kind,
        _offered(scope.instansi_ids),
        col(ExamSchedule.state).in_(("finished", "cancelled") if filters.past else OPEN_STATES),
    )
    if filters.method:
        query = query.where(col(ExamSchedule.method) == filters.method)
    keys = PAST if filters.past else COMING
    return fetch_page(connection, query, keys, after=filters.after, before=filters.before)


def one(connection: Connection, ids: list[str], number: str) -> Row[Any] | None:
    """A schedule by the number of its case, if this agency may use it."""
    query = select(*_COLUMNS).join(Instance, col(Instance.id) == ExamSchedule.id)
    return connection.execute(query.where(col(Instance.number) == number, _offered(ids))).first()


def next_closing(connection: Connection, scope: Scope, now: datetime) -> datetime | None:
    """When the registration ends next among the schedules that still take somebody."""
    query = select(func.min(ExamSchedule.closes_at)).where(
        col(ExamSchedule.programme_id) == scope.programme_id,
        col(ExamSchedule.state) == "open",
        col(ExamSchedule.closes_at) > now,
        _offered(scope.instansi_ids),
    )
    return connection.execute(query).scalar()


def bookable(
    connection: Connection, programme_id: str, ids: list[str], user_id: str | None, allowed: Sequence[str] | None = None
) -> list[Row[Any]]:
    """Participants who are asked to choose a schedule, each with the task that asks it."""
    query = (
        select(
            Participant.id, Participant.name, Participant.nip, Participant.jenjang, Participant.state,
            Participant.documents, Participant.attempts, Instance.number, col(UserTask.id).label("task_id"),
        )
        .join(Instance, col(Instance.id) == Participant.id)
        .join(UserTask, and_(col(UserTask.instance_id) == Participant.id, open_for(ids, user_id)))
        .where(
            col(Participant.programme_id) == programme_id,
            col(Participant.instansi_id).in_(ids),
            col(UserTask.element_id) == "choose_schedule",
        )
        .order_by(Participant.name, Participant.id)
        .limit(MOST_PEOPLE)
    )  # fmt: skip
    if allowed is not None:
        query = query.where(col(Participant.id).in_(allowed))
    return list(connection.execute(query))


def booked(connection: Connection, schedule_id: str, ids: list[str], states: Sequence[str] = LIVE) -> list[Row[Any]]:
    """The agency's people in a schedule, with what came out of their exam."""
    query = (
        select(
            Participant.id, Participant.name, Participant.nip, Participant.jenjang, Participant.state,
            Participant.documents, Instance.number, col(Booking.state).label("booking"), Booking.attempt,
            ExamResult.outcome, ExamResult.score, ExamResult.note, col(Certificate.number).label("certificate"),
        )
        .join(Participant, col(Participant.id) == Booking.participant_id)
        .join(Instance, col(Instance.id) == Participant.id)
        .outerjoin(
            ExamResult,
            and_(
                col(ExamResult.participant_id) == Participant.id,
                col(ExamResult.schedule_id) == schedule_id,
                col(ExamResult.attempt) == Booking.attempt,
            ),
        )
        .outerjoin(Certificate, col(Certificate.participant_id) == Participant.id)
        .where(
            col(Booking.schedule_id) == schedule_id,
            col(Booking.state).in_(states),
            col(Participant.instansi_id).in_(ids),
        )
        .order_by(Booking.state, Participant.name, Participant.id)
        .limit(MOST_PEOPLE)
    )  # fmt: skip
    return list(connection.execute(query))


def live_bookings(connection: Connection, participant_ids: Sequence[str]) -> dict[str, Row[Any]]:
    """By participant: the seat or the place in a waiting list."""
    query = select(Booking.participant_id, Booking.schedule_id, Booking.state).where(
        col(Booking.participant_id).in_(participant_ids), col(Booking.state).in_(LIVE)
    )
    return {row.participant_id: row for row in connection.execute(query)}


def requests(connection: Connection, scope: Scope) -> list[Row[Any]]:
    """Requests for a schedule of one's own that are not (or never became) a schedule, newest first."""
    query = (
        select(
            Instance.id, Instance.number, Instance.title, Instance.status, Instance.stage, Instance.stage_element,
            Instance.outcome, Instance.version_id, Instance.started_at, Instance.zone,
        )
        .outerjoin(ExamSchedule, col(ExamSchedule.id) == Instance.id)
        .where(
            col(Instance.definition_key) == SCHEDULE,
            col(Instance.programme_id) == scope.programme_id,
            col(Instance.instansi_id).in_(scope.instansi_ids),
            col(ExamSchedule.id).is_(None),
        )
        .order_by(col(Instance.started_at).desc(), Instance.id)
        .limit(100)
    )  # fmt: skip
    return list(connection.execute(query))


def _offered(ids: list[str]) -> ColumnElement[bool]:
    """Condition on `ExamSchedule`: for everybody, or for one of these instansi."""
    return or_(col(ExamSchedule.instansi_id).is_(None), col(ExamSchedule.instansi_id).in_(ids))


_COLUMNS: tuple[Any, ...] = (
    ExamSchedule.id, ExamSchedule.programme_id, ExamSchedule.kind, ExamSchedule.instansi_id, ExamSchedule.method,
    ExamSchedule.name, ExamSchedule.place, ExamSchedule.zone, ExamSchedule.starts_at, ExamSchedule.closes_at,
    ExamSchedule.closes_why, ExamSchedule.repair_until, ExamSchedule.quota, ExamSchedule.taken, ExamSchedule.state,
    ExamSchedule.result_attachment_id, Instance.number,
)  # fmt: skip


def _rows(scope: Scope) -> Select[Any]:
    """With how many of the agency's own people are in it."""
    own = (
        select(func.count())
        .select_from(Booking)
        .join(Participant, col(Participant.id) == Booking.participant_id)
        .where(
            col(Booking.schedule_id) == ExamSchedule.id,
            col(Booking.state).in_((*LIVE, "done")),
            col(Participant.instansi_id).in_(scope.instansi_ids),
        )
        .scalar_subquery()
    )
    return select(*_COLUMNS, own.label("own")).join(Instance, col(Instance.id) == ExamSchedule.id)
