"""Anchors: what was stated on which day, where it went, and the proof that a case stands in one."""

from web.audit.anchors.views import blueprint

__all__ = ["blueprint"]
