"""Documents that were verified once are not asked for again: those of the same person in an earlier period."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from engine.registry import Field, Handler, HandlerContext, Registry
from handlers.inpassing import instansi_of, programme_of
from models import Attachment, Document, Participant, Programme

COMPLETE = "complete"


def reuse_documents(context: HandlerContext, *, nip: str, fields: Sequence[str]) -> dict[str, Any]:
    """The newest verified documents of this NIP in an earlier programme of the flow, now documents of this case, too.

    Only of the same instansi: what one agency gave is not shown to another.
    """
    earlier = _earlier(context, nip)
    if earlier is None:
        return {"documents": {}, "period": "", "count": 0}
    participant, period = earlier
    rows = context.unit.session.execute(
        select(Attachment, Document)
        .join(Document, col(Document.digest) == col(Attachment.digest))
        .where(
            col(Attachment.instance_id) == participant.id,
            col(Attachment.submitted),
            col(Attachment.field).in_(list(fields)),
        )
        .order_by(col(Attachment.uploaded_at), col(Attachment.id))
    ).all()
    latest = {attachment.field: (attachment, document) for attachment, document in rows}
    documents = {field: _take(context, *found) for field, found in sorted(latest.items())}
    return {"documents": documents, "period": period, "count": len(documents)}


def _earlier(context: HandlerContext, nip: str) -> tuple[Participant, str] | None:
    now = context.unit.session.get_one(Programme, programme_of(context))
    found = context.unit.session.execute(
        select(Participant, col(Programme.period))
        .join(Programme, col(Programme.id) == col(Participant.programme_id))
        .where(
            col(Participant.nip) == nip,
            col(Participant.instansi_id) == instansi_of(context),
            col(Participant.documents) == COMPLETE,
            col(Participant.id) != context.instance_id,
            col(Programme.flow) == now.flow,
            col(Programme.id) != now.id,
        )
        .order_by(col(Participant.verified_at).desc(), col(Participant.id))
    ).first()
    return None if found is None else (found[0], str(found[1]))


def _take(context: HandlerContext, attachment: Attachment, document: Document) -> dict[str, Any]:
    """The file is kept by its content, so a second case needs a row, not a copy."""
    ident = uuid.uuid4().hex
    context.unit.session.add(
        Attachment(
            id=ident,
            digest=attachment.digest,
            filename=attachment.filename,
            field=attachment.field,
            instance_id=context.instance_id,
            uploaded_by=attachment.uploaded_by,
            uploaded_at=attachment.uploaded_at,
            submitted=True,
        )
    )
    context.unit.session.flush()
    return {
        "id": ident, "filename": attachment.filename, "kind": document.kind, "size": document.size,
        "digest": document.digest,
    }  # fmt: skip


def register(registry: Registry) -> None:
    registry.add(
        Handler(
            name="reuse_documents",
            mode="inline",
            function=reuse_documents,
            title_id="Pakai lagi dokumen yang sudah diverifikasi pada periode sebelumnya",
            title_en="Use the documents again that were verified in an earlier period",
            inputs=(
                Field("nip", "text", "NIP", "NIP"),
                Field("fields", "list", "Nama isian dokumen", "Names of the document fields"),
            ),
            outputs=(
                Field("documents", "record", "Dokumen per isian", "Document by field"),
                Field("period", "text", "Periode asalnya", "The period they come from"),
                Field("count", "number", "Banyaknya dokumen", "How many documents"),
            ),
        )
    )
