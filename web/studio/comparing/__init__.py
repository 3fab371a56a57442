"""Two states of a process beside each other: what differs in words, and on the drawings."""

from web.studio.comparing.views import blueprint

__all__ = ["blueprint"]
