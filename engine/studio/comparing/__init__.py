"""What differs between two states of a process: a list in the owner's words, and marks for the drawings."""

from engine.studio.comparing.merged import merged_drawing
from engine.studio.comparing.packages import area_of, compare
from engine.studio.comparing.records import AREAS, Area, Change, Comparison, Kind

__all__ = ["AREAS", "Area", "Change", "Comparison", "Kind", "area_of", "compare", "merged_drawing"]
