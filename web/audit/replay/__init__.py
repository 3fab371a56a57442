"""Putar ulang: a recorded case played on the diagram it ran on."""

from web.audit.replay.views import blueprint

__all__ = ["blueprint"]
