"""The documents of a case: every one that a form or the ledger names is there as it was given, and no other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Row

from engine import ledger
from engine.documents import DocumentDamagedError, Documents
from engine.documents.inspection import kind_of
from engine.history import Finding
from engine.history.verify import finding
from engine.ledger.digests import document_digest, upload_digest
from engine.proof.reading import Kept
from engine.spiff.values import decode

VALUE = {"id", "filename", "kind", "size", "digest"}
"""The names of a document's value in a case's data (see engine.forms.model.AttachedFile)."""
MARK = b'"digest"'


@dataclass
class Named:
    """A document as the record names it."""

    value: Mapping[str, Any]
    seq: int
    proof: str | None = None
    """Digest of its row, where the act recorded it."""


def named_in(kept: Kept) -> dict[str, Named]:
    """By id: the documents that the payloads of a case name."""
    found: dict[str, Named] = {}
    for event in kept.record.events:
        payload = kept.record.payloads.get(event.seq)
        if payload is None or payload.body is None or MARK not in payload.body:
            continue
        proofs = event.detail.get("documents", {})
        for value in _values(decode(bytes(payload.body))):
            ident = str(value["id"])
            earlier = found[ident].proof if ident in found else None
            found[ident] = Named(value, event.seq, proofs.get(ident) or earlier)
    return found


def _values(data: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(data, dict):
        if data.keys() == VALUE:
            yield data
        else:
            for value in data.values():
                yield from _values(value)
    elif isinstance(data, list):
        for value in data:
            yield from _values(value)


class Files:
    """The documents folder, each file read once, however many cases name it."""

    def __init__(self, documents: Documents | None) -> None:
        self._documents = documents
        self._known: dict[str, tuple[int, str | None] | None] = {}

    def of(self, digest: str) -> tuple[int, str | None] | None:
        """Size and kind of the file of this digest; None when it is not there, or is another."""
        if digest not in self._known:
            if len(self._known) > MOST_KNOWN:
                self._known.clear()
            self._known[digest] = self._read(digest)
        return self._known[digest]

    def fits(self, row: Row[Any]) -> bool:
        return self._documents is None or self.of(row.digest) == (row.size, row.kind)

    def _read(self, digest: str) -> tuple[int, str | None] | None:
        assert self._documents is not None  # noqa: S101 -- `fits` asks
        try:
            body = self._documents.body(digest)
        except DocumentDamagedError:
            return None
        return len(body), kind_of(body)


MOST_KNOWN = 100_000


def check_documents(
    kept: Kept, named: Mapping[str, Named], elsewhere: Mapping[str, Row[Any]], files: Files
) -> Iterator[Finding]:
    """`elsewhere`: attachments that the case names and that are not its own."""
    gone = destroyed_documents(kept)
    own = {row.id: row for row in kept.attachments}
    for ident, one in named.items():
        # what a form of this case took is the case's own; of another's it may have been told
        row = own.get(ident) or (elsewhere.get(ident) if one.proof is None else None)
        if ident not in gone and (row is None or not _as_named(row, one)):
            yield _changed(one.value["filename"], one.seq)
    for entry in kept.entries:
        if entry.kind == ledger.Kind.DOCUMENT_KEPT and entry.ref not in gone:
            row = own.get(entry.ref)
            if row is None or not _as_kept(row, entry):
                yield _changed(row.filename if row is not None else entry.ref)
    kept_ids = {entry.ref for entry in kept.entries if entry.kind == ledger.Kind.DOCUMENT_KEPT}
    for row in kept.attachments:
        if row.id not in named and row.id not in kept_ids:
            text = f"Dokumen “{row.filename}” tidak pernah dicatat."
            yield finding("document", text, f"The document “{row.filename}” was never recorded.")
        elif row.id not in gone and not files.fits(row):
            text = f"Berkas dokumen “{row.filename}” hilang atau diganti."
            english = f"The file of the document “{row.filename}” is gone or was replaced."
            seq = named[row.id].seq if row.id in named else None
            yield finding("document_file", text, english, seq)


def destroyed_events(kept: Kept) -> set[int]:
    """Numbers of the events whose payloads retention destroyed, as the ledger says."""
    return {seq for entry in _destroyed(kept) for seq in entry.detail.get("events", [])}


def destroyed_documents(kept: Kept) -> set[str]:
    return {ident for entry in _destroyed(kept) for ident in entry.detail.get("documents", [])}


def is_state_destroyed(kept: Kept) -> bool:
    """Did retention take what the case was at its end, too?"""
    return any(entry.detail.get("state") is True for entry in _destroyed(kept))


def _destroyed(kept: Kept) -> Iterator[Row[Any]]:
    return (entry for entry in kept.entries if entry.kind == ledger.Kind.PAYLOAD_DESTROYED)


def _as_named(row: Row[Any], named: Named) -> bool:
    value = {"id": row.id, "filename": row.filename, "kind": row.kind, "size": row.size, "digest": row.digest}
    if value != dict(named.value) or not row.submitted:
        return False
    proof = upload_digest(
        row.id, row.field, row.filename, row.kind, row.size, row.digest, row.user_task_id, row.uploaded_by,
        row.uploaded_at,
    )  # fmt: skip
    return named.proof is None or named.proof == proof.hex()


def _as_kept(row: Row[Any], entry: Row[Any]) -> bool:
    digest = document_digest(
        ident=row.id, file=row.digest, kind=row.kind, size=row.size, filename=row.filename, field=row.field,
        instance_id=row.instance_id, at=row.uploaded_at,
    )  # fmt: skip
    nobodys = row.uploaded_by is None and row.user_task_id is None
    return nobodys and row.submitted and digest == bytes(entry.digest)


def check_letters(kept: Kept) -> Iterator[Finding]:
    """Each file of a letter is a document of its case, and the newest is the one that the letter shows."""
    own = {row.id: row for row in kept.attachments}
    gone = destroyed_documents(kept)
    for _, rows in groupby(kept.letter_files, key=lambda row: row.number):
        files = list(rows)
        last = files[-1]
        if last.letter_id is None:  # numbered, and not written yet
            sound = last.newest is None
        else:
            sound = last.newest == last.attachment_id and [row.stage for row in files] == [*range(1, len(files) + 1)]
            left = [row for row in files if row.attachment_id not in gone]
            digests = [(row.attachment_id in own and own[row.attachment_id].digest, row.digest) for row in left]
            sound = sound and all(attached == digest for attached, digest in digests)
        if not sound:
            text = f"Berkas surat {last.number} bukan seperti yang ditulis."
            yield finding("letter", text, f"The files of letter {last.number} are not as they were written.")


def _changed(filename: str, seq: int | None = None) -> Finding:
    text = f"Dokumen “{filename}” hilang atau bukan seperti saat diberikan."
    return finding("document", text, f"The document “{filename}” is gone, or not as it was given.", seq)
