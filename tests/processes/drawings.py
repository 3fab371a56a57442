"""What a drawing must be so that a process owner reads it without help: whole, apart, at right angles, few nodes."""

import itertools
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
POINTS = "{http://www.omg.org/spec/DD/20100524/DI}"
NEAR = 30
"""Pixels between words and what they name."""
MOST_NODES = 25
EDGE = 18
"""A boundary event may reach over the edge of its lane by half its size."""


class Drawing:
    """One diagram of a package: its nodes, their boxes, and the lines between them."""

    def __init__(self, path: Path) -> None:
        self.root = etree.fromstring(path.read_bytes())
        self.boxes = {s.get("bpmnElement"): _bounds(s) for s in self.root.iter(f"{DI}BPMNShape")}
        self.lines = {
            edge.get("bpmnElement"): [(float(p.get("x")), float(p.get("y"))) for p in edge.iter(f"{POINTS}waypoint")]
            for edge in self.root.iter(f"{DI}BPMNEdge")
        }
        self.ends = {
            f.get("id"): (f.get("sourceRef"), f.get("targetRef")) for f in self.root.iter(f"{BPMN}sequenceFlow")
        }
        self.host = {e.get("id"): e.get("attachedToRef") for e in self.root.iter(f"{BPMN}boundaryEvent")}
        self.nodes = {
            e.get("id"): e
            for process in self.root.iter(f"{BPMN}process", f"{BPMN}subProcess")
            for e in process
            if e.get("id") and e.tag not in (f"{BPMN}laneSet", f"{BPMN}sequenceFlow")
        }
        self.within = {
            ident: e.getparent().get("id")
            for ident, e in self.nodes.items()
            if e.getparent().tag == f"{BPMN}subProcess"
        }

    def faults(self) -> Iterator[str]:
        """Everything that is wrong with it, in words."""
        yield from self.not_drawn()
        yield from self.outside_of_their_lane()
        yield from self.over_each_other()
        yield from self.not_at_right_angles()
        yield from self.through_others()
        yield from self.crossing()
        yield from self.labels()
        yield from (f"{n} has no English name" for n in self.without_english())
        if len(self.nodes) > MOST_NODES:
            yield f"{len(self.nodes)} nodes are too many for a page"

    def not_drawn(self) -> Iterator[str]:
        drawn = set(self.boxes) | set(self.lines)
        lanes = {lane.get("id") for lane in self.root.iter(f"{BPMN}lane")}
        yield from (f"{e} is not drawn" for e in sorted((set(self.nodes) | set(self.ends) | lanes) - drawn))

    def outside_of_their_lane(self) -> Iterator[str]:
        seen: set[str] = set()
        for lane in self.root.iter(f"{BPMN}lane"):
            for node in (r.text for r in lane.iter(f"{BPMN}flowNodeRef")):
                if node in seen:
                    yield f"{node} stands in two lanes"
                seen.add(node)
                if not _inside(self.boxes[node], self.boxes[lane.get("id")]):
                    yield f"{node} is drawn outside of its lane"
        yield from (f"{n} stands in no lane" for n in sorted(set(self.nodes) - seen - set(self.within)))

    def over_each_other(self) -> Iterator[str]:
        """A boundary event sits on its task, and what belongs to a sub-process in it; nothing else may touch."""
        for one, other in itertools.combinations(sorted(set(self.nodes) - set(self.host)), 2):
            if self.within.get(one) == other or self.within.get(other) == one:
                continue
            if _touch(self.boxes[one], self.boxes[other]):
                yield f"{one} and {other} overlap"

    def not_at_right_angles(self) -> Iterator[str]:
        for flow, points in self.lines.items():
            if any(a[0] != b[0] and a[1] != b[1] for a, b in itertools.pairwise(points)):
                yield f"{flow} runs askew"

    def through_others(self) -> Iterator[str]:
        for flow, points in self.lines.items():
            own = {*self.ends[flow], *(self.host[e] for e in self.ends[flow] if e in self.host)}
            own |= {b for b, task in self.host.items() if task in own} | {self.within.get(e) for e in own}
            for node in set(self.nodes) - own:
                if any(_touch(_segment(a, b), self.boxes[node]) for a, b in itertools.pairwise(points)):
                    yield f"{flow} runs through {node}"

    def crossing(self) -> Iterator[str]:
        """Lines may run together to one element; they may not cross."""
        for one, other in itertools.combinations(sorted(self.lines), 2):
            for first in itertools.pairwise(self.lines[one]):
                for second in itertools.pairwise(self.lines[other]):
                    if _cross(first, second):
                        yield f"{one} and {other} cross"

    def labels(self) -> Iterator[str]:
        """The words beside an element cover neither other words nor an element."""
        owners = [*self.root.iter(f"{DI}BPMNShape"), *self.root.iter(f"{DI}BPMNEdge")]
        labels = {
            e.get("bpmnElement"): _bounds(e.find(f"{DI}BPMNLabel"))
            for e in owners
            if e.find(f"{DI}BPMNLabel") is not None
        }
        for one, other in itertools.combinations(sorted(labels), 2):
            if _touch(labels[one], labels[other]):
                yield f"the words of {one} and {other} overlap"
        for owner, box in labels.items():
            for node in set(self.nodes) - {self.within.get(owner), self.within.get(self.ends.get(owner, ("", ""))[0])}:
                if _touch(box, self.boxes[node]):
                    yield f"the words of {owner} cover {node}"
            if not any(_touch(_wider(box, NEAR), part) for part in self._parts(owner)):
                yield f"the words of {owner} stand far from it"

    def _parts(self, owner: str) -> list[tuple[float, float, float, float]]:
        if owner in self.boxes:
            return [self.boxes[owner]]
        return [_wider(_segment(*pair), 0.5) for pair in itertools.pairwise(self.lines[owner])]

    def without_english(self) -> Iterator[str]:
        for ident, node in self.nodes.items():
            if node.get("name") and not node.xpath("./*/*/*[local-name()='property'][@name='name_en']"):
                yield ident


def _bounds(shape):
    bounds = shape.find(f"{DC}Bounds")
    x, y, width, height = (float(bounds.get(name)) for name in ("x", "y", "width", "height"))
    return (x, y, x + width, y + height)


def _segment(start, end):
    return (min(start[0], end[0]), min(start[1], end[1]), max(start[0], end[0]), max(start[1], end[1]))


def _wider(box, by):
    return (box[0] - by, box[1] - by, box[2] + by, box[3] + by)


def _touch(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _inside(inner, outer):
    across = outer[0] <= inner[0] and inner[2] <= outer[2]
    return across and outer[1] - EDGE <= inner[1] and inner[3] <= outer[3] + EDGE


def _cross(first, second):
    """One lies level, the other upright, and each goes on beyond the other on both sides."""
    level, upright = (first, second) if first[0][1] == first[1][1] else (second, first)
    if level[0][1] != level[1][1] or upright[0][0] != upright[1][0]:
        return False
    left, right = sorted((level[0][0], level[1][0]))
    top, bottom = sorted((upright[0][1], upright[1][1]))
    return left < upright[0][0] < right and top < level[0][1] < bottom
