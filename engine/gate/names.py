"""Is what a diagram reads ever filled, and before it is read? A name that nobody fills is likely misspelt."""

import ast
from collections.abc import Iterable, Iterator, Mapping

from engine.expressions import LAZY, READ_ONLY, names_assigned, read
from engine.gate.diagram import Diagram, local
from engine.gate.dmn import Decision
from engine.gate.filling import Filled, Filling, node_around
from engine.gate.order import Moment, Order, Point
from engine.gate.sources import Computed, names_read, sources
from engine.gate.vocabulary import BPMN
from engine.manifest import Manifest
from engine.texts import Text

COUNTS = frozenset(
    {"numberOfInstances", "numberOfActiveInstances", "numberOfCompletedInstances", "numberOfTerminatedInstances"}
)
"""What BPMN lets a completion condition read; the engine fills it."""
_LITERALS = frozenset({"True", "False", "None", "true", "false", "null"})
_FIRST = frozenset({"preScript", "loopCardinality"})
_LAST = frozenset({"postScript", "completionCondition", "loopCondition", "conditionExpression"})


def check_names(diagrams: list[Diagram], decisions: Iterable[Decision], filled: Filling) -> None:
    """Warn of names that are read and never filled, or only afterwards, when it is known who fills what."""
    if not filled.complete:
        return
    by_root, order = filled.by_root(), Order(diagrams)
    for diagram in diagrams:
        for computed, name in (*names_read(diagram), *_of_decisions(diagram, {d.id: d for d in decisions})):
            if name in READ_ONLY | _LITERALS or (name in COUNTS and local(computed.element) == "completionCondition"):
                continue
            if name not in by_root:
                diagram.say("unknown_name", computed.element, where=computed.where, name=name)
            elif later := _only_later(computed, name, by_root[name], order):
                diagram.say("name_later", computed.element, where=computed.where, name=name, by=later)


def _of_decisions(diagram: Diagram, decisions: Mapping[str, Decision]) -> Iterator[tuple[Computed, str]]:
    """What the decision tables read that a diagram asks."""
    for _, node in diagram.nodes():
        called = node.extension("calledDecisionId") if node.tag == "businessRuleTask" else None
        decision = None if called is None else decisions.get((called.text or "").strip())
        for name in () if decision is None else sorted(decision.reads):
            where = Text(f"Keputusan {decision.id}", f"The decision {decision.id}")  # type: ignore[union-attr]
            yield Computed(called, where, ""), name


def _only_later(computed: Computed, name: str, fillers: list[Filled], order: Order) -> str:
    """What fills the name, when all that does comes after it is read; else nothing."""
    point = read_at(computed)
    if point is None or any(f.point is None for f in fillers):
        return ""
    if computed.mode == "script" and name in names_assigned(computed.source):
        return ""
    if any(order.before(f.point, point) for f in fillers if f.point is not None):
        return ""
    return fillers[0].element


def read_at(computed: Computed) -> Point | None:
    """When it is computed; None when that cannot be told (what an event waits for may change at any time)."""
    around, tag = node_around(computed.element), local(computed.element)
    if around is None or tag == "condition":
        return None
    if around.tag == f"{BPMN}sequenceFlow":
        return around.get("sourceRef") or "", Moment.OVER
    moment = Moment.BEGINS if tag in _FIRST else Moment.OVER if tag in _LAST else Moment.WORKS
    return around.get("id") or "", moment


def check_parameters(diagrams: list[Diagram], manifest: Manifest | None) -> None:
    """Warn of parameters that the manifest does not have: misspelt, or asked for by a shared diagram."""
    if manifest is None:
        return
    for diagram in diagrams:
        for computed in sources(diagram):
            for name in sorted(set(_parameters_in(computed)) - manifest.parameters.keys()):
                diagram.say("parameter_unknown", computed.element, where=computed.where, name=name)


def _parameters_in(computed: Computed) -> Iterator[str]:
    """Those that must be there: default(…) and defined(…) do without."""
    pending: list[ast.AST | None] = [read(computed.source, computed.mode).tree]
    while pending:
        node = pending.pop()
        if node is None or (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in LAZY):
            continue
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "parameters":
            yield node.attr
        pending.extend(ast.iter_child_nodes(node))
