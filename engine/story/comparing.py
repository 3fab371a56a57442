"""Two cases beside each other: which steps each went through, how long each stayed there, and where their ways part."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from calendars import WorkingCalendar, known_working_time
from engine.calendar import load_calendar
from engine.history.kinds import Kind
from engine.story.records import Story
from engine.unit_of_work import UnitOfWork

NOTHING = timedelta(0)


@dataclass
class Stay:
    """All of a case's visits to one step."""

    times: int = 0
    elapsed: timedelta = NOTHING
    working: timedelta | None = NOTHING
    """None where no decree tells."""
    first_at: datetime | None = None
    open: bool = False
    """It is still there."""
    people: dict[str, None] = field(default_factory=dict)
    late: int = 0
    """How many of its deadlines were missed."""


@dataclass(frozen=True)
class Walk:
    """A case as a way through the diagram of the version it is on now."""

    stays: Mapping[str, Stay]
    way: tuple[str, ...]
    """The steps in the order in which they were reached."""
    flows: Mapping[str, int]
    elapsed: timedelta
    working: timedelta | None


def walk(unit: UnitOfWork, story: Story, now: datetime) -> Walk:
    """What a story comes to, step by step; what is still open is measured up to `now`."""
    walker = _Walker(story, _calendar(unit, story))
    for event in story.events:
        walker.follow(event.n)
    walker.stop(story.case.ended_at or now)
    end = story.case.ended_at or now
    working = known_working_time(walker.calendar, story.case.started_at, end)
    return Walk(walker.stays, tuple(walker.way), walker.flows, end - story.case.started_at, working)


def parting(left: Walk, right: Walk) -> tuple[str | None, str | None, str | None]:
    """The last step that both ways share from the beginning, and what came next in each; Nones where they are one."""
    shared = None
    for one, other in zip(left.way, right.way, strict=False):
        if one != other:
            return shared, one, other
        shared = one
    longer, shorter = sorted((left.way, right.way), key=len, reverse=True)
    if len(longer) == len(shorter):
        return None, None, None
    following = longer[len(shorter)]
    return (shared, following, None) if longer is left.way else (shared, None, following)


def _calendar(unit: UnitOfWork, story: Story) -> WorkingCalendar:
    """That of the case's last act which asked one."""
    case = story.case
    of = case.instansi_id if case.programme is None else case.programme["instansi"]
    known = [event.detail["calendar"] for event in story.events if "calendar" in event.detail]
    return load_calendar(unit, of, case.zone, known[-1] if known else None)


class _Walker:
    def __init__(self, story: Story, calendar: WorkingCalendar) -> None:
        self.story = story
        self.calendar = calendar
        self.stays: dict[str, Stay] = {}
        self.way: list[str] = []
        self.flows: dict[str, int] = {}
        self._there: dict[str, list[datetime]] = {}
        """Since when tokens have been at a step, the oldest first; by its name in the version of now."""
        self._names = dict(_names_now(story))

    def follow(self, n: int) -> None:
        event = self.story.events[n - 1]
        names = self._names.get(event.version, {})
        if event.kind == Kind.CASE_MIGRATED:
            return  # every token is put on another drawing, and stays where it is
        for element in event.left:
            self._leave(names.get(element, element), event.at)
        for element in event.entered:
            self._enter(names.get(element, element), event.at)
        for flow in event.flows:
            self.flows[flow] = self.flows.get(flow, 0) + 1
        if event.kind == Kind.TASK_COMPLETED and event.element_id is not None:
            stay = self._stay(names.get(event.element_id, event.element_id))
            stay.people.update({event.actor_id: None} if event.actor_id else {})
            stay.late += sum(m.left is not None and m.left < NOTHING for m in event.limits)

    def stop(self, at: datetime) -> None:
        for element in list(self._there):
            for _ in range(len(self._there[element])):
                self._leave(element, at)
                self.stays[element].open = self.story.case.ended_at is None

    def _stay(self, element: str) -> Stay:
        return self.stays.setdefault(element, Stay())

    def _enter(self, element: str, at: datetime) -> None:
        stay = self._stay(element)
        stay.times += 1
        stay.first_at = stay.first_at or at
        self._there.setdefault(element, []).append(at)
        self.way.append(element)

    def _leave(self, element: str, at: datetime) -> None:
        since = self._there.get(element)
        if not since:
            return
        began, stay = since.pop(0), self._stay(element)
        stay.elapsed += at - began
        working = known_working_time(self.calendar, began, at)
        stay.working = None if stay.working is None or working is None else stay.working + working


def _names_now(story: Story) -> Iterator[tuple[int, dict[str, str]]]:
    """By phase: what each renamed element is called in the version of now."""
    moves = [event.detail.get("renamed", {}) for event in story.events if event.kind == Kind.CASE_MIGRATED]
    for phase in range(len(story.phases)):
        yield phase, _followed(moves[phase:])


def _followed(moves: Iterable[Mapping[str, str]]) -> dict[str, str]:
    names: dict[str, str] = {}
    for renamed in moves:
        names = {old: renamed.get(new, new) for old, new in names.items()}
        names = {**renamed, **names}
    return names
