"""The drawing of a diagram (BPMN DI): present, complete, and made of numbers."""

import re

from engine.gate.diagram import Diagram, local
from engine.gate.vocabulary import DI_SPACES

_NUMBER = re.compile(r"-?\d{1,7}(\.\d{1,20})?(e-\d{1,2})?\Z", re.IGNORECASE | re.ASCII)
_MEASURES = frozenset({"x", "y", "width", "height"})


def check_layout(diagram: Diagram) -> None:
    shown: set[str] = set()
    for element in diagram.root.iter(*(f"{{{space}}}*" for space in sorted(DI_SPACES))):
        for name in _MEASURES & set(element.attrib):
            if not _NUMBER.match(element.get(name).strip()):
                diagram.say("layout_number", element, value=element.get(name))
        ref = element.get("bpmnElement")
        if ref is None:
            continue
        shown.add(ref)
        if ref not in diagram.ids:
            diagram.say("shape_unknown", element, ref=ref)
        elif local(element) == "BPMNShape" and not any(local(child) == "Bounds" for child in element):
            diagram.say("layout_number", element, value="Bounds")
    nodes = [node for _, node in diagram.nodes()]
    if not shown:
        if nodes:
            diagram.say("no_layout", diagram.root)
        return
    for node in nodes:
        if node.id not in shown:
            diagram.say("no_shape", node.element)
