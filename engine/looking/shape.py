"""What looking at histories must know of a version: what kind of step each element is, and where its flows lead."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from engine.definitions import LoadedVersion
from engine.spiff import Element, Flow

PERSON, SYSTEM, WAIT, CALL, EVENT, END, GATEWAY, START = "p", "s", "w", "c", "b", "e", "g", "t"
"""Kinds of steps. They are stored. A way through a process is told in all of them but the last two."""
STEPS = frozenset({PERSON, SYSTEM, WAIT, CALL, EVENT, END})
_JOINS = ("parallelGateway", "inclusiveGateway")


@dataclass(frozen=True)
class Shape:
    """A version without what running it needs."""

    version: LoadedVersion
    kinds: Mapping[str, str]
    joins: frozenset[str]
    called: frozenset[str]
    """Elements of processes that the main one calls."""
    callers: Mapping[str, str]
    """The call activity or sub-process by the process that it begins."""

    @property
    def elements(self) -> Mapping[str, Element]:
        return self.version.specs.elements

    @property
    def flows(self) -> Mapping[str, Flow]:
        return self.version.specs.flows


def shape_of(version: LoadedVersion) -> Shape:
    """Read once: a version never changes."""
    return _shape(version.id, _Handed(version))


class _Handed:
    """Brings the version along without being a part of the cache's key."""

    def __init__(self, version: LoadedVersion) -> None:
        self.version = version

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Handed)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=64)
def _shape(_id: str, handed: _Handed) -> Shape:
    version = handed.version
    elements = version.specs.elements
    callers: dict[str, str] = {}
    for element in elements.values():
        if element.type == "callActivity" and element.called:
            callers.setdefault(element.called, element.id)
        elif element.type in ("subProcess", "transaction"):
            callers[element.id] = element.id
    return Shape(
        version=version,
        kinds={element.id: _kind(element) for element in elements.values()},
        joins=frozenset(e.id for e in elements.values() if e.type in _JOINS),
        called=frozenset(e.id for e in elements.values() if _root(e, elements) != version.specs.main),
        callers=callers,
    )


def _kind(element: Element) -> str:
    if element.type in ("userTask", "manualTask"):
        return PERSON
    if element.type in ("callActivity", "subProcess", "transaction"):
        return CALL
    if element.type.endswith("Gateway"):
        return GATEWAY
    if element.type in ("intermediateCatchEvent", "receiveTask"):
        return WAIT
    if element.type == "boundaryEvent":
        return EVENT
    return {"startEvent": START, "endEvent": END}.get(element.type, SYSTEM)


def _root(element: Element, elements: Mapping[str, Element]) -> str:
    """The process it stands in, its sub-processes looked through."""
    process, seen = element.process, {element.process}
    while process in elements and elements[process].process not in seen:
        process = elements[process].process
        seen.add(process)
    return process
