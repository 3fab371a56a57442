"""Administration: people and their accesses, incidents of the engine, and how the installation is doing."""

from flask import Blueprint

blueprint = Blueprint("admin", __name__, url_prefix="/pengelolaan")

from web.admin import health, incidents, memberships, people  # noqa: E402, F401 -- they add their views to the blueprint
