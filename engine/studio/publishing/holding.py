"""Making a version hold for the cases it is meant for, and putting back what held before."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from engine.definitions import make_current, withdraw
from engine.programmes import use_version
from engine.studio.publishing.errors import OtherProgrammeError
from engine.studio.publishing.records import (
    ALL,
    ENDED,
    LIVE,
    PROGRAMME,
    WITHDRAWN,
    locked,
    record,
    running_programmes,
)
from engine.unit_of_work import UnitOfWork
from models import Definition, DefinitionVersion, Programme, Publication


def begin(unit: UnitOfWork, publication: Publication, *, by: str | None, now: datetime) -> None:
    """From now on cases start on its version. What held before is kept, so that it can be taken back."""
    version = unit.session.get_one(DefinitionVersion, publication.version_id)
    definition = unit.session.get_one(Definition, publication.definition_key, with_for_update=True)
    programmes = _meant(unit, publication, version, now)
    publication.before = {
        "current": definition.current_version_id,
        "programmes": {one.id: one.versions.get(definition.key) for one in programmes},
        "ended": _end_others(unit, publication, {one.id for one in programmes}, now),
    }
    for one in programmes:
        use_version(unit, one.id, definition.key, version.id, by=by, reason=publication.note, now=now)
    if publication.scope != PROGRAMME or definition.current_version_id is None:
        make_current(definition, version)  # what nothing held before is found by its programme only if it is current
    publication.state = LIVE
    record(unit, publication, "started", by, now)


def take_back(unit: UnitOfWork, publication: Publication, *, by: str | None, reason: str, now: datetime) -> None:
    """What held before holds again, wherever nothing newer was made to hold meanwhile. Running cases go on."""
    definition = unit.session.get_one(Definition, publication.definition_key, with_for_update=True)
    before = publication.before
    if definition.current_version_id == publication.version_id != before.get("current"):
        previous = unit.session.get(DefinitionVersion, before.get("current") or "")
        definition.current_version_id = None
        if previous is not None:
            make_current(definition, previous)
    for programme_id, version_id in before.get("programmes", {}).items():
        programme = unit.session.get(Programme, programme_id, with_for_update=True, populate_existing=True)
        here = programme is not None and programme.versions.get(definition.key) == publication.version_id
        if here and programme is not None and programme.state == "open":
            use_version(unit, programme_id, definition.key, version_id, by=by, reason=reason, now=now)
    publication.state = WITHDRAWN
    record(unit, publication, "withdrawn", by, now, reason)
    for ident in before.get("ended", []):
        other = locked(unit, ident)
        if other.state == ENDED:
            other.state = LIVE
            record(unit, other, "resumed", by, now)


def stop(unit: UnitOfWork, publication: Publication, *, by: str, now: datetime) -> None:
    """No new cases from now on, in no programme either; running ones go on. `publication` keeps what held."""
    version = unit.session.get_one(DefinitionVersion, publication.version_id)
    programmes = running_programmes(unit, version.manifest.get("flow"), now)
    here = [one for one in programmes if publication.definition_key in one.versions]
    publication.before = {
        "current": publication.version_id,
        "programmes": {one.id: one.versions[publication.definition_key] for one in here},
        "ended": _end_others(unit, publication, {one.id for one in here}, now),
    }
    for one in here:
        use_version(unit, one.id, publication.definition_key, None, by=by, reason=publication.note, now=now)
    withdraw(unit, publication.definition_key)
    publication.state = WITHDRAWN
    record(unit, publication, "stopped", by, now, publication.note)


def _meant(unit: UnitOfWork, publication: Publication, version: DefinitionVersion, now: datetime) -> list[Programme]:
    """The programmes whose cases are meant; each locked by the change itself."""
    running = running_programmes(unit, version.manifest.get("flow"), now)
    if publication.scope == ALL:
        return running
    if publication.scope != PROGRAMME:
        return []
    found = [one for one in running if one.id == publication.programme_id]
    if not found:
        raise OtherProgrammeError
    return found


def _end_others(unit: UnitOfWork, publication: Publication, programmes: set[str], now: datetime) -> list[str]:
    """Publications that no longer hold for anybody, now that this one does."""
    wanted = select(Publication).where(
        col(Publication.definition_key) == publication.definition_key,
        col(Publication.state) == LIVE,
        col(Publication.id) != publication.id,
    )
    ended = []
    for other in unit.session.scalars(wanted.order_by(col(Publication.requested_at)).with_for_update()):
        replaced = other.programme_id in programmes if other.scope == PROGRAMME else publication.scope != PROGRAMME
        if replaced:
            other.state = ENDED
            record(unit, other, "ended", None, now)
            ended.append(other.id)
    return ended
