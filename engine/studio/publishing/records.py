"""Reading and writing what is kept of a publication: its row, locked while somebody acts, and its acts."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from engine.errors import NotFoundError
from engine.studio.publishing.errors import WhyMissingError
from engine.unit_of_work import UnitOfWork
from models import Programme, Publication, PublicationAct

REVIEW, REFUSED, SCHEDULED, LIVE = "review", "refused", "scheduled", "live"
ENDED, WITHDRAWN, CANCELLED = "ended", "withdrawn", "cancelled"
ALL, NEW, PROGRAMME = "all", "new", "programme"
MOST = 200


def read_publication(unit: UnitOfWork, publication_id: str) -> Publication:
    found = unit.session.get(Publication, publication_id)
    if found is None:
        raise NotFoundError
    return found


def locked(unit: UnitOfWork, publication_id: str) -> Publication:
    """The publication, which nobody else changes until the transaction ends."""
    found = unit.session.get(Publication, publication_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFoundError
    return found


def publications_of(unit: UnitOfWork, key: str) -> list[Publication]:
    """All of a process, newest first."""
    wanted = select(Publication).where(col(Publication.definition_key) == key)
    return list(unit.session.scalars(wanted.order_by(col(Publication.requested_at).desc()).limit(MOST)))


def of_draft(unit: UnitOfWork, draft_id: str) -> list[Publication]:
    """Those that a draft was submitted for, newest first."""
    wanted = select(Publication).where(col(Publication.draft_id) == draft_id)
    return list(unit.session.scalars(wanted.order_by(col(Publication.requested_at).desc()).limit(MOST)))


def waiting(unit: UnitOfWork) -> list[Publication]:
    """Everything that waits for a second person, oldest first."""
    wanted = select(Publication).where(col(Publication.state) == REVIEW)
    return list(unit.session.scalars(wanted.order_by(col(Publication.requested_at)).limit(MOST)))


def acts_of(unit: UnitOfWork, publications: Sequence[Publication]) -> dict[str, list[PublicationAct]]:
    """What was done to each, in order."""
    wanted = select(PublicationAct).where(col(PublicationAct.publication_id).in_([p.id for p in publications]))
    found: dict[str, list[PublicationAct]] = {publication.id: [] for publication in publications}
    for act in unit.session.scalars(wanted.order_by(col(PublicationAct.publication_id), col(PublicationAct.number))):
        found[act.publication_id].append(act)
    return found


def running_programmes(unit: UnitOfWork, flow: str | None, now: datetime) -> list[Programme]:
    """The programmes of a flow in which cases can be started now or later."""
    if flow is None:
        return []
    wanted = select(Programme).where(
        col(Programme.flow) == flow, col(Programme.state) == "open", col(Programme.closes_at) > now
    )
    return list(unit.session.scalars(wanted.order_by(col(Programme.opens_at))))


def record(
    unit: UnitOfWork, publication: Publication, kind: str, by: str | None, now: datetime, reason: str = ""
) -> None:
    last = select(func.max(col(PublicationAct.number))).where(col(PublicationAct.publication_id) == publication.id)
    number = (unit.session.execute(last).scalar() or 0) + 1
    unit.session.add(publication)
    unit.session.flush()
    unit.session.add(
        PublicationAct(publication_id=publication.id, number=number, kind=kind, by=by, reason=reason, at=now)
    )
    unit.session.flush()


def new_publication(**given: Any) -> Publication:
    return Publication(id=uuid.uuid4().hex, **given)


def why(text: str) -> str:
    """The reason, which must be one."""
    if not text.strip():
        raise WhyMissingError
    return text.strip()[:500]
