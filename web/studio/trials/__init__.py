"""Uji coba: a draft played by hand on the virtual clock, step by step, with every person and handler in one's hand."""

from flask import Blueprint

blueprint = Blueprint("studio_trials", __name__, url_prefix="/studio/draf/<draft>/uji-coba")

from web.studio.trials import acting, task, views  # noqa: E402, F401 -- the views register themselves on it
