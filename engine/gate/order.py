"""What can have happened before what, over all diagrams of a package: for the question whether a name is filled yet.

Every node has three moments: it begins, it works (its preScript is done), it is over. When in doubt, something is
taken to have happened before: nothing is claimed that some case might belie.
"""

from collections.abc import Iterable, Iterator
from enum import IntEnum
from functools import cached_property

from engine.gate.diagram import Diagram, Node, Scope
from engine.gate.graph import reached


class Moment(IntEnum):
    """Of a node: before its preScript, after it, and when it is left."""

    BEGINS = 0
    WORKS = 1
    OVER = 2


Point = tuple[str, Moment]


class Order:
    """`before(a, b)`: may a have happened when b happens?"""

    def __init__(self, diagrams: Iterable[Diagram]) -> None:
        self._ahead: dict[str, list[str]] = {}
        self._diagrams = list(diagrams)
        self._processes = {s.id: s for d in self._diagrams for s in d.processes}
        self._known: dict[str, set[str]] = {}
        for diagram in self._diagrams:
            for scope in diagram.scopes():
                for node in scope.nodes.values():
                    self._add_node(scope, node)
                for flow in scope.flows:
                    self._link(_over(flow.source), _begins(flow.target))
                self._add_event_subs(scope)

    def before(self, first: Point, then: Point) -> bool:
        """Is there a way from the first to the other, or may they go on side by side?"""
        one, other = _key(first), _key(then)
        return other in self._from(one) or self._beside(one, other)

    # --- building ----------------------------------------------------------------------------------------------

    def _link(self, source: str, target: str) -> None:
        self._ahead.setdefault(source, []).append(target)

    def _add_node(self, scope: Scope, node: Node) -> None:
        self._link(_begins(node.id), _works(node.id))
        self._link(_works(node.id), _over(node.id))
        inner = self._inside(node)
        for event in scope.attached_to(node):
            self._link(_works(node.id), _begins(event.id))
            for within in () if inner is None else self._all_inside(inner):
                self._link(_over(within.id), _begins(event.id))
        if inner is not None:
            for start in inner.of_tag("startEvent"):
                self._link(_works(node.id), _begins(start.id))
            for within in self._all_inside(inner):
                if within.tag == "endEvent":
                    self._link(_over(within.id), _over(node.id))

    def _add_event_subs(self, scope: Scope) -> None:
        for node in scope.nodes.values():
            if not node.is_event_sub or node.inner is None:
                continue
            beside = any(s.element.get("isInterrupting") == "false" for s in node.inner.of_tag("startEvent"))
            for other in scope.nodes.values():
                self._link(_over(other.id), _begins(node.id))
                self._link(_works(other.id), _begins(node.id))
                if beside:
                    self._link(_over(node.id), _begins(other.id))
            for within in self._all_inside(scope):
                self._link(_over(within.id), _begins(node.id))

    def _inside(self, node: Node) -> Scope | None:
        if node.tag == "callActivity":
            return self._processes.get(node.element.get("calledElement") or "")
        return node.inner

    def _all_inside(self, scope: Scope) -> Iterator[Node]:
        """The nodes of a scope and of everything in it and called by it."""
        pending, seen = [scope], set()
        while pending:
            here = pending.pop()
            if id(here) in seen:
                continue
            seen.add(id(here))
            for node in here.nodes.values():
                yield node
                inner = self._inside(node)
                if inner is not None:
                    pending.append(inner)

    # --- asking ------------------------------------------------------------------------------------------------

    def _from(self, point: str) -> set[str]:
        if point not in self._known:
            self._known[point] = reached([point], self._ahead)
        return self._known[point]

    @cached_property
    def _splits(self) -> list[list[str]]:
        """The ways out of everything that sends tokens along several at once."""
        found = []
        for diagram in self._diagrams:
            for scope in diagram.scopes():
                for node in scope.nodes.values():
                    ways = [_begins(f.target) for f in scope.leaving(node)]
                    events = [e for e in scope.attached_to(node) if e.element.get("cancelActivity") == "false"]
                    if node.tag in ("parallelGateway", "inclusiveGateway") and len(ways) > 1:
                        found.append(ways)
                    elif events:
                        found.append([*ways, *(_begins(e.id) for e in events)])
        return found

    def _beside(self, one: str, other: str) -> bool:
        return any(
            one in self._from(a) and one not in self._from(b) and other in self._from(b) and other not in self._from(a)
            for ways in self._splits
            for a in ways
            for b in ways
            if a != b
        )


def _key(point: Point) -> str:
    return f"{int(point[1])} {point[0]}"


def _begins(ident: str) -> str:
    return _key((ident, Moment.BEGINS))


def _works(ident: str) -> str:
    return _key((ident, Moment.WORKS))


def _over(ident: str) -> str:
    return _key((ident, Moment.OVER))
