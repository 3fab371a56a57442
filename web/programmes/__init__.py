"""Programmes: which are open and on what terms; the owner opens, changes, extends and closes them."""

from flask import Blueprint

blueprint = Blueprint("programmes", __name__, url_prefix="/program")

from web.programmes import acts, guides, views  # noqa: E402, F401 -- they add their views to the blueprint
