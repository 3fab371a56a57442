"""Documents: what may be uploaded, where it is kept, and who read it."""

from engine.documents.errors import DocumentDamagedError, DocumentRefusedError
from engine.documents.preview import PagePicture, PreviewError, Previews
from engine.documents.store import (
    CheckedDocument,
    Documents,
    Download,
    attachments_for,
    check_document,
    submit_attachments,
)

__all__ = [
    "CheckedDocument", "DocumentDamagedError", "DocumentRefusedError", "Documents", "Download", "PagePicture",
    "PreviewError", "Previews", "attachments_for",
    "check_document", "submit_attachments",
]  # fmt: skip
