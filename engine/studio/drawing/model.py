"""What is drawn: boxes and lines. Where they are is worked out elsewhere, in pixels from the corner of their scope."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from engine.gate.diagram import local
from engine.gate.vocabulary import BPMN

Point = tuple[float, float]

EXPANDABLE = frozenset({"subProcess", "transaction", "adHocSubProcess"})
ARTIFACTS = {
    "dataObjectReference": (36, 50),
    "dataStoreReference": (50, 50),
    "textAnnotation": (160, 50),
    "group": (160, 100),
}
TASK, EVENT, GATEWAY = (100, 80), (36, 36), (50, 50)


@dataclass
class Box:
    """An element with a place of its own. `plan` is what an opened sub-process holds."""

    id: str
    tag: str
    width: float
    height: float
    element: Any
    x: float = 0
    y: float = 0
    column: int = 0
    row: int = 0
    lane: str = ""
    plan: "Plan | None" = None
    attached: list["Box"] = field(default_factory=list)

    @property
    def centre(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def shift(self, dx: float, dy: float) -> None:
        self.x += dx
        self.y += dy
        for other in self.attached:
            other.shift(dx, dy)
        if self.plan is not None:
            self.plan.shift(dx, dy)


@dataclass
class Line:
    """A connection between two boxes, drawn along its points."""

    id: str
    source: str
    target: str
    points: list[Point] = field(default_factory=list)

    def shift(self, dx: float, dy: float) -> None:
        self.points = [(x + dx, y + dy) for x, y in self.points]


@dataclass
class Plan:
    """A process or sub-process laid out: what it holds, and how much room that takes."""

    boxes: list[Box]
    lines: list[Line]
    lanes: list[Box] = field(default_factory=list)
    width: float = 0
    height: float = 0

    def shift(self, dx: float, dy: float) -> None:
        for box in (*self.boxes, *self.lanes):
            box.shift(dx, dy)
        for line in self.lines:
            line.shift(dx, dy)

    def all_boxes(self) -> Iterator[Box]:
        """Those drawn first come first: lanes, then what stands on them, then what that holds."""
        yield from self.lanes
        for box in self.boxes:
            yield box
            if box.plan is not None:
                yield from box.plan.all_boxes()
            yield from box.attached

    def all_lines(self) -> Iterator[Line]:
        yield from self.lines
        for box in self.boxes:
            if box.plan is not None:
                yield from box.plan.all_lines()


@dataclass
class Contents:
    """A scope's elements as read, before anything has a place."""

    nodes: list[Box]
    artifacts: list[Box]
    flows: list[Line]
    links: list[Line]
    """Associations, and data going in and out."""


def read_contents(scope: Any) -> Contents:
    found = Contents([], [], [], [])
    boundary: list[Box] = []
    for element in scope.iterchildren(f"{BPMN}*"):
        tag, ident = local(element), element.get("id")
        if not ident:
            continue
        if tag == "sequenceFlow":
            found.flows.append(_line(element))
        elif tag == "association":
            found.links.append(_line(element))
        elif tag in ARTIFACTS:
            found.artifacts.append(Box(ident, tag, *ARTIFACTS[tag], element))
        elif (size := _size(tag)) is not None:
            (boundary if tag == "boundaryEvent" else found.nodes).append(Box(ident, tag, *size, element))
            found.links += _data_links(element)
    _attach(found.nodes, boundary)
    return found


def _size(tag: str) -> tuple[int, int] | None:
    if tag in EXPANDABLE or tag in ("task", "callActivity") or tag.endswith("Task"):
        return TASK
    if tag.endswith("Event"):
        return EVENT
    return GATEWAY if tag.endswith("Gateway") else None


def _line(element: Any) -> Line:
    return Line(element.get("id"), element.get("sourceRef") or "", element.get("targetRef") or "")


def _data_links(element: Any) -> Iterator[Line]:
    for tag, end in (("dataInputAssociation", "sourceRef"), ("dataOutputAssociation", "targetRef")):
        for link in element.iterchildren(BPMN + tag):
            other = (link.findtext(BPMN + end) or "").strip()
            if link.get("id") and other:
                ends = (other, element.get("id")) if end == "sourceRef" else (element.get("id"), other)
                yield Line(link.get("id"), *ends)


def _attach(nodes: list[Box], boundary: list[Box]) -> None:
    """Boundary events ride on their activity; one whose activity is missing stands for itself."""
    hosts = {box.id: box for box in nodes}
    for event in boundary:
        host = hosts.get(event.element.get("attachedToRef") or "")
        if host is None:
            nodes.append(event)
        else:
            host.attached.append(event)


def read_lanes(scope: Any) -> list[tuple[Any, int, frozenset[str]]]:
    """Each lane in order with its depth and the nodes named by it; a lane with lanes in it comes before them."""
    found: list[tuple[Any, int, frozenset[str]]] = []

    def visit(holder: Any, depth: int) -> None:
        for lane in holder.iterchildren(f"{BPMN}lane"):
            refs = frozenset((r.text or "").strip() for r in lane.iterchildren(f"{BPMN}flowNodeRef"))
            found.append((lane, depth, refs))
            for inner in lane.iterchildren(f"{BPMN}childLaneSet"):
                visit(inner, depth + 1)

    for lanes in scope.iterchildren(f"{BPMN}laneSet"):
        visit(lanes, 0)
    return found
