"""Automatic loops: a circle in which nothing waits would run for ever. Sub-processes and calls are looked into."""

import re
from collections.abc import Callable, Mapping

from engine.gate.diagram import Diagram, Node, Scope, local, text_of
from engine.gate.graph import Edges, edges, find_cycle
from engine.gate.vocabulary import BPMN

MAX_CALLS = 8
"""As many levels as the engine's budget allows."""

_WAITING = frozenset({"userTask", "manualTask", "receiveTask", "eventBasedGateway"})
_RELATIVE = re.compile(r"\b(now|today)\s*\(")
_FAILING = frozenset({"error", "escalation"})


class Automatic:
    """What a token may do without anybody or anything being waited for."""

    def __init__(self, processes: Mapping[str, Scope]) -> None:
        self._processes = processes
        self._passes: dict[int, bool] = {}
        self._fails: dict[int, bool] = {}

    def circle(self, scope: Scope) -> list[str] | None:
        """A circle of this scope in which nothing waits."""
        return find_cycle(self._ahead(scope))

    def passes(self, scope: Scope) -> bool:
        """May the scope be walked from start to end without waiting? What goes on beside must be over, too."""
        if id(scope) not in self._passes:
            self._passes[id(scope)] = True  # processes that call each other in a circle never wait
            ended = self._leading_to(scope, lambda n: n.tag == "endEvent" and n.kind == "terminate", all_branches=False)
            over = self._leading_to(scope, lambda n: n.id in ended or _is_end(n), all_branches=True)
            self._passes[id(scope)] = any(start.id in over for start in scope.of_tag("startEvent"))
        return self._passes[id(scope)]

    def fails(self, scope: Scope) -> bool:
        """May it throw an error or escalation without waiting?"""
        return self._walk(scope, self._fails, self._throws)

    def runs_through(self, node: Node) -> bool:
        """May a token leave the node at once by its outgoing flow?"""
        if node.tag in _WAITING:
            return False
        if node.tag == "intermediateCatchEvent":
            return node.kind == "conditional" or (node.kind == "timer" and _is_fixed_date(node))
        inner = self._inside(node)
        return True if inner is None else self.passes(inner)

    def _throws(self, node: Node) -> bool:
        if node.tag in ("endEvent", "intermediateThrowEvent"):
            return node.kind in _FAILING
        inner = self._inside(node)
        return node.tag == "serviceTask" if inner is None else self.fails(inner)

    def _inside(self, node: Node) -> Scope | None:
        if node.tag == "callActivity":
            return self._processes.get(node.element.get("calledElement") or "")
        return node.inner

    def _leading_to(self, scope: Scope, goal: Callable[[Node], bool], *, all_branches: bool) -> set[str]:
        """The nodes from which a token gets there without waiting; `all_branches`: by every one that a split makes."""
        ahead = self._ahead(scope)
        found = {node.id for node in scope.nodes.values() if goal(node)}
        before = -1
        while len(found) != before:
            before = len(found)
            for ident, targets in ahead.items():
                enough = all if all_branches and scope.nodes[ident].tag == "parallelGateway" else any
                if targets and enough(target in found for target in targets):
                    found.add(ident)
        return found

    def _walk(self, scope: Scope, known: dict[int, bool], found: Callable[[Node], bool]) -> bool:
        if id(scope) in known:
            return known[id(scope)]
        known[id(scope)] = True  # processes that call each other in a circle never wait
        ahead = self._ahead(scope)
        pending, seen, answer = [n.id for n in scope.of_tag("startEvent")], set(), False
        while pending and not answer:
            ident = pending.pop()
            if ident in seen:
                continue
            seen.add(ident)
            answer = found(scope.nodes[ident])
            pending.extend(ahead[ident])
        known[id(scope)] = answer
        return answer

    def _ahead(self, scope: Scope) -> Edges:
        ahead = edges(scope)
        return {ident: [t for t in targets if self._goes(scope, ident, t)] for ident, targets in ahead.items()}

    def _goes(self, scope: Scope, source: str, target: str) -> bool:
        node, following = scope.nodes[source], scope.nodes[target]
        if following.tag == "boundaryEvent" and following.element.get("attachedToRef") == source:
            if following.kind in _FAILING:
                return self._throws(node)
            return following.kind == "conditional"
        return self.runs_through(node)


def _is_end(node: Node) -> bool:
    return node.tag == "endEvent" and node.kind not in _FAILING


def check_loops(diagrams: list[Diagram]) -> None:
    processes = {scope.id: scope for diagram in diagrams for scope in diagram.processes}
    automatic = Automatic(processes)
    for diagram in diagrams:
        for scope in diagram.scopes():
            circle = automatic.circle(scope)
            if circle is not None:
                diagram.say("endless_loop", scope.nodes[circle[0]].element, path=" → ".join([*circle, circle[0]]))
            for node in scope.nodes.values():
                loop = node.child("standardLoopCharacteristics")
                if loop is not None and loop.get("loopMaximum") is None and automatic.runs_through(node):
                    diagram.say("loop_bound", node.element)


def check_calls(diagrams: list[Diagram]) -> None:
    """Called processes exist, begin plainly, and never call themselves, directly or by others."""
    processes = {scope.id: scope for diagram in diagrams for scope in diagram.processes}
    calls: Edges = {ident: [] for ident in processes}
    for diagram in diagrams:
        for process in diagram.processes:
            for element in process.element.iter(f"{BPMN}callActivity"):
                name = element.get("calledElement") or ""
                _check_call(diagram, element, name, processes)
                calls[process.id].append(name)
    circle = find_cycle(calls)
    if circle is None:
        for diagram in diagrams:
            for process in diagram.processes:
                if _depth(process.id, calls) > MAX_CALLS:
                    diagram.say("called_deep", process.element, most=MAX_CALLS)
    else:
        diagram = next(d for d in diagrams if any(s.id == circle[0] for s in d.processes))
        diagram.say("called_circle", processes[circle[0]].element, path=" → ".join([*circle, circle[0]]))


def _depth(process: str, calls: Edges) -> int:
    """How many levels of calls there are below a process; there is no circle."""
    level, depth = {process}, 0
    while level := {called for ident in level for called in calls.get(ident, ())}:
        depth += 1
    return depth


def _check_call(diagram: Diagram, element: object, name: str, processes: Mapping[str, Scope]) -> None:
    if not name:
        diagram.say("called_missing", element)
    elif name not in processes:
        diagram.say("called_unknown", element, name=name)
    elif any(n.kind != "none" for n in processes[name].of_tag("startEvent")):
        diagram.say("called_start", element, name=name)


def _is_fixed_date(node: Node) -> bool:
    """A date that does not move on: once it is past, the event no longer waits."""
    parts = [c for d in node.definitions for c in d if local(c) == "timeDate"]
    return any(not _RELATIVE.search(text_of(part)) for part in parts)
