"""The story of a case: as data for the player, as an ordered text, and beside another case's."""

from web.audit.story import compared  # noqa: F401 -- it adds its views to the blueprint
from web.audit.story.views import blueprint

__all__ = ["blueprint"]
