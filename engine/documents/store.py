"""Documents by content: checked, kept once by their SHA-256, attached to tasks and cases, every reading recorded."""

import hashlib
import os
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import and_, bindparam, func, or_, select, update
from sqlmodel import col

from engine import ledger
from engine.documents.errors import (
    DocumentDamagedError,
    FileTooLargeError,
    FileTooSmallError,
    FileTypeError,
    TooManyFilesError,
    WrongExtensionError,
)
from engine.documents.inspection import inspected, kind_of
from engine.documents.names import clean_name
from engine.errors import NotFoundError
from engine.forms.model import AttachedFile, Rules
from engine.ledger.digests import document_digest, reading_digest, upload_digest
from engine.unit_of_work import UnitOfWork, inserting
from models import Attachment, Document, DocumentReading

MAX_UPLOADS_PER_TASK = 100
PREVIEWS = "cache"
"""Where pages that were drawn of documents are kept, in the folder of documents."""


@dataclass(frozen=True)
class CheckedDocument:
    """A file that passed every check: what will be stored, under which name."""

    filename: str
    kind: str
    body: bytes
    digest: str


@dataclass(frozen=True)
class Download:
    """What a reader gets: always as an attachment, never shown inside the page."""

    filename: str
    kind: str
    body: bytes

    @property
    def media_type(self) -> str:
        return "application/pdf" if self.kind == "pdf" else "image/jpeg"


def check_document(filename: str, body: bytes, rules: Rules | None = None) -> CheckedDocument:
    """Name, size, content. Takes up to seconds: call it outside of a transaction. Raises `DocumentRefusedError`."""
    rules = rules or Rules()
    name, claimed = clean_name(filename)
    if len(body) < rules.min_bytes:
        raise FileTooSmallError(size=len(body), limit=rules.min_bytes)
    if len(body) > rules.max_bytes:
        raise FileTooLargeError(size=len(body), limit=rules.max_bytes)
    kind = kind_of(body)
    if kind is None or kind not in rules.accept:
        raise FileTypeError(accepted=", ".join(k.upper() for k in rules.accept))
    if kind != claimed:
        raise WrongExtensionError(extension=name.rpartition(".")[2], actual="PDF" if kind == "pdf" else "JPEG")
    kept = inspected(kind, body)
    return CheckedDocument(name, kind, kept, hashlib.sha256(kept).hexdigest())


class Documents:
    """The documents folder of an installation. Rows go through the caller's transaction; files are never changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def receive(
        self,
        unit: UnitOfWork,
        *,
        actor_id: str,
        task_id: str | None,
        field: str,
        filename: str,
        body: bytes,
        now: datetime,
        rules: Rules | None = None,
    ) -> Attachment:
        """Check and keep in one step. Pages check first and `keep` after, not to hold a transaction meanwhile."""
        checked = check_document(filename, body, rules)
        return self.keep(unit, checked, actor_id=actor_id, task_id=task_id, field=field, now=now)

    def keep(
        self,
        unit: UnitOfWork,
        checked: CheckedDocument,
        *,
        actor_id: str,
        task_id: str | None,
        field: str,
        now: datetime,
    ) -> Attachment:
        """Store a checked document and attach it to a task's field. `field` is the field's path in its form.

        The same file sent again is the same upload: a page that is not yet answered sends what it has once more.
        """
        if task_id is not None:
            known = _sent_before(unit, checked, actor_id, task_id, field)
            if known is not None:
                self._write(checked)
                return known
            self._check_count(unit, task_id)
        self._write(checked)
        self._note(unit, checked, now)
        return self._attach(unit, checked, field=field, uploaded_by=actor_id, now=now, task_id=task_id)

    def keep_generated(
        self, unit: UnitOfWork, *, instance_id: str, name: str, filename: str, body: bytes, now: datetime
    ) -> Attachment:
        """Store what Alur itself wrote (a PDF) as the document `name` of a case. The same bytes again: the same row."""
        digest = hashlib.sha256(body).hexdigest()
        written = unit.session.scalars(
            select(Attachment).where(
                col(Attachment.instance_id) == instance_id,
                col(Attachment.field) == name,
                col(Attachment.digest) == digest,
                col(Attachment.uploaded_by).is_(None),
            )
        ).first()
        checked = CheckedDocument(clean_name(filename)[0], "pdf", body, digest)
        self._write(checked)
        if written is not None:
            return written
        self._note(unit, checked, now)
        kept = self._attach(unit, checked, field=name, uploaded_by=None, now=now, instance_id=instance_id)
        _enter(unit, kept, checked)
        return kept

    def opened(self, unit: UnitOfWork, attachment_id: str, actor_id: str, opening: str, now: datetime) -> None:
        """Record one reading for all pages that are looked at in one `opening`, an id of at most 32 characters."""
        row = unit.connection.execute(_INSTANCE_OF, {"id": attachment_id}).first()
        self._note_reading(unit, opening, attachment_id, actor_id, now, row.instance_id if row else None)

    def read(self, unit: UnitOfWork, attachment_id: str, actor_id: str, now: datetime) -> Download:
        """The document, with the reading recorded. Whether `actor_id` may see the case is for the caller to decide."""
        found = unit.connection.execute(
            select(col(Attachment.filename), col(Attachment.digest), col(Document.kind), col(Attachment.instance_id))
            .join(Document, col(Document.digest) == col(Attachment.digest))
            .where(col(Attachment.id) == attachment_id)
        ).one_or_none()
        if found is None:
            raise NotFoundError
        body = self.body(found.digest)
        self._note_reading(unit, uuid.uuid4().hex, attachment_id, actor_id, now, found.instance_id)
        return Download(found.filename, found.kind, body)

    def _note_reading(
        self, unit: UnitOfWork, ident: str, attachment_id: str, actor_id: str, now: datetime, instance_id: str | None
    ) -> None:
        """One reading, here and in the ledger: what is taken out of the one is missed in the other."""
        reading = {"id": ident, "attachment_id": attachment_id, "user_id": actor_id, "at": now}
        once = inserting(unit, DocumentReading).values(reading).on_conflict_do_nothing()
        if unit.connection.execute(once.returning(col(DocumentReading.id))).first() is None:
            return
        digest = reading_digest(ident=ident, attachment_id=attachment_id, user_id=actor_id, at=now)
        ledger.note(
            unit, ledger.Kind.DOCUMENT_READ, at=now, instance_id=instance_id, actor_id=actor_id or None,
            ref=attachment_id, digest=digest, detail={"reading": ident},
        )  # fmt: skip

    def _note(self, unit: UnitOfWork, checked: CheckedDocument, now: datetime) -> None:
        row = {"digest": checked.digest, "kind": checked.kind, "size": len(checked.body), "stored_at": now}
        unit.connection.execute(inserting(unit, Document).values(row).on_conflict_do_nothing())

    def _attach(
        self,
        unit: UnitOfWork,
        checked: CheckedDocument,
        *,
        field: str,
        uploaded_by: str | None,
        now: datetime,
        task_id: str | None = None,
        instance_id: str | None = None,
    ) -> Attachment:
        """`instance_id`: it belongs to the case at once; an upload does so when its task is completed."""
        attachment = Attachment(
            id=uuid.uuid4().hex,
            digest=checked.digest,
            filename=checked.filename,
            field=field,
            instance_id=instance_id,
            user_task_id=task_id,
            uploaded_by=uploaded_by,
            uploaded_at=now,
            submitted=instance_id is not None,
        )
        unit.session.add(attachment)
        unit.session.flush()
        return attachment

    def _check_count(self, unit: UnitOfWork, task_id: str) -> None:
        count = select(func.count()).select_from(Attachment).where(col(Attachment.user_task_id) == task_id)
        if unit.connection.execute(count).scalar_one() >= MAX_UPLOADS_PER_TASK:
            raise TooManyFilesError(limit=MAX_UPLOADS_PER_TASK)

    def _path(self, digest: str) -> Path:
        return self.folder / digest[:2] / digest[2:4] / digest

    def body(self, digest: str) -> bytes:
        """What is stored under this digest, proved by it. No reading is recorded: for our own use of it."""
        try:
            body = self._path(digest).read_bytes()
        except OSError:
            raise DocumentDamagedError(digest=digest) from None
        if hashlib.sha256(body).hexdigest() != digest:
            raise DocumentDamagedError(digest=digest)
        return body

    def remove(self, digest: str) -> None:
        """Take a file away that no row names any more, with every page that was drawn of it. Gone already is gone."""
        self._path(digest).unlink(missing_ok=True)
        for page in (self.folder / PREVIEWS / digest[:2]).glob(f"{digest}-*"):
            page.unlink(missing_ok=True)

    def _write(self, checked: CheckedDocument) -> None:
        """Whole or not at all: written aside, made durable, then named. A file without a row is harmless."""
        path = self._path(checked.digest)
        try:
            self.body(checked.digest)
        except DocumentDamagedError:
            path.parent.mkdir(parents=True, exist_ok=True)
        else:
            return
        aside = path.with_name(f".{uuid.uuid4().hex}")
        with open(aside, "xb", opener=_private) as file:
            file.write(checked.body)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
        _sync_folder(path.parent)


def attachments_for(unit: UnitOfWork, task_id: str, instance_id: str | None) -> dict[str, AttachedFile]:
    """The files a task may use, by id: its own uploads, and the documents submitted earlier in its case."""
    given = {"task": task_id, **({"case": instance_id} if instance_id else {})}
    rows = unit.connection.execute(_MINE_OR_OF_CASE if instance_id else _MINE, given)
    return {row.id: AttachedFile(*row[:6], upload_digest(*row).hex()) for row in rows}


# Made once: to build them costs as much as to send them.
_ATTACHED = select(
    col(Attachment.id),
    col(Attachment.field),
    col(Attachment.filename),
    col(Document.kind),
    col(Document.size),
    col(Document.digest),
    col(Attachment.user_task_id),
    col(Attachment.uploaded_by),
    col(Attachment.uploaded_at),
).join(Document, col(Document.digest) == col(Attachment.digest))
_INSTANCE_OF = select(col(Attachment.instance_id)).where(col(Attachment.id) == bindparam("id"))
_OF_TASK = col(Attachment.user_task_id) == bindparam("task")
_MINE = _ATTACHED.where(_OF_TASK)
_MINE_OR_OF_CASE = _ATTACHED.where(
    or_(_OF_TASK, and_(col(Attachment.instance_id) == bindparam("case"), col(Attachment.submitted)))
)
_SUBMIT = (
    update(Attachment)
    .where(col(Attachment.id).in_(bindparam("ids", expanding=True)))
    .values(instance_id=bindparam("case"), submitted=True)
)


def _sent_before(
    unit: UnitOfWork, checked: CheckedDocument, actor_id: str, task_id: str, field: str
) -> Attachment | None:
    return unit.session.scalars(
        select(Attachment).where(
            col(Attachment.user_task_id) == task_id,
            col(Attachment.field) == field,
            col(Attachment.digest) == checked.digest,
            col(Attachment.filename) == checked.filename,
            col(Attachment.uploaded_by) == actor_id,
            ~col(Attachment.submitted),
        )
    ).first()


def submit_attachments(unit: UnitOfWork, ids: Collection[str], instance_id: str) -> None:
    """The uploads that a completed task refers to belong to its case from now on."""
    if ids:
        unit.connection.execute(_SUBMIT, {"ids": sorted(ids), "case": instance_id})


def _enter(unit: UnitOfWork, kept: Attachment, checked: CheckedDocument) -> None:
    """No form names what Alur writes: the ledger does."""
    digest = document_digest(
        ident=kept.id,
        file=kept.digest,
        kind=checked.kind,
        size=len(checked.body),
        filename=kept.filename,
        field=kept.field,
        instance_id=kept.instance_id,
        at=kept.uploaded_at,
    )
    ledger.note(
        unit,
        ledger.Kind.DOCUMENT_KEPT,
        at=kept.uploaded_at,
        instance_id=kept.instance_id,
        ref=kept.id,
        digest=digest,
        detail={"file": kept.digest},
    )


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
