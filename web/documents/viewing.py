"""What the viewer shows of a document: one page of it, the ways to the others, or why it cannot be shown."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlmodel import col

from engine.documents import DocumentDamagedError, PreviewError
from engine.documents.preview import WIDTHS
from engine.errors import NotFoundError
from engine.unit_of_work import UnitOfWork
from models import Attachment, Document, DocumentReading, Instance, User
from web.cases.views import find
from web.context import require_actor, services
from web.documents import opening
from web.i18n import locale_code

ZOOMS = (100, 150, 200)
"""In per cent of the place it is shown in; each is drawn as wide as WIDTHS says."""


@dataclass(frozen=True)
class Viewing:
    """One page of a document of a case. `fault`: why there is no picture."""

    number: str
    attachment_id: str
    filename: str
    page: int
    pages: int
    zoom: int
    opening: str
    fault: str = ""

    @property
    def id(self) -> str:
        return f"viewer-{self.attachment_id}"

    @property
    def image(self) -> str:
        return url_for("documents.image", **self._address, page=self.page, zum=self.zoom, buka=self.opening)

    @property
    def download(self) -> str:
        return url_for("cases.document", **self._address)

    @property
    def address(self) -> str:
        """Where the form that goes to a page is sent."""
        return url_for("documents.view", **self._address)

    @property
    def previous(self) -> str | None:
        return self._at(page=self.page - 1) if self.page > 1 else None

    @property
    def next(self) -> str | None:
        return self._at(page=self.page + 1) if self.page < self.pages else None

    @property
    def larger(self) -> str | None:
        return self._at(zoom=self.zoom + 1) if self.zoom + 1 < len(ZOOMS) else None

    @property
    def smaller(self) -> str | None:
        return self._at(zoom=self.zoom - 1) if self.zoom else None

    @property
    def percent(self) -> int:
        return ZOOMS[self.zoom]

    @property
    def _address(self) -> dict[str, Any]:
        return {"number": self.number, "attachment_id": self.attachment_id}

    def _at(self, *, page: int | None = None, zoom: int | None = None) -> str:
        asked = {"hal": page or self.page, "zum": self.zoom if zoom is None else zoom, "buka": self.opening}
        return url_for("documents.view", **self._address, **asked)


def document_row(unit: UnitOfWork, number: str, attachment_id: str) -> Any:
    """A document of a case that this person may see, or 404."""
    case = find(unit, number)
    row = unit.connection.execute(
        select(
            col(Attachment.id), col(Attachment.filename), col(Attachment.digest), col(Attachment.uploaded_at),
            col(Document.kind), col(Document.size), col(User.name).label("uploader"), col(Instance.zone),
            col(Attachment.instance_id), col(Instance.number), col(Instance.starter_id), col(Instance.title),
        )
        .join(Document, col(Document.digest) == col(Attachment.digest))
        .join(Instance, col(Instance.id) == col(Attachment.instance_id))
        .outerjoin(User, col(User.id) == col(Attachment.uploaded_by))
        .where(
            col(Attachment.id) == attachment_id,
            col(Attachment.instance_id) == case.id,
            col(Attachment.submitted).is_(True),
        )
    ).first()  # fmt: skip
    if row is None:
        raise NotFoundError
    return row


def viewing(number: str, attachment_id: str, page: int = 1, zoom: int = 0, opened: str = "") -> Viewing:
    """A page of a document, drawn and ready to be fetched. Templates call it too, so it asks for the right itself."""
    with services().database.read() as unit:
        row = document_row(unit, number, attachment_id)
    return of_row(row, page=page, zoom=zoom, opened=opened)


def of_row(row: Any, *, page: int = 1, zoom: int = 0, opened: str = "") -> Viewing:
    """The same for a document that was found already. A page that is not there is its last or first one."""
    user_id, now = str(require_actor().user_id), services().clock.now()
    zoom = min(max(zoom, 0), len(ZOOMS) - 1)
    if not opened or not opening.goes_on(opened, row.id, user_id, now):
        opened = opening.begin(row.id, user_id, now)
    shown, pages, fault = _drawn(row, max(page, 1), WIDTHS[zoom])
    return Viewing(row.number, row.id, row.filename, shown, pages, zoom, opened, fault)


def _drawn(row: Any, page: int, width: int) -> tuple[int, int, str]:
    """(Page, pages, fault)"""
    previews = services().previews
    try:
        first = previews.page(row.digest, row.kind, 1, width)
        page = min(page, first.pages)
        if page > 1:
            previews.page(row.digest, row.kind, page, width)
    except (PreviewError, DocumentDamagedError) as error:
        return 1, 0, error.message(locale_code())
    return page, first.pages, ""


def record(row: Any, opened: str) -> None:
    """Write the reading down, once for an opening. A picture asked for outside of one is a reading of its own."""
    user_id, now = str(require_actor().user_id), services().clock.now()
    if not opened or not opening.goes_on(opened, row.id, user_id, now):
        opened = opening.begin(row.id, user_id, now)
    known = opening.reading_id(opened)
    with services().database.read() as unit:
        if unit.session.get(DocumentReading, known) is not None:
            return
    with services().database.write() as unit:
        services().documents.opened(unit, row.id, user_id, known, now)
