"""What the pages of processes read."""

from typing import Any

from sqlalchemy import Connection, Row, and_, func, select
from sqlmodel import col

from engine.actors import Actor
from engine.authorisation import listed
from models import Definition, DefinitionVersion, Instance


def all_processes(connection: Connection) -> list[Row[Any]]:
    """Every process with its current version."""
    query = (
        select(
            Definition.key,
            Definition.owner,
            Definition.current_version_id,
            DefinitionVersion.number,
            DefinitionVersion.deployed_at,
        )
        .join(DefinitionVersion, col(DefinitionVersion.id) == Definition.current_version_id)
        .order_by(Definition.title)
    )
    return list(connection.execute(query))


def versions(connection: Connection, key: str) -> list[Row[Any]]:
    """The versions of a process, newest first: who published it, when and why, and which is current."""
    query = (
        select(
            DefinitionVersion.id,
            DefinitionVersion.number,
            DefinitionVersion.deployed_at,
            DefinitionVersion.deployed_by,
            DefinitionVersion.note,
            (col(DefinitionVersion.id) == Definition.current_version_id).label("is_current"),
        )
        .join(Definition, col(Definition.key) == DefinitionVersion.definition_key)
        .where(col(DefinitionVersion.definition_key) == key)
        .order_by(col(DefinitionVersion.number).desc())
        .limit(200)
    )
    return list(connection.execute(query))


def running(connection: Connection, actor: Actor, key: str) -> dict[str, int]:
    """How many cases run on each version, of those this person may see."""
    query = (
        select(Instance.version_id, func.count())
        .where(and_(col(Instance.definition_key) == key, col(Instance.status) == "active", listed(actor)))
        .group_by(col(Instance.version_id))
    )
    return {version_id: int(number) for version_id, number in connection.execute(query)}
