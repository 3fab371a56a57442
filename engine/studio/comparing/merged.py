"""One drawing of both: the new diagram, with what was removed put back where it stood. Only ever looked at."""

from copy import deepcopy
from typing import Any

from lxml import etree

from engine.gate.vocabulary import BPMN
from engine.studio.comparing.drawings import DI, FLOWS, KINDS, Drawing, read_drawing

_HELD = f"{BPMN}incoming", f"{BPMN}outgoing"
_ELSEWHERE = frozenset({"lane", "participant", "process", "messageFlow"})
"""What is not put back: the list says that it went; drawn over the new one it would hide it."""


def merged_drawing(file: str, before: bytes, after: bytes, removed: frozenset[str]) -> bytes | None:
    """The BPMN of both together; None where one of them cannot be read."""
    old, new = read_drawing(file, before), read_drawing(file, after)
    if old is None or new is None:
        return None
    root = deepcopy(new.root)
    put = _put_back(old, root, removed)
    _draw_back(old, root, put)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _put_back(old: Drawing, root: Any, removed: frozenset[str]) -> set[str]:
    """Copies of the removed elements, each in the process or sub-process it stood in; steps before flows."""
    known = {node.get("id"): node for node in root.iter() if isinstance(node.tag, str) and node.get("id")}
    put: set[str] = set()
    for node in sorted(_nodes(old, removed), key=lambda node: _kind(node) in FLOWS):
        scope = known.get(node.getparent().get("id"))
        ends = [end for end in (node.get("sourceRef"), node.get("targetRef"), node.get("attachedToRef")) if end]
        if scope is None or node.get("id") in known or any(end not in known for end in ends):
            continue
        copy = _bare(node)
        scope.append(copy)
        inside = {one.get("id"): one for one in copy.iter() if isinstance(one.tag, str) and one.get("id")}
        known |= inside
        put |= set(inside)
    return put


def _nodes(old: Drawing, removed: frozenset[str]) -> list[Any]:
    """The outermost of what was removed: what stood inside comes along with it."""
    return [
        node
        for node in old.root.iter()
        if isinstance(node.tag, str)
        and node.get("id") in removed
        and _kind(node) in KINDS - _ELSEWHERE
        and not any(parent.get("id") in removed and _kind(parent) != "process" for parent in node.iterancestors())
    ]


def _bare(node: Any) -> Any:
    """A copy without the references to its flows: some of those are gone, and the viewer goes by the flows."""
    copy = deepcopy(node)
    for held in list(copy.iter(*_HELD)):
        held.getparent().remove(held)
    return copy


def _draw_back(old: Drawing, root: Any, put: set[str]) -> None:
    plane = next(root.iter(f"{DI}BPMNPlane"), None)
    if plane is None:
        return
    taken = {shape.get("id") for shape in plane}
    for shape in old.root.iter(f"{DI}BPMNShape", f"{DI}BPMNEdge"):
        if shape.get("bpmnElement") in put:
            copy = deepcopy(shape)
            if copy.get("id") in taken:
                copy.set("id", f"{copy.get('id')}_before")
            plane.append(copy)


def _kind(node: Any) -> str:
    return str(etree.QName(node).localname)
