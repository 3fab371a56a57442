"""What was drawn: the flow nodes and sequence flows of BPMN files, with names, lanes, properties and documentation."""

from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

from engine.spiff.records import Element, Flow

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SPIFF = "{http://spiffworkflow.org/bpmn/schema/1.0/core}"

NODES = frozenset({
    "startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent", "task", "userTask",
    "manualTask", "scriptTask", "serviceTask", "businessRuleTask", "sendTask", "receiveTask", "callActivity",
    "subProcess", "transaction", "exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway",
})  # fmt: skip
_SCOPES = frozenset({"process", "subProcess", "transaction"})


def read_diagram(roots: Iterable[Any]) -> tuple[dict[str, Element], dict[str, Flow]]:
    """Elements and flows of all the files, by id."""
    elements: dict[str, Element] = {}
    flows: dict[str, Flow] = {}
    for root in roots:
        lanes = {(ref.text or "").strip(): _lane(ref) for ref in root.iter(f"{BPMN}flowNodeRef")}
        defaults = {node.get("default") for node in root.iter() if node.get("default")}
        for flow in root.iter(f"{BPMN}sequenceFlow"):
            flows[flow.get("id")] = _flow(flow, defaults)
        for node in root.iter():
            if isinstance(node.tag, str) and node.tag.startswith(BPMN) and _tag(node) in NODES:
                elements[node.get("id")] = _element(node, lanes)
    return elements, flows


def _element(node: Any, lanes: dict[str, str]) -> Element:
    ident = node.get("id")
    documentation = node.find(f"{BPMN}documentation")
    return Element(
        id=ident,
        name=node.get("name") or ident,
        type=_tag(node),
        process=_scope(node),
        lane=_lane_of(node, lanes),
        properties=_properties(node),
        documentation=("" if documentation is None else documentation.text or "").strip(),
        outgoing=tuple((out.text or "").strip() for out in node.findall(f"{BPMN}outgoing")),
        attached_to=node.get("attachedToRef"),
        event=_event(node),
        event_subprocess=node.get("triggeredByEvent") == "true",
        interrupting="false" not in (node.get("cancelActivity"), node.get("isInterrupting")),
        called=node.get("calledElement") or node.findtext(f"{BPMN}extensionElements/{SPIFF}calledDecisionId"),
    )


def _flow(node: Any, defaults: set[str]) -> Flow:
    condition = node.find(f"{BPMN}conditionExpression")
    return Flow(
        id=node.get("id"),
        source=node.get("sourceRef"),
        target=node.get("targetRef"),
        name=node.get("name") or "",
        condition=None if condition is None else (condition.text or "").strip(),
        is_default=node.get("id") in defaults,
    )


def _properties(node: Any) -> dict[str, str]:
    path = f"{BPMN}extensionElements/{SPIFF}properties/{SPIFF}property"
    return {p.get("name", ""): p.get("value", "") for p in node.findall(path)}


def _event(node: Any) -> str | None:
    kinds = [
        _tag(child).removesuffix("EventDefinition")
        for child in node
        if isinstance(child.tag, str) and child.tag.endswith("EventDefinition")
    ]
    if node.get("messageRef") and not kinds:
        return "message"
    return None if not kinds else kinds[0] if len(kinds) == 1 else "multiple"


def _scope(node: Any) -> str:
    """Id of the process or sub-process the node stands in."""
    parent = next(p for p in node.iterancestors() if _tag(p) in _SCOPES)
    return str(parent.get("id"))


def _lane(reference: Any) -> str:
    return str(reference.getparent().get("name") or reference.getparent().get("id"))


def _lane_of(node: Any, lanes: dict[str, str]) -> str | None:
    """Its own lane, or that of the sub-process around it."""
    return next((lanes[i] for i in _with_ancestors(node) if i in lanes), None)


def _with_ancestors(node: Any) -> Iterator[str]:
    yield node.get("id")
    for parent in node.iterancestors():
        if _tag(parent) in _SCOPES:
            yield parent.get("id")


def _tag(node: Any) -> str:
    return str(etree.QName(node).localname) if isinstance(node.tag, str) else ""
