"""From a file to a file with a drawing: pools one under the other, everything else about it unchanged."""

from typing import Any

from lxml import etree

from engine.errors import AlurError
from engine.gate.diagram import Diagram
from engine.gate.findings import Findings
from engine.gate.vocabulary import BPMN
from engine.gate.xml import read_xml
from engine.studio.drawing.model import Box, Line, Plan, Point
from engine.studio.drawing.plan import plan_scope

DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"
APART = 70
"""Between two pools."""


class NotDrawableError(AlurError):
    """This file cannot be drawn: {why}"""

    indonesian = "Berkas ini tidak dapat digambar: {why}"
    code = "not_drawable"
    http_status = 422


def draw(body: bytes) -> bytes:
    """The same file with a new drawing in place of any it had. Comments and foreign parts stay."""
    found = Findings("diagram")
    if read_xml(body, found) is None:
        raise NotDrawableError(why=found[0].reason)
    # Read once more with its comments: it was found to be small, of UTF-8, and without a DTD.
    root = etree.fromstring(body.lstrip(b"\xef\xbb\xbf"), etree.XMLParser(resolve_entities=False, no_network=True))
    if root.tag != f"{BPMN}definitions":
        raise NotDrawableError(why=root.tag)
    for old in root.findall(f"{{{DI}}}BPMNDiagram"):
        root.remove(old)
    used = set(Diagram("diagram", root, found).ids)
    for number, (plane, boxes, lines) in enumerate(_planes(root), start=1):
        _write(root, plane, boxes, lines, number, used)
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8") + b"\n"


def _planes(root: Any) -> list[tuple[str, list[Box], list[Line]]]:
    processes = {p.get("id"): p for p in root.findall(f"{BPMN}process")}
    collaboration = root.find(f"{BPMN}collaboration")
    if collaboration is None and len(processes) == 1:
        ((ident, process),) = processes.items()
        if process.find(f"{BPMN}laneSet/{BPMN}lane") is not None:
            collaboration = _pool_for(process)
        else:
            return [_plane(ident, plan_scope(process))]
    planes = []
    if collaboration is not None:
        planes.append((collaboration.get("id"), *_pools(collaboration, processes)))
    shown = set() if collaboration is None else {p.get("processRef") for p in collaboration.iter(f"{BPMN}participant")}
    planes += [_plane(ident, plan_scope(p)) for ident, p in processes.items() if ident not in shown]
    return planes


def _plane(ident: str, plan: Plan) -> tuple[str, list[Box], list[Line]]:
    return ident, list(plan.all_boxes()), list(plan.all_lines())


def _pool_for(process: Any) -> Any:
    """Lanes are drawn in a pool: a process with lanes and without one gets it."""
    name = {"name": process.get("name")} if process.get("name") else {}
    collaboration = etree.Element(f"{BPMN}collaboration", id=f"collaboration_{process.get('id')}")
    etree.SubElement(collaboration, f"{BPMN}participant", id=f"pool_{process.get('id')}",
                     processRef=process.get("id"), **name)  # fmt: skip
    process.addprevious(collaboration)
    return collaboration


def _pools(collaboration: Any, processes: dict[str, Any]) -> tuple[list[Box], list[Line]]:
    pools: list[Box] = []
    boxes: list[Box] = []
    lines: list[Line] = []
    y = 0.0
    for participant in collaboration.findall(f"{BPMN}participant"):
        process = processes.get((participant.get("processRef") or "").rpartition(":")[2])
        plan = None if process is None else plan_scope(process)
        filled = plan is not None and bool(plan.boxes or plan.lanes)
        height = max(plan.height, 120) if plan is not None and filled else 60
        pool = Box(participant.get("id"), "participant" if filled else "collapsed", 600, height, participant, y=y)
        if plan is not None and filled:
            pool.width = plan.width
            plan.shift(0, y)
            boxes += plan.all_boxes()
            lines += plan.all_lines()
        pools.append(pool)
        y = pool.bottom + APART
    widest = max((p.width for p in pools), default=0)
    ids = {p.id: p for p in pools}
    for box in pools + [b for b in boxes if b.tag == "lane"]:
        box.width = widest - box.x
    ids |= {b.id: b for b in boxes}
    return [*pools, *boxes], [*lines, *_messages(collaboration, ids)]


def _messages(collaboration: Any, boxes: dict[str, Box]) -> list[Line]:
    lines = []
    for flow in collaboration.findall(f"{BPMN}messageFlow"):
        source, target = boxes.get(flow.get("sourceRef") or ""), boxes.get(flow.get("targetRef") or "")
        if source is not None and target is not None and flow.get("id"):
            lines.append(Line(flow.get("id"), source.id, target.id, _message(source, target)))
    return lines


def _message(source: Box, target: Box) -> list[Point]:
    """Down or up, across between the pools, and on; straight to a pool itself."""
    down = source.y < target.y
    sx, tx = source.centre[0], target.centre[0]
    if target.tag in ("participant", "collapsed"):
        tx = sx
    if source.tag in ("participant", "collapsed"):
        sx = tx
    start, end = (sx, source.bottom if down else source.y), (tx, target.y if down else target.bottom)
    if sx == tx:
        return [start, end]
    middle = end[1] + (-APART / 2 if down else APART / 2)
    return [start, (sx, middle), (tx, middle), end]


def _write(root: Any, plane: str, boxes: list[Box], lines: list[Line], number: int, used: set[str]) -> None:
    def named(wish: str) -> str:
        while wish in used:
            wish += "_"
        used.add(wish)
        return wish

    prefixes = {"bpmndi": DI, "dc": DC, "di": DD}
    diagram = etree.SubElement(root, f"{{{DI}}}BPMNDiagram", id=named(f"diagram_{number}"), nsmap=prefixes)
    holder = etree.SubElement(diagram, f"{{{DI}}}BPMNPlane", id=named(f"plane_{number}"), bpmnElement=plane)
    for box in boxes:
        shape = etree.SubElement(holder, f"{{{DI}}}BPMNShape", id=named(f"{box.id}_di"), bpmnElement=box.id)
        if box.tag in ("lane", "participant", "collapsed"):
            shape.set("isHorizontal", "true")
        if box.plan is not None:
            shape.set("isExpanded", "true")
        if box.tag == "exclusiveGateway":
            shape.set("isMarkerVisible", "true")
        etree.SubElement(shape, f"{{{DC}}}Bounds", x=_number(box.x), y=_number(box.y), width=_number(box.width),
                         height=_number(box.height))  # fmt: skip
    for line in lines:
        edge = etree.SubElement(holder, f"{{{DI}}}BPMNEdge", id=named(f"{line.id}_di"), bpmnElement=line.id)
        for x, y in line.points:
            etree.SubElement(edge, f"{{{DD}}}waypoint", x=_number(x), y=_number(y))


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
