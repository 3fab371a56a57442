"""What the applicant's pages read besides the cases themselves."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select
from sqlmodel import col

from engine.manifest import Manifest
from engine.programmes import is_open, title_of
from engine.unit_of_work import UnitOfWork
from models import Definition, Instance, Programme
from web.words.names import in_locale


@dataclass(frozen=True)
class Offer:
    """A programme in which a process of a flow can be started, now or at another time."""

    id: str
    key: str
    title: str
    period: str
    zone: str
    opens_at: datetime
    closes_at: datetime
    takes: bool
    planned: bool


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


def offers(unit: UnitOfWork, manifest: Manifest, now: datetime) -> list[Offer]:
    """The programmes of this process's flow: those that take a case now first, then the others, the latest first."""
    query = select(Programme).where(col(Programme.flow) == manifest.flow).order_by(col(Programme.opens_at).desc())
    late = manifest.start.after_close
    found = [
        Offer(
            id=row.id,
            key=row.key,
            title=in_locale(title_of(row)),
            period=row.period,
            zone=row.zone,
            opens_at=row.opens_at,
            closes_at=row.closes_at,
            takes=is_open(row, now) or (late and row.opens_at <= now),
            planned=row.opens_at > now,
        )
        for row in unit.session.scalars(query)
        if manifest.key in row.versions
    ]
    return sorted(found, key=lambda offer: not offer.takes)
