"""Who fills the data that a diagram reads? A name that nobody fills is likely misspelt."""

import ast
from collections.abc import Iterable, Iterator, Mapping

from engine.expressions import LAZY, READ_ONLY, check, names_assigned, read
from engine.forms import Form
from engine.gate.activities import handler_of
from engine.gate.diagram import Diagram, local, text_of
from engine.gate.dmn import Decision
from engine.gate.sources import Computed, names_read, sources
from engine.gate.vocabulary import BPMN, HUMAN, SPIFF
from engine.manifest import Manifest
from engine.registry import Registry

COUNTS = frozenset(
    {"numberOfInstances", "numberOfActiveInstances", "numberOfCompletedInstances", "numberOfTerminatedInstances"}
)
"""What BPMN lets a completion condition read; the engine fills it."""
_LITERALS = frozenset({"True", "False", "None", "true", "false", "null"})


def check_names(
    diagrams: list[Diagram], forms: Mapping[str, Form], decisions: Iterable[Decision], registry: Registry | None
) -> None:
    """Warn of names that are read and never filled, when it is known who fills what."""
    filled = _filled(diagrams, forms, registry)
    if filled is None:
        return
    filled |= {name for decision in decisions for name in decision.outputs} | READ_ONLY | _LITERALS
    for diagram in diagrams:
        for computed, name in names_read(diagram):
            if name not in filled and not (name in COUNTS and local(computed.element) == "completionCondition"):
                diagram.say("unknown_name", computed.element, where=computed.where, name=name)


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


def _filled(diagrams: list[Diagram], forms: Mapping[str, Form], registry: Registry | None) -> set[str] | None:
    """All names that something fills; None when data may come from where we cannot look."""
    names: set[str] = set()
    for diagram in diagrams:
        for _, node in diagram.nodes():
            if node.tag in HUMAN - {"manualTask"}:
                form = forms.get(node.properties().get("form", ""))
                if form is None:
                    return None
                names |= {field.path.split(".")[0] for field in form.fields()}
            elif node.tag == "serviceTask":
                operator, handler = node.extension("serviceTaskOperator"), handler_of(node, registry)
                if operator is not None and operator.get("resultVariable"):
                    names.add(operator.get("resultVariable"))
                elif handler is None:
                    return None
                else:
                    names |= {field.name for field in handler.outputs}
        names |= _variables(diagram)
    return names


def _variables(diagram: Diagram) -> set[str]:
    names = {
        e.get("id") for tag in ("inputDataItem", "outputDataItem", "dataObject") for e in diagram.root.iter(BPMN + tag)
    }
    for tag in ("messageVariable", "variableName"):
        names |= {text_of(e) for e in diagram.root.iter(SPIFF + tag)}
    names |= {text_of(e) for e in diagram.root.iter(f"{BPMN}loopDataOutputRef")}
    for computed in sources(diagram):
        if computed.mode == "script" and not check(computed.source, "script"):
            names |= names_assigned(computed.source)
    if any(local(e) == "messageEventDefinition" for e in diagram.root.iter(f"{BPMN}*")):
        names |= {name for computed, name in names_read(diagram) if local(computed.element) == "messagePayload"}
    return {n for n in names if n}
