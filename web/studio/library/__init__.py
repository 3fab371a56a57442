"""The library: every process with its versions and drafts, and where a new one begins."""

from web.studio.library.views import blueprint

__all__ = ["blueprint"]
