"""The way a case goes on the changed files, beside the way it went: step by step, and the first place they part.

Only elements that both versions have can differ; what only one of them has is walked through. When something happened
is no part of the way: a deadline that passes later and leads to the same steps is the same way.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence

from calendars import zone_of
from engine.backtest import words
from engine.backtest.candidate import Candidate
from engine.backtest.past import Index, Past, PastStep
from engine.backtest.verdict import CaseResult, Difference
from engine.definitions import LoadedVersion
from engine.spiff import Step

_STEERED = frozenset({"exclusiveGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"})


class Trail:
    """Takes the steps of the acts in turn. `aside` are differences beside the way, which do not end it."""

    def __init__(
        self, candidate: Candidate, versions: Mapping[str, LoadedVersion], past: Past, result: CaseResult
    ) -> None:
        self.candidate = candidate
        self.versions = versions
        self.result = result
        self.aside: list[Difference] = []
        self._act: tuple[Step, ...] = ()
        self._zone = zone_of(past.case.zone)
        self.known = frozenset.intersection(*(candidate.beside(v).shared for v in versions.values()))
        """Elements that every version of the record has, too: the record would know if they had been reached."""
        self._left: dict[tuple[str, Index], deque[tuple[int, PastStep]]] = defaultdict(deque)
        for number, step in enumerate(past.steps):
            if step.state == "completed":
                result.passed_before[step.element_id] += 1
            self._left[step.element_id, step.index].append((number, step))
        self.new_choice: str | None = None
        """The gateway passed last, where only the changed files have it: what follows is its doing."""

    def walk(self, steps: Iterable[Step]) -> Difference | None:
        """Take one act's steps; the first that is not as it was."""
        self._act = tuple(steps)
        for step in self._act:
            if step.state == "completed":
                self.result.passed_after[step.element_id] += 1
            found = self._beside(step)
            if found is None:
                continue
            if step.element_id not in self.candidate.side_ways:
                return found
            self.aside.append(found)
        return None

    def _beside(self, step: Step) -> Difference | None:
        left = self._left.get((step.element_id, step.index))
        if left:
            then = left.popleft()[1]
            self.new_choice = None if step.state == "completed" else self.new_choice
            return self._state(step, then) or self._flows(step, then)
        if step.element_id not in self.known:
            self._new(step)
            return None
        if step.state == "cancelled":
            return None  # it never came to it, then and now
        return words.reached(self.candidate, step.element_id, self.new_choice)

    def _new(self, step: Step) -> None:
        if step.state == "completed":
            self.result.remark("added", step.element_id)
            if step.type in _STEERED:
                self.new_choice = step.element_id

    def _state(self, step: Step, then: PastStep) -> Difference | None:
        if step.state == then.state:
            return None
        element = self.candidate.elements[step.element_id]
        stopped = self._stopped_by(step) if step.state == "cancelled" else self._stopped_then(step)
        event = element if stopped is None else self.candidate.elements[stopped]
        if event.type == "boundaryEvent" and event.event == "timer":
            passes = (step.state == "completed") == (event is element)
            return words.deadline_passes(self.candidate, event, step.at.astimezone(self._zone), passes=passes)
        return words.other_state(self.candidate, element, then.state, step.state)

    def _stopped_by(self, step: Step) -> str | None:
        """The event at its edge that ended it in this act."""
        elements = self.candidate.elements
        found = (s.element_id for s in self._act if s.state == "completed")
        return next((ident for ident in found if elements[ident].attached_to == step.element_id), None)

    def _stopped_then(self, step: Step) -> str | None:
        """The event at its edge that ended it in the record."""
        edge = (e.id for e in self.candidate.elements.values() if e.attached_to == step.element_id)
        waiting = ((ident, self._left.get((ident, step.index))) for ident in edge)
        return next((ident for ident, left in waiting if left and left[0][1].state == "completed"), None)

    def _flows(self, step: Step, then: PastStep) -> Difference | None:
        now_flows = frozenset(step.flows)
        if step.state != "completed" or not now_flows or not then.flows:
            return None
        beside = self.candidate.beside(self.versions[then.version_id])
        before, sure_before = beside.led_to(then.flows, then=True)
        after, sure_after = beside.led_to(now_flows, then=False)
        if before == after or not before or not after:
            return None
        if not (sure_before and sure_after) and before & after:
            return None  # a choice that only one version has decides between them
        return words.other_way(self.candidate, beside.then, step.element_id, then.flows, now_flows)

    def left_over(self, standing: Sequence[str], *, ended: bool) -> Difference | None:
        """At the end: the first step of the record that never happened here."""
        elements = self.candidate.elements
        rest = [found for left in self._left.values() for found in left if found[1].state == "completed"]
        for _, step in sorted(rest, key=lambda found: found[0]):
            if step.element_id not in elements:
                self._skipped(step)
                continue
            found = words.passed_over(self.candidate, step.element_id, standing, ended=ended)
            if step.element_id not in self.candidate.side_ways:
                return found
            self.aside.append(found)
        return None

    def _skipped(self, step: PastStep) -> None:
        """A step that the changed files do not have any more."""
        self.result.remark("skipped", step.element_id)
