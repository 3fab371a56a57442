"""What is sent along and thrown away: a payload goes to the variable that the receiver names, and nowhere else."""

from collections.abc import Iterator
from typing import Any

from engine.gate.diagram import Diagram, Node, Scope, local, text_of
from engine.gate.vocabulary import BPMN, SPIFF

_EMPTY = ("", "{}", "None")
_SENDS = ("endEvent", "intermediateThrowEvent", "sendTask")


def check_payloads(diagrams: list[Diagram]) -> None:
    """Warn of what catches a message or signal that carries something, and keeps nothing of it."""
    sent = {
        _name(diagram, holder)
        for diagram in diagrams
        for _, node in diagram.nodes()
        if node.tag in _SENDS
        for holder in _messages(node)
        if _extension(holder, "messagePayload") not in _EMPTY
    }
    for diagram in diagrams:
        for scope, node in diagram.nodes():
            for holder in () if node.tag in _SENDS or _starts_a_case(scope, node) else _messages(node):
                name = _name(diagram, holder)
                if name in sent and not _extension(holder, "messageVariable"):
                    diagram.say("payload_dropped", node.element, name=name)
        for signal in diagram.root.findall(f"{BPMN}signal"):
            if _extension(signal, "payloadExpression") not in _EMPTY and not _extension(signal, "variableName"):
                diagram.say("payload_dropped", signal, name=signal.get("name") or "")


def _starts_a_case(scope: Scope, node: Node) -> bool:
    """A case begins with what its message carries, under the names it has there."""
    return node.tag == "startEvent" and scope.owner is None


def _messages(node: Node) -> Iterator[Any]:
    """Where the message of an event or task is told of."""
    if node.tag in ("sendTask", "receiveTask"):
        yield node.element
    yield from (d for d in node.definitions if local(d) == "messageEventDefinition")


def _name(diagram: Diagram, holder: Any) -> str:
    message = diagram.ids.get(holder.get("messageRef") or "")
    return "" if message is None else message.get("name") or ""


def _extension(holder: Any, tag: str) -> str:
    return text_of(holder.find(f"{BPMN}extensionElements/{SPIFF}{tag}"))
