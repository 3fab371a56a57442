"""Sample documents of a season: checked once like any upload, then attached wherever a form asks for one."""

import io
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from PIL import Image
from sqlalchemy import insert

from engine.documents import Documents, check_document
from engine.forms.model import Rules
from engine.unit_of_work import Database
from handlers.demo.documents import sample_letter
from models import Attachment

PHOTOS = frozenset({"pas_foto", "photo"})


class Samples:
    """Attachments are gathered and written in one statement by `flush`."""

    def __init__(self, database: Database, documents: Documents, owner: str, now: datetime) -> None:
        self._database = database
        self._letter = check_document("dokumen.pdf", sample_letter(), Rules())
        self._photo = check_document("foto.jpg", sample_photo(), Rules())
        self._waiting: list[dict[str, Any]] = []
        with database.write() as unit:
            for checked in (self._letter, self._photo):
                documents.keep(unit, checked, actor_id=owner, task_id=None, field="sample", now=now)

    def attacher(self, task_id: str, who: str, now: datetime) -> Callable[[str], str]:
        """A function that attaches a sample to a field of the task, and gives the attachment's id."""

        def attach(field: str) -> str:
            checked = self._photo if field in PHOTOS else self._letter
            ident = uuid.uuid4().hex
            self._waiting.append(
                {"id": ident, "digest": checked.digest, "filename": f"{field.rpartition('.')[2]}.{checked.kind}",
                 "field": field, "user_task_id": task_id, "uploaded_by": who, "uploaded_at": now, "submitted": False}
            )  # fmt: skip
            return ident

        return attach

    def flush(self) -> None:
        if not self._waiting:
            return
        rows, self._waiting = self._waiting, []
        with self._database.write() as unit:
            unit.connection.execute(insert(Attachment), rows)


def sample_photo() -> bytes:
    """A picture with enough in it to weigh more than 100 KB."""
    size = (600, 800)
    noise = Image.effect_noise(size, 60).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=88)
    return out.getvalue()
