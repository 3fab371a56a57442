"""The forms of a draft: built piece by piece, and seen at once as the officer will see them."""

from flask import Blueprint

blueprint = Blueprint("studio_forms", __name__, url_prefix="/studio/draf/<draft>/formulir")

from web.studio.forms import views  # noqa: E402, F401 -- the views register themselves on it
