"""The decision tables of a draft: edited as tables, looked through for gaps and overlaps, tried out row by row."""

from flask import Blueprint

blueprint = Blueprint("studio_decisions", __name__, url_prefix="/studio/draf/<draft>/keputusan")

from web.studio.decisions import views  # noqa: E402, F401 -- the views register themselves on it
