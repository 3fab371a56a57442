"""What the diagrams of a package ask of the world outside: handlers they call, messages and signals they wait for.

Whoever tries a draft may answer for all of them.
"""

from dataclasses import dataclass

from engine.gate.activities import handler_of
from engine.gate.package import Package
from engine.gate.parts import read_parts
from engine.registry import Handler, Registry


@dataclass(frozen=True)
class Called:
    """A handler, and the steps that call it by their names."""

    handler: Handler
    steps: tuple[str, ...]


def handlers_called(package: Package, registry: Registry) -> list[Called]:
    """Each handler once, in the order of the diagrams."""
    found: dict[str, tuple[Handler, list[str]]] = {}
    for diagram in read_parts(package, registry).diagrams:
        for _scope, node in diagram.nodes():
            handler = handler_of(node, registry)
            if handler is not None:
                found.setdefault(handler.name, (handler, []))[1].append(str(node.element.get("name") or node.id))
    return [Called(handler, tuple(dict.fromkeys(steps))) for handler, steps in found.values()]
