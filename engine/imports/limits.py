"""How much of a file is read. Numbers that people meet are said to them in words when they meet them."""

from engine.imports.cells import Cell

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 2_000
MAX_COLUMNS = 60

Grid = dict[int, list[Cell | None]]
"""Rows that hold anything, by number; the first is the heading."""
