"""Which column and row each node stands in: columns by how far it is from the start, rows so that nothing overlaps."""

from collections import defaultdict, deque

from engine.studio.drawing.model import Box, Line

Edge = tuple[str, str]


class Grid:
    """The cells of a scope. Rows of all lanes are counted through, from the first lane down."""

    def __init__(self, nodes: list[Box], flows: list[Line], lanes: list[str]) -> None:
        self.nodes = {box.id: box for box in nodes}
        self.lanes = lanes or [""]
        self._hosts = {event.id: box.id for box in nodes for event in box.attached}
        edges = [(self._stands(f.source), self._stands(f.target)) for f in flows]
        self._edges = [(s, t) for s, t in edges if s in self.nodes and t in self.nodes and s != t]
        self._below = {(self._hosts[f.source], self._stands(f.target)) for f in flows if f.source in self._hosts}
        self.taken: set[tuple[int, int]] = set()
        self._full: dict[tuple[str, int], int] = defaultdict(int)
        self._columns()
        self._rows()

    def _stands(self, ident: str) -> str:
        return self._hosts.get(ident, ident)

    def _columns(self) -> None:
        forward = self._without_loops()
        waiting = dict.fromkeys(self.nodes, 0)
        leaving: dict[str, list[str]] = defaultdict(list)
        for source, target in forward:
            waiting[target] += 1
            leaving[source].append(target)
        ready = deque(ident for ident, count in waiting.items() if not count)
        while ready:
            ident = ready.popleft()
            for target in leaving[ident]:
                self.nodes[target].column = max(self.nodes[target].column, self.nodes[ident].column + 1)
                waiting[target] -= 1
                if not waiting[target]:
                    ready.append(target)
        self.columns = max((box.column for box in self.nodes.values()), default=0) + 1

    def _without_loops(self) -> list[Edge]:
        """The flows but for those that lead back to a node on the way they came from."""
        leaving: dict[str, list[str]] = defaultdict(list)
        entered = set()
        for source, target in self._edges:
            leaving[source].append(target)
            entered.add(target)
        order = sorted(self.nodes, key=lambda ident: (ident in entered, self.nodes[ident].tag != "startEvent"))
        state: dict[str, int] = {}
        kept: list[Edge] = []
        for start in order:
            if start in state:
                continue
            path = [(start, iter(leaving[start]))]
            state[start] = 1
            while path:
                ident, rest = path[-1]
                target = next(rest, "")
                if not target:
                    state[ident] = 2
                    path.pop()
                    continue
                if state.get(target) == 1:
                    continue
                kept.append((ident, target))
                if target not in state:
                    state[target] = 1
                    path.append((target, iter(leaving[target])))
        return kept

    def _rows(self) -> None:
        """In the order of columns: beside what leads there, else in the nearest free cell of its lane."""
        before: dict[str, list[str]] = defaultdict(list)
        for source, target in self._edges:
            if self.nodes[source].column < self.nodes[target].column:
                before[target].append(source)
        cells: set[tuple[str, int, int]] = set()
        for box in sorted(self.nodes.values(), key=lambda b: b.column):
            wished = [self._wished(source, box) for source in before[box.id] if self.nodes[source].lane == box.lane]
            box.row = self._free(cells, box, min(wished, default=0))
            cells.add((box.lane, box.row, box.column))
        depth = {
            lane: max((b.row for b in self.nodes.values() if b.lane == lane), default=0) + 1 for lane in self.lanes
        }
        first, total = {}, 0
        for lane in self.lanes:
            first[lane] = total
            total += depth[lane]
        self.first, self.depth, self.rows = first, depth, total
        for box in self.nodes.values():
            box.row += first[box.lane]
            self.taken.add((box.row, box.column))

    def _wished(self, source: str, box: Box) -> int:
        return self.nodes[source].row + (1 if (source, box.id) in self._below else 0)

    def _free(self, cells: set[tuple[str, int, int]], box: Box, wished: int) -> int:
        """The free row nearest to the wished one. `full`: as many rows from the first as are known to be taken."""
        place = (box.lane, box.column)
        while (box.lane, self._full[place], box.column) in cells:
            self._full[place] += 1
        full = self._full[place]
        if wished <= full:
            return full
        for away in range(len(self.nodes) + 1):
            for row in (wished + away, wished - away):
                if row >= full and (box.lane, row, box.column) not in cells:
                    return row
        return len(self.nodes)

    def clear(self, row: int, after: int, before: int) -> bool:
        """Is nothing in this row between two columns?"""
        return not any((row, column) in self.taken for column in range(after + 1, before))
