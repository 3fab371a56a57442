"""A draft: its front page, and the addresses by which its files are read and saved."""

from flask import Blueprint

blueprint = Blueprint("studio_drafts", __name__, url_prefix="/studio/draf/<draft>")

from web.studio.drafts import contents, files, history, views  # noqa: E402, F401 -- the views register themselves on it
