"""Skenario: what must happen with a draft, played on it; what they cover is painted on its diagrams."""

from flask import Blueprint

blueprint = Blueprint("studio_scenarios", __name__, url_prefix="/studio/draf/<draft>/skenario")

from web.studio.scenarios import text, views  # noqa: E402, F401 -- the views register themselves on it
