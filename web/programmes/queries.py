"""What the pages of programmes read: programmes, their events, how many cases each has."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlmodel import col

from engine.errors import NotFoundError
from engine.programmes import is_open, title_of, waiting_cases
from engine.unit_of_work import UnitOfWork
from models import DefinitionVersion, Instance, Programme, ProgrammeEvent, User
from web.words.names import in_locale


@dataclass(frozen=True)
class Tally:
    """The cases of one process in a programme. `told`: those that its closing ends."""

    key: str
    title: str
    running: int
    total: int
    told: int


def programme_of(unit: UnitOfWork, key: str) -> Programme:
    found = unit.session.scalars(select(Programme).where(col(Programme.key) == key)).first()
    if found is None:
        raise NotFoundError
    return found


def all_programmes(unit: UnitOfWork) -> list[Programme]:
    """The open ones first, then the latest."""
    order = (case((col(Programme.state) == "open", 0), else_=1), col(Programme.opens_at).desc(), col(Programme.key))
    return list(unit.session.scalars(select(Programme).order_by(*order)))


def standing(programme: Programme, now: datetime) -> str:
    """open | planned | closed; one whose time is over counts as closed before the ticker came."""
    if is_open(programme, now):
        return "open"
    return "planned" if programme.state == "open" and now < programme.opens_at else "closed"


def case_counts(unit: UnitOfWork, programme_ids: list[str]) -> dict[str, tuple[int, int]]:
    """By programme: running cases, and all."""
    running = func.sum(case((col(Instance.status).in_(("active", "suspended")), 1), else_=0))
    query = (
        select(col(Instance.programme_id), running, func.count())
        .where(col(Instance.programme_id).in_(programme_ids))
        .group_by(col(Instance.programme_id))
    )
    return {str(row[0]): (int(row[1]), int(row[2])) for row in unit.connection.execute(query)}


def tallies(unit: UnitOfWork, programme: Programme) -> list[Tally]:
    """Each process of the programme, whether or not it has cases."""
    running = func.sum(case((col(Instance.status).in_(("active", "suspended")), 1), else_=0))
    query = (
        select(col(Instance.definition_key), running, func.count())
        .where(col(Instance.programme_id) == programme.id)
        .group_by(col(Instance.definition_key))
    )
    counted = {row[0]: (int(row[1]), int(row[2])) for row in unit.connection.execute(query)}
    told = _told(unit, programme)
    return [
        Tally(row.key, row.title, *counted.get(row.key, (0, 0)), told=told.get(row.key, 0))
        for row in versions(unit, programme)
    ]


def _told(unit: UnitOfWork, programme: Programme) -> dict[str, int]:
    waiting = set(waiting_cases(unit, programme.id)) if programme.state == "open" else set()
    keys = select(col(Instance.id), col(Instance.definition_key)).where(col(Instance.programme_id) == programme.id)
    found: dict[str, int] = {}
    for ident, key in unit.connection.execute(keys) if waiting else ():
        if ident in waiting:
            found[key] = found.get(key, 0) + 1
    return found


@dataclass(frozen=True)
class Version:
    """A process of a programme and the version it runs on there; `current`: the one that is deployed last."""

    key: str
    title: str
    number: int
    deployed_at: datetime
    current: int | None

    @property
    def is_newest(self) -> bool:
        return self.current in (None, self.number)


def versions(unit: UnitOfWork, programme: Programme) -> list[Version]:
    newest = (
        select(col(DefinitionVersion.definition_key), func.max(col(DefinitionVersion.number)).label("number"))
        .where(col(DefinitionVersion.definition_key).in_(programme.versions))
        .group_by(col(DefinitionVersion.definition_key))
        .subquery()
    )
    query = (
        select(
            col(DefinitionVersion.definition_key).label("key"),
            col(DefinitionVersion.number).label("number"),
            col(DefinitionVersion.deployed_at).label("deployed_at"),
            col(DefinitionVersion.manifest).label("manifest"),
            newest.c.number.label("newest"),
        )
        .outerjoin(newest, newest.c.definition_key == col(DefinitionVersion.definition_key))
        .where(col(DefinitionVersion.id).in_(programme.versions.values()))
        .order_by(col(DefinitionVersion.definition_key))
    )
    return [
        Version(row.key, in_locale(row.manifest["title"]) or row.key, row.number, row.deployed_at, row.newest)
        for row in unit.connection.execute(query)
    ]


@dataclass(frozen=True)
class Event:
    """Something done to a programme, and by whom; None: it happened by itself."""

    kind: str
    at: datetime
    by: str | None
    reason: str
    detail: dict[str, Any]


def events(unit: UnitOfWork, programme: Programme) -> list[Event]:
    """The latest first."""
    query = (
        select(ProgrammeEvent, col(User.name))
        .outerjoin(User, col(User.id) == col(ProgrammeEvent.by))
        .where(col(ProgrammeEvent.programme_id) == programme.id)
        .order_by(col(ProgrammeEvent.at).desc(), col(ProgrammeEvent.id))
    )
    return [Event(e.kind, e.at, name, e.reason, e.detail) for e, name in unit.session.execute(query)]


def name_of(programme: Programme) -> str:
    """The programme's title in the reader's language."""
    return in_locale(title_of(programme))
