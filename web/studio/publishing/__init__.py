"""Publishing: the form of a draft, what waits for a second person, a publication's page, a version that shall hold."""

from flask import Blueprint

blueprint = Blueprint("studio_publish", __name__, url_prefix="/studio")

from web.studio.publishing import acts, views  # noqa: E402, F401 -- the views register themselves on it
