"""Letters as the handlers write them: numbered in the book, set from a template, sealed, kept with the case."""

import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from engine.documents import Documents
from engine.letters import Letterbox
from engine.letters.book import Order, issue, letter_by_id, letter_by_key, shown_code, told
from engine.letters.codes import QR_FILE, qr_svg
from engine.letters.files import add_file, check_open, file_for
from engine.letters.offices import office_of
from engine.letters.signing import Signatory, Signature, Signer, passing_signer
from engine.registry import HandlerContext
from handlers.inpassing import DiagramFaultError
from models import Attachment, Document, Letter, Programme

_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
MOST_NAME = 150
PUBLIC_PAGE = "/v/"


@dataclass(frozen=True)
class Composed:
    """A letter that is set, and sealed or not, before anything is locked."""

    body: bytes
    signatures: tuple[Signature, ...] = ()


@dataclass
class Letters:
    """Writes letters into an installation's documents. Where there is none (a scenario), into a folder of its own."""

    documents: Documents | None = None
    base_url: str = ""
    signer: Signer = field(default_factory=passing_signer)

    @cached_property
    def box(self) -> Letterbox:
        return Letterbox(self.store)

    @cached_property
    def store(self) -> Documents:
        return self.documents or Documents(Path(tempfile.mkdtemp(prefix="alur-letters-")))

    def compose(
        self,
        context: HandlerContext,
        letter: Letter,
        template: str,
        data: Mapping[str, Any],
        *,
        seal: bool = True,
        key: str | None = None,
    ) -> Composed | None:
        """The PDF; None when it is there already. It only reads."""
        if file_for(context.unit, key or written_key(context)) is not None:
            return None
        check_open(letter)
        office = office_of(context.unit, letter.office)
        address = self.base_url + PUBLIC_PAGE + letter.code
        body = self.box.set(
            context.unit,
            instance_id=context.instance_id,
            letter=template,
            data={
                **self._programme(context),
                **data,
                "letter": {**told(letter, address), "signed": {"seal": seal, "issuer": self.signer.issuer}},
                "office": office.to_data(),
            },
            now=context.now,
            office=office.key,
            pictures={QR_FILE: qr_svg(address)},
        )
        if not seal:
            return Composed(body)
        reason = f"{letter.subject}, nomor {letter.number}"
        signed = self.signer.sign(body, seal_of(office.key, office.name), reason=reason, at=context.now)
        return Composed(signed.body, (signed.signature,))

    def keep(
        self,
        context: HandlerContext,
        letter_id: str,
        composed: Composed | None,
        *,
        name: str,
        filename: str,
        key: str | None = None,
        final: bool | None = None,
    ) -> dict[str, Any]:
        """One stage more of the letter as a document of the case; the same again where it is there already."""
        key = key or written_key(context)
        known = file_for(context.unit, key)
        if known is None:
            if composed is None:
                msg = f"{context.element_id}: the letter was neither written before nor now"
                raise DiagramFaultError(msg)
            letter = letter_by_id(context.unit, letter_id, lock=True)
            check_open(letter)
            attachment = self.box.keep(
                context.unit,
                instance_id=context.instance_id,
                letter=name,
                body=composed.body,
                filename=file_named(filename),
                now=context.now,
            )
            final = bool(composed.signatures) if final is None else final
            known = add_file(
                context.unit, letter, attachment, composed.signatures, key=key, final=final, now=context.now
            )
        return written_document(context, context.unit.session.get_one(Attachment, known.attachment_id))

    def compose_for(self, context: HandlerContext, key: str, template: str, data: Mapping[str, Any]) -> Composed | None:
        """The PDF of the letter that was numbered under `key`; None when it is there, or not numbered yet."""
        letter = letter_by_key(context.unit, key)
        return None if letter is None else self.compose(context, letter, template, data, key=f"{key}:file")

    def keep_for(
        self, context: HandlerContext, order: Order, template: str, data: Callable[[], Mapping[str, Any]], filename: str
    ) -> dict[str, Any]:
        """That PDF as a document of the case. A letter from before there was a book is put into it, and set now."""
        letter, key = issue(context.unit, order, context.now), f"{order.key}:file"
        composed = context.prepared or self.compose(context, letter, template, data(), key=key)
        return self.keep(context, letter.id, composed, name=template, filename=filename, key=key)

    def _programme(self, context: HandlerContext) -> dict[str, Any]:
        """What a letter may say of the programme, and the place where its letters are dated."""
        about: dict[str, Any] = {"place": context.parameters.get("letter_place")}
        if context.programme_id is not None:
            programme = context.unit.session.get_one(Programme, context.programme_id)
            about["programme"] = {
                "title": programme.title_id, "period": programme.period, "legal_basis": list(programme.legal_basis),
            }  # fmt: skip
        return about


def seal_of(key: str, name: str) -> Signatory:
    """An office's electronic seal, for letters that no person signs."""
    return Signatory("seal", key, f"Segel Elektronik {name}", name)


def written_key(context: HandlerContext) -> str:
    """Names the file that a call writes: called again, it is the same file."""
    return f"{context.idempotency_key}:file"


def letter_of(context: HandlerContext, given: Mapping[str, Any] | str) -> Letter:
    """The letter that a diagram hands over, by its record or its id."""
    ident = given if isinstance(given, str) else str(given.get("id", ""))
    letter = context.unit.session.get(Letter, ident, populate_existing=True)
    if letter is None:
        msg = f"{context.element_id}: there is no letter “{ident}”"
        raise DiagramFaultError(msg)
    return letter


def record_of(letter: Letter) -> dict[str, Any]:
    """A letter as process data keep it."""
    return {"id": letter.id, "code": shown_code(letter.code), "number": letter.number, "issued_on": letter.issued_on}


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
