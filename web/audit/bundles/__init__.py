"""Bundles: cases taken along, with everything that proves them, or as event logs for process mining."""

from web.audit.bundles.views import blueprint

__all__ = ["blueprint"]
