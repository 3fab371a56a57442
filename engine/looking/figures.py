"""Figures over many cases: how often and how long (heat), which ways, where it waits, and what comes too late."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from engine.looking.choice import Case, Choice, Way, visits_of, way_of
from engine.looking.shape import PERSON
from engine.looking.spread import Share, Spread
from engine.looking.visits import CANCELLED, DONE, Visit, instant_of

# --- heat ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Heat:
    """One element of the diagrams."""

    element: str
    times: int
    cases: int
    elapsed: Spread
    working: Spread
    uncounted: int
    """Visits in years without a decree: they have no working time."""
    standing: int
    """How many stand there now."""


def heat(found: Sequence[Case]) -> tuple[dict[str, Heat], dict[str, int]]:
    """Of every element that a case was at, and how often each flow was taken."""
    visits: dict[str, list[Visit]] = defaultdict(list)
    among: dict[str, set[str]] = defaultdict(set)
    passed: Counter[str] = Counter()
    flows: Counter[str] = Counter()
    for case in found:
        for visit in case.walk.visits:
            visits[visit.element].append(visit)
            among[visit.element].add(case.id)
        passed.update(case.walk.passed)
        flows.update(case.walk.flows)
        for element in case.walk.passed:
            among[element].add(case.id)
    heats = {e: _heat(e, those, len(among[e])) for e, those in visits.items()}
    for element, times in passed.items():
        heats[element] = Heat(element, times, len(among[element]), Spread(), Spread(), 0, 0)
    return heats, dict(flows)


def _heat(element: str, visits: Sequence[Visit], cases: int) -> Heat:
    done = [visit for visit in visits if visit.how == DONE]
    return Heat(
        element=element,
        times=len(visits),
        cases=cases,
        elapsed=Spread.of(visit.elapsed for visit in done),
        working=Spread.of(worked(visit) for visit in done),
        uncounted=sum(worked(visit) is None for visit in done),
        standing=sum(visit.left is None for visit in visits),
    )


def worked(visit: Visit) -> int | None:
    """Working time of a visit that is over; no time at all is no working time in any year."""
    return 0 if visit.left == visit.entered else visit.working


# --- ways ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Variant:
    """One way through the process, and who took it."""

    way: Way
    cases: tuple[Case, ...]
    share: Share
    so_far: Share
    """This and all that are more frequent."""
    elapsed: Spread
    """Of its cases that are over."""
    working: Spread
    ended: int

    @property
    def id(self) -> str:
        return way_id(self.way)


def way_id(way: Way) -> str:
    return sha256("\n".join(way).encode()).hexdigest()[:12]


def variants(found: Sequence[Case], choice: Choice) -> list[Variant]:
    """The most frequent first."""
    ways: dict[Way, list[Case]] = defaultdict(list)
    for case in found:
        ways[way_of(case, choice)].append(case)
    made, before = [], 0
    for way, those in sorted(ways.items(), key=lambda item: (-len(item[1]), item[0])):
        before += len(those)
        over = [case for case in those if case.ended is not None]
        made.append(
            Variant(
                way=way,
                cases=tuple(those),
                share=Share(len(those), len(found)),
                so_far=Share(before, len(found)),
                elapsed=Spread.of(case.elapsed for case in over),
                working=Spread.of(case.walk.working for case in over),
                ended=len(over),
            )
        )
    return made


# --- where it waits --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wait:
    """Where cases stay: a step, a unit or a person. Working time, of visits that are over."""

    key: tuple[str | None, ...]
    times: int
    working: Spread
    elapsed: Spread
    waiting: Spread
    """Until somebody of the group took it; `taken` were taken by one of a group."""
    doing: Spread
    standing: int
    share: Share
    """Of all the working time of the cases looked at."""


BY_STEP, BY_UNIT, BY_PERSON = "langkah", "unit", "orang"


def waits(found: Sequence[Case], choice: Choice, by: str = BY_STEP) -> list[Wait]:
    """The longest in sum first. By unit: role and instansi; by person: who did it, and as what."""
    grouped: dict[tuple[str | None, ...], list[Visit]] = defaultdict(list)
    for _case, visit in visits_of(found, choice):
        if by == BY_STEP:
            grouped[(visit.element,)].append(visit)
        elif visit.kind == PERSON and by == BY_UNIT:
            grouped[(visit.role, visit.unit)].append(visit)
        elif visit.kind == PERSON and visit.who is not None:
            grouped[(visit.who, visit.role)].append(visit)
    total = sum(worked(v) or 0 for those in grouped.values() for v in those if v.how == DONE)
    made = [_wait(key, those, total) for key, those in grouped.items()]
    return sorted((wait for wait in made if wait.elapsed.longest or wait.standing),
                  key=lambda wait: (-wait.working.total, -wait.elapsed.total, str(wait.key)))  # fmt: skip


def _wait(key: tuple[str | None, ...], visits: Sequence[Visit], total: int) -> Wait:
    done = [visit for visit in visits if visit.how == DONE]
    working = Spread.of(worked(visit) for visit in done)
    return Wait(
        key=key,
        times=len(done),
        working=working,
        elapsed=Spread.of(visit.elapsed for visit in done),
        waiting=Spread.of(visit.waited for visit in done),
        doing=Spread.of(
            None if visit.waited is None or visit.working is None else visit.working - visit.waited for visit in done
        ),
        standing=sum(visit.left is None for visit in visits),
        share=Share(working.total, total),
    )


# --- what comes too late ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Lateness:
    """Of the visits that had a due date: how many were done after it, and how long after."""

    key: tuple[str | None, ...]
    late: Share
    by: Spread
    """How late, by the clock, those that are done."""
    open_late: int
    cases: tuple[Case, ...]
    """That were late here, each once."""


BY_MONTH = "bulan"


def lateness(found: Sequence[Case], choice: Choice, by: str, now: int) -> list[Lateness]:
    """By step, by unit, or by the month of the due date."""
    grouped: dict[tuple[str | None, ...], list[tuple[Case, Visit]]] = defaultdict(list)
    zone = ZoneInfo(choice.zone)
    for case, visit in due_visits(found, choice):
        grouped[_lateness_key(visit, by, zone)].append((case, visit))
    made = [_lateness(key, those, now) for key, those in grouped.items()]
    if by == BY_MONTH:
        return sorted(made, key=lambda one: str(one.key))
    return sorted(made, key=lambda one: (-one.late.part, str(one.key)))


def due_visits(found: Sequence[Case], choice: Choice) -> Iterable[tuple[Case, Visit]]:
    """Visits with a due date; called processes count in any case, for that is where work is due."""
    for case in found:
        for visit in case.walk.visits:
            if visit.due is not None and visit.how != CANCELLED and (choice.called or not visit.called):
                yield case, visit


def _lateness_key(visit: Visit, by: str, zone: ZoneInfo) -> tuple[str | None, ...]:
    if by == BY_UNIT:
        return (visit.role, visit.unit)
    if by == BY_MONTH:
        return (month_of(instant_of(visit.due or 0), zone),)
    return (visit.element,)


def month_of(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m")


def _lateness(key: tuple[str | None, ...], those: Sequence[tuple[Case, Visit]], now: int) -> Lateness:
    late = [(case, visit) for case, visit in those if visit.late(now)]
    return Lateness(
        key=key,
        late=Share(len(late), len(those)),
        by=Spread.of(None if v.left is None else (v.left - (v.due or 0)) // 1000 for _case, v in late),
        open_late=sum(visit.left is None for _case, visit in late),
        cases=tuple({case.id: case for case, _visit in late}.values()),
    )
