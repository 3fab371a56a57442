"""The properties of an element as a form: what it can be filled with, and whether what is typed would do."""

from flask import Blueprint

blueprint = Blueprint("studio_properties", __name__, url_prefix="/studio/draf/<draft>")

from web.studio.properties import views  # noqa: E402, F401 -- its routes hang on the blueprint
