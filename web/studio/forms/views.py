"""The page of one form of a draft, its preview, and the addresses by which forms come and go."""

import json
from typing import Any

from flask import flash, jsonify, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import NotFoundError
from engine.expressions import is_reserved
from engine.forms.parse import MAX_BYTES
from engine.studio.drafts import save_file
from web.context import require_actor, services
from web.i18n import locale_code
from web.security import allow
from web.studio.access import OWNERS, READERS
from web.studio.drawing_board import board_of, names_of
from web.studio.forms import blueprint
from web.studio.forms.kinds import kinds
from web.studio.forms.panel import panel
from web.studio.forms.preview import preview
from web.studio.forms.words import words
from web.studio.frame import open_draft, render_draft

FOLDER, SUFFIX = "forms/", ".json"


@blueprint.get("/<name>")
@allow(READERS)
def show(draft: str, name: str) -> str:
    """The builder of one form."""
    view = open_draft(draft)
    if f"{FOLDER}{name}{SUFFIX}" not in view.files:
        raise NotFoundError
    names = names_of(view, FOLDER, SUFFIX)
    groups = kinds(services().registry.fields)
    known = [kind["id"] for group in groups for kind in group["kinds"]]
    return render_draft(
        "studio/form.html",
        view,
        name=name,
        names=names,
        kinds=groups,
        builder={
            "path": f"{FOLDER}{name}{SUFFIX}",
            "name": name,
            "preview": url_for("studio_forms.show_preview", draft=draft, name=name),
            "kinds": groups,
            "panel": panel(known, [other for other in names if other != name]),
            "words": words(),
        },
    )


@blueprint.post("/<name>/pratinjau")
@allow(READERS, max_body=2 * MAX_BYTES)
def show_preview(draft: str, name: str) -> Response:
    """The form that stands in the builder, as the officer will see it."""
    board = board_of(open_draft(draft))
    with services().database.read() as unit:
        found = preview(unit, board, name)
    locale = locale_code()
    faults = [
        {
            "where": f.where,
            "severity": f.severity,
            "reason": f.reason.in_locale(locale),
            "cure": f.cure.in_locale(locale),
        }
        for f in found.faults
    ]
    return jsonify(html=found.html, faults=faults, wanted=found.wanted, unreadable=found.unreadable)


@blueprint.post("")
@allow(OWNERS)
def create(draft: str) -> Response:
    """A new form with a title and a button, to be built on."""
    name, title = request.form.get("name", "").strip(), request.form.get("title", "").strip()[:200]
    if is_reserved(name) or not name.islower():
        return _back(draft, _("Nama formulir terdiri dari huruf kecil, angka, dan garis bawah, diawali huruf."))
    path = f"{FOLDER}{name}{SUFFIX}"
    if path in open_draft(draft).files:
        return _back(draft, _("Sudah ada formulir bernama %(name)s.", name=name))
    now = services().clock.now()
    with services().database.write() as unit:
        save_file(unit, draft, path, empty_form(name, title), seen=None, by=require_actor().user_id or "", now=now)
    return redirect(url_for("studio_forms.show", draft=draft, name=name))


def empty_form(name: str, title: str) -> bytes:
    """What a new form begins as: written as the builder writes it."""
    button = {"type": "button", "id": f"{name}_kirim", "label": _("Kirim"), "action": "submit"}
    document: dict[str, Any] = {
        "type": "default",
        "id": name,
        "schemaVersion": 18,
        "properties": {"title": title or name},
        "components": [button],
    }
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def _back(draft: str, sentence: str) -> Response:
    flash(sentence, "error")
    back = request.form.get("from", "")
    if back and not is_reserved(back):
        return redirect(url_for("studio_forms.show", draft=draft, name=back))
    return redirect(url_for("studio_drafts.show", draft=draft))
