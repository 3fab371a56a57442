"""Rules on paper, and where a case broke them: those that its package draws, and those that its owner wrote down.

A rule is looked at in what was done, not in what the system would have let happen: a case may have been moved between
versions, a person's office may have ended, a due date may have passed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from calendars import WorkingCalendar, known_working_time
from engine.human_tasks import COMPLETER, STARTER, listed
from engine.looking.shape import PERSON, Shape
from engine.looking.visits import DONE, Visit, instant_of

FOUR_EYES, OFFICE, DUE = "four_eyes", "office", "due"
PACKAGE_RULES = (FOUR_EYES, OFFICE, DUE)
OWN = "own:"
ORDER, TIME, REQUIRED, MOST = "order", "time", "required", "most"
KINDS = (ORDER, FOUR_EYES, TIME, REQUIRED, MOST)
"""Of the owner's rules."""
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Break:
    """A rule was broken at a step, at an instant (milliseconds)."""

    rule: str
    element: str | None
    at: int
    other: str | None = None


@dataclass(frozen=True)
class OwnRule:
    """An owner's rule as it is worded now. `steps` are one or two elements, `number` days or times."""

    id: str
    kind: str
    one: str
    other: str | None = None
    number: int = 0
    working: bool = True

    @property
    def key(self) -> str:
        return OWN + self.id


@dataclass(frozen=True)
class Office:
    """A role that somebody held, in an instansi (None: in all), from a day to a day."""

    role: str
    instansi_id: str | None
    first: date
    last: date | None

    def covers(self, role: str, unit: str | None, day: date) -> bool:
        place = unit is None or self.instansi_id is None or unit == self.instansi_id
        return self.role == role and place and self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Looked:
    """All of a case that rules are about."""

    visits: Sequence[Visit]
    shape: Shape
    starter: str | None
    completed: bool
    ended: int | None
    calendar: WorkingCalendar
    offices: Mapping[str, Sequence[Office]] = field(default_factory=dict)
    """By person."""


def broken(case: Looked, own: Iterable[OwnRule]) -> list[Break]:
    """Every break, in the order of time. A due date that an open task has passed is not here: it is late by the clock
    alone, and told where the clock is known."""
    done = [visit for visit in case.visits if visit.how == DONE]
    found = [*_four_eyes(case, done), *_office(case, done), *_due(done)]
    for rule in own:
        found += _CHECKS[rule.kind](rule, case, done)
    return sorted(found, key=lambda one: (one.at, one.rule))


# --- of the package --------------------------------------------------------------------------------------------------


def _four_eyes(case: Looked, done: Iterable[Visit]) -> Iterator[Break]:
    """Who started a case, or completed an earlier step of it, completed one that excludes them."""
    completers: dict[str, set[str]] = defaultdict(set)
    for visit in sorted(done, key=lambda v: v.left or 0):
        if visit.kind != PERSON or visit.who is None:
            continue
        for rule in exclusions(case.shape, visit.element):
            if rule == STARTER and visit.who == case.starter:
                yield Break(FOUR_EYES, visit.element, visit.left or 0, STARTER)
            elif rule.startswith(COMPLETER) and visit.who in completers[rule.removeprefix(COMPLETER)]:
                yield Break(FOUR_EYES, visit.element, visit.left or 0, rule.removeprefix(COMPLETER))
        completers[visit.element].add(visit.who)


def exclusions(shape: Shape, element_id: str) -> list[str]:
    """Whom a step excludes, by its lane and by itself."""
    element = shape.elements.get(element_id)
    if element is None:
        return []
    lane = shape.version.manifest.lanes.get(element.lane) if element.lane else None
    return [*(lane.exclude if lane is not None else ()), *listed(element.properties.get("exclude"))]


def _office(case: Looked, done: Iterable[Visit]) -> Iterator[Break]:
    """Somebody did what only holders of a role do, and on that day held it nowhere that counts."""
    for visit in done:
        if visit.kind != PERSON or visit.who is None or visit.role is None or visit.left is None:
            continue
        day = case.calendar.day_of(instant_of(visit.left))
        if not any(office.covers(visit.role, visit.unit, day) for office in case.offices.get(visit.who, ())):
            yield Break(OFFICE, visit.element, visit.left)


def _due(done: Iterable[Visit]) -> Iterator[Break]:
    for visit in done:
        if visit.due is not None and visit.left is not None and visit.left > visit.due:
            yield Break(DUE, visit.element, visit.left)


# --- of the owner ----------------------------------------------------------------------------------------------------


def _order(rule: OwnRule, _case: Looked, done: Iterable[Visit]) -> Iterator[Break]:
    """The other step only after the first one was done."""
    firsts = [visit.left or 0 for visit in done if visit.element == rule.one]
    began = min(firsts, default=None)
    for visit in done:
        if visit.element == rule.other and (began is None or (visit.left or 0) < began):
            yield Break(rule.key, visit.element, visit.left or 0, rule.one)


def _two_people(rule: OwnRule, _case: Looked, done: Iterable[Visit]) -> Iterator[Break]:
    did = {visit.who for visit in done if visit.element == rule.one and visit.who}
    for visit in done:
        if visit.element == rule.other and visit.who in did:
            yield Break(rule.key, visit.element, visit.left or 0, rule.one)


def _time(rule: OwnRule, case: Looked, done: Sequence[Visit]) -> Iterator[Break]:
    """From when the first step was done until the other was, at most so many days; judged when the other is done."""
    starts = sorted(visit.left or 0 for visit in done if visit.element == rule.one)
    for visit in done:
        if visit.element != rule.other or visit.left is None:
            continue
        start = max((at for at in starts if at <= visit.left), default=None)
        if start is None:
            continue
        first, last = instant_of(start), instant_of(visit.left)
        took = known_working_time(case.calendar, first, last) if rule.working else last - first
        if took is not None and took > rule.number * DAY:
            yield Break(rule.key, visit.element, visit.left, rule.one)


def _required(rule: OwnRule, case: Looked, done: Iterable[Visit]) -> Iterator[Break]:
    """A case that was completed must have done it."""
    if case.completed and case.ended is not None and not any(visit.element == rule.one for visit in done):
        yield Break(rule.key, rule.one, case.ended)


def _most(rule: OwnRule, _case: Looked, done: Iterable[Visit]) -> Iterator[Break]:
    times = sorted(visit.left or 0 for visit in done if visit.element == rule.one)
    if len(times) > rule.number:
        yield Break(rule.key, rule.one, times[rule.number])


_CHECKS: Mapping[str, Any] = {
    ORDER: _order,
    FOUR_EYES: _two_people,
    TIME: _time,
    REQUIRED: _required,
    MOST: _most,
}
