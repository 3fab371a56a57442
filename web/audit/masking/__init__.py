"""Unmasking a case: the bar on its pages that says whether its people are masked, and the acts behind it."""

from web.audit.masking.views import blueprint

__all__ = ["blueprint"]
