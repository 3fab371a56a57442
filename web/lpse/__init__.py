"""The board of an LPSE's 17 standards, its items, and for Direktorat SPD all LPSE.

They read the tables of the flow; whatever is decided is done through tasks and messages of its cases.
"""

from web.lpse import board, items, letters, overview, phases, pics, start
from web.lpse.area import blueprint

__all__ = ["blueprint", "board", "items", "letters", "overview", "phases", "pics", "start"]
