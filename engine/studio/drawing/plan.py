"""Lays out a scope: its grid in pixels, lanes around the rows, artifacts under them, flows between."""

from typing import Any

from engine.gate.vocabulary import BPMN
from engine.studio.drawing.grid import Grid
from engine.studio.drawing.model import EXPANDABLE, Box, Contents, Line, Plan, read_contents, read_lanes
from engine.studio.drawing.routes import Router, straight

GAP = 60
"""Between columns, for lines."""
STRIP = 64
"""Under a row, for names and lines."""
MARGIN, HEADER = 30, 30


def plan_scope(scope: Any) -> Plan:
    contents = read_contents(scope)
    for box in contents.nodes:
        if box.tag in EXPANDABLE:
            _open(box)
    lanes = read_lanes(scope)
    own = _lane_of(lanes)
    leaves = [lane.get("id") for lane, _, _ in lanes if lane.find(f"{BPMN}childLaneSet/{BPMN}lane") is None]
    for box in contents.nodes:
        box.lane = own.get(box.id, leaves[0] if leaves else "")
    grid = Grid(contents.nodes, contents.flows, leaves)
    depth = max((d for _, d, _ in lanes), default=-1) + 1
    columns, gaps = _columns(grid, MARGIN + HEADER * depth)
    tops, strips = _rows(grid)
    _place(grid, columns, tops, strips)
    router = Router(grid, gaps, strips)
    lines = [flow for flow in contents.flows if router.draw(flow)]
    plan = Plan([*contents.nodes, *contents.artifacts], lines)
    plan.width = gaps[-1] + MARGIN
    plan.height = _artifacts(contents, plan.width, strips[-1] + STRIP) if contents.artifacts else strips[-1] + STRIP
    plan.lines += _links(contents)
    plan.lanes = _lanes(lanes, grid, tops, plan)
    return plan


def _open(box: Box) -> None:
    """A sub-process that holds something is drawn opened."""
    plan = plan_scope(box.element)
    if plan.boxes:
        box.plan = plan
        box.width, box.height = plan.width + MARGIN, plan.height + MARGIN


def _lane_of(lanes: list[tuple[Any, int, frozenset[str]]]) -> dict[str, str]:
    """The innermost lane that names a node; one named by an outer lane only goes to the first lane inside it."""
    found: dict[str, str] = {}
    for lane, _, refs in lanes:
        inner = lane.find(f"{BPMN}childLaneSet/{BPMN}lane")
        while inner is not None and inner.find(f"{BPMN}childLaneSet/{BPMN}lane") is not None:
            inner = inner.find(f"{BPMN}childLaneSet/{BPMN}lane")
        found |= dict.fromkeys(refs, (lane if inner is None else inner).get("id"))
    return found


def _columns(grid: Grid, left: float) -> tuple[list[float], list[float]]:
    """The middle of each column, and where the strip before each begins; the last strip is behind all."""
    widths = [0.0] * grid.columns
    for box in grid.nodes.values():
        widths[box.column] = max(widths[box.column], box.width)
    middles, gaps, x = [], [], left
    for width in widths:
        gaps.append(x)
        middles.append(x + GAP + width / 2)
        x += GAP + width
    return middles, [*gaps, x]


def _rows(grid: Grid) -> tuple[list[float], list[float]]:
    """The top of each row, and where the strip under it begins."""
    heights = [0.0] * grid.rows
    for box in grid.nodes.values():
        heights[box.row] = max(heights[box.row], box.height)
    tops, strips, y = [], [], 0.0
    for filled in heights:
        height = filled or 60
        tops.append(y)
        strips.append(y + MARGIN + height)
        y += MARGIN + height + STRIP
    return tops, strips


def _place(grid: Grid, columns: list[float], tops: list[float], strips: list[float]) -> None:
    for box in grid.nodes.values():
        middle = (tops[box.row] + MARGIN + strips[box.row]) / 2
        box.shift(columns[box.column] - box.width / 2, middle - box.height / 2)
        if box.plan is not None:
            box.plan.shift(MARGIN / 2, MARGIN / 2)
        for number, event in enumerate(box.attached):
            along = (box.width - 36) - 62 * number
            event.x, event.y = box.x + max(along, 0) + 9 * (along < 0), box.bottom - event.height / 2


def _artifacts(contents: Contents, width: float, top: float) -> float:
    """Under the rows, each below what it belongs to, side by side; answers where they end."""
    boxes = {box.id: box for node in contents.nodes for box in (node, *node.attached)}
    ends = {end: boxes[other] for link in contents.links for end, other in
            ((link.source, link.target), (link.target, link.source)) if other in boxes}  # fmt: skip
    wanted = sorted(contents.artifacts, key=lambda b: ends[b.id].x if b.id in ends else 0)
    free, lowest = [float(MARGIN * 2)], top
    for box in wanted:
        wish = ends[box.id].centre[0] - box.width / 2 if box.id in ends else 0
        band = next((i for i, x in enumerate(free) if x <= max(wish, MARGIN * 2) + 40), len(free))
        if band == len(free):
            free.append(float(MARGIN * 2))
        box.x, box.y = max(wish, free[band]), top + 120 * band
        box.x = min(box.x, max(width - box.width - MARGIN, free[band]))
        free[band] = box.right + 60
        lowest = max(lowest, box.bottom + STRIP)
    return lowest


def _links(contents: Contents) -> list[Line]:
    boxes = {box.id: box for node in (*contents.nodes, *contents.artifacts) for box in (node, *node.attached)}
    drawn = [link for link in contents.links if link.source in boxes and link.target in boxes]
    for link in drawn:
        link.points = straight(boxes[link.source], boxes[link.target])
    return drawn


def _lanes(lanes: list[tuple[Any, int, frozenset[str]]], grid: Grid, tops: list[float], plan: Plan) -> list[Box]:
    found = []
    for lane, depth, _ in lanes:
        ids = [inner.get("id") for inner in lane.iter(f"{BPMN}lane")]
        rows = [grid.first[ident] + n for ident in ids if ident in grid.first for n in range(grid.depth[ident])]
        after = max(rows) + 1
        top, bottom = tops[min(rows)], plan.height if after == grid.rows else tops[after]
        x = HEADER * (depth + 1)
        found.append(Box(lane.get("id"), "lane", plan.width - x, bottom - top, lane, x=x, y=top))
    return found
