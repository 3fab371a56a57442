"""What the pages of participants read. Every function is one statement, and only about the agency's own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select
from sqlmodel import col

from engine.programmes import calendar_owner
from models import (
    Booking,
    ExamSchedule,
    Formasi,
    Instance,
    Instansi,
    Participant,
    TaskDraft,
    UserTask,
)
from web.inpassing.area import ADMIN, PARTICIPANT, Scope
from web.inpassing.words import JENJANG, STATES
from web.paging import Key, Page, fetch_page
from web.search import anywhere, literally

BY_NAME = (Key(col(Participant.name), "name"), Key(col(Participant.id), "id"))
NEWEST = (
    Key(col(Participant.updated_at), "updated_at", descending=True),
    Key(col(Participant.id), "id", descending=True),
)
ORDERS = {"nama": BY_NAME, "terbaru": NEWEST}
LIVE = ("booked", "waiting")
EXPORT_LIMIT = 10_000
TASKS = (
    "biodata", "documents", "reupload", "choose_schedule", "upload_portfolio", "repair_portfolio", "retest_decision",
    "report_appointment",
)  # fmt: skip
"""What may wait for the agency at a participant, in the order of the way."""


@dataclass(frozen=True)
class Filters:
    """What the address of the list asks for. `waiting`: only those at whom this task waits for the agency."""

    text: str = ""
    state: str = ""
    jenjang: str = ""
    waiting: str = ""
    order: str = "nama"
    after: str | None = None
    before: str | None = None

    @classmethod
    def from_arguments(cls, arguments: Any) -> "Filters":
        def one_of(name: str, known: Sequence[str], default: str = "") -> str:
            return arguments[name] if arguments.get(name, "") in known else default

        return cls(
            text=arguments.get("q", "").strip()[:100],
            state=one_of("keadaan", STATES),
            jenjang=one_of("jenjang", JENJANG),
            waiting=one_of("menunggu", TASKS),
            order=one_of("urut", tuple(ORDERS), "nama"),
            after=arguments.get("sesudah"),
            before=arguments.get("sebelum"),
        )

    def arguments(self, **changes: Any) -> dict[str, str]:
        """As query arguments, defaults left out; a changed filter starts at the first page again."""
        chosen = replace(self, after=None, before=None, **changes)
        named = {
            "q": chosen.text, "keadaan": chosen.state, "jenjang": chosen.jenjang, "menunggu": chosen.waiting,
            "urut": "" if chosen.order == "nama" else chosen.order,
        }  # fmt: skip
        return {name: value for name, value in named.items() if value}

    @property
    def narrowed(self) -> bool:
        return bool(self.text or self.state or self.jenjang or self.waiting)


def page(connection: Connection, scope: Scope, filters: Filters, user_id: str | None) -> Page:
    """A page of the agency's participants in the programme."""
    query = _filtered(scope, filters, user_id)
    return fetch_page(connection, query, ORDERS[filters.order], after=filters.after, before=filters.before)


def export_rows(connection: Connection, scope: Scope, filters: Filters, user_id: str | None) -> Sequence[Row[Any]]:
    query = _filtered(scope, filters, user_id).order_by(col(Participant.name), col(Participant.id))
    return connection.execute(query.limit(EXPORT_LIMIT)).all()


def one(connection: Connection, ids: list[str], number: str) -> Row[Any] | None:
    """A participant of these instansi by the number of the case, in whichever programme."""
    query = _rows(
        Participant.birth_date, Participant.position, Participant.work_unit, Participant.email, Participant.phone,
        Participant.programme_id, Instance.status, Instance.zone, calendar_owner(), Instance.version_id,
    )  # fmt: skip
    return connection.execute(
        query.where(col(Instance.number) == number, col(Participant.instansi_id).in_(ids))
    ).first()


def case(connection: Connection, ids: list[str], number: str) -> Row[Any] | None:
    """A case of these instansi, or a schedule they may use, and what it has become."""
    query = (
        select(
            Instance.number,
            Instance.definition_key,
            col(Participant.id).label("participant_id"),
            col(ExamSchedule.id).label("schedule_id"),
        )
        .outerjoin(Participant, col(Participant.id) == Instance.id)
        .outerjoin(ExamSchedule, col(ExamSchedule.id) == Instance.id)
        .where(
            col(Instance.number) == number,
            or_(
                col(Instance.instansi_id).in_(ids),
                and_(col(ExamSchedule.id).is_not(None), col(ExamSchedule.instansi_id).is_(None)),
            ),
        )
    )
    return connection.execute(query).first()


def by_state(connection: Connection, scope: Scope) -> dict[str, int]:
    query = select(Participant.state, func.count()).where(_own(scope)).group_by(Participant.state)
    return {state: int(count) for state, count in connection.execute(query)}


def formasi(connection: Connection, scope: Scope) -> list[Row[Any]]:
    """Approved and taken places by jenjang."""
    query = (
        select(Formasi.jenjang, func.sum(Formasi.approved).label("approved"), func.sum(Formasi.used).label("used"))
        .where(col(Formasi.programme_id) == scope.programme_id, col(Formasi.instansi_id).in_(scope.instansi_ids))
        .group_by(Formasi.jenjang)
    )
    found = {row.jenjang: row for row in connection.execute(query)}
    return [found[jenjang] for jenjang in JENJANG if jenjang in found]


def waiting(connection: Connection, scope: Scope, user_id: str | None) -> list[Row[Any]]:
    """By process and step: how many tasks wait for the agency, and what is due first."""
    query = (
        select(
            UserTask.definition_key,
            UserTask.element_id,
            func.count().label("count"),
            func.min(UserTask.id).label("task_id"),
            func.min(UserTask.due_at).label("due_at"),
            func.min(ExamSchedule.closes_at).label("closes_at"),
            func.min(UserTask.created_at).label("since"),
            func.max(Instance.version_id).label("version_id"),
            func.max(UserTask.name).label("name"),
        )
        .join(Instance, col(Instance.id) == UserTask.instance_id)
        .outerjoin(Booking, and_(col(Booking.participant_id) == UserTask.instance_id, col(Booking.state).in_(LIVE)))
        .outerjoin(ExamSchedule, col(ExamSchedule.id) == Booking.schedule_id)
        .where(open_for(scope.instansi_ids, user_id), col(Instance.programme_id) == scope.programme_id)
        .group_by(UserTask.definition_key, UserTask.element_id)
    )
    return list(connection.execute(query))


def drafts(connection: Connection, scope: Scope, user_id: str | None) -> list[Row[Any]]:
    """Participants that were begun and whose biodata is not yet sent: they are no rows of the list yet."""
    query = (
        select(UserTask.id, UserTask.case_title, UserTask.created_at, Instance.number)
        .join(Instance, col(Instance.id) == UserTask.instance_id)
        .outerjoin(Participant, col(Participant.id) == UserTask.instance_id)
        .where(
            open_for(scope.instansi_ids, user_id),
            col(UserTask.definition_key) == PARTICIPANT,
            col(UserTask.element_id) == "biodata",
            col(Instance.programme_id) == scope.programme_id,
            col(Participant.id).is_(None),
        )
        .order_by(col(UserTask.created_at).desc(), UserTask.id)
        .limit(50)
    )
    return list(connection.execute(query))


def untouched_draft(connection: Connection, scope: Scope, instansi_id: str, user_id: str | None) -> str | None:
    """A biodata that was begun and into which nothing was typed: the next one need not be begun anew."""
    query = (
        select(UserTask.id)
        .join(Instance, col(Instance.id) == UserTask.instance_id)
        .outerjoin(Participant, col(Participant.id) == UserTask.instance_id)
        .outerjoin(TaskDraft, col(TaskDraft.task_id) == UserTask.id)
        .where(
            open_for([instansi_id], user_id),
            col(UserTask.definition_key) == PARTICIPANT,
            col(UserTask.element_id) == "biodata",
            col(Instance.programme_id) == scope.programme_id,
            col(Participant.id).is_(None),
            col(TaskDraft.task_id).is_(None),
        )
        .order_by(UserTask.created_at, UserTask.id)
        .limit(1)
    )
    return connection.execute(query).scalar()


def tasks_of(connection: Connection, instance_ids: list[str], ids: list[str], user_id: str | None) -> list[Row[Any]]:
    """What waits for the agency in these cases."""
    query = (
        select(UserTask.id, UserTask.instance_id, UserTask.element_id, UserTask.name, UserTask.due_at)
        .where(col(UserTask.instance_id).in_(instance_ids), open_for(ids, user_id))
        .order_by(col(UserTask.due_at).asc().nulls_last(), UserTask.created_at, UserTask.id)
    )
    return list(connection.execute(query))


def open_for(ids: list[str], user_id: str | None) -> ColumnElement[bool]:
    """Condition on `UserTask`: open, of the Admin of these instansi, and not in somebody else's hands."""
    return and_(
        col(UserTask.role) == ADMIN,
        col(UserTask.instansi_id).in_(ids),
        col(UserTask.state) == "open",
        or_(col(UserTask.assignee_id).is_(None), col(UserTask.assignee_id) == user_id),
    )


def _filtered(scope: Scope, filters: Filters, user_id: str | None) -> Select[Any]:
    query = _rows().where(_own(scope))
    if filters.state:
        query = query.where(col(Participant.state) == filters.state)
    if filters.jenjang:
        query = query.where(col(Participant.jenjang) == filters.jenjang)
    if filters.waiting:
        task = (
            select(UserTask.id)
            .where(
                col(UserTask.instance_id) == Participant.id,
                col(UserTask.element_id) == filters.waiting,
                open_for(scope.instansi_ids, user_id),
            )
            .exists()
        )
        query = query.where(task)
    if filters.text:
        words = literally(filters.text)
        digits = "".join(filters.text.split())
        number = digits if digits.isascii() and digits.isdigit() else words
        query = query.where(
            or_(
                anywhere(filters.text, Participant.name),
                col(Participant.nip).like(f"{number}%", escape="\\"),
                func.lower(Instance.number) == words,
            )
        )
    return query


def _own(scope: Scope) -> ColumnElement[bool]:
    return and_(
        col(Participant.programme_id) == scope.programme_id, col(Participant.instansi_id).in_(scope.instansi_ids)
    )


def _rows(*more: Any) -> Select[Any]:
    return (
        select(
            Participant.id,
            Participant.nip,
            Participant.name,
            Participant.golongan,
            Participant.jenjang,
            Participant.state,
            Participant.documents,
            Participant.method,
            Participant.attempts,
            Participant.counts,
            Participant.updated_at,
            Participant.instansi_id,
            col(Instansi.name).label("instansi"),
            Instance.number,
            col(Booking.state).label("booking"),
            col(Booking.schedule_id).label("schedule_id"),
            col(ExamSchedule.name).label("schedule"),
            ExamSchedule.starts_at,
            ExamSchedule.closes_at,
            col(ExamSchedule.zone).label("schedule_zone"),
            *more,
        )
        .join(Instance, col(Instance.id) == Participant.id)
        .join(Instansi, col(Instansi.id) == Participant.instansi_id)
        .outerjoin(Booking, and_(col(Booking.participant_id) == Participant.id, col(Booking.state).in_(LIVE)))
        .outerjoin(ExamSchedule, col(ExamSchedule.id) == Booking.schedule_id)
    )
