"""Which cases are looked at, and how closely: one choice for every picture, so that they can be compared."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlmodel import col

from engine.looking.reckoning import CASES
from engine.looking.shape import CALL, END, EVENT, PERSON, STEPS
from engine.looking.visits import Visit, Walk, instant_of, millis
from engine.unit_of_work import UnitOfWork
from models import Instance


@dataclass(frozen=True)
class Choice:
    """Cases of one process that began in a period (both days included, in `zone`), narrowed by where they are from."""

    key: str
    version_id: str | None = None
    programme_id: str | None = None
    instansi_id: str | None = None
    first: date | None = None
    last: date | None = None
    zone: str = "Asia/Jakarta"
    every_step: bool = False
    """Also what the system does and waits for; else what people do, and how it ends."""
    called: bool = True
    """What called processes do, step by step; else each as one step."""
    folded: bool = False
    """A part of a way that is repeated at once counts as one."""

    def within(self, first: date | None, last: date | None) -> "Choice":
        return replace(self, first=first, last=last)

    def conditions(self) -> list[ColumnElement[bool]]:
        found = [col(Instance.definition_key) == self.key]
        if self.version_id is not None:
            found.append(col(Instance.version_id) == self.version_id)
        if self.programme_id is not None:
            found.append(col(Instance.programme_id) == self.programme_id)
        if self.instansi_id is not None:
            found.append(col(Instance.instansi_id) == self.instansi_id)
        if self.first is not None:
            found.append(col(Instance.started_at) >= self._midnight(self.first))
        if self.last is not None:
            found.append(col(Instance.started_at) < self._midnight(self.last + timedelta(days=1)))
        return found

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(0), tzinfo=ZoneInfo(self.zone))

    def told(self, visit: Visit) -> bool:
        """Is this visit a step of the way as it is looked at?"""
        if not self.called and visit.called:
            return False
        if visit.kind == CALL:
            return not self.called
        if self.every_step:
            return visit.kind in STEPS
        return visit.kind in (PERSON, EVENT) or (visit.kind == END and not visit.called)


@dataclass(frozen=True)
class Case:
    """A case as it was reckoned. Instants are milliseconds."""

    id: str
    number: str
    instansi_id: str | None
    status: str
    started: int
    ended: int | None
    walk: Walk = field(repr=False)

    @property
    def elapsed(self) -> int | None:
        return None if self.ended is None else (self.ended - self.started) // 1000

    @property
    def started_at(self) -> datetime:
        return instant_of(self.started)

    @property
    def ended_at(self) -> datetime | None:
        return None if self.ended is None else instant_of(self.ended)

    @property
    def completed(self) -> bool:
        return self.status == "completed"


def cases(unit: UnitOfWork, choice: Choice, seen: ColumnElement[bool]) -> list[Case]:
    """Those of the choice that whoever asks may see (`seen`), in the order in which they began."""
    wanted = select(
        col(Instance.id), col(Instance.number), col(Instance.instansi_id), col(Instance.status),
        col(Instance.started_at), col(Instance.ended_at), CASES.c.body,
    )  # fmt: skip
    found = wanted.join(CASES, CASES.c.instance_id == col(Instance.id)).where(*choice.conditions(), seen)
    rows = unit.connection.execute(found.order_by(col(Instance.started_at), col(Instance.id)))
    return [
        Case(row.id, row.number, row.instansi_id, row.status, millis(row.started_at),
             None if row.ended_at is None else millis(row.ended_at), Walk.from_bytes(bytes(row.body)))
        for row in rows
    ]  # fmt: skip


def stamp(unit: UnitOfWork, choice: Choice, seen: ColumnElement[bool]) -> tuple[Any, ...]:
    """Changes whenever one of the cases is reckoned anew: what was found at the same stamp still holds."""
    wanted = select(
        func.count(), func.sum(CASES.c.event_count), func.sum(CASES.c.calendar), func.sum(CASES.c.rules)
    ).select_from(Instance)
    found = wanted.join(CASES, CASES.c.instance_id == col(Instance.id)).where(*choice.conditions(), seen)
    return tuple(unit.connection.execute(found).one())


# --- ways ------------------------------------------------------------------------------------------------------------

Way = tuple[str, ...]


def way_of(case: Case, choice: Choice) -> Way:
    """The steps that a case took, in the order in which it came to them; what was cancelled is no step taken."""
    steps = tuple(visit.element for visit in case.walk.visits if visit.how != "x" and choice.told(visit))
    return folded(steps) if choice.folded else steps


def folded(steps: Way) -> Way:
    """Every part that follows on itself only once: a b a b c is a b c. The shortest parts first, until none is left."""
    found, size = list(steps), 1
    while size <= len(found) // 2:
        at, again = 0, False
        while at + 2 * size <= len(found):
            if found[at : at + size] == found[at + size : at + 2 * size]:
                del found[at + size : at + 2 * size]
                again = True
            else:
                at += 1
        size = 1 if again and size > 1 else size + 1
    return tuple(found)


def visits_of(found: Sequence[Case], choice: Choice) -> Iterator[tuple[Case, Visit]]:
    for case in found:
        for visit in case.walk.visits:
            if choice.told(visit):
                yield case, visit
