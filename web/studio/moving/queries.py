"""What the pages of moves read."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, select
from sqlmodel import col

from models import DefinitionVersion, Instance, MoveCase, MoveRun, User
from web.paging import Key, Page, fetch_page

CASES_PER_PAGE = 50
EXPORT_LIMIT = 50_000
MOST_RUNS = 50
CASE_KEYS = (Key(col(Instance.number), "number"),)


def runs(connection: Connection, key: str) -> Sequence[Row[Any]]:
    """The moves of a process, the last one first, with how many cases each took in and moved."""
    counted = (
        select(
            MoveCase.run_id,
            func.count().label("total"),
            func.count().filter(col(MoveCase.state) == "moved").label("moved"),
        )
        .group_by(col(MoveCase.run_id))
        .subquery()
    )
    target = select(col(DefinitionVersion.number)).where(col(DefinitionVersion.id) == col(MoveRun.to_version))
    source = select(col(DefinitionVersion.number)).where(col(DefinitionVersion.id) == col(MoveRun.from_version))
    query = (
        select(
            MoveRun.id,
            MoveRun.state,
            MoveRun.reason,
            MoveRun.created_at,
            col(User.name).label("by"),
            source.scalar_subquery().label("before"),
            target.scalar_subquery().label("after"),
            func.coalesce(counted.c.total, 0).label("total"),
            func.coalesce(counted.c.moved, 0).label("moved"),
        )
        .outerjoin(counted, counted.c.run_id == col(MoveRun.id))
        .outerjoin(User, col(User.id) == col(MoveRun.created_by))
        .where(col(MoveRun.definition_key) == key)
        .order_by(col(MoveRun.created_at).desc(), col(MoveRun.id))
        .limit(MOST_RUNS)
    )
    return connection.execute(query).all()


def groups(connection: Connection, run_id: str) -> Sequence[Row[Any]]:
    """Cases of which the same is said: where they stand, what becomes of them, and why."""
    same = (col(MoveCase.version_id), col(MoveCase.standing), col(MoveCase.state), col(MoveCase.obstacles))
    query = select(*same, func.count().label("cases")).where(col(MoveCase.run_id) == run_id).group_by(*same)
    return connection.execute(query.order_by(func.count().desc())).all()


def cases(connection: Connection, run_id: str, state: str, *, after: str | None, before: str | None) -> Page:
    """A page of the cases of a move; `state` narrows them."""
    return fetch_page(connection, _cases(run_id, state), CASE_KEYS, after=after, before=before, size=CASES_PER_PAGE)


def all_cases(connection: Connection, run_id: str, state: str) -> Sequence[Row[Any]]:
    return connection.execute(_cases(run_id, state).order_by(col(Instance.number)).limit(EXPORT_LIMIT)).all()


def _cases(run_id: str, state: str) -> Any:
    query = (
        select(Instance.number, Instance.title, MoveCase.version_id, MoveCase.state, MoveCase.standing,
               MoveCase.obstacles)
        .join(Instance, col(Instance.id) == col(MoveCase.instance_id))
        .where(col(MoveCase.run_id) == run_id)
    )  # fmt: skip
    return query.where(col(MoveCase.state) == state) if state else query


def name_of(connection: Connection, user_id: str) -> str:
    return connection.execute(select(col(User.name)).where(col(User.id) == user_id)).scalar() or "–"
