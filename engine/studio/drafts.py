"""Drafts: made, read, saved file by file under the revision that was seen, and brought back to any saved state.

Two owners may have the same draft open. Whoever saves names the revision of the file they began from; if somebody
saved it since, nothing is overwritten and the second one is told who did and when.
"""

import uuid
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import delete, select
from sqlmodel import col

from engine.definitions import Finding, Package, check_package, package_of
from engine.errors import NotFoundError
from engine.registry import Registry
from engine.studio.errors import BadFileError, DraftClosedError, StaleDraftError
from engine.studio.kept import Kept
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from models import Draft, DraftSave, User
from models import DraftFile as FileRow

OPEN, REVIEW, PUBLISHED, DISCARDED = "open", "review", "published", "discarded"
KEPT_FINDINGS = 64
NOBODY = Text("seseorang", "somebody")


@dataclass(frozen=True)
class DraftFile:
    """One file of a draft as it was read."""

    path: str
    body: bytes
    revision: int
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True)
class DraftView:
    """A draft with its files, as they were at `revision`."""

    id: str
    key: str
    title: str
    state: str
    revision: int
    based_on: str | None
    created_by: str
    created_at: datetime
    changed_by: str
    changed_at: datetime
    files: Mapping[str, DraftFile]

    @property
    def is_open(self) -> bool:
        return self.state == OPEN

    @property
    def bodies(self) -> dict[str, bytes]:
        return {path: file.body for path, file in self.files.items()}

    def package(self) -> Package:
        """Its files under the rules of packages."""
        return package_of(self.key, self.bodies)


def create_draft(
    unit: UnitOfWork, *, key: str, title: str, files: Mapping[str, bytes], based_on: str | None, by: str, now: datetime
) -> Draft:
    """A new draft of these files; they need not be free of findings, only be such files as a package may hold."""
    for path, body in files.items():
        _check_file(key, path, body)
    draft = Draft(
        id=uuid.uuid4().hex,
        key=key,
        title=title.strip()[:200] or key,
        based_on=based_on,
        created_by=by,
        created_at=now,
        changed_by=by,
        changed_at=now,
    )
    unit.session.add(draft)
    unit.session.flush()
    for path, body in files.items():
        _write(unit, draft, path, body, by, now)
    unit.session.flush()
    return draft


def read_draft(unit: UnitOfWork, draft_id: str) -> DraftView:
    """The draft with all its files; NotFoundError when there is none."""
    draft = read_head(unit, draft_id)
    rows = unit.session.execute(
        select(FileRow).where(col(FileRow.draft_id) == draft_id).order_by(col(FileRow.path))
    ).scalars()
    files = {
        row.path: DraftFile(row.path, bytes(row.body), row.revision, row.changed_by, row.changed_at) for row in rows
    }
    return DraftView(
        id=draft.id,
        key=draft.key,
        title=draft.title,
        state=draft.state,
        revision=draft.revision,
        based_on=draft.based_on,
        created_by=draft.created_by,
        created_at=draft.created_at,
        changed_by=draft.changed_by,
        changed_at=draft.changed_at,
        files=MappingProxyType(files),
    )


def read_head(unit: UnitOfWork, draft_id: str) -> Draft:
    """The draft without its files."""
    draft = unit.session.get(Draft, draft_id)
    if draft is None:
        raise NotFoundError
    return draft


def copy_draft(unit: UnitOfWork, draft_id: str, changed: Mapping[str, bytes], *, by: str, now: datetime) -> Draft:
    """Another draft of the same files, with `changed` in them: what somebody did whose save came too late."""
    view = read_draft(unit, draft_id)
    title = f"{view.title[:150]} ({_name_of(unit, by)[:45]})"
    files = {**view.bodies, **changed}
    return create_draft(unit, key=view.key, title=title, files=files, based_on=view.based_on, by=by, now=now)


def save_file(
    unit: UnitOfWork, draft_id: str, path: str, body: bytes, *, seen: int | None, by: str, now: datetime
) -> int:
    """Save a file begun from revision `seen` (None: a new one); its new revision. Equal bytes change nothing."""
    draft, row = _locked(unit, draft_id, path)
    _check_file(draft.key, path, body)
    if row is not None and bytes(row.body) == body and (seen is not None or row.changed_by == by):
        return row.revision  # also where somebody else saved the very same: there is nothing to lose
    _check_seen(unit, draft, row, path, seen)
    draft.revision += 1
    _write(unit, draft, path, body, by, now, row)
    _touch(unit, draft, by, now)
    return draft.revision


def remove_file(unit: UnitOfWork, draft_id: str, path: str, *, seen: int, by: str, now: datetime) -> int:
    """Take a file out of the draft; the draft's new revision."""
    draft, row = _locked(unit, draft_id, path)
    if row is None:
        raise NotFoundError
    _check_seen(unit, draft, row, path, seen)
    draft.revision += 1
    _forget(unit, draft, row, by, now)
    _touch(unit, draft, by, now)
    return draft.revision


def rename_file(unit: UnitOfWork, draft_id: str, path: str, to: str, *, seen: int, by: str, now: datetime) -> int:
    """Give a file another name; the revision of the file under its new name."""
    draft, row = _locked(unit, draft_id, path)
    if row is None:
        raise NotFoundError
    _check_seen(unit, draft, row, path, seen)
    body = bytes(row.body)
    _check_file(draft.key, to, body)
    taken = unit.session.get(FileRow, (draft_id, to))
    if taken is not None:
        raise StaleDraftError(who=_name_of(unit, taken.changed_by), at=taken.changed_at, revision=taken.revision)
    draft.revision += 1
    _forget(unit, draft, row, by, now)
    _write(unit, draft, to, body, by, now)
    _touch(unit, draft, by, now)
    return draft.revision


def replace_files(
    unit: UnitOfWork, draft_id: str, files: Mapping[str, bytes], *, seen: int, by: str, now: datetime
) -> int:
    """Make these the draft's files, in one revision: an uploaded package, or an earlier state of all.

    `seen` is the draft's own revision, since every file of it is meant.
    """
    draft = _lock(unit, draft_id)
    for path, body in files.items():
        _check_file(draft.key, path, body)
    if draft.revision != seen:
        raise StaleDraftError(who=_name_of(unit, draft.changed_by), at=draft.changed_at, revision=draft.revision)
    rows = {
        row.path: row
        for row in unit.session.execute(select(FileRow).where(col(FileRow.draft_id) == draft_id)).scalars()
    }
    changed = {path: body for path, body in files.items() if path not in rows or bytes(rows[path].body) != body}
    gone = [row for path, row in rows.items() if path not in files]
    if not changed and not gone:
        return draft.revision
    draft.revision += 1
    for row in gone:
        _forget(unit, draft, row, by, now)
    for path, body in changed.items():
        _write(unit, draft, path, body, by, now, rows.get(path))
    _touch(unit, draft, by, now)
    return draft.revision


def set_state(unit: UnitOfWork, draft_id: str, state: str, *, by: str, now: datetime) -> None:
    """Freeze it for a review, open it again, or end it. Its files stay readable in every state."""
    draft = unit.session.get(Draft, draft_id, with_for_update=True)
    if draft is None:
        raise NotFoundError
    draft.state = state
    _touch(unit, draft, by, now)


def end_draft(unit: UnitOfWork, draft_id: str, *, by: str, now: datetime) -> None:
    """Discard an open draft; it stays readable."""
    draft = _lock(unit, draft_id)
    draft.state = DISCARDED
    _touch(unit, draft, by, now)


def reopen_draft(unit: UnitOfWork, draft_id: str, *, by: str, now: datetime) -> None:
    """Go on with a discarded draft."""
    draft = unit.session.get(Draft, draft_id, with_for_update=True)
    if draft is None:
        raise NotFoundError
    if draft.state != DISCARDED:
        raise DraftClosedError
    draft.state = OPEN
    _touch(unit, draft, by, now)


def rename_draft(unit: UnitOfWork, draft_id: str, title: str) -> None:
    """What people call it; no file changes."""
    draft = _lock(unit, draft_id)
    draft.title = title.strip()[:200] or draft.title
    unit.session.add(draft)


_findings: Kept[list[Finding]] = Kept(KEPT_FINDINGS)


def findings_of(view: DraftView, registry: Registry) -> list[Finding]:
    """What the gate says of the draft. The same content is judged once in this process."""
    package = view.package()
    return _findings.get((package.digest(view.key), id(registry)), lambda: check_package(package, registry))


def _lock(unit: UnitOfWork, draft_id: str) -> Draft:
    draft = unit.session.get(Draft, draft_id, with_for_update=True, populate_existing=True)
    if draft is None:
        raise NotFoundError
    if draft.state != OPEN:
        raise DraftClosedError
    return draft


def _locked(unit: UnitOfWork, draft_id: str, path: str) -> tuple[Draft, FileRow | None]:
    draft = _lock(unit, draft_id)
    return draft, unit.session.get(FileRow, (draft_id, path), populate_existing=True)


def _check_seen(unit: UnitOfWork, draft: Draft, row: FileRow | None, path: str, seen: int | None) -> None:
    if (row.revision if row is not None else None) == seen:
        return
    if row is not None:
        raise StaleDraftError(who=_name_of(unit, row.changed_by), at=row.changed_at, revision=row.revision)
    last = unit.session.execute(
        select(DraftSave)
        .where(col(DraftSave.draft_id) == draft.id, col(DraftSave.path) == path)
        .order_by(col(DraftSave.revision).desc())
        .limit(1)
    ).scalar()
    by, at = (last.by, last.at) if last is not None else (draft.changed_by, draft.changed_at)
    raise StaleDraftError(who=_name_of(unit, by), at=at, revision=None)


def _check_file(key: str, path: str, body: bytes) -> None:
    findings = package_of(key, {path: body}).findings
    if findings:
        raise BadFileError(why=Text(f"{path}: {findings[0].reason.id}", f"{path}: {findings[0].reason.en}"))


def _write(
    unit: UnitOfWork, draft: Draft, path: str, body: bytes, by: str, now: datetime, row: FileRow | None = None
) -> None:
    if row is None:
        row = FileRow(draft_id=draft.id, path=path, body=body, revision=draft.revision, changed_by=by, changed_at=now)
    row.body, row.revision, row.changed_by, row.changed_at = body, draft.revision, by, now
    kept = DraftSave(draft_id=draft.id, revision=draft.revision, path=path, body=zlib.compress(body), by=by, at=now)
    unit.session.add_all((row, kept))


def _forget(unit: UnitOfWork, draft: Draft, row: FileRow, by: str, now: datetime) -> None:
    unit.session.execute(delete(FileRow).where(col(FileRow.draft_id) == draft.id, col(FileRow.path) == row.path))
    unit.session.expunge(row)
    unit.session.add(DraftSave(draft_id=draft.id, revision=draft.revision, path=row.path, by=by, at=now))


def _touch(unit: UnitOfWork, draft: Draft, by: str, now: datetime) -> None:
    draft.changed_by, draft.changed_at = by, now
    unit.session.add(draft)
    unit.session.flush()


def _name_of(unit: UnitOfWork, user_id: str) -> str:
    user = unit.session.get(User, user_id)
    return user.name if user is not None else NOBODY.id
