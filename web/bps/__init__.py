"""BPS inpassing at a glance: candidates by agency, the guides, and the recommendation of each agency."""

from web.bps.views import blueprint

__all__ = ["blueprint"]
