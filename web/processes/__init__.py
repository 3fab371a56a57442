"""Processes as they were drawn: a page per process and version, to be read by everybody who is signed in."""

from web.processes.views import blueprint

__all__ = ["blueprint"]
