"""The diagram editor of a draft: the page around the canvas, its words, and the drawing of files without one."""

from flask import Blueprint

blueprint = Blueprint("studio_editor", __name__, url_prefix="/studio/draf/<draft>")

from web.studio.editor import views  # noqa: E402, F401 -- its routes hang on the blueprint
