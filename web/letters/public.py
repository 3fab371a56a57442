"""Is a letter genuine, and does it still count? For everybody, by the code on it, and by the file itself.

Shows what stands on the letter and nothing of a person but what is masked. An uploaded file is looked at and forgotten.
"""

import hashlib
from dataclasses import dataclass
from typing import Any, Literal

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Row
from werkzeug.wrappers import Response

from engine.letters.book import CODE_LENGTH, ISSUED, code_of, shown_code
from engine.letters.signing.checking import Seen, signatures_in
from engine.people import may_try
from web.context import services
from web.letters import blueprint, queries
from web.letters.words import signatures_of
from web.security import allow, public

MOST_BYTES = 16 << 20
UPLOADS, GUESSES = 60, 200
"""In an hour from one address: files that are looked at, and codes that nobody has."""


@dataclass(frozen=True)
class Compared:
    """A file beside the book of letters."""

    verdict: Literal["same", "earlier", "other", "different", "unreadable"]
    """same: it is the letter. earlier: before the last signature. other: another letter of ours."""
    digest: str
    other: Row[Any] | None = None
    signatures: list[Seen] | None = None


@blueprint.get("/v")
@allow(public)
def ask() -> Response | str:
    """Where a code is typed, or a file is handed in."""
    typed = request.args.get("kode", "").strip()
    if typed:
        return redirect(url_for("letters.show_public", code=code_of(typed) or "-"), 303)
    return _page(None)


@blueprint.post("/v")
@allow(public, max_body=MOST_BYTES + (1 << 20))
def check_any() -> Response | str | tuple[str, int]:
    """A file whose code nobody typed: which letter is it?"""
    return _checked(None)


@blueprint.get("/v/<code>")
@allow(public)
def show_public(code: str) -> Response | str | tuple[str, int]:
    """What the QR code opens."""
    bare = code_of(code)
    if bare != code and len(bare) == CODE_LENGTH:
        return redirect(url_for("letters.show_public", code=bare), 303)
    row = _letter(bare)
    return _page(row) if row is not None else _unknown(bare)


@blueprint.post("/v/<code>")
@allow(public, max_body=MOST_BYTES + (1 << 20))
def check(code: str) -> Response | str | tuple[str, int]:
    """Is this file that letter?"""
    row = _letter(code_of(code))
    return _checked(row) if row is not None else (_page(None, code=code_of(code), unknown=True), 404)


def _letter(code: str) -> Row[Any] | None:
    with services().database.read() as unit:
        return queries.by_code(unit.connection, code)


def _unknown(code: str) -> tuple[str, int]:
    """Nobody guesses a code; who tries many is only in the way."""
    if not _may("letter-code", GUESSES):
        return _page(None, code=code, fault=_("Terlalu banyak kode yang tidak dikenal. Coba lagi nanti.")), 429
    return _page(None, code=code, unknown=True), 404


def _checked(row: Row[Any] | None) -> str | tuple[str, int]:
    sent = request.files.get("berkas")
    body = sent.read(MOST_BYTES + 1) if sent else b""
    if not body.startswith(b"%PDF-") or len(body) > MOST_BYTES:
        return _page(row, fault=_("Pilih satu berkas PDF, paling besar 16 MB.")), 422
    if not _may("letter-file", UPLOADS):
        return _page(row, fault=_("Terlalu banyak berkas dari alamat Anda. Coba lagi satu jam lagi.")), 429
    digest = hashlib.sha256(body).hexdigest()
    with services().database.read() as unit:
        found = queries.file_by_digest(unit.connection, digest)
        if row is None and found is not None:
            row = queries.by_code(unit.connection, found.code)
    seen = signatures_in(body, services().signer.roots())
    return _page(row, compared=_compared(row, found, digest, seen))


def _compared(row: Row[Any] | None, found: Row[Any] | None, digest: str, seen: list[Seen] | None) -> Compared:
    if found is None:
        return Compared("unreadable" if seen is None else "different", digest, signatures=seen)
    if row is None or found.letter_id != row.id:
        return Compared("other", digest, other=found, signatures=seen)
    newest = found.attachment_id == row.attachment_id
    return Compared("same" if newest else "earlier", digest, signatures=seen)


def _may(what: str, limit: int) -> bool:
    parts = services()
    with parts.database.write() as unit:
        return may_try(
            unit,
            what,
            limit,
            address=request.remote_addr or "",
            secret=parts.settings.secret_key,
            now=parts.clock.now(),
        )


def _page(
    row: Row[Any] | None,
    *,
    code: str = "",
    unknown: bool = False,
    fault: str | None = None,
    compared: Compared | None = None,
) -> str:
    signatures: list[dict[str, Any]] = []
    replaced_by = replaces = None
    if row is not None:
        with services().database.read() as unit:
            signatures = signatures_of(queries.files(unit.connection, row.id)) if row.state != ISSUED else []
            replaced_by = queries.successor(unit.connection, row.id)
            replaces = queries.letter_row_by_id(unit.connection, row.replaces_id) if row.replaces_id else None
    return render_template(
        "letters/public.html",
        letter=row,
        code=shown_code(row.code if row is not None else code),
        unknown=unknown,
        fault=fault,
        compared=compared,
        signatures=signatures,
        replaced_by=replaced_by,
        replaces=replaces,
    )
