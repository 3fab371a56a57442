"""LKPP's pages of the inpassing flow: documents to verify, schedules, results, formasi and recommendations.

They read the tables of the flow; whatever is decided on them is done through the tasks of its cases.
"""

from web.lkpp import desk, formasi, lists, overview, recommendations, results, schedule_views
from web.lkpp.area import blueprint

__all__ = ["blueprint", "desk", "formasi", "lists", "overview", "recommendations", "results", "schedule_views"]
