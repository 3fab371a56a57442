"""Letters: the public page that says whether one is genuine, the register, and the paper of the offices."""

from flask import Blueprint

blueprint = Blueprint("letters", __name__)

from web.letters import acts, offices, public, register  # noqa: E402, F401 -- they add their views to the blueprint
