"""Pedoman dan Peraturan: guides, regulations and sample formats of a programme, added and taken down by its owner."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from sqlalchemy import Select, select
from sqlmodel import col

from engine.errors import NotFoundError
from engine.programmes.errors import ProgrammeFaultError
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from models import Attachment, Document, Programme, ProgrammeEvent, ProgrammeGuide

KINDS = ("pedoman", "peraturan", "contoh_format")
MOST = 100
"""Of a programme: a menu of more is read by nobody."""
LINKS = ("http", "https")


@dataclass(frozen=True)
class Guide:
    """One entry of the menu; `size` and `digest` where it is a file."""

    id: str
    kind: str
    title: str
    link: str
    filename: str | None
    size: int | None
    digest: str | None
    added_at: datetime


def guides_of(unit: UnitOfWork, programme_id: str) -> list[Guide]:
    """What stands in the menu, kind by kind, the older first."""
    shown = _guides().where(col(ProgrammeGuide.programme_id) == programme_id)
    rows = unit.connection.execute(shown.order_by(col(ProgrammeGuide.added_at), col(ProgrammeGuide.id)))
    return sorted((_guide(row) for row in rows), key=lambda guide: KINDS.index(guide.kind))


def guide_of(unit: UnitOfWork, programme_id: str, guide_id: str) -> Guide:
    """One that stands in the menu of the programme, or NotFoundError."""
    own = (col(ProgrammeGuide.programme_id) == programme_id, col(ProgrammeGuide.id) == guide_id)
    row = unit.connection.execute(_guides().where(*own)).first()
    if row is None:
        raise NotFoundError
    return _guide(row)


def add_guide(
    unit: UnitOfWork,
    programme_id: str,
    *,
    kind: str,
    title: str,
    by: str | None,
    now: datetime,
    link: str = "",
    attachment_id: str | None = None,
) -> ProgrammeGuide:
    """Put a file that is kept already, or a link, into the menu. Raises ProgrammeFaultError."""
    if unit.session.get(Programme, programme_id, with_for_update={"read": True}) is None or kind not in KINDS:
        raise NotFoundError
    if bool(link) == bool(attachment_id):
        raise ProgrammeFaultError(why=Text("beri satu berkas, atau satu tautan", "give one file, or one link"))
    if link and (urlsplit(link).scheme not in LINKS or not urlsplit(link).hostname):
        raise ProgrammeFaultError(
            why=Text("tautan diawali http:// atau https://", "a link begins with http:// or https://")
        )
    if len(guides_of(unit, programme_id)) >= MOST:
        raise ProgrammeFaultError(why=Text(f"paling banyak {MOST} dokumen", f"at most {MOST} documents"))
    guide = ProgrammeGuide(
        id=uuid4().hex,
        programme_id=programme_id,
        kind=kind,
        title=" ".join(title.split())[:200],
        link=link,
        attachment_id=attachment_id,
        added_by=by,
        added_at=now,
    )
    unit.session.add(guide)
    _record(unit, guide, "guide_added", by, now)
    return guide


def remove_guide(unit: UnitOfWork, programme_id: str, guide_id: str, *, by: str | None, now: datetime) -> None:
    """Take it down. What it was stays on record."""
    guide = unit.session.get(ProgrammeGuide, guide_id, with_for_update=True)
    if guide is None or guide.programme_id != programme_id or guide.removed_at is not None:
        raise NotFoundError
    guide.removed_at, guide.removed_by = now, by
    unit.session.add(guide)
    _record(unit, guide, "guide_removed", by, now)


def _guides() -> Select[Any, Any, Any, Any, Any, Any, Any, Any]:
    return (
        select(
            col(ProgrammeGuide.id),
            col(ProgrammeGuide.kind),
            col(ProgrammeGuide.title),
            col(ProgrammeGuide.link),
            col(ProgrammeGuide.added_at),
            col(Attachment.filename),
            col(Document.size),
            col(Document.digest),
        )
        .outerjoin(Attachment, col(Attachment.id) == col(ProgrammeGuide.attachment_id))
        .outerjoin(Document, col(Document.digest) == col(Attachment.digest))
        .where(col(ProgrammeGuide.removed_at).is_(None))
    )


def _guide(row: Any) -> Guide:
    return Guide(row.id, row.kind, row.title, row.link, row.filename, row.size, row.digest, row.added_at)


def _record(unit: UnitOfWork, guide: ProgrammeGuide, kind: str, by: str | None, now: datetime) -> None:
    detail = {"kind": guide.kind, "link": guide.link, "attachment": guide.attachment_id}
    event = ProgrammeEvent(
        id=uuid4().hex,
        programme_id=guide.programme_id,
        kind=kind,
        by=by,
        reason=guide.title,
        detail=detail,
        at=now,
    )
    unit.session.add(event)
    unit.session.flush()
