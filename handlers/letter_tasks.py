"""Service tasks about letters, for any process: number, write, sign, cancel, withdraw, replace."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.letters import book
from engine.letters.book import Order
from engine.letters.files import check_open, file_for, newest_file
from engine.letters.signing import Signatory
from engine.registry import Field, Handler, HandlerContext, Registry
from handlers.inpassing import DiagramFaultError
from handlers.letters import Composed, Letters, letter_of, record_of, written_key
from models import Attachment, LetterFile

Given = Mapping[str, Any] | str


def issue_letter(
    context: HandlerContext,
    *,
    kind: str,
    subject: str,
    pattern: str = "",
    office: Given | None = None,
    to: str = "",
    holder: str = "",
) -> dict[str, Any]:
    """Number a letter of the office; of the case's instansi, where none is named."""
    order = Order(
        key=context.idempotency_key,
        instance_id=context.instance_id,
        office=_office_key(context, office),
        kind=kind,
        subject=subject,
        pattern=pattern,
        addressee=to or "",
        holder=holder or "",
    )
    return {"letter": record_of(book.issue(context.unit, order, context.now))}


def _office_key(context: HandlerContext, office: Given | None) -> str:
    key = str(office.get("id", "")) if isinstance(office, Mapping) else office or context.instansi_id
    if not key:
        msg = f"{context.element_id}: the letter has no office, and the case no instansi"
        raise DiagramFaultError(msg)
    return key


@dataclass(frozen=True)
class Writing:
    """The handlers `write_letter` and `sign_letter`: what takes time is done before anything is locked."""

    letters: Letters

    def compose(
        self,
        context: HandlerContext,
        *,
        letter: Given,
        template: str,
        data: Mapping[str, Any] | None = None,
        filename: str = "",  # noqa: ARG002 -- of the handler's own inputs
        seal: bool = True,
    ) -> Composed | None:
        return self.letters.compose(context, letter_of(context, letter), template, data or {}, seal=seal)

    def write(
        self,
        context: HandlerContext,
        *,
        letter: Given,
        template: str,
        data: Mapping[str, Any] | None = None,  # noqa: ARG002 -- the letter is set already
        filename: str = "",
        seal: bool = True,  # noqa: ARG002 -- same
    ) -> dict[str, Any]:
        """The letter as a PDF of the case, sealed or waiting for people's signatures."""
        numbered = letter_of(context, letter)
        name = filename or f"{numbered.subject} {numbered.number}.pdf"
        attachment = self.letters.keep(context, numbered.id, context.prepared, name=template, filename=_as_pdf(name))
        return {"attachment": attachment}

    def presign(
        self,
        context: HandlerContext,
        *,
        letter: Given,
        signer: Mapping[str, Any],
        reason: str = "",
        final: bool = False,  # noqa: ARG002 -- of the handler's own inputs
        needed: int = 0,  # noqa: ARG002 -- same
    ) -> tuple[int, Composed] | None:
        """The letter with this signature, and the stage it was put on; None when it was signed so already."""
        if file_for(context.unit, written_key(context)) is not None:
            return None
        numbered = letter_of(context, letter)
        check_open(numbered)
        newest = newest_file(context.unit, numbered.id)
        if newest is None:
            msg = f"{context.element_id}: letter {numbered.number} is not written yet"
            raise DiagramFaultError(msg)
        body = self.letters.store.body(newest.digest)
        why = reason or f"Menandatangani {numbered.subject}, nomor {numbered.number}"
        signed = self.letters.signer.sign(body, _person(context, signer), reason=why, at=context.now)
        return newest.stage, Composed(signed.body, (signed.signature,))

    def sign(
        self,
        context: HandlerContext,
        *,
        letter: Given,
        signer: Mapping[str, Any],
        reason: str = "",
        final: bool = False,
        needed: int = 0,
    ) -> dict[str, Any]:
        """One signature more. Where another signed meanwhile, it is put on what that one signed."""
        numbered = book.letter_by_id(context.unit, letter_of(context, letter).id, lock=True)
        prepared, newest = context.prepared, newest_file(context.unit, numbered.id)
        if prepared is not None and newest is not None and newest.stage != prepared[0]:
            prepared = self.presign(context, letter=letter, signer=signer, reason=reason)
        before = context.unit.session.get(Attachment, numbered.attachment_id) if numbered.attachment_id else None
        if before is None:
            msg = f"{context.element_id}: letter {numbered.number} is not written yet"
            raise DiagramFaultError(msg)
        attachment = self.letters.keep(
            context,
            numbered.id,
            prepared[1] if prepared else None,
            name=before.field,
            filename=before.filename,
            final=final or (needed > 0 and _people_in(newest) + 1 >= needed),
        )
        return {"attachment": attachment}


def _people_in(file: LetterFile | None) -> int:
    """How many people have signed it."""
    return sum(signature["kind"] == "person" for signature in file.signatures) if file is not None else 0


def _person(context: HandlerContext, signer: Mapping[str, Any]) -> Signatory:
    name = str(signer.get("name") or "").strip()
    if not name:
        msg = f"{context.element_id}: whoever signs has no name"
        raise DiagramFaultError(msg)
    return Signatory("person", str(signer.get("nip") or signer.get("id") or name), name, str(signer.get("title") or ""))


def _as_pdf(filename: str) -> str:
    return filename if filename.lower().endswith(".pdf") else f"{filename}.pdf"


def cancel_letter(context: HandlerContext, *, letter: Given, reason: str) -> dict[str, Any]:
    """Before it is signed: its number stays in the book."""
    ident = letter_of(context, letter).id
    return {"state": book.cancel(context.unit, ident, reason=reason, actor=context.actor, now=context.now).state}


def withdraw_letter(context: HandlerContext, *, letter: Given, reason: str) -> dict[str, Any]:
    """A signed one is in force no more."""
    ident = letter_of(context, letter).id
    return {"state": book.withdraw(context.unit, ident, reason=reason, actor=context.actor, now=context.now).state}


def replace_letter(context: HandlerContext, *, letter: Given, by: Given, reason: str) -> dict[str, Any]:
    """A signed one gives way to another."""
    old, successor = letter_of(context, letter), letter_of(context, by)
    replaced = book.replace(context.unit, old.id, successor.id, reason=reason, actor=context.actor, now=context.now)
    return {"state": replaced.state}


_LETTER = Field("letter", "record", "Surat dari issue_letter", "The letter from issue_letter")
_REASON = Field("reason", "text", "Alasan", "Reason")
_STATE = Field("state", "text", "Keadaan surat", "What the letter is now")
_ATTACHMENT = Field("attachment", "record", "Berkas PDF", "The file, a PDF")


def register(registry: Registry, letters: Letters) -> None:
    writing = Writing(letters)
    registry.add(
        Handler(
            name="issue_letter",
            mode="inline",
            function=issue_letter,
            title_id="Beri nomor surat",
            title_en="Number a letter",
            inputs=(
                Field("kind", "text", "Jenis surat", "Kind of letter"),
                Field("subject", "text", "Hal", "Subject"),
                Field("pattern", "text", "Bentuk nomor; bentuk milik kantornya didahulukan",
                      "How the number looks; the office's own goes before", required=False),
                Field("office", "text", "Instansi atau kantor penerbit; kosong: instansi kasus",
                      "Instansi or office that issues it; empty: the case's instansi", required=False),
                Field("to", "text", "Penerima", "Addressee", required=False),
                Field("holder", "text", "Orang yang diterangkan (disimpan tersamar)", "Whom it is about (kept masked)",
                      required=False),
            ),
            outputs=(Field("letter", "record", "id, code, number, issued_on", "id, code, number, issued_on"),),
        )
    )  # fmt: skip
    registry.add(
        Handler(
            name="write_letter",
            mode="async",
            function=writing.write,
            prepare=writing.compose,
            title_id="Buat berkas surat",
            title_en="Write the letter",
            inputs=(
                _LETTER,
                Field("template", "letter", "Nama berkas di folder letters", "Name of the file in the folder letters"),
                Field("data", "record", "Isi surat", "What the letter says", required=False),
                Field("filename", "text", "Nama berkas", "Name of the file", required=False),
                Field("seal", "boolean", "Disegel kantornya sekarang; kalau tidak, menunggu tanda tangan orang",
                      "Sealed by the office now; otherwise it waits for people's signatures", required=False),
            ),
            outputs=(_ATTACHMENT,),
        )
    )  # fmt: skip
    registry.add(
        Handler(
            name="sign_letter",
            mode="async",
            function=writing.sign,
            prepare=writing.presign,
            title_id="Bubuhkan tanda tangan elektronik",
            title_en="Sign the letter",
            inputs=(
                _LETTER,
                Field("signer", "record", "Penanda tangan: name, title, nip", "Who signs: name, title, nip"),
                Field("reason", "text", "Alasan tanda tangan", "Reason of the signature", required=False),
                Field("final", "boolean", "Tanda tangan terakhir: surat berlaku",
                      "The last one: the letter is in force", required=False),
                Field("needed", "number", "Berlaku setelah ditandatangani sekian orang",
                      "In force once so many people signed", required=False),
            ),
            outputs=(_ATTACHMENT,),
        )
    )  # fmt: skip
    for name, function, title_id, title_en, more in (
        ("cancel_letter", cancel_letter, "Batalkan surat", "Cancel the letter", ()),
        ("withdraw_letter", withdraw_letter, "Cabut surat", "Withdraw the letter", ()),
        ("replace_letter", replace_letter, "Ganti surat", "Replace the letter",
         (Field("by", "record", "Surat penggantinya", "The letter that replaces it"),)),
    ):  # fmt: skip
        registry.add(
            Handler(name, "inline", function, title_id, title_en, inputs=(_LETTER, *more, _REASON), outputs=(_STATE,))
        )
