"""The page of one form of a draft, and its preview."""

from flask import jsonify, url_for
from werkzeug.wrappers import Response

from engine.errors import NotFoundError
from engine.forms.parse import MAX_BYTES
from web.context import services
from web.i18n import locale_code
from web.security import allow
from web.studio.access import READERS
from web.studio.drawing_board import board_of, names_of
from web.studio.forms import blueprint
from web.studio.forms.kinds import kinds
from web.studio.forms.panel import panel
from web.studio.forms.preview import preview
from web.studio.forms.vocabulary import vocabulary
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
            "vocabulary": vocabulary(board_of(view), name),
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
