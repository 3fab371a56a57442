"""The story of a case: every event with what it moved, whose doing it was, its time limits, documents and data."""

from engine.story.records import Crossing, Group, Limit, Measure, Paper, Phase, Scope, Story, Told
from engine.story.retelling import Retelling, Retold
from engine.story.telling import tell, versions_before

__all__ = [
    "Crossing",
    "Group",
    "Limit",
    "Measure",
    "Paper",
    "Phase",
    "Retelling",
    "Retold",
    "Scope",
    "Story",
    "Told",
    "tell",
    "versions_before",
]
