"""The editor's page, and the drawing of a diagram that has none."""

from flask import abort

from web.security import allow
from web.studio.access import READERS
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
            "words": editor_words(),
        },
    )
