"""Where the tokens of a case rest after each event, told from its record alone: nothing is executed.

What a step is left by and where its flows lead is recorded; that a join waits, or a message, is not, but follows from
both. What rests after an act is what re-execution finds open there (tests hold the two against each other).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from engine.history.kinds import Kind
from engine.spiff import Element, SpecSet

JOINING = frozenset({"parallelGateway", "inclusiveGateway", "complexGateway"})
HOLDING = frozenset({"subProcess", "callActivity", "transaction", "adHocSubProcess"})


class Board:
    """The elements that tokens rest at, event by event."""

    def __init__(self, specs: SpecSet) -> None:
        self.specs = specs
        self.resting: Counter[str] = Counter()
        self._inside: dict[str, tuple[str, ...]] = {}

    def move(self, kind: str, element_id: str | None, detail: Mapping[str, Any]) -> tuple[list[str], list[str]]:
        """The elements that tokens enter and leave by this event; one that is left by two tokens is named twice."""
        entered: list[str] = []
        left: list[str] = []
        if kind in (Kind.CASE_COMPLETED, Kind.CASE_CANCELLED):
            left = self._all()
        elif element_id is not None and kind in (Kind.ELEMENT_COMPLETED, Kind.ELEMENT_CANCELLED):
            entered, left = self._element(kind, element_id, detail)
        self.resting.subtract(left)
        self.resting.update(entered)
        return entered, left

    def switch(self, specs: SpecSet, renamed: Mapping[str, str]) -> tuple[list[str], list[str]]:
        """The case goes on with another version: everything is taken off the old drawing and put on the new one."""
        left = self._all()
        entered = [renamed.get(element, element) for element in left]
        self.specs, self._inside = specs, {}
        self.resting = Counter(entered)
        return entered, left

    def _element(self, kind: str, element_id: str, detail: Mapping[str, Any]) -> tuple[list[str], list[str]]:
        element = self.specs.elements.get(element_id)
        if element is None or "index" in detail:
            return [], []  # one round of several: the step itself is left when all are done
        count = self.resting[element_id]
        joins = kind == Kind.ELEMENT_COMPLETED and element.type in JOINING
        left = [element_id] * (count if joins else min(count, 1))
        if element.type in HOLDING and count <= 1:
            left += self._left_inside(element)
        entered = [target for flow in detail.get("flows", ()) if (target := self._target(flow)) is not None]
        return [*self._begun(kind, element), *entered], left

    def _begun(self, kind: str, element: Element) -> list[str]:
        """The start event of an event sub-process puts a token on what it stands in."""
        around = self.specs.elements.get(element.process)
        begins = kind == Kind.ELEMENT_COMPLETED and element.type == "startEvent"
        return [around.id] if begins and around is not None and around.event_subprocess else []

    def _left_inside(self, element: Element) -> list[str]:
        """A join that waits inside is not told of when the whole is left."""
        if element.called is not None and any(self.resting[e] for e in self._callers(element.called, element.id)):
            return []
        return [inner for inner in self._elements_in(element) for _ in range(self.resting[inner])]

    def _elements_in(self, element: Element) -> Iterable[str]:
        if element.id not in self._inside:
            self._inside[element.id] = tuple(self._walk(element.called or element.id, set()))
        return self._inside[element.id]

    def _walk(self, process: str, seen: set[str]) -> Iterable[str]:
        seen.add(process)
        for inner in self.specs.elements.values():
            if inner.process != process:
                continue
            yield inner.id
            within = inner.called or inner.id
            if inner.type in HOLDING and within not in seen:
                yield from self._walk(within, seen)

    def _callers(self, process: str, but: str) -> Iterable[str]:
        return (e.id for e in self.specs.elements.values() if e.called == process and e.id != but)

    def _target(self, flow: str) -> str | None:
        found = self.specs.flows.get(flow)
        return None if found is None else found.target

    def _all(self) -> list[str]:
        return [element for element, count in self.resting.items() for _ in range(count)]
