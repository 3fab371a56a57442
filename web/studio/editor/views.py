"""The editor's page, and the drawing of a diagram that has none."""

from flask import abort, jsonify, request, url_for
from werkzeug.wrappers import Response

from engine.studio.drawing import NotDrawableError, draw
from web.i18n import locale_code
from web.security import allow
from web.studio.access import OWNERS, READERS
from web.studio.editor import blueprint
from web.studio.editor.words import editor_words, keys
from web.studio.frame import open_draft, render_draft


@blueprint.get("/diagram/<path:path>")
@allow(READERS)
def show(draft: str, path: str) -> str:
    """One diagram of the draft on a canvas, with the properties of what is chosen and the findings beside it."""
    view = open_draft(draft)
    if path not in view.files or not path.endswith(".bpmn"):
        abort(404)
    diagrams = sorted((p for p in view.files if p.endswith(".bpmn")), key=lambda p: ("/" in p, p))
    return render_draft(
        "studio/editor.html",
        view,
        path=path,
        diagrams=diagrams,
        keys=keys(),
        editor={
            "path": path,
            "layout": url_for("studio_editor.lay_out", draft=draft),
            "words": editor_words(),
        },
    )


@blueprint.post("/tata-letak")
@allow(OWNERS)
def lay_out(draft: str) -> Response:
    """The diagram that was sent, with a drawing of its own; nothing is saved."""
    open_draft(draft)
    try:
        drawn = draw(request.get_data())
    except NotDrawableError as error:
        refused = jsonify(message=error.message(locale_code()))
        refused.status_code = 422
        return refused
    return Response(drawn, content_type="application/xml; charset=utf-8")
