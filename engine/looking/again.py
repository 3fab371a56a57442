"""Rework: steps that a case came to again, after which other step, how often and why; and two periods compared."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.looking.choice import Case, Choice, way_of
from engine.looking.figures import due_visits, worked
from engine.looking.shape import PERSON
from engine.looking.spread import Share, Spread
from engine.looking.visits import CANCELLED, DONE, Visit


@dataclass(frozen=True)
class Loop:
    """From one step back to another."""

    origin: str | None
    element: str
    times: int
    cases: tuple[Case, ...]
    most: int
    """How often in the case that did it most."""
    why: tuple[tuple[str | None, int], ...]
    """Flows that were named on the way back, the most frequent first; None: none was named."""
    working: Spread
    """Working time of the repetitions."""


def loops(found: Sequence[Case], choice: Choice) -> list[Loop]:
    """The most frequent first."""
    grouped: dict[tuple[str | None, str], list[tuple[Case, Visit, str | None]]] = defaultdict(list)
    for case in found:
        for visit, origin, via in repeated(case, choice):
            grouped[origin, visit.element].append((case, visit, via))
    made = [_loop(origin, element, those) for (origin, element), those in grouped.items()]
    return sorted(made, key=lambda loop: (-loop.times, loop.element, loop.origin or ""))


def _loop(origin: str | None, element: str, those: Sequence[tuple[Case, Visit, str | None]]) -> Loop:
    by_case = Counter(case.id for case, _visit, _via in those)
    return Loop(
        origin=origin,
        element=element,
        times=len(those),
        cases=tuple({case.id: case for case, _visit, _via in those}.values()),
        most=max(by_case.values()),
        why=tuple(Counter(via for _case, _visit, via in those).most_common()),
        working=Spread.of(worked(visit) for _case, visit, _via in those if visit.how == DONE),
    )


def repeated(case: Case, choice: Choice) -> Iterator[tuple[Visit, str | None, str | None]]:
    """Visits of steps that the case had left before, with the step told last before it, and the flow that says why.

    Several at once, and one after the other of a list, are no repetitions: no flow leads from one to the next.
    """
    left: dict[str, int] = {}
    visits = case.walk.visits
    for number, visit in enumerate(visits):
        if choice.told(visit) and visit.how != CANCELLED:
            if visit.origin is not None and left.get(visit.element, visit.entered + 1) <= visit.entered:
                yield visit, *cause(visits, number, choice)
            if visit.left is not None:
                left[visit.element] = min(visit.left, left.get(visit.element, visit.left))


def cause(visits: Sequence[Visit], number: int, choice: Choice) -> tuple[str | None, str | None]:
    """Back along the steps that led here, to the first that is told: that step, and the flow named last on the way."""
    visit, via = visits[number], visits[number].via
    at = number
    while visit.origin is not None:
        before = next((n for n in range(at - 1, -1, -1) if visits[n].element == visit.origin), None)
        if before is None:
            return visit.origin, via
        at, visit = before, visits[before]
        if choice.told(visit):
            return visit.element, via
        via = via or visit.via
    return None, via


# --- two periods -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Period:
    """What is compared of a period."""

    cases: int
    completed: Share
    elapsed: Spread
    working: Spread
    late: Share
    reworked: Share
    """Cases in which at least one step was done again."""
    ways: int
    steps: dict[str, Spread]
    """Working time of each step that people do."""


def period(found: Sequence[Case], choice: Choice, now: int) -> Period:
    over = [case for case in found if case.ended is not None]
    due = [visit.late(now) for _case, visit in due_visits(found, choice)]
    steps: dict[str, list[int | None]] = defaultdict(list)
    for case in found:
        for visit in case.walk.visits:
            if visit.kind == PERSON and visit.how == DONE:
                steps[visit.element].append(worked(visit))
    return Period(
        cases=len(found),
        completed=Share(sum(case.completed for case in found), len(found)),
        elapsed=Spread.of(case.elapsed for case in over),
        working=Spread.of(case.walk.working for case in over),
        late=Share(sum(due), len(due)),
        reworked=Share(sum(any(True for _ in repeated(case, choice)) for case in found), len(found)),
        ways=len({way_of(case, choice) for case in found}),
        steps={element: Spread.of(lengths) for element, lengths in steps.items()},
    )
