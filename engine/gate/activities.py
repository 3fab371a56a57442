"""Activities: scripts, services, decisions, calls, loops and multi-instances, against what is registered and there."""

import re
from typing import Any

from engine.expressions import is_reserved
from engine.gate.diagram import Diagram, Node, local, text_of
from engine.gate.vocabulary import ACTIVITIES, BPMN, SPIFF
from engine.registry import Handler, Registry
from engine.texts import Text

MAX_INSTANCES = 500
MAX_ROUNDS = 1_000


def check_activities(diagram: Diagram, registry: Registry | None, decisions: frozenset[str]) -> None:
    for _, node in diagram.nodes():
        if node.tag == "scriptTask" and node.child("script") is None:
            diagram.say("script_count", node.element)
        elif node.tag == "serviceTask":
            _check_service(diagram, node, registry)
        elif node.tag == "businessRuleTask":
            _check_decision(diagram, node, decisions)
        if node.tag in ACTIVITIES:
            _check_loops(diagram, node)


def handler_of(node: Node, registry: Registry | None) -> Handler | None:
    operator = node.extension("serviceTaskOperator")
    name = "" if operator is None else operator.get("id") or ""
    return registry.get(name) if registry is not None and name in registry else None


def _check_service(diagram: Diagram, node: Node, registry: Registry | None) -> None:
    operator = node.extension("serviceTaskOperator")
    if operator is None or not operator.get("id"):
        diagram.say("operator_missing", node.element)
        return
    given = _parameters(diagram, operator)
    result = operator.get("resultVariable")
    if result is not None and is_reserved(result):
        diagram.say("name_reserved", node.element, name=result, where=Text("resultVariable", "resultVariable"))
    if registry is None:
        return
    handler = handler_of(node, registry)
    if handler is None:
        known = ", ".join(h.name for h in registry.all()) or "-"
        diagram.say("handler_unknown", node.element, name=operator.get("id"), known=known)
        return
    _check_inputs(diagram, node, handler, given)


def _parameters(diagram: Diagram, operator: Any) -> list[str]:
    names: list[str] = []
    for parameter in operator.iter(f"{SPIFF}parameter"):
        if not all(parameter.get(a) for a in ("id", "type", "value")):
            diagram.say("parameter", parameter)
        elif parameter.get("id") in names:
            diagram.say("parameter_twice", parameter, name=parameter.get("id"))
        names.append(parameter.get("id") or "")
    return names


def _check_inputs(diagram: Diagram, node: Node, handler: Handler, given: list[str]) -> None:
    for field in handler.inputs:
        if field.required and field.name not in given:
            diagram.say("handler_input", node.element, name=handler.name, input=field.name)
    known = [field.name for field in handler.inputs]
    for name in given:
        if name and name not in known:
            diagram.say("handler_input_unknown", node.element, name=handler.name, input=name,
                        known=", ".join(known) or "-")  # fmt: skip


def _check_decision(diagram: Diagram, node: Node, decisions: frozenset[str]) -> None:
    name = text_of(node.extension("calledDecisionId"))
    if not name:
        diagram.say("decision_missing", node.element)
    elif name not in decisions:
        diagram.say("decision_unknown", node.element, name=name)


def _check_loops(diagram: Diagram, node: Node) -> None:
    loop, multi = node.child("standardLoopCharacteristics"), node.child("multiInstanceLoopCharacteristics")
    if loop is not None and multi is not None:
        diagram.say("loop_and_multi", node.element)
    if loop is not None:
        maximum = loop.get("loopMaximum")
        if maximum is not None and not _number(maximum, MAX_ROUNDS):
            diagram.say("loop_maximum", node.element, value=maximum)
        if maximum is None and not text_of(loop.find(f"{BPMN}loopCondition")):
            diagram.say("loop_nothing", node.element)
    if multi is not None:
        _check_multi(diagram, node, multi)


def _check_multi(diagram: Diagram, node: Node, multi: Any) -> None:
    found = {local(c) for c in multi} & {"loopCardinality", "loopDataInputRef"}
    if len(found) != 1:
        diagram.say("multi_source", node.element)
    count = text_of(multi.find(f"{BPMN}loopCardinality"))
    if re.fullmatch(r"[+-]?[\d.]+", count, re.ASCII) and not _number(count, MAX_INSTANCES):
        diagram.say("multi_count", node.element, value=count)


def _number(text: str, most: int) -> bool:
    return re.fullmatch(r"\d{1,5}", text.strip(), re.ASCII) is not None and 1 <= int(text) <= most
