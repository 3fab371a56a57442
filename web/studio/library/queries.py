"""What the library reads."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, Row, func, select
from sqlmodel import col

from models import Definition, DefinitionVersion, Draft, Instance, User
from web.search import anywhere

RUNNING = ("active", "suspended")
UNFINISHED = ("open", "review")
MOST = 200


def definitions(connection: Connection, text: str = "") -> list[Row[Any]]:
    """Every process with what is current of it; withdrawn ones too."""
    query = (
        select(
            Definition.key,
            Definition.title,
            Definition.owner,
            Definition.current_version_id,
            DefinitionVersion.number,
            DefinitionVersion.manifest,
            DefinitionVersion.deployed_at,
            DefinitionVersion.deployed_by,
            DefinitionVersion.note,
        )
        .outerjoin(DefinitionVersion, col(DefinitionVersion.id) == Definition.current_version_id)
        .order_by(Definition.title, Definition.key)
    )
    if text:
        query = query.where(anywhere(text, col(Definition.title), col(Definition.key), col(Definition.owner)))
    return list(connection.execute(query))


def running(connection: Connection, key: str | None = None) -> dict[str, dict[str, int]]:
    """By process and version, how many cases are not finished."""
    query = (
        select(col(Instance.definition_key), col(Instance.version_id), func.count())
        .where(col(Instance.status).in_(RUNNING))
        .group_by(col(Instance.definition_key), col(Instance.version_id))
    )
    if key is not None:
        query = query.where(col(Instance.definition_key) == key)
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for process, version_id, count in connection.execute(query):
        found[process][version_id] = int(count)
    return dict(found)


def drafts(connection: Connection, *, key: str | None = None, text: str = "", finished: bool = False) -> list[Row[Any]]:
    """Drafts that are worked on or reviewed (`finished`: those that ended), last changed first."""
    changer = select(col(User.name)).where(col(User.id) == col(Draft.changed_by)).scalar_subquery()
    query = (
        select(
            Draft.id,
            Draft.key,
            Draft.title,
            Draft.state,
            Draft.changed_at,
            changer.label("changed_by"),
            DefinitionVersion.number.label("based_on"),  # type: ignore[attr-defined]  # a column on the class
            Definition.title.label("process"),  # type: ignore[attr-defined]
        )
        .outerjoin(DefinitionVersion, col(DefinitionVersion.id) == col(Draft.based_on))
        .outerjoin(Definition, col(Definition.key) == col(Draft.key))
        .where(col(Draft.state).not_in(UNFINISHED) if finished else col(Draft.state).in_(UNFINISHED))
        .order_by(col(Draft.changed_at).desc())
        .limit(MOST)
    )
    if key is not None:
        query = query.where(col(Draft.key) == key)
    if text:
        query = query.where(anywhere(text, col(Draft.title), col(Draft.key), col(Definition.title)))
    return list(connection.execute(query))


def is_taken(connection: Connection, key: str) -> bool:
    """Is there a process of this key, or somebody who prepares one?"""
    process = select(Definition.key).where(Definition.key == key)
    draft = select(Draft.key).where(col(Draft.key) == key, col(Draft.state).in_(UNFINISHED))
    return any(connection.execute(query.limit(1)).first() is not None for query in (process, draft))
