"""Errors that a diagram throws, or that its handlers may raise, and who catches them."""

from collections.abc import Iterator

from engine.gate.activities import handler_of
from engine.gate.diagram import Diagram, Node, Scope, local
from engine.gate.vocabulary import BPMN
from engine.registry import Registry


class Catchers:
    """Answers whether an error thrown somewhere is caught: on the activity, in its scope, or further out."""

    def __init__(self, diagrams: list[Diagram]) -> None:
        self._codes = {
            (d.file, e.get("id")): e.get("errorCode") for d in diagrams for e in d.root.findall(f"{BPMN}error")
        }
        self._callers: dict[str, list[tuple[Diagram, Scope, Node]]] = {}
        for diagram in diagrams:
            for scope, node in diagram.nodes():
                if node.tag == "callActivity":
                    called = node.element.get("calledElement") or ""
                    self._callers.setdefault(called, []).append((diagram, scope, node))

    def catches(self, diagram: Diagram, scope: Scope, node: Node, code: str | None, *, on_node: bool) -> bool:
        """Is `code`, thrown at `node`, caught? `on_node`: boundary events on the node itself count."""
        seen: set[tuple[str, str]] = set()
        pending = [(diagram, scope, node, on_node)]
        answers = []
        while pending:
            here, inside, at, own = pending.pop()
            if self._caught_here(here, inside, at, code, own=own):
                answers.append(True)
                continue
            around = list(self._around(here, inside))
            if not around:
                return False
            for outer in around:
                key = (outer[0].file, outer[2].id)
                if key not in seen:
                    seen.add(key)
                    pending.append((*outer, True))
        return bool(answers)

    def _caught_here(self, diagram: Diagram, scope: Scope, node: Node, code: str | None, *, own: bool) -> bool:
        catching = scope.attached_to(node) if own else []
        for other in scope.nodes.values():
            if other.is_event_sub and other.inner is not None:
                catching += other.inner.of_tag("startEvent")
        return any(self._matches(diagram, event, code) for event in catching)

    def _matches(self, diagram: Diagram, event: Node, code: str | None) -> bool:
        if event.kind != "error":
            return False
        ref = event.definitions[0].get("errorRef")
        return not ref or self._codes.get((diagram.file, ref)) in (None, code)

    def _around(self, diagram: Diagram, scope: Scope) -> Iterator[tuple[Diagram, Scope, Node]]:
        if scope.owner is not None and scope.parent is not None:
            yield diagram, scope.parent, scope.owner
        else:
            yield from self._callers.get(scope.id, ())

    def code_of(self, diagram: Diagram, node: Node) -> str | None:
        refs = [d.get("errorRef") for d in node.definitions if local(d) == "errorEventDefinition"]
        return self._codes.get((diagram.file, refs[0])) if refs else None


def check_errors(diagrams: list[Diagram], registry: Registry | None) -> None:
    catchers = Catchers(diagrams)
    for diagram in diagrams:
        for scope, node in diagram.nodes():
            if node.tag == "endEvent" and node.kind == "error":
                code = catchers.code_of(diagram, node)
                if code and not catchers.catches(diagram, scope, node, code, on_node=False):
                    diagram.say("error_uncaught", node.element, error=code)
            elif node.tag == "serviceTask":
                _check_service(diagram, scope, node, registry, catchers)


def _check_service(diagram: Diagram, scope: Scope, node: Node, registry: Registry | None, catchers: Catchers) -> None:
    handler = handler_of(node, registry)
    for code in () if handler is None else handler.errors:
        if not catchers.catches(diagram, scope, node, code, on_node=True):
            diagram.say("service_error", node.element, error=code, name=handler.name if handler else "")
