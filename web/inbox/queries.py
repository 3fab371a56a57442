"""What the inbox reads: counts in one statement, a page of rows in one statement, whatever the size of the list."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from engine.actors import Actor
from engine.authorisation import candidates, mine
from engine.programmes import calendar_owner
from models import Deadline, Definition, Instance, Instansi, User, UserTask
from web.paging import Key, Page, fetch_page
from web.search import anywhere

SOON = timedelta(hours=72)
"""What falls due within this time is "segera": long enough to bridge a weekend."""

VIEWS = ("saya", "terlambat", "segera", "kelompok")

KEYS = (
    Key(col(UserTask.due_at), "due_at", nullable=True),
    Key(col(UserTask.created_at), "created_at"),
    Key(col(UserTask.id), "id"),
)
NEWEST = (Key(col(UserTask.created_at), "created_at", descending=True), Key(col(UserTask.id), "id", descending=True))
ORDERS = {"tenggat": KEYS, "terbaru": NEWEST}

EXPORT_LIMIT = 10_000


@dataclass(frozen=True)
class Filters:
    """What the address of the page asks for. `view` is one of VIEWS."""

    view: str = "saya"
    text: str = ""
    process: str = ""
    order: str = "tenggat"
    after: str | None = None
    before: str | None = None

    @classmethod
    def from_arguments(cls, arguments: Any) -> "Filters":
        view, order = arguments.get("saring", ""), arguments.get("urut", "")
        return cls(
            view=view if view in VIEWS else "saya",
            text=arguments.get("q", "").strip()[:100],
            process=arguments.get("proses", "")[:80],
            order=order if order in ORDERS else "tenggat",
            after=arguments.get("sesudah"),
            before=arguments.get("sebelum"),
        )

    def arguments(self, **changes: Any) -> dict[str, str]:
        """As query arguments, defaults left out; a changed filter starts at the first page again."""
        chosen = replace(self, after=None, before=None, **changes)
        named = {"saring": chosen.view, "q": chosen.text, "proses": chosen.process, "urut": chosen.order}
        defaults = {"saring": "saya", "q": "", "proses": "", "urut": "tenggat"}
        return {name: value for name, value in named.items() if value and value != defaults[name]}

    @property
    def narrowed(self) -> bool:
        """Is anything searched or filtered, so that an empty list may be the filter's doing?"""
        return bool(self.text or self.process)


@dataclass(frozen=True)
class Counts:
    """How many open tasks each view holds."""

    saya: int
    terlambat: int
    segera: int
    kelompok: int

    def __getitem__(self, view: str) -> int:
        return int(getattr(self, view))


def counts(connection: Connection, actor: Actor, now: datetime) -> Counts:
    own, group = _own(actor), _group(actor)
    late, soon = col(UserTask.due_at) < now, _soon(now)
    query = select(_count_where(own), _count_where(late), _count_where(soon), _count_where(group)).where(
        _open(), or_(own, group)
    )
    return Counts(*(int(number) for number in connection.execute(query).one()))


def page(connection: Connection, actor: Actor, filters: Filters, now: datetime, *, size: int = 25) -> Page:
    """One page of the view, with what a row shows: one statement."""
    query = _filtered(actor, filters, now)
    return fetch_page(connection, query, ORDERS[filters.order], after=filters.after, before=filters.before, size=size)


def export_rows(connection: Connection, actor: Actor, filters: Filters, now: datetime) -> Iterator[Row[Any]]:
    """All rows of the view, at most EXPORT_LIMIT, in its order."""
    keys = ORDERS[filters.order]
    order = [
        key.column.desc() if key.descending else key.column.asc().nulls_last() if key.nullable else key.column.asc()
        for key in keys
    ]
    yield from connection.execute(_filtered(actor, filters, now).order_by(*order).limit(EXPORT_LIMIT))


def processes(connection: Connection, actor: Actor) -> list[Row[Any]]:
    """The processes that have an open task for this person: the choices of the filter."""
    keys = select(UserTask.definition_key).where(_open(), or_(_own(actor), _group(actor))).distinct()
    query = select(Definition.key, Definition.title).where(col(Definition.key).in_(keys)).order_by(Definition.title)
    return list(connection.execute(query))


def task_row(connection: Connection, task_id: str) -> Row[Any] | None:
    """A task with its case, its people and the explanation of its deadline: one statement."""
    closer, starter = aliased(User), aliased(User)
    query = (
        _rows(
            UserTask.version,
            UserTask.form,
            UserTask.role,
            UserTask.instansi_id,
            UserTask.excluded,
            UserTask.lane,
            UserTask.state,
            UserTask.closed_at,
            UserTask.closed_by,
            Instance.status,
            Instance.stage,
            Instance.stage_element,
            Instance.starter_id,
            Instance.started_at,
            col(Instance.title).label("instance_title"),
            col(closer.name).label("closer_name"),
            col(starter.name).label("starter_name"),
            Deadline.explanation,
            Deadline.calendar_version,
            col(Deadline.zone).label("deadline_zone"),
        )
        .outerjoin(closer, col(closer.id) == UserTask.closed_by)
        .outerjoin(starter, col(starter.id) == Instance.starter_id)
        .outerjoin(Deadline, and_(col(Deadline.token_id) == UserTask.id, col(Deadline.kind) == "due"))
        .where(col(UserTask.id) == task_id)
    )
    return connection.execute(query).first()


def _filtered(actor: Actor, filters: Filters, now: datetime) -> Select[Any]:
    query = _rows().where(_open(), _view(actor, filters.view, now))
    if filters.process:
        query = query.where(col(UserTask.definition_key) == filters.process)
    if filters.text:
        searched = (col(UserTask.name), col(UserTask.case_title), col(Instance.number), col(Instansi.name))
        query = query.where(anywhere(filters.text, *searched))
    return query


def _rows(*more: Any) -> Select[Any]:
    """What a row of the inbox shows, with `more` columns."""
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
            col(Definition.title).label("process"),
            col(Instansi.name).label("instansi"),
            col(User.name).label("assignee_name"),
            *more,
        )
        .join(Instance, col(Instance.id) == UserTask.instance_id)
        .join(Definition, col(Definition.key) == UserTask.definition_key)
        .outerjoin(Instansi, col(Instansi.id) == Instance.instansi_id)
        .outerjoin(User, col(User.id) == UserTask.assignee_id)
    )


def _view(actor: Actor, view: str, now: datetime) -> ColumnElement[bool]:
    own, group = _own(actor), _group(actor)
    if view == "terlambat":
        return and_(or_(own, group), col(UserTask.due_at) < now)
    if view == "segera":
        return and_(or_(own, group), _soon(now))
    return group if view == "kelompok" else own


def _own(actor: Actor) -> ColumnElement[bool]:
    return mine(actor)


def _group(actor: Actor) -> ColumnElement[bool]:
    return candidates(actor)


def _open() -> ColumnElement[bool]:
    return col(UserTask.state) == "open"


def _soon(now: datetime) -> ColumnElement[bool]:
    return and_(col(UserTask.due_at) >= now, col(UserTask.due_at) < now + SOON)


def _count_where(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
