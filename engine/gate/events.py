"""Events: which trigger is honoured where, and whether what it refers to exists."""

from typing import Any

from engine.gate.diagram import Diagram, Node, Scope, local
from engine.gate.vocabulary import ACTIVITIES, BPMN

_THROWN = frozenset({"none", "message", "signal", "escalation"})
_CAUGHT = frozenset({"message", "signal", "timer", "conditional"})
_ENDS = frozenset({"none", "message", "signal", "error", "escalation", "terminate"})
_ON_ACTIVITY = _CAUGHT | {"error", "escalation"}

REFERENCES = {
    "messageEventDefinition": ("messageRef", "message"),
    "signalEventDefinition": ("signalRef", "signal"),
    "errorEventDefinition": ("errorRef", "error"),
    "escalationEventDefinition": ("escalationRef", "escalation"),
}
_CODES = {"error": "errorCode", "escalation": "escalationCode"}
_OPTIONAL = frozenset({"errorEventDefinition", "escalationEventDefinition"})
"""Caught without a reference, these catch every code."""

AT_ONCE = frozenset({"scriptTask", "businessRuleTask", "sendTask"})


def check_events(diagram: Diagram) -> None:
    for scope, node in diagram.nodes():
        if node.tag.endswith("Event"):
            _check_kind(diagram, scope, node)
            for definition in node.definitions:
                _check_reference(diagram, node, definition)
        elif node.tag in ("sendTask", "receiveTask"):
            _check_message_task(diagram, node)
        elif node.is_event_sub and node.inner is not None:
            _check_self_trigger(diagram, node.inner)
    for tag in ("message", "signal"):
        for element in diagram.root.findall(BPMN + tag):
            if not (element.get("name") or "").strip():
                diagram.say("root_name", element, tag=tag)


def allowed_kinds(scope: Scope, node: Node) -> frozenset[str]:
    """The triggers that the engine honours on this event, where it stands."""
    if node.tag == "startEvent":
        if scope.owner is None:
            return frozenset({"none", "message"})
        return _ON_ACTIVITY if scope.owner.is_event_sub else frozenset({"none"})
    if node.tag == "endEvent":
        return _ENDS | ({"cancel"} if scope.owner is not None and scope.owner.tag == "transaction" else set())
    if node.tag == "boundaryEvent":
        host = scope.nodes.get(node.element.get("attachedToRef") or "")
        return _ON_ACTIVITY | ({"cancel"} if host is not None and host.tag == "transaction" else set())
    return _CAUGHT if node.tag == "intermediateCatchEvent" else _THROWN


def _check_kind(diagram: Diagram, scope: Scope, node: Node) -> None:
    if len(node.definitions) > 1:
        diagram.say("event_several", node.element)
        return
    allowed = allowed_kinds(scope, node)
    if node.kind not in allowed:
        listed = ", ".join(sorted(allowed))
        diagram.say("event_kind", node.element, kind=node.kind, tag=node.tag, allowed=listed)
    if node.kind == "timer":
        parts = [c for c in node.definitions[0] if local(c) in ("timeDate", "timeDuration", "timeCycle")]
        if len(parts) != 1:
            diagram.say("timer_parts", node.element)
    if node.kind == "conditional" and node.definitions[0].find(f"{BPMN}condition") is None:
        diagram.say("reference_missing", node.element, attribute="condition", kind="condition")
    if node.tag == "boundaryEvent":
        _check_boundary(diagram, scope, node)


def _check_boundary(diagram: Diagram, scope: Scope, node: Node) -> None:
    host = scope.nodes.get(node.element.get("attachedToRef") or "")
    if host is None or host.tag not in ACTIVITIES or host.is_event_sub:
        diagram.say("boundary_host", node.element)
        return
    if node.kind in ("error", "cancel") and node.element.get("cancelActivity") == "false":
        diagram.say("boundary_interrupts", node.element, kind=node.kind)
    if host.tag in AT_ONCE:
        diagram.say("boundary_never", node.element)


def _check_reference(diagram: Diagram, node: Node, definition: Any) -> None:
    if local(definition) not in REFERENCES:
        return
    attribute, kind = REFERENCES[local(definition)]
    ref = definition.get(attribute)
    throws = node.tag in ("endEvent", "intermediateThrowEvent")
    if not ref:
        if throws or local(definition) not in _OPTIONAL:
            diagram.say("reference_missing", node.element, attribute=attribute, kind=kind)
        return
    target = _referred(diagram, node, ref, attribute, kind)
    if target is not None and throws and kind in _CODES and not target.get(_CODES[kind]):
        diagram.say("code_missing", target, tag=kind, attribute=_CODES[kind])


def _check_message_task(diagram: Diagram, node: Node) -> None:
    ref = node.element.get("messageRef")
    if not ref:
        diagram.say("reference_missing", node.element, attribute="messageRef", kind="message")
    else:
        _referred(diagram, node, ref, "messageRef", "message")


def _referred(diagram: Diagram, node: Node, ref: str, attribute: str, kind: str) -> Any | None:
    target = diagram.ids.get(ref)
    if target is None or local(target) != kind or target.getparent() is not diagram.root:
        diagram.say("reference_unknown", node.element, attribute=attribute, ref=ref, kind=kind)
        return None
    return target


def _check_self_trigger(diagram: Diagram, scope: Scope) -> None:
    """An event sub-process that throws what starts it would start itself for ever."""
    starts = {d for n in scope.of_tag("startEvent") for d in _event_names(diagram, n)}
    pending, thrown = [scope], set()
    while pending:
        inner = pending.pop()
        for node in inner.nodes.values():
            if node.tag in ("endEvent", "intermediateThrowEvent", "sendTask"):
                thrown |= set(_event_names(diagram, node))
            if node.inner is not None:
                pending.append(node.inner)
    for kind, name in sorted(starts & thrown):
        if kind != "error":  # an error leaves the sub-process that throws it
            diagram.say("self_trigger", scope.element, kind=kind, name=name)


def _event_names(diagram: Diagram, node: Node) -> list[tuple[str, str]]:
    found = []
    refs = [(*REFERENCES[local(d)], d) for d in node.definitions if local(d) in REFERENCES]
    if node.tag == "sendTask":
        refs.append(("messageRef", "message", node.element))
    for attribute, kind, holder in refs:
        target = diagram.ids.get(holder.get(attribute) or "")
        if target is not None:
            found.append((kind, target.get(_CODES.get(kind, "name")) or target.get("name") or ""))
    return found
