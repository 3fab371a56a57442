"""Mails of a draft: the template, and what its readers would get in both languages."""

from typing import Any

from flask import Blueprint, jsonify, request
from werkzeug.wrappers import Response

from engine.gate.package import MAX_FILE_BYTES
from engine.mail.templates import MailTemplateError
from engine.studio.proofs import known_of_case, mail_proof
from web.context import services
from web.i18n import locale_code
from web.security import allow
from web.studio.access import OWNERS, READERS
from web.studio.frame import open_draft
from web.studio.papers.choice import Folder, known_by, origin_text, paper_page

blueprint = Blueprint("studio_mails", __name__, url_prefix="/studio/draf/<draft>/email")

FOLDER = Folder("mails/", ".txt", "studio_mails.show")


@blueprint.get("/<name>")
@allow(READERS)
def show(draft: str, name: str) -> str:
    """The template and its proof side by side."""
    view = open_draft(draft)
    return paper_page(
        "studio/mail.html", FOLDER, view, name, lambda number: _proof(name, FOLDER.file(view, name).body, number)
    )


@blueprint.post("/<name>/cetak")
@allow(READERS, max_body=MAX_FILE_BYTES)
def proof(draft: str, name: str) -> Response:
    """The proof of what is in the editor just now, saved or not."""
    FOLDER.file(open_draft(draft), name)
    return jsonify(_proof(name, request.get_data(), request.args.get("kasus", "")))


@blueprint.post("/<name>")
@allow(OWNERS, max_body=2 * MAX_FILE_BYTES)
def save(draft: str, name: str) -> Response:
    return FOLDER.save(open_draft(draft), name)


def _proof(name: str, body: bytes, number: str) -> dict[str, Any]:
    """Subject, words and HTML by language, or what is wrong."""
    known = known_by(number, lambda unit, case: known_of_case(unit, services().definitions, case))
    try:
        written = mail_proof(body, name, known, now=services().clock.now())
    except MailTemplateError as error:
        return {"fault": error.message(locale_code())}
    except UnicodeDecodeError:
        return {"fault": MailTemplateError(name=name).message(locale_code())}
    shown = {
        locale: {"subject": mail.subject, "text": mail.text, "html": mail.html} for locale, mail in written.items()
    }
    return {**shown, "origin": origin_text(known, number)}
