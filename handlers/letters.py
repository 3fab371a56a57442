"""Letters as the handlers write them: one place that knows the documents' folder, and how a number is written."""

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from engine.documents import Documents
from engine.letters import Letterbox, next_number
from engine.registry import HandlerContext
from handlers.inpassing import parameter, programme_of
from models import Attachment, Document, Programme

_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
MOST_NAME = 150


@dataclass
class Letters:
    """Writes letters into an installation's documents. Where there is none (a scenario), into a folder of its own."""

    documents: Documents | None = None

    @cached_property
    def box(self) -> Letterbox:
        return Letterbox(self.documents or Documents(Path(tempfile.mkdtemp(prefix="alur-letters-"))))

    def write(self, context: HandlerContext, letter: str, data: Mapping[str, Any], filename: str) -> dict[str, Any]:
        """The letter as a document of the case, as a form's document field would hold it."""
        return self.keep(context, letter, self.set(context, letter, data), filename)

    def set(self, context: HandlerContext, letter: str, data: Mapping[str, Any]) -> bytes:
        """The PDF alone; it only reads."""
        programme = context.unit.session.get_one(Programme, programme_of(context))
        about = {
            "title": programme.title_id, "period": programme.period, "legal_basis": list(programme.legal_basis),
        }  # fmt: skip
        return self.box.set(
            context.unit,
            instance_id=context.instance_id,
            letter=letter,
            data={"programme": about, "place": context.parameters.get("letter_place"), **data},
            now=context.now,
        )

    def keep(self, context: HandlerContext, letter: str, body: bytes, filename: str) -> dict[str, Any]:
        """A PDF that was set, as a document of the case."""
        written = self.box.keep(
            context.unit,
            instance_id=context.instance_id,
            letter=letter,
            body=body,
            filename=file_named(filename),
            now=context.now,
        )
        return written_document(context, written)


def file_named(filename: str) -> str:
    """A name made of what people typed, without what no file may be called: an agency or a schedule may have a “/”."""
    stem, _, extension = filename.rpartition(".")
    return f"{_UNFIT.sub('-', stem)[:MOST_NAME].strip()}.{extension}"


def written_document(context: HandlerContext, attachment: Attachment) -> dict[str, Any]:
    """An attachment as process data keep it."""
    document = context.unit.session.get_one(Document, attachment.digest)
    return {
        "id": attachment.id, "filename": attachment.filename, "kind": document.kind, "size": document.size,
        "digest": attachment.digest,
    }  # fmt: skip


def number_for(context: HandlerContext, series: str, pattern: str) -> str:
    """The next number of the series, in the year and month it is where the programme is. Take it last in an act."""
    today = context.now.astimezone(ZoneInfo(context.zone))
    return next_number(context.unit, series, today.year, str(parameter(context, pattern)), month=today.month)
