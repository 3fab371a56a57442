"""A case: where it is on its diagram, what happened, which documents belong to it."""

from web.cases.views import blueprint

__all__ = ["blueprint"]
