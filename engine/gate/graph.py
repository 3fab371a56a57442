"""The shape of a diagram: ends of flows, gateways, what can be reached, what never ends."""

from collections.abc import Callable, Iterable

from engine.gate.diagram import Diagram, Flow, Node, Scope
from engine.gate.vocabulary import GATEWAYS

MAX_NODES = 200
MAX_NEST = 4
MAX_PATHS = 256
_CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway"})
_AFTER_EVENT_GATEWAY = frozenset({"message", "signal", "timer", "conditional"})

Edges = dict[str, list[str]]


def fits(diagram: Diagram) -> bool:
    """Is it small enough to be looked into? The first thing to ask: everything else takes longer with size."""
    before = len(diagram.findings)
    for scope in diagram.scopes():
        if scope.depth > MAX_NEST:
            diagram.say("too_deep", scope.element, most=MAX_NEST)
        if len(scope.nodes) > MAX_NODES or len(scope.flows) > 3 * MAX_NODES:
            diagram.say("too_many_nodes", scope.element, most=MAX_NODES)
    return len(diagram.findings) == before


def check_graph(diagram: Diagram) -> None:
    for scope in diagram.scopes():
        _check_ends(diagram, scope)
        for node in scope.nodes.values():
            _check_node(diagram, scope, node)
        _check_reach(diagram, scope)
        if any(_paths(scope, n) > MAX_PATHS for n in scope.of_tag("startEvent")):
            diagram.say("too_many_paths", scope.element, most=MAX_PATHS)


def edges(scope: Scope) -> Edges:
    """Where a token can go from each node, boundary events included."""
    found: Edges = {ident: [] for ident in scope.nodes}
    for flow in scope.flows:
        if flow.source in found and flow.target in found:
            found[flow.source].append(flow.target)
    for node in scope.of_tag("boundaryEvent"):
        host = node.element.get("attachedToRef")
        if host in found:
            found[host].append(node.id)
    return found


def reached(start: Iterable[str], ahead: Edges) -> set[str]:
    pending, seen = list(start), set()
    while pending:
        node = pending.pop()
        if node not in seen:
            seen.add(node)
            pending.extend(ahead.get(node, ()))
    return seen


def find_cycle(ahead: Edges) -> list[str] | None:
    """Some way in a circle, or None. Without recursion: diagrams may be long."""
    done: set[str] = set()
    for root in ahead:
        trail: dict[str, Iterable[str]] = {}
        stack = [] if root in done else [(root, iter(ahead[root]))]
        while stack:
            node, rest = stack[-1]
            trail[node] = ()
            following = next(rest, None)
            if following is None:
                stack.pop()
                trail.pop(node, None)
                done.add(node)
            elif following in trail:
                path = [n for n, _ in stack]
                return path[path.index(following) :]
            elif following not in done:
                stack.append((following, iter(ahead.get(following, ()))))
    return None


def _check_ends(diagram: Diagram, scope: Scope) -> None:
    starts = scope.of_tag("startEvent")
    if len(starts) != 1:
        diagram.say("start_count", scope.element, count=len(starts))
    if not scope.of_tag("endEvent"):
        diagram.say("end_missing", scope.element)
    for flow in scope.flows:
        source, target = scope.nodes.get(flow.source), scope.nodes.get(flow.target)
        if source is None or target is None:
            diagram.say("flow_ends", flow.element, flow=flow.id)
            continue
        if target.tag == "startEvent":
            diagram.say("flow_into_start", target.element)
        if target.tag == "boundaryEvent":
            diagram.say("flow_into_boundary", target.element)
        if source.tag == "endEvent":
            diagram.say("flow_out_of_end", source.element)
        if flow.condition is not None and source.tag not in _CHOOSING:
            diagram.say("condition_ignored", source.element, flow=flow.id)


def _check_node(diagram: Diagram, scope: Scope, node: Node) -> None:
    leaving = scope.leaving(node)
    targets = [f.target for f in leaving]
    for target in sorted({t for t in targets if targets.count(t) > 1}):
        diagram.say("flow_twice", node.element, target=target)
    if node.is_event_sub and (leaving or scope.entering(node) or scope.attached_to(node)):
        diagram.say("flow_event_sub", node.element)
    default = node.element.get("default")
    if default is not None and default not in {f.id for f in leaving}:
        diagram.say("default_unknown", node.element, flow=default)
    if node.tag in _CHOOSING:
        _check_choice(diagram, scope, node, leaving)
    elif node.tag == "eventBasedGateway":
        _check_event_gateway(diagram, scope, node, leaving)
    elif node.tag not in GATEWAYS and len(leaving) > 1:
        diagram.say("several_outgoing", node.element)


def _check_choice(diagram: Diagram, scope: Scope, node: Node, leaving: list[Flow]) -> None:
    default = node.element.get("default")
    for flow in leaving:
        if flow.id == default:
            if flow.condition is not None:
                diagram.say("default_condition", node.element, flow=flow.id)
        elif flow.condition is None and len(leaving) > 1:
            diagram.say("condition_missing", node.element, flow=flow.id)
    if default is None and (len(leaving) > 1 or any(f.condition is not None for f in leaving)):
        diagram.say("no_default", node.element)
    if node.tag == "inclusiveGateway" and len(scope.entering(node)) > 1:
        diagram.say("inclusive_join", node.element)


def _check_event_gateway(diagram: Diagram, scope: Scope, node: Node, leaving: list[Flow]) -> None:
    targets = [scope.nodes[f.target] for f in leaving if f.target in scope.nodes]
    if len(targets) < 2:
        diagram.say("event_gateway_few", node.element)
    for target in targets:
        caught = target.tag == "intermediateCatchEvent" and target.kind in _AFTER_EVENT_GATEWAY
        alone = len(scope.entering(target)) == 1 and not scope.attached_to(target)
        if not (caught or target.tag == "receiveTask") or not alone:
            diagram.say("event_gateway_target", node.element, target=target.id)
    if sum(t.kind == "timer" for t in targets) > 1:
        diagram.say("event_gateway_timers", node.element)


def _check_reach(diagram: Diagram, scope: Scope) -> None:
    ahead = edges(scope)
    back: Edges = {ident: [] for ident in ahead}
    for source, targets in ahead.items():
        for target in targets:
            back[target].append(source)
    event_subs = [n.id for n in scope.nodes.values() if n.is_event_sub]
    forth = reached([*(n.id for n in scope.of_tag("startEvent")), *event_subs], ahead)
    home = reached([*(n.id for n in scope.of_tag("endEvent")), *event_subs], back)
    for ident, node in scope.nodes.items():
        if ident not in forth:
            diagram.say("unreachable", node.element)
        elif ident not in home:
            diagram.say("no_way_out", node.element)


def _paths(scope: Scope, start: Node) -> int:
    """How many branches may run side by side from here; the engine looks ahead along each."""
    ahead = edges(scope)
    counts: dict[str, int] = {}
    for ident in _post_order(start.id, ahead):
        below = [counts.get(n, 1) for n in ahead[ident]]  # a way back to a node on the trail counts once
        one_of_them = scope.nodes[ident].tag in _CHOOSING | {"eventBasedGateway"}
        combine: Callable[[list[int]], int] = max if one_of_them else sum
        counts[ident] = min(combine(below) if below else 1, 10**9)
    return counts[start.id]


def _post_order(start: str, ahead: Edges) -> list[str]:
    order, seen, stack = [], {start}, [(start, iter(ahead[start]))]
    while stack:
        node, rest = stack[-1]
        following = next((n for n in rest if n not in seen), None)
        if following is None:
            order.append(node)
            stack.pop()
        else:
            seen.add(following)
            stack.append((following, iter(ahead[following])))
    return order
