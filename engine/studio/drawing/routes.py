"""How lines run: level along rows, upright between columns, in the free strip under a row where a row is not free."""

from collections import defaultdict
from itertools import pairwise

from engine.studio.drawing.grid import Grid
from engine.studio.drawing.model import Box, Line, Point

STEP, TRACKS = 7, 5
"""Lines that share a strip stand beside each other."""
UNDER = 24
"""Below the events that ride on the lower edges of a row."""


class Router:
    """Draws the flows of one scope. `gaps[i]` is where the strip before column i begins, `strips[r]` under row r."""

    def __init__(self, grid: Grid, gaps: list[float], strips: list[float]) -> None:
        self._grid = grid
        self._gaps = gaps
        self._strips = strips
        self._used: dict[tuple[str, int], int] = defaultdict(int)
        self._boxes: dict[str, tuple[Box, Box]] = {}
        for box in grid.nodes.values():
            self._boxes[box.id] = (box, box)
            for event in box.attached:
                self._boxes[event.id] = (event, box)

    def draw(self, line: Line) -> bool:
        """False when one of its ends is not here."""
        if line.source not in self._boxes or line.target not in self._boxes:
            return False
        (source, start), (target, end) = self._boxes[line.source], self._boxes[line.target]
        line.points = tidy(self._under(source, start, target, end) if source is not start
                           else self._from(source, target, end))  # fmt: skip
        return True

    def _from(self, source: Box, target: Box, end: Box) -> list[Point]:
        grid, (_, y), (_, to) = self._grid, source.centre, target.centre
        right, left = (source.right, y), (target.x, to)
        if end.column > source.column:
            if source.row == end.row and grid.clear(end.row, source.column, end.column):
                return [right, left]
            if grid.clear(end.row, source.column, end.column):
                if source.tag.endswith("Gateway") and self._upright(source, end.row):
                    edge = source.bottom if end.row > source.row else source.y
                    return [(source.centre[0], edge), (source.centre[0], to), left]
                x = self._gap(source.column + 1)
                return [right, (x, y), (x, to), left]
            if grid.clear(source.row, source.column, end.column):
                x = self._gap(end.column)
                return [right, (x, y), (x, to), left]
        out, back, strip = self._gap(source.column + 1), self._gap(end.column), self._strip(source.row)
        return [right, (out, y), (out, strip), (back, strip), (back, to), left]

    def _under(self, source: Box, start: Box, target: Box, end: Box) -> list[Point]:
        """From an event at the lower edge of an activity."""
        x, strip, back = source.centre[0], self._strip(start.row), self._gap(end.column)
        to = target.centre[1]
        return [(x, source.bottom), (x, strip), (back, strip), (back, to), (target.x, to)]

    def _upright(self, source: Box, row: int) -> bool:
        """Nothing stands above or under it as far as that row."""
        between = range(min(source.row, row), max(source.row, row) + 1)
        return not any((r, source.column) in self._grid.taken for r in between if r != source.row)

    def _gap(self, column: int) -> float:
        return self._gaps[column] + 12 + self._track("gap", column)

    def _strip(self, row: int) -> float:
        return self._strips[row] + UNDER + self._track("strip", row)

    def _track(self, kind: str, number: int) -> float:
        self._used[kind, number] += 1
        return STEP * ((self._used[kind, number] - 1) % TRACKS)


def tidy(points: list[Point]) -> list[Point]:
    """Without points that lie on the way between their neighbours."""
    found = points[:1]
    for here, after in pairwise(points[1:]):
        last = found[-1]
        if not (last[0] == here[0] == after[0] or last[1] == here[1] == after[1]):
            found.append(here)
    return [*found, points[-1]]


def straight(source: Box, target: Box) -> list[Point]:
    """From edge to edge on the line between two centres."""
    return [_edge(source, target.centre), _edge(target, source.centre)]


def _edge(box: Box, towards: Point) -> Point:
    (x, y), (tx, ty) = box.centre, towards
    dx, dy = tx - x, ty - y
    if not dx and not dy:
        return x, box.bottom
    reach = min(box.width / 2 / abs(dx) if dx else 9e9, box.height / 2 / abs(dy) if dy else 9e9, 1)
    return round(x + dx * reach, 1), round(y + dy * reach, 1)
