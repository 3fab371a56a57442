"""The library: every process with its versions and drafts, and where a new one begins."""

from flask import Blueprint

blueprint = Blueprint("studio", __name__, url_prefix="/studio")

from web.studio.library import beginnings, views  # noqa: E402, F401 -- the views register themselves on it
