"""What the case pages read. Everything is asked for cases this person may see; each function is one statement."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from engine.actors import Actor
from engine.authorisation import AUDITORS, audited, listed, visible
from engine.history.kinds import Kind
from engine.programmes import calendar_owner
from engine.unit_of_work import UnitOfWork
from models import (
    Attachment,
    Deadline,
    Definition,
    HistoryEvent,
    Incident,
    Instance,
    Instansi,
    Letter,
    LetterFile,
    User,
    UserTask,
)
from web.paging import Key, Page, fetch_page
from web.search import anywhere

STATUSES = ("active", "suspended", "completed", "cancelled")

KEYS = (
    Key(col(Instance.started_at), "started_at", descending=True),
    Key(col(Instance.id), "id", descending=True),
)
EVENT_KEYS = (Key(col(HistoryEvent.seq), "seq", descending=True),)
EXPORT_LIMIT = 10_000


@dataclass(frozen=True)
class Filters:
    """What the address of a list of cases asks for."""

    text: str = ""
    process: str = ""
    status: str = ""
    after: str | None = None
    before: str | None = None

    @classmethod
    def from_arguments(cls, arguments: Any) -> "Filters":
        status = arguments.get("status", "")
        return cls(
            text=arguments.get("q", "").strip()[:100],
            process=arguments.get("proses", "")[:80],
            status=status if status in STATUSES else "",
            after=arguments.get("sesudah"),
            before=arguments.get("sebelum"),
        )

    def arguments(self, **changes: Any) -> dict[str, str]:
        """As query arguments, empty ones left out; a changed filter starts at the first page again."""
        chosen = replace(self, after=None, before=None, **changes)
        named = {"q": chosen.text, "proses": chosen.process, "status": chosen.status}
        return {name: value for name, value in named.items() if value}

    @property
    def narrowed(self) -> bool:
        return bool(self.text or self.process or self.status)


def page(connection: Connection, actor: Actor, filters: Filters, *, size: int = 25) -> Page:
    """A page of the cases this person may see, newest first."""
    query = _filtered(actor, filters)
    return fetch_page(connection, query, KEYS, after=filters.after, before=filters.before, size=size)


def export_rows(connection: Connection, actor: Actor, filters: Filters) -> Any:
    """All cases of the list, at most EXPORT_LIMIT."""
    order = [key.column.desc() for key in KEYS]
    return connection.execute(_filtered(actor, filters).order_by(*order).limit(EXPORT_LIMIT))


def started_by(connection: Connection, user_id: str, *, after: str | None, before: str | None) -> Page:
    """A page of the cases a person has started, newest first."""
    query = _rows().where(col(Instance.starter_id) == user_id)
    return fetch_page(connection, query, KEYS, after=after, before=before)


def processes(connection: Connection) -> list[Row[Any]]:
    """All processes, for the filter."""
    return list(connection.execute(select(Definition.key, Definition.title).order_by(Definition.title)))


def case_row(connection: Connection, actor: Actor, number: str) -> Row[Any] | None:
    """One case by its number, if this person may see it."""
    return connection.execute(_rows().where(col(Instance.number) == number, visible(actor))).first()


def is_audited(unit: UnitOfWork, actor: Actor, number: str) -> bool:
    """May this person read the case in the audit?"""
    if not any(grant.role in AUDITORS for grant in actor.grants):
        return False
    known = select(Instance.id).where(col(Instance.number) == number, audited(actor))
    return unit.connection.execute(known).first() is not None


def open_tasks(connection: Connection, instance_ids: list[str]) -> list[Row[Any]]:
    """The open tasks of cases with who holds them, soonest due first."""
    query = (
        select(
            UserTask.id,
            UserTask.instance_id,
            UserTask.element_id,
            UserTask.name,
            UserTask.lane,
            UserTask.role,
            UserTask.instansi_id,
            UserTask.excluded,
            UserTask.assignee_id,
            UserTask.state,
            UserTask.created_at,
            UserTask.due_at,
            col(User.name).label("assignee_name"),
        )
        .outerjoin(User, col(User.id) == UserTask.assignee_id)
        .where(col(UserTask.instance_id).in_(instance_ids), col(UserTask.state).in_(("open", "suspended")))
        .order_by(col(UserTask.due_at).asc().nulls_last(), col(UserTask.created_at), col(UserTask.id))
        .limit(600)
    )
    return list(connection.execute(query))


def pending_deadlines(connection: Connection, instance_id: str) -> list[Row[Any]]:
    """The timers and due dates a case waits for."""
    query = (
        select(
            Deadline.id,
            Deadline.element_id,
            Deadline.name,
            Deadline.kind,
            Deadline.due_at,
            Deadline.zone,
            Deadline.token_id,
            Deadline.explanation,
        )
        .where(col(Deadline.instance_id) == instance_id, col(Deadline.state) == "pending")
        .order_by(Deadline.due_at)
        .limit(200)
    )
    return list(connection.execute(query))


def documents(connection: Connection, instance_id: str) -> list[Row[Any]]:
    """The documents submitted in a case, newest first; of a letter only its last stage."""
    earlier = (
        select(LetterFile.attachment_id)
        .join(Letter, col(Letter.id) == LetterFile.letter_id)
        .where(col(Letter.instance_id) == instance_id, col(Letter.attachment_id) != LetterFile.attachment_id)
    )
    query = (
        select(Attachment.id, Attachment.filename, Attachment.field, Attachment.uploaded_at, User.name)
        .outerjoin(User, col(User.id) == Attachment.uploaded_by)
        .where(col(Attachment.instance_id) == instance_id, col(Attachment.submitted).is_(True))
        .where(col(Attachment.id).not_in(earlier))
        .order_by(col(Attachment.uploaded_at).desc(), Attachment.id)
    )
    return list(connection.execute(query))


def open_incidents(connection: Connection, instance_id: str) -> list[Row[Any]]:
    """What the engine could not finish by itself in a case."""
    query = (
        select(Incident.id, Incident.reference, Incident.element_id, Incident.cause, Incident.created_at)
        .where(col(Incident.instance_id) == instance_id, col(Incident.state) == "open")
        .order_by(Incident.created_at)
    )
    return list(connection.execute(query))


def events(
    connection: Connection,
    instance_id: str,
    kinds: tuple[Kind, ...],
    *,
    opened: frozenset[str] | None = None,
    after: str | None,
    before: str | None,
    size: int = 50,
) -> Page:
    """A page of what happened in a case, newest first, with the names of who did it.

    `opened`: of the tasks that opened, only those of these elements.
    """
    query = (
        select(
            HistoryEvent.seq,
            HistoryEvent.at,
            HistoryEvent.kind,
            HistoryEvent.actor_id,
            HistoryEvent.element_id,
            HistoryEvent.detail,
            col(User.name).label("actor_name"),
            _was_moved(instance_id),
        )
        .outerjoin(User, col(User.id) == HistoryEvent.actor_id)
        .where(col(HistoryEvent.instance_id) == instance_id, col(HistoryEvent.kind).in_(kinds))
    )
    if opened is not None:
        query = query.where(or_(col(HistoryEvent.kind) != Kind.TASK_CREATED, col(HistoryEvent.element_id).in_(opened)))
    return fetch_page(connection, query, EVENT_KEYS, after=after, before=before, size=size)


def done_elements(connection: Connection, instance_id: str) -> list[Row[Any]]:
    """Per element and kind: how often it was done, and the last time with who did it: one statement."""
    kinds = (Kind.ELEMENT_COMPLETED, Kind.ELEMENT_CANCELLED, Kind.TASK_COMPLETED, Kind.DEADLINE_FIRED)
    mine = and_(col(HistoryEvent.instance_id) == instance_id, col(HistoryEvent.kind).in_(kinds))
    grouped = (
        select(
            HistoryEvent.element_id,
            HistoryEvent.kind,
            func.count().label("times"),
            func.min(HistoryEvent.seq).label("first_seq"),
            func.max(HistoryEvent.seq).label("last_seq"),
        )
        .where(mine)
        .group_by(HistoryEvent.element_id, HistoryEvent.kind)
        .subquery()
    )
    query = (
        select(grouped, HistoryEvent.at, col(User.name).label("actor_name"), _was_moved(instance_id))
        .join(
            HistoryEvent,
            and_(col(HistoryEvent.instance_id) == instance_id, col(HistoryEvent.seq) == grouped.c.last_seq),
        )
        .outerjoin(User, col(User.id) == HistoryEvent.actor_id)
        .order_by(grouped.c.first_seq)
    )
    return list(connection.execute(query))


def _was_moved(instance_id: str) -> Any:
    """Did the case ever go to another version? Then its past is read with more care (web.cases.past)."""
    move = aliased(HistoryEvent)
    moves = select(col(move.seq)).where(col(move.instance_id) == instance_id, col(move.kind) == Kind.CASE_MIGRATED)
    return moves.exists().label("moved")


def flow_details(connection: Connection, instance_id: str) -> list[dict[str, Any]]:
    """The different details of finished elements: which flows were ever taken."""
    query = (
        select(HistoryEvent.detail)
        .where(col(HistoryEvent.instance_id) == instance_id, col(HistoryEvent.kind) == Kind.ELEMENT_COMPLETED)
        .distinct()
    )
    return list(connection.execute(query).scalars())


def _filtered(actor: Actor, filters: Filters) -> Select[Any]:
    query = _rows().where(listed(actor))
    if filters.process:
        query = query.where(col(Instance.definition_key) == filters.process)
    if filters.status:
        query = query.where(col(Instance.status) == filters.status)
    if filters.text:
        searched = (col(Instance.number), col(Instance.title), col(Instansi.name), col(User.name))
        query = query.where(anywhere(filters.text, *searched))
    return query


def _rows() -> Select[Any]:
    return (
        select(
            Instance.id,
            Instance.number,
            Instance.title,
            Instance.status,
            Instance.outcome,
            Instance.stage,
            Instance.stage_element,
            Instance.definition_key,
            Instance.version_id,
            Instance.zone,
            Instance.starter_id,
            Instance.instansi_id,
            calendar_owner(),
            Instance.started_at,
            Instance.ended_at,
            col(Definition.title).label("process"),
            col(Instansi.name).label("instansi"),
            col(User.name).label("starter_name"),
        )
        .join(Definition, col(Definition.key) == Instance.definition_key)
        .outerjoin(Instansi, col(Instansi.id) == Instance.instansi_id)
        .outerjoin(User, col(User.id) == Instance.starter_id)
    )
