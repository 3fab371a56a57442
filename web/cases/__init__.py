"""A case: where it is on its diagram, what happened, which documents belong to it."""

from web.cases import deadlines  # noqa: F401 -- it adds its views to the blueprint
from web.cases.views import blueprint

__all__ = ["blueprint"]
