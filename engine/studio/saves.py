"""Earlier states of a draft: every save is kept, and any can be brought back without losing what came after it."""

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlmodel import col

from engine.errors import NotFoundError
from engine.studio.drafts import read_head, remove_file, replace_files, save_file
from engine.unit_of_work import UnitOfWork
from models import DraftFile, DraftSave

LOOKED_AT = 400
TOGETHER = timedelta(minutes=10)


@dataclass(frozen=True)
class Save:
    """Saves of the same files by the same person shortly after each other, as one line: a draft saves itself often."""

    revision: int
    """The last of them."""
    paths: tuple[str, ...]
    removed: frozenset[str]
    by: str
    at: datetime
    times: int


def saves_of(unit: UnitOfWork, draft_id: str, *, before: int | None = None) -> list[Save]:
    """What was saved, newest first; the last of a full page may go on behind `before` of the next page."""
    query = (
        select(
            col(DraftSave.revision),
            col(DraftSave.path),
            col(DraftSave.body).is_(None).label("removed"),
            col(DraftSave.by),
            col(DraftSave.at),
        )
        .where(col(DraftSave.draft_id) == draft_id)
        .order_by(col(DraftSave.revision).desc(), col(DraftSave.path))
        .limit(LOOKED_AT)
    )
    if before is not None:
        query = query.where(col(DraftSave.revision) < before)
    found: list[Save] = []
    for one in _by_revision(unit, query):
        last = found[-1] if found else None
        if last is not None and (last.by, last.paths) == (one.by, one.paths) and last.at - one.at <= TOGETHER:
            found[-1] = Save(last.revision, last.paths, last.removed, last.by, last.at, last.times + 1)
        else:
            found.append(one)
    return found


def files_at(unit: UnitOfWork, draft_id: str, revision: int) -> dict[str, bytes]:
    """All files as they were right after this revision was saved."""
    if not 0 < revision <= read_head(unit, draft_id).revision:
        raise NotFoundError
    latest = (
        select(col(DraftSave.path), func.max(col(DraftSave.revision)).label("revision"))
        .where(col(DraftSave.draft_id) == draft_id, col(DraftSave.revision) <= revision)
        .group_by(col(DraftSave.path))
        .subquery()
    )
    rows = unit.session.execute(
        select(col(DraftSave.path), col(DraftSave.body))
        .join(
            latest,
            (col(DraftSave.path) == latest.c.path) & (col(DraftSave.revision) == latest.c.revision),
        )
        .where(col(DraftSave.draft_id) == draft_id)
    )
    return {path: zlib.decompress(body) for path, body in rows if body is not None}


def restore(unit: UnitOfWork, draft_id: str, revision: int, *, seen: int, by: str, now: datetime) -> int:
    """Make the draft what it was at `revision`, as a new revision: what was there until now stays among the saves."""
    return replace_files(unit, draft_id, files_at(unit, draft_id, revision), seen=seen, by=by, now=now)


def restore_file(
    unit: UnitOfWork, draft_id: str, revision: int, path: str, *, seen: int, by: str, now: datetime
) -> int:
    """Make one file what it was at `revision`, or not there if it was not; the others stay as they are now.

    `seen` is the draft's revision: refused if somebody saved this file after it.
    """
    body = files_at(unit, draft_id, revision).get(path)
    row = unit.session.get(DraftFile, (draft_id, path))
    current = None if row is None else row.revision if row.revision <= seen else 0
    if body is not None:
        return save_file(unit, draft_id, path, body, seen=current, by=by, now=now)
    return remove_file(unit, draft_id, path, seen=current or 0, by=by, now=now)


def _by_revision(unit: UnitOfWork, query: Select[int, str, bool, str, datetime]) -> list[Save]:
    """One entry for each revision, with all files it touched."""
    found: list[Save] = []
    for row in unit.session.execute(query):
        if found and found[-1].revision == row.revision:
            last = found[-1]
            gone = last.removed | ({row.path} if row.removed else frozenset())
            found[-1] = Save(last.revision, (*last.paths, row.path), gone, last.by, last.at, 1)
        else:
            removed = frozenset({row.path} if row.removed else ())
            found.append(Save(row.revision, (row.path,), removed, row.by, row.at, 1))
    return found
