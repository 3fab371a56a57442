"""A diagram as it is compared: every node and flow with all that its file says of it. Reads any BPMN."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lxml import etree

from engine.gate.findings import Findings
from engine.gate.vocabulary import BPMN, NODES, SPIFF, UNSUPPORTED_NODES
from engine.gate.xml import read_xml

KINDS = NODES | UNSUPPORTED_NODES | {
    "process", "sequenceFlow", "lane", "participant", "messageFlow", "dataObjectReference", "dataStoreReference",
    "textAnnotation", "group", "association",
}  # fmt: skip
"""What has a place of its own on the drawing. All that stands inside of it and has none is a fact of it."""
FLOWS = frozenset({"sequenceFlow", "messageFlow", "association"})
_SCOPES = frozenset({"process", "subProcess", "transaction", "adHocSubProcess"})
_SKIPPED = frozenset({"incoming", "outgoing", "flowNodeRef", "laneSet", "childLaneSet"})
_REFERENCES = ("messageRef", "errorRef", "signalRef", "escalationRef")
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
PROPERTY = "property:"


@dataclass(frozen=True)
class Drawn:
    """A node or a flow. `facts` is everything the file says of it, by where it says it (`property:due`)."""

    id: str
    kind: str
    name: str
    scope: str
    """Id of the process or sub-process around it."""
    lane: str | None
    facts: Mapping[str, str]
    event: str | None = None
    source: str = ""
    target: str = ""
    place: tuple[float, ...] | None = None
    """Where it was drawn: left, top, width, height."""

    @property
    def properties(self) -> dict[str, str]:
        return {key.removeprefix(PROPERTY): text for key, text in self.facts.items() if key.startswith(PROPERTY)}

    @property
    def is_flow(self) -> bool:
        return self.kind in FLOWS


@dataclass(frozen=True)
class Drawing:
    """One file."""

    name: str
    root: Any = field(repr=False)
    drawn: Mapping[str, Drawn] = field(repr=False)

    @cached_property
    def nodes(self) -> dict[str, Drawn]:
        return {ident: one for ident, one in self.drawn.items() if not one.is_flow}

    @cached_property
    def flows(self) -> dict[str, Drawn]:
        return {ident: one for ident, one in self.drawn.items() if one.kind == "sequenceFlow"}


def read_drawing(file: str, body: bytes) -> Drawing | None:
    """The drawing, or None where the file is no BPMN that can be read."""
    root = read_xml(body, Findings(file))
    if root is None or root.tag != f"{BPMN}definitions":
        return None
    lanes = _lanes(root)
    known = {node.get("id"): node for node in root.iter() if isinstance(node.tag, str) and node.get("id")}
    places = dict(_places(root))
    drawn = {
        ident: _drawn(node, lanes, known, places.get(ident)) for ident, node in known.items() if _tag(node) in KINDS
    }
    process = next((n for n in root.iter(f"{BPMN}process") if n.get("name")), None)
    return Drawing("" if process is None else process.get("name"), root, drawn)


def _drawn(node: Any, lanes: dict[str, str], known: dict[str, Any], place: tuple[float, ...] | None) -> Drawn:
    facts = dict(_facts(node, known))
    events = [k.partition(".")[0] for k in facts if k.partition(".")[0].endswith("EventDefinition")]
    return Drawn(
        id=node.get("id"),
        kind=_tag(node),
        name=_name(node),
        scope=next((p.get("id") or "" for p in node.iterancestors() if _tag(p) in _SCOPES), ""),
        lane=_lane_of(node, lanes),
        facts=facts,
        event=events[0].removesuffix("EventDefinition") if events else None,
        source=node.get("sourceRef") or "",
        target=node.get("targetRef") or "",
        place=place,
    )


def _name(node: Any) -> str:
    """What people call it; a step without a name goes by its id, a flow by its ends."""
    said = " ".join((node.get("name") or node.findtext(f"{BPMN}text") or "").split())
    return said or ("" if _tag(node) in FLOWS else node.get("id"))


def _facts(node: Any, known: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in node.attrib.items():
        plain = etree.QName(name).localname
        if plain not in ("id", "name", "sourceRef", "targetRef"):
            yield f"@{plain}", _called(plain, value, known)
    seen: dict[str, int] = {}
    for child in node:
        tag = _tag(child)
        if not tag or tag in _SKIPPED or tag in KINDS or (tag == "text" and _tag(node) == "textAnnotation"):
            continue
        for key, text in _inside(child, known):
            seen[key] = seen.get(key, 0) + 1
            yield (key if seen[key] == 1 else f"{key}#{seen[key]}"), text


def _inside(node: Any, known: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What a child says, by a short path; the wrappers that only group are left out of it."""
    tag = _tag(node)
    if node.tag == f"{SPIFF}property":
        yield f"{PROPERTY}{node.get('name', '')}", node.get("value", "")
    elif node.tag == f"{SPIFF}parameter":
        yield f"parameter:{node.get('id', '')}", node.get("value", "")
    elif node.tag == f"{SPIFF}serviceTaskOperator":
        yield "operator", node.get("id", "")
        yield "operator.result", node.get("resultVariable", "")
        for child in node:
            yield from _inside(child, known)
    elif tag in ("extensionElements", "properties", "parameters"):
        for child in node:
            if isinstance(child.tag, str):
                yield from _inside(child, known)
    else:
        yield from _generic(tag, node, known)


def _generic(tag: str, node: Any, known: dict[str, Any]) -> Iterator[tuple[str, str]]:
    text = (node.text or "").strip()
    children = [child for child in node if isinstance(child.tag, str)]
    if text or not children:
        yield tag, text
    for name, value in node.attrib.items():
        plain = etree.QName(name).localname
        if plain not in ("id", "type"):
            yield f"{tag}.@{plain}", _called(plain, value, known)
    for child in children:
        for key, inner in _inside(child, known):
            yield f"{tag}.{key}", inner


def _called(attribute: str, value: str, known: dict[str, Any]) -> str:
    """A reference to a message or an error is known by that one's name, not by its id."""
    found = known.get(value) if attribute in _REFERENCES else None
    return value if found is None else found.get("name") or found.get("errorCode") or value


def _lanes(root: Any) -> dict[str, str]:
    return {
        (ref.text or "").strip(): ref.getparent().get("name") or ref.getparent().get("id") or ""
        for ref in root.iter(f"{BPMN}flowNodeRef")
    }


def _lane_of(node: Any, lanes: dict[str, str]) -> str | None:
    around = [node, *(p for p in node.iterancestors() if _tag(p) in _SCOPES)]
    return next((lanes[one.get("id")] for one in around if one.get("id") in lanes), None)


def _places(root: Any) -> Iterator[tuple[str, tuple[float, ...]]]:
    for shape in root.iter(f"{DI}BPMNShape"):
        bounds = shape.find(f"{DC}Bounds")
        if bounds is not None:
            yield shape.get("bpmnElement"), _numbers(bounds.get(name) for name in ("x", "y", "width", "height"))
    for edge in root.iter(f"{DI}BPMNEdge"):
        points = [_numbers((p.get("x"), p.get("y"))) for p in edge if _tag(p) == "waypoint"]
        yield edge.get("bpmnElement"), tuple(number for point in points for number in point)


def _numbers(values: Any) -> tuple[float, ...]:
    try:
        return tuple(round(float(value or 0)) for value in values)
    except ValueError:
        return ()


def _tag(node: Any) -> str:
    return str(etree.QName(node).localname) if isinstance(node.tag, str) else ""
