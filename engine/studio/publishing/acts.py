"""What owners do about a publication: submit, approve, refuse, call off, withdraw; each act kept with who and why."""

from dataclasses import dataclass
from datetime import datetime

from engine.definitions import RefusedPackageError, check_package, deploy, package_of
from engine.errors import NotFoundError
from engine.gate.toml import read_manifest
from engine.manifest import FILE
from engine.registry import Registry
from engine.studio.drafts import OPEN, PUBLISHED, REVIEW, read_draft, set_state
from engine.studio.errors import DraftClosedError
from engine.studio.presence import names_of
from engine.studio.publishing import holding, records
from engine.studio.publishing.errors import (
    DecidedError,
    OtherKeyError,
    OtherProgrammeError,
    PastStartError,
    SecondPersonError,
)
from engine.studio.publishing.holding import begin, take_back
from engine.studio.publishing.records import locked, new_publication, record, running_programmes, why
from engine.unit_of_work import UnitOfWork
from models import Definition, DefinitionVersion, Publication


@dataclass(frozen=True)
class Terms:
    """For whom and from when: `scope` all | new | programme; `starts_at` None: with the approval."""

    scope: str = records.ALL
    programme_id: str | None = None
    starts_at: datetime | None = None


def submit_draft(
    unit: UnitOfWork,
    registry: Registry,
    draft_id: str,
    terms: Terms,
    *,
    note: str,
    by: str,
    now: datetime,
    four_eyes: bool,
) -> Publication:
    """Ask for a draft to be published. It is frozen until somebody decides, and refused here if the gate would."""
    view = read_draft(unit, draft_id)
    if not view.is_open:
        raise DraftClosedError
    package = view.package()
    findings = check_package(package, registry)
    manifest, _ = read_manifest(package.files.get(FILE), view.key)
    if manifest is None or any(finding.is_error for finding in findings):
        raise RefusedPackageError(findings)
    if manifest.key != view.key:
        raise OtherKeyError(found=manifest.key, key=view.key)
    publication = _submitted(unit, view.key, package.digest(view.key), manifest.flow, terms, note, by, now)
    publication.draft_id = draft_id
    set_state(unit, draft_id, REVIEW, by=by, now=now)
    record(unit, publication, "submitted", by, now, publication.note)
    return publication if four_eyes else approve(unit, registry, publication.id, by=by, now=now, four_eyes=False)


def submit_version(
    unit: UnitOfWork,
    registry: Registry,
    version_id: str,
    terms: Terms,
    *,
    note: str,
    by: str,
    now: datetime,
    four_eyes: bool,
) -> Publication:
    """Ask for a version that is there to hold: an earlier one again, or one that was tried in a single programme."""
    version = unit.session.get(DefinitionVersion, version_id)
    if version is None:
        raise NotFoundError
    flow = version.manifest.get("flow")
    publication = _submitted(unit, version.definition_key, version.id, flow, terms, note, by, now)
    publication.version_id = version.id
    record(unit, publication, "submitted", by, now, publication.note)
    return publication if four_eyes else approve(unit, registry, publication.id, by=by, now=now, four_eyes=False)


def approve(
    unit: UnitOfWork,
    registry: Registry,
    publication_id: str,
    *,
    by: str,
    now: datetime,
    four_eyes: bool,
    reason: str = "",
) -> Publication:
    """A second person says yes: the draft becomes a version, which holds from now or from its hour on."""
    publication = _in_review(unit, publication_id)
    if four_eyes and by == publication.requested_by:
        raise SecondPersonError
    if publication.draft_id is not None:
        publication.version_id = _deployed(unit, registry, publication, now)
        set_state(unit, publication.draft_id, PUBLISHED, by=by, now=now)
    record(unit, publication, "approved", by, now, reason.strip()[:500])
    if publication.starts_at is not None and publication.starts_at > now:
        publication.state = records.SCHEDULED
        unit.session.flush()
    else:
        begin(unit, publication, by=by, now=now)
    return publication


def refuse(unit: UnitOfWork, publication_id: str, *, by: str, reason: str, now: datetime) -> Publication:
    """A second person says no, and why; the draft can be worked on again."""
    publication = _in_review(unit, publication_id)
    if by == publication.requested_by:
        raise SecondPersonError
    return _ended(unit, publication, records.REFUSED, "refused", by, why(reason), now)


def call_off(unit: UnitOfWork, publication_id: str, *, by: str | None, reason: str, now: datetime) -> Publication:
    """Take back a wish before it holds, reviewed already or not. The draft can be worked on again."""
    publication = locked(unit, publication_id)
    if publication.state not in (records.REVIEW, records.SCHEDULED):
        raise DecidedError
    return _ended(unit, publication, records.CANCELLED, "cancelled", by, why(reason), now)


def withdraw(unit: UnitOfWork, publication_id: str, *, by: str, reason: str, now: datetime) -> Publication:
    """What held before holds again for new cases. One person is enough: going back is how an accident is stopped."""
    publication = locked(unit, publication_id)
    if publication.state != records.LIVE:
        raise DecidedError
    take_back(unit, publication, by=by, reason=why(reason), now=now)
    return publication


def stop(unit: UnitOfWork, key: str, *, by: str, reason: str, now: datetime) -> Publication:
    """No new cases of this process at all, until a version is made to hold again. One person is enough here, too."""
    definition = unit.session.get(Definition, key, with_for_update=True)
    if definition is None:
        raise NotFoundError
    current = definition.current_version_id
    if current is None:
        raise DecidedError
    publication = new_publication(
        definition_key=key, digest=current, version_id=current, note=why(reason), requested_by=by, requested_at=now
    )
    unit.session.add(publication)
    unit.session.flush()
    holding.stop(unit, publication, by=by, now=now)
    return publication


def _submitted(
    unit: UnitOfWork, key: str, digest: str, flow: str | None, terms: Terms, note: str, by: str, now: datetime
) -> Publication:
    if terms.starts_at is not None and terms.starts_at <= now:
        raise PastStartError
    programme_id = terms.programme_id if terms.scope == records.PROGRAMME else None
    if terms.scope == records.PROGRAMME and programme_id not in {p.id for p in running_programmes(unit, flow, now)}:
        raise OtherProgrammeError
    return new_publication(
        definition_key=key,
        digest=digest,
        scope=terms.scope,
        programme_id=programme_id,
        note=why(note),
        starts_at=terms.starts_at,
        requested_by=by,
        requested_at=now,
    )


def _deployed(unit: UnitOfWork, registry: Registry, publication: Publication, now: datetime) -> str:
    """The version of exactly the files that were submitted. Lists name who asked for it, and why."""
    view = read_draft(unit, publication.draft_id or "")
    package = package_of(view.key, view.bodies)
    if package.digest(view.key) != publication.digest:
        raise DecidedError
    name = names_of(unit, [publication.requested_by]).get(publication.requested_by, "")
    return deploy(unit, package, registry, name, publication.note, now, current=False).id


def _in_review(unit: UnitOfWork, publication_id: str) -> Publication:
    publication = locked(unit, publication_id)
    if publication.state != records.REVIEW:
        raise DecidedError
    return publication


def _ended(
    unit: UnitOfWork, publication: Publication, state: str, kind: str, by: str | None, reason: str, now: datetime
) -> Publication:
    publication.state = state
    record(unit, publication, kind, by, now, reason)
    if publication.draft_id is not None:
        set_state(unit, publication.draft_id, OPEN, by=by or publication.requested_by, now=now)
    return publication
