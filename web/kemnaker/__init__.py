"""Kemnaker inpassing at a glance: the two teams with their SK and who is busy with what, and where candidates stand."""

from web.kemnaker.views import blueprint

__all__ = ["blueprint"]
