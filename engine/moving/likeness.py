"""Which step of the new version most likely takes the place of one that is gone: a proposal; the owner decides."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Protocol

from engine.definitions import LoadedVersion
from engine.spiff import Element

LIKELY = 0.5
"""From so much on a candidate is proposed; the others can be chosen all the same."""


class Drawn(Protocol):
    """What of a step counts."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def lane(self) -> str | None: ...
    @property
    def properties(self) -> Mapping[str, str]: ...


class Way(Protocol):
    """A flow from one step to the next."""

    @property
    def source(self) -> str: ...
    @property
    def target(self) -> str: ...


class Ways:
    """What stands right before and right after each step of a drawing."""

    def __init__(self, flows: Iterable[Way]) -> None:
        self.before: defaultdict[str, set[str]] = defaultdict(set)
        self.after: defaultdict[str, set[str]] = defaultdict(set)
        for flow in flows:
            self.after[flow.source].add(flow.target)
            self.before[flow.target].add(flow.source)


@dataclass(frozen=True)
class Candidate:
    """A step that could take the place; `likeness` between 0 and 1."""

    element: Element
    likeness: float

    @property
    def is_likely(self) -> bool:
        return self.likeness >= LIKELY


def candidates_for(element_id: str, old: LoadedVersion, new: LoadedVersion) -> list[Candidate]:
    """Steps of the same kind in the same process (or sub-process), the likeliest first."""
    gone = old.specs.elements.get(element_id)
    if gone is None:
        return []
    kept = old.specs.elements
    was, now = Ways(old.specs.flows.values()), Ways(new.specs.flows.values())
    found = [
        Candidate(element, likeness(gone, element, was, now) if element.id not in kept else 0.0)
        for element in new.specs.elements.values()
        if element.type == gone.type and element.event == gone.event and _same_place(gone, element, old, new)
    ]
    return sorted(found, key=lambda candidate: (-candidate.likeness, candidate.element.name))


def proposed(elements: Iterable[str], old: LoadedVersion, new: LoadedVersion) -> dict[str, str]:
    """For each of these, the likeliest step, where one is likely at all."""
    found = {element: candidates_for(element, old, new) for element in elements}
    return {name: ranked[0].element.id for name, ranked in found.items() if ranked and ranked[0].is_likely}


def _same_place(gone: Element, element: Element, old: LoadedVersion, new: LoadedVersion) -> bool:
    if gone.process == element.process:
        return True
    return (gone.process, element.process) == (old.manifest.main, new.manifest.main)


def likeness(gone: Drawn, other: Drawn, was: Ways, now: Ways) -> float:
    """Its name counts for half; what stands before and after it, its lane and its form for the other half."""
    name = SequenceMatcher(None, gone.name.casefold(), other.name.casefold()).ratio()
    neighbours = _share(was.before[gone.id], now.before[other.id]) + _share(was.after[gone.id], now.after[other.id])
    same = [gone.lane == other.lane, gone.properties.get("form") == other.properties.get("form")]
    return 0.5 * name + 0.15 * neighbours + 0.1 * sum(same)


def _share(mine: set[str], theirs: set[str]) -> float:
    return len(mine & theirs) / max(len(mine | theirs), 1)
