"""Letters of a draft: the template, its proof as drawn pages and as a PDF."""

import base64
from typing import Any

from flask import Blueprint, jsonify, request
from werkzeug.wrappers import Response

from engine.documents.preview import PreviewError, draw_page
from engine.errors import AlurError
from engine.gate.package import MAX_FILE_BYTES
from engine.letters.errors import LetterError
from engine.studio.proofs import known_of_letter, letter_proof
from web.context import services
from web.i18n import locale_code
from web.security import allow
from web.studio.access import OWNERS, READERS
from web.studio.frame import open_draft
from web.studio.papers.choice import Folder, known_by, origin_text, paper_page

blueprint = Blueprint("studio_letters", __name__, url_prefix="/studio/draf/<draft>/surat")

FOLDER = Folder("letters/", ".typ", "studio_letters.show")
PAGES = 4
"""Drawn in the page; the PDF has them all."""


@blueprint.get("/<name>")
@allow(READERS)
def show(draft: str, name: str) -> str:
    """The template and its proof side by side."""
    view = open_draft(draft)
    return paper_page("studio/letter.html", FOLDER, view, name, lambda number: _proof(name, view.bodies, number))


@blueprint.post("/<name>/cetak")
@allow(READERS, max_body=MAX_FILE_BYTES)
def proof(draft: str, name: str) -> Response:
    """The proof of what is in the editor just now, saved or not."""
    view, body = open_draft(draft), request.get_data()
    FOLDER.file(view, name)
    return jsonify(_proof(name, {**view.bodies, f"letters/{name}.typ": body}, request.args.get("kasus", "")))


@blueprint.get("/<name>.pdf")
@allow(READERS)
def pdf(draft: str, name: str) -> Response:
    """The proof of what is saved, as the file a reader would get."""
    view, number = open_draft(draft), request.args.get("kasus", "")
    FOLDER.file(view, name)
    answer = Response(_set(name, view.bodies, number)[0], mimetype="application/pdf")
    answer.headers["Content-Disposition"] = "attachment; filename=contoh.pdf"
    return answer


@blueprint.post("/<name>")
@allow(OWNERS, max_body=2 * MAX_FILE_BYTES)
def save(draft: str, name: str) -> Response:
    return FOLDER.save(open_draft(draft), name)


def _set(name: str, files: dict[str, bytes], number: str) -> tuple[bytes, str]:
    """The PDF, and what it was filled with."""
    definitions = services().definitions
    known = known_by(number, lambda unit, case: known_of_letter(unit, definitions, case, name))
    return letter_proof(files, name, known, at=services().clock.now()), origin_text(known, number)


def _proof(name: str, files: dict[str, bytes], number: str) -> dict[str, Any]:
    """Drawn pages, or what is wrong and at which line."""
    if name.startswith("_"):
        return {"pages": [], "piece": True}
    try:
        body, origin = _set(name, files, number)
        first = draw_page(body, "pdf", 1)
        drawn = [first, *(draw_page(body, "pdf", n) for n in range(2, min(first.pages, PAGES) + 1))]
    except (LetterError, PreviewError) as error:
        return _fault(error)
    pictures = [f"data:{page.media_type};base64,{base64.b64encode(page.body).decode()}" for page in drawn]
    return {"pages": pictures, "total": first.pages, "origin": origin}


def _fault(error: AlurError) -> dict[str, Any]:
    return {"pages": [], "fault": error.message(locale_code()), "line": error.context.get("line")}
