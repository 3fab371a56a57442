"""A drawing for a diagram that has none: pools, lanes, sub-processes opened, flows that run around what is drawn."""

from engine.studio.drawing.draw import NotDrawableError, draw

__all__ = ["NotDrawableError", "draw"]
