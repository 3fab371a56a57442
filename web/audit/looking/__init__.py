"""Analysis: heat on the diagrams, ways, bottlenecks, rework, lateness, two periods, rules on paper, funnels."""

from web.audit.looking import rules, views
from web.audit.looking.frame import blueprint

__all__ = ["blueprint", "rules", "views"]
