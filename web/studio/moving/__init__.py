"""Moving running cases to another version: choose, look at what would happen, say what takes whose place, do it."""

from web.studio.moving.views import blueprint

__all__ = ["blueprint"]
