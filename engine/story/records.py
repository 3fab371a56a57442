"""The story of a case in plain records, without a word of any language: what pages and files are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal

from calendars import WorkingCalendar
from engine.definitions import LoadedVersion


class Group(StrEnum):
    """Whose doing an event is, in the coarsest words."""

    PERSON = "person"
    SYSTEM = "system"
    TIME = "time"
    INTERVENTION = "intervention"
    """Somebody changed the course that the diagram had given the case."""
    CONSEQUENCE = "consequence"
    """It followed from the act it stands in; nobody did it by itself."""


Outcome = Literal["open", "met", "late", "fired", "cleared", "moved", "frozen"]
Bounded = Literal["due", "timer"]


@dataclass
class Limit:
    """A time limit, from the event that set it to the one that ended it."""

    token_id: str
    element_id: str
    kind: Bounded
    at: datetime
    since: datetime
    since_n: int
    calendar: int | None
    until_n: int | None = None
    ended_at: datetime | None = None
    outcome: Outcome = "open"
    explanation: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Measure:
    """A limit as it stood at an event that touched it: its number, and working time used and left (negative: late)."""

    limit: int
    used: timedelta | None
    left: timedelta | None


@dataclass
class Paper:
    """A document of the case, and between which events it was there."""

    attachment_id: str
    digest: str
    filename: str
    kind: str
    size: int
    field: str
    by: str | None
    since_n: int
    until_n: int | None = None
    """The event that brought what took its place."""
    letter: str | None = None
    """The number of the letter that it is a stage of."""
    element_id: str | None = None


@dataclass(frozen=True)
class Crossing:
    """Another case at the other end of a message."""

    instance_id: str
    number: str


@dataclass(frozen=True)
class Scope:
    """A sub-process or called process around an event: its element, which instance it was."""

    element_id: str
    token_id: str | None = None
    index: int | str | None = None


@dataclass
class Told:
    """One event of the chain, with what can be said of it."""

    n: int
    act: int
    at: datetime
    kind: str
    group: Group
    begins: bool
    """It is the deed of its act; those after it followed from it."""
    actor_id: str | None
    on_behalf_of: str | None
    element_id: str | None
    token_id: str | None
    detail: Mapping[str, Any]
    version: int
    """Which of the story's versions was in force."""
    flows: tuple[str, ...] = ()
    entered: tuple[str, ...] = ()
    """Elements that a token comes to rest at, for all that this event knows."""
    left: tuple[str, ...] = ()
    scopes: tuple[Scope, ...] = ()
    role: str | None = None
    """The role that the task asked for when it was done."""
    office: str | None = None
    """The instansi for which the task was to be done."""
    limits: list[Measure] = field(default_factory=list)
    papers: list[int] = field(default_factory=list)
    crossings: list[Crossing] = field(default_factory=list)
    reason: str = ""
    index: int | str | None = None


@dataclass(frozen=True)
class Phase:
    """A version that the case ran on, and from which event on."""

    version: LoadedVersion
    from_n: int


@dataclass
class Story:
    """A case from its first event to its last."""

    case: Any
    """Its row."""
    phases: list[Phase]
    events: list[Told]
    limits: list[Limit]
    papers: list[Paper]
    calendars: Mapping[int, WorkingCalendar]
    """Those that limits were set by, by version."""
    people: Mapping[str, str] = field(default_factory=dict)
    """The names of those who take part, by id."""
    offices: Mapping[str, str] = field(default_factory=dict)

    def version_at(self, n: int) -> LoadedVersion:
        return self.phases[self.events[n - 1].version].version
