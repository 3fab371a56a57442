"""The documents of a case: which event brought each, by its digest, and which took its place later."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Table, select
from sqlmodel import col

from engine.history.kinds import Kind
from engine.story.records import Paper, Told
from engine.unit_of_work import UnitOfWork
from models import Attachment, Document, Letter, LetterFile, metadata

ATTACHMENTS: Table = metadata.tables[str(Attachment.__tablename__)]
DOCUMENTS: Table = metadata.tables[str(Document.__tablename__)]
_ANSWERED = (Kind.SERVICE_ANSWERED, Kind.SERVICE_REPORTED)


def papers_of(unit: UnitOfWork, instance_id: str, events: list[Told]) -> list[Paper]:
    """In the order in which they came."""
    letters = {row.attachment_id: row for row in unit.connection.execute(_letters(instance_id))}
    found = []
    for row in unit.connection.execute(_attachments(instance_id)):
        letter = letters.get(row.id)
        event = _bringer(events, row, letter)
        found.append(
            Paper(row.id, row.digest, row.filename, row.kind or "", row.size or 0, row.field, row.uploaded_by,
                  event.n if event is not None else len(events), letter=letter.number if letter else None,
                  element_id=event.element_id if event is not None else None)
        )  # fmt: skip
    found.sort(key=lambda paper: paper.since_n)
    _replace(found)
    return found


def _attachments(instance_id: str) -> Any:
    a, d = ATTACHMENTS.c, DOCUMENTS.c
    columns = (a.id, a.digest, a.filename, a.field, a.user_task_id, a.uploaded_by, a.uploaded_at, d.kind, d.size)
    return (
        select(*columns)
        .outerjoin(DOCUMENTS, d.digest == a.digest)
        .where(a.instance_id == instance_id, a.submitted.is_(True))
        .order_by(a.uploaded_at, a.id)
    )


def _letters(instance_id: str) -> Any:
    return (
        select(col(LetterFile.attachment_id), col(LetterFile.key), col(Letter.number))
        .join(Letter, col(Letter.id) == col(LetterFile.letter_id))
        .where(col(Letter.instance_id) == instance_id)
    )


def _bringer(events: list[Told], row: Any, letter: Any) -> Told | None:
    """Whoever submits a form brings its files; a handler's answer brings what Alur wrote."""
    if row.user_task_id is not None:
        return _last(e for e in events if e.kind == Kind.TASK_COMPLETED and e.token_id == row.user_task_id)
    if letter is not None:
        asked = (e for e in events if e.kind in _ANSWERED and e.token_id and e.token_id in letter.key)
        found = _last(asked)
        if found is not None:
            return found
    if row.uploaded_at <= events[0].at:
        return events[0]  # what a case began with: somebody had sent it beforehand
    return next((e for e in events if e.kind in _ANSWERED and e.at >= row.uploaded_at), None)


def _last(found: Iterable[Told]) -> Told | None:
    return max(found, key=lambda event: event.n, default=None)


def _replace(papers: list[Paper]) -> None:
    """What the same step asked for again, in the same place, takes the place of what was there; so does the next stage
    of a letter."""
    current: dict[tuple[str | None, str], Paper] = {}
    for paper in papers:
        key = (paper.letter, "") if paper.letter is not None else (paper.element_id, paper.field)
        before = current.get(key)
        if before is not None and before.since_n < paper.since_n:
            before.until_n = paper.since_n
        current[key] = paper
