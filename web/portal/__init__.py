"""Satu Pintu Akses: the platforms that a person's active accesses open, each behind a protected page."""

from web.portal import settings as settings  # its views join the blueprint
from web.portal.views import blueprint

__all__ = ["blueprint"]
