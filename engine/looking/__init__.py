"""Looking at many histories at once: what was reckoned of each case, and figures over them."""

from engine.looking.reckoning import deviating, left_to_reckon, looking_chore, reckon
from engine.looking.visits import Visit, Walk

__all__ = ["Visit", "Walk", "deviating", "left_to_reckon", "looking_chore", "reckon"]
