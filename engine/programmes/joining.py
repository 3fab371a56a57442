"""What a case asks of its programme: which one it belongs to, whether that is open, on which version it runs."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, case, select
from sqlmodel import col

from calendars.words import full_instant
from engine.errors import NotFoundError
from engine.manifest import Manifest
from engine.programmes.errors import (
    NoProgrammeError,
    NotInProgrammeError,
    OtherFlowError,
    ProgrammeClosedError,
    ProgrammeNotYetOpenError,
    ProgrammeRequiredError,
)
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from models import Instance, Programme


def calendar_owner() -> ColumnElement[str | None]:
    """Of a selected Instance, as `calendar_of`: the instansi whose working week counts, as `Facts.calendar_of` says."""
    of_programme = select(col(Programme.instansi_id)).where(col(Programme.id) == col(Instance.programme_id))
    outside = col(Instance.programme_id).is_(None)
    return case((outside, col(Instance.instansi_id)), else_=of_programme.scalar_subquery()).label("calendar_of")


def open_programmes(unit: UnitOfWork, flow: str, now: datetime) -> list[Programme]:
    """The programmes of a flow that cases can be started in at `now`, the one opened first at the head."""
    return list(unit.session.scalars(_open(flow, now)))


def joined(unit: UnitOfWork, manifest: Manifest, programme_id: str | None, now: datetime) -> Programme | None:
    """The programme that a new case of this process belongs to; None for a process of no flow.

    Its row is locked against closing until the case is there: a closing never misses a case.
    """
    if manifest.flow is None:
        return None
    if programme_id is None:
        found = list(unit.session.scalars(_open(manifest.flow, now).with_for_update(read=True)))
        if len(found) != 1:
            raise ProgrammeRequiredError(count=len(found)) if found else NoProgrammeError
        return found[0]
    asked = select(Programme).where(col(Programme.id) == programme_id).with_for_update(read=True)
    programme: Programme | None = unit.session.scalars(asked.execution_options(populate_existing=True)).first()
    if programme is None:
        raise NotFoundError
    if programme.flow != manifest.flow:
        raise OtherFlowError(title=title_of(programme))
    if not (manifest.start.after_close and programme.opens_at <= now):
        must_be_open(programme, now)
    return programme


def version_of(programme: Programme, manifest: Manifest) -> str:
    """The version that cases of this process run on in the programme."""
    version = programme.versions.get(manifest.key)
    if version is None:
        raise NotInProgrammeError(title=title_of(programme))
    return str(version)


def of_case(unit: UnitOfWork, instance_id: str | None) -> str | None:
    """The programme that a case belongs to."""
    asked = select(col(Instance.programme_id)).where(col(Instance.id) == instance_id)
    return None if instance_id is None else unit.connection.execute(asked).scalar()


def title_of(programme: Programme) -> Text:
    return Text(programme.title_id, programme.title_en or programme.title_id)


def is_open(programme: Programme | Row[Any], now: datetime) -> bool:
    return bool(programme.state == "open" and programme.opens_at <= now < programme.closes_at)


def _open(flow: str, now: datetime) -> Select[Programme]:
    return (
        select(Programme)
        .where(col(Programme.flow) == flow, col(Programme.state) == "open")
        .where(col(Programme.opens_at) <= now, col(Programme.closes_at) > now)
        .order_by(col(Programme.opens_at), col(Programme.id))
        .execution_options(populate_existing=True)
    )


def must_be_open(programme: Programme, now: datetime) -> None:
    if is_open(programme, now):
        return
    early = programme.state == "open" and now < programme.opens_at
    at = programme.opens_at if early else programme.closed_at or programme.closes_at
    local = at.astimezone(ZoneInfo(programme.zone))
    words = {"title": title_of(programme), "at": Text(full_instant(local, "id"), full_instant(local, "en"))}
    raise ProgrammeNotYetOpenError(**words) if early else ProgrammeClosedError(**words)
