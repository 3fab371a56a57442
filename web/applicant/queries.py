"""What the applicant's pages read besides the cases themselves."""

from typing import Any

from sqlalchemy import Connection, Row, select
from sqlmodel import col

from models import Definition, Instance


def startable(connection: Connection) -> list[Row[Any]]:
    """Processes that take new cases, by title; who may start which is for the manifest to say."""
    query = (
        select(Definition.key, Definition.current_version_id)
        .where(col(Definition.current_version_id).is_not(None))
        .order_by(Definition.title)
    )
    return list(connection.execute(query))


def unfinished(connection: Connection, user_id: str) -> list[Row[Any]]:
    """This person's running cases, so that nobody starts a second one by mistake."""
    query = (
        select(Instance.number, Instance.title, Instance.definition_key, Instance.started_at)
        .where(col(Instance.starter_id) == user_id, col(Instance.status).in_(("active", "suspended")))
        .order_by(col(Instance.started_at).desc())
        .limit(50)
    )
    return list(connection.execute(query))


def number_of(connection: Connection, instance_id: str) -> str:
    return str(connection.execute(select(Instance.number).where(col(Instance.id) == instance_id)).scalar_one())
