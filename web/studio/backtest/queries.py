"""What the pages of back-tests read."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select
from sqlmodel import col

from engine.unit_of_work import Database
from models import BacktestCase, BacktestRun, Instance, Programme, User
from web.paging import Key, Page, fetch_page

KEYS = (Key(col(BacktestCase.number), "number"),)
VERDICTS = ("same", "differs", "missing", "failed")
AT_ONCE = 2_000
MOST_RUNS = 50


def recorded(connection: Connection, key: str) -> Row[Any]:
    """How many cases of a process there are, and when the first and the last began."""
    began = col(Instance.started_at)
    query = select(func.count().label("cases"), func.min(began).label("first"), func.max(began).label("last"))
    return connection.execute(query.where(col(Instance.definition_key) == key)).one()


def programmes(connection: Connection, key: str) -> list[Row[Any]]:
    """Programmes in which cases of this process began, the newest first."""
    with_cases = select(col(Instance.programme_id)).where(col(Instance.definition_key) == key).distinct()
    query = select(col(Programme.id), col(Programme.title_id), col(Programme.title_en))
    return list(
        connection.execute(query.where(col(Programme.id).in_(with_cases)).order_by(col(Programme.opens_at).desc()))
    )


def runs(connection: Connection, source: str) -> list[Row[Any]]:
    """The runs of a draft, newest first, without their files."""
    wanted = [
        col(getattr(BacktestRun, name))
        for name in ("id", "state", "choice", "total", *VERDICTS, "revision", "created_at", "finished_at")
    ]
    query = select(*wanted, col(User.name).label("who")).join(
        User, col(User.id) == col(BacktestRun.created_by), isouter=True
    )
    ordered = query.where(col(BacktestRun.source) == source).order_by(col(BacktestRun.created_at).desc())
    return list(connection.execute(ordered.limit(MOST_RUNS)))


def cases(
    connection: Connection, run_id: str, verdict: str, element: str, *, after: str | None, before: str | None
) -> Page:
    """Cases of a run in the order in which they began; `verdict` and `element` narrow them."""
    return fetch_page(connection, _cases(run_id, verdict, element), KEYS, after=after, before=before)


def all_cases(database: Database, run_id: str, verdict: str, element: str) -> Iterator[Row[Any]]:
    """Every such case, for the report: some thousands at a time."""
    last = 0
    while True:
        number = col(BacktestCase.number)
        query = _cases(run_id, verdict, element).where(number > last).order_by(number).limit(AT_ONCE)
        with database.read() as unit:
            found = list(unit.connection.execute(query))
        yield from found
        if len(found) < AT_ONCE:
            return
        last = found[-1].number


def _cases(run_id: str, verdict: str, element: str) -> Select[Any]:
    names = ("number", "verdict", "element_id", "text", "detail", "minutes_before", "minutes_after", "days_before",
             "days_after", "late_before", "late_after")  # fmt: skip
    query = (
        select(*(col(getattr(BacktestCase, name)) for name in names), col(Instance.number).label("case_number"),
               col(Instance.title), col(Instance.started_at))
        .join(Instance, col(Instance.id) == col(BacktestCase.instance_id))
        .where(col(BacktestCase.run_id) == run_id, col(BacktestCase.verdict).is_not(None))
    )  # fmt: skip
    if verdict in VERDICTS:
        query = query.where(col(BacktestCase.verdict) == verdict)
    return query.where(col(BacktestCase.element_id) == element) if element else query
