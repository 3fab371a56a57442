"""Do branches come together as they parted? A game of tokens over one scope, in every order in which it can go.

Conditions are not looked at: whatever a gateway may choose, it is taken to choose at some time.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

from engine.gate.diagram import Diagram, Flow, Node, Scope
from engine.gate.graph import edges, reached

MOST_STATES = 4_000
"""Beyond this nothing is claimed: a game this large has no simple fault that a person could not see."""
_MOST_CHOICES = 6

_JOINING = frozenset({"parallelGateway", "inclusiveGateway"})
_ONE_OF = frozenset({"exclusiveGateway", "eventBasedGateway", "complexGateway"})
_LEAVES_ALL = frozenset({"terminate", "error", "cancel"})


def check_soundness(diagram: Diagram) -> None:
    """Joins that wait for what never comes, and what runs once for each of several branches."""
    for scope in diagram.scopes():
        game = _Game(scope)
        game.play()
        for join, missing in game.stuck.items():
            never = join not in game.fired and not game.unfinished and game.all_come_before(join)
            diagram.say("deadlock" if never else "deadlock_possible", scope.nodes[join].element, flow=missing)
        for merge in game.doubled:
            split = splitting(scope, merge)
            diagram.say("unsynchronised", scope.nodes[merge].element, split=split)


def splitting(scope: Scope, merge: str) -> str:
    """The name of what makes the several tokens that meet in `merge`; the one it is reached from last."""
    ahead = edges(scope)
    found = merge
    for node in scope.nodes.values():
        ways = [t for t in ahead[node.id] if merge in reached([t], ahead)]
        if len(ways) > 1 and _parts(scope, node) and (found == merge or node.id in reached([found], ahead)):
            found = node.id
    return str(scope.nodes[found].element.get("name") or found)


def _parts(scope: Scope, node: Node) -> bool:
    """Can tokens leave it by several ways at once?"""
    beside = (event.element.get("cancelActivity") == "false" for event in scope.attached_to(node))
    return node.tag in _JOINING or any(beside)


@dataclass
class _Move:
    """One thing that may happen: `node` takes the tokens of `takes` and puts some on `gives`."""

    node: str
    takes: int
    gives: int
    clears: bool = False
    drops: int = 0
    """Places that are empty afterwards: events that did not happen, and now no longer can."""


@dataclass
class _Game:
    """Tokens are bits of a number: each sequence flow has one, and so has an activity that events may interrupt."""

    scope: Scope
    fired: set[str] = field(default_factory=set)
    stuck: dict[str, str] = field(default_factory=dict)
    """Joins in which a token stays for ever, and a flow on which nothing comes."""
    doubled: list[str] = field(default_factory=list)
    unfinished: bool = False

    def __post_init__(self) -> None:
        nodes = self.scope.nodes
        self._flows: list[Flow] = [f for f in self.scope.flows if f.source in nodes and f.target in nodes]
        self._bit = {id(flow): 1 << n for n, flow in enumerate(self._flows)}
        self._used = len(self._flows)
        self._entering: dict[str, list[Flow]] = {ident: [] for ident in nodes}
        self._leaving: dict[str, list[Flow]] = {ident: [] for ident in nodes}
        for flow in self._flows:
            self._entering[flow.target].append(flow)
            self._leaving[flow.source].append(flow)
        self._by_place: dict[int, list[_Move]] = {}
        self._joins: list[Node] = []
        for node in nodes.values():
            self._add(node)
        self._ahead = edges(self.scope)
        self._merges = list(self._where_ways_meet())

    def play(self) -> None:
        """Every state that can be reached, once."""
        start = 0
        for node in self.scope.of_tag("startEvent"):
            start |= self._all(self._leaving[node.id])
        seen, pending = {start}, deque([start])
        while pending:
            state = pending.popleft()
            self._note_meetings(state)
            moved = False
            for following in self._after(state):
                moved = True
                if following not in seen:
                    seen.add(following)
                    pending.append(following)
            if not moved and state:
                self._note_stuck(state)
            if len(seen) > MOST_STATES:
                self.unfinished = True
                return

    def all_come_before(self, join: str) -> bool:
        """Can every flow into it be reached without it? In the first round of a loop it waits for no others."""
        ahead = {source: [t for t in targets if t != join] for source, targets in self._ahead.items()}
        before = reached((n.id for n in self.scope.of_tag("startEvent")), ahead)
        return all(flow.source in before for flow in self._entering[join])

    # --- what may happen ---------------------------------------------------------------------------------------

    def _add(self, node: Node) -> None:
        entering = self._entering[node.id]
        if node.tag in _JOINING and len(entering) > 1:
            self._joins.append(node)
        elif node.tag == "boundaryEvent" or node.is_event_sub:
            return
        elif attached := self.scope.attached_to(node):
            self._add_host(node, attached)
        else:
            for flow in entering:
                for gives in self._outcomes(node):
                    self._put(_Move(node.id, self._bit[id(flow)], gives, clears=_ends_all(node)))

    def _outcomes(self, node: Node) -> Iterator[int]:
        leaving = [self._bit[id(flow)] for flow in self._leaving[node.id]]
        if node.tag in _ONE_OF and leaving:
            yield from leaving
        elif node.tag == "inclusiveGateway" and leaving:
            most = len(leaving) if len(leaving) <= _MOST_CHOICES else 2
            for size in range(1, most + 1):
                for chosen in combinations(leaving, size):
                    yield sum(chosen)
            yield sum(leaving)
        else:
            yield sum(leaving)

    def _add_host(self, node: Node, attached: list[Node]) -> None:
        """An activity with events on it: busy until it ends or is interrupted; others may happen once meanwhile."""
        busy = self._new_place()
        beside = [event for event in attached if event.element.get("cancelActivity") == "false"]
        armed = {event.id: self._new_place() for event in beside}
        for flow in self._entering[node.id]:
            self._put(_Move(node.id, self._bit[id(flow)], busy | sum(armed.values())))
        for gives in self._outcomes(node):
            self._put(_Move(node.id, busy, gives, drops=sum(armed.values())))
        for event in attached:
            gives = self._all(self._leaving[event.id])
            if event.id in armed:
                self._put(_Move(event.id, busy | armed[event.id], busy | gives))
            else:
                self._put(_Move(event.id, busy, gives, drops=sum(armed.values())))

    def _new_place(self) -> int:
        self._used += 1
        return 1 << (self._used - 1)

    def _put(self, move: _Move) -> None:
        place = move.takes & -move.takes
        self._by_place.setdefault(place, []).append(move)

    def _all(self, flows: list[Flow]) -> int:
        return sum(self._bit[id(flow)] for flow in flows)

    # --- one step ----------------------------------------------------------------------------------------------

    def _after(self, state: int) -> Iterator[int]:
        rest = state
        while rest:
            place = rest & -rest
            rest -= place
            for move in self._by_place.get(place, ()):
                if move.takes & state == move.takes:
                    yield from self._moved(state, move)
        for join in self._joins:
            entering = self._all(self._entering[join.id])
            if self._may_join(join, state, entering):
                for gives in self._outcomes(join):
                    yield from self._moved(state, _Move(join.id, entering & state, gives))

    def _moved(self, state: int, move: _Move) -> Iterator[int]:
        self.fired.add(move.node)
        if move.clears:
            yield 0
            return
        # a second token on a flow is one: a side branch that is begun again while it still goes on is no fault
        yield state & ~move.takes & ~move.drops | move.gives

    def _may_join(self, join: Node, state: int, entering: int) -> bool:
        here = entering & state
        if join.tag == "parallelGateway":
            return here == entering
        return bool(here) and not self._may_still_come(join, state, entering & ~state)

    def _may_still_come(self, join: Node, state: int, missing: int) -> bool:
        """Could a token that is elsewhere get to a flow of the join that has none?"""
        ahead = {source: [t for t in targets if source != join.id] for source, targets in self._ahead.items()}
        elsewhere = [f.target for f in self._flows if self._bit[id(f)] & state and f.target != join.id]
        after = reached(elsewhere, ahead)
        return any(self._bit[id(f)] & missing and f.source in after for f in self._entering[join.id])

    def _where_ways_meet(self) -> Iterator[tuple[str, int, int]]:
        """Nodes that go on with whatever comes first: their incoming flows, and which of them carry the main flow.

        That two events beside an activity lead to the same reminder is meant so; that one of them leads back into the
        main flow is not. Nor does it harm that a case ends twice.
        """
        beside = {n.id for n in self.scope.of_tag("boundaryEvent") if n.element.get("cancelActivity") == "false"}
        ahead = {source: [t for t in targets if t not in beside] for source, targets in self._ahead.items()}
        main = reached((n.id for n in self.scope.of_tag("startEvent")), ahead)
        for node in self.scope.nodes.values():
            entering = self._entering[node.id]
            if len(entering) < 2 or node in self._joins or self._only_ends(node):
                continue
            yield node.id, self._all(entering), self._all([f for f in entering if f.source in main])

    def _only_ends(self, node: Node) -> bool:
        if node.tag in _ONE_OF and len(self._leaving[node.id]) == 1:
            node = self.scope.nodes[self._leaving[node.id][0].target]
        return node.tag == "endEvent" and node.kind in ("none", "terminate")

    def _note_meetings(self, state: int) -> None:
        for merge, entering, main in self._merges:
            if (state & entering).bit_count() > 1 and state & main and merge not in self.doubled:
                self.doubled.append(merge)

    def _note_stuck(self, state: int) -> None:
        for join in self._joins:
            empty = [f for f in self._entering[join.id] if not self._bit[id(f)] & state]
            if empty and len(empty) < len(self._entering[join.id]):
                source = self.scope.nodes[empty[0].source].element.get("name")
                self.stuck.setdefault(join.id, empty[0].element.get("name") or source or empty[0].id)


def _ends_all(node: Node) -> bool:
    return node.tag == "endEvent" and node.kind in _LEAVES_ALL
