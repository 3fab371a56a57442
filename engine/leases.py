"""Runs that are worked off bit by bit: one worker holds a run for a while and renews as it goes.

Whoever dies in the middle leaves whole chunks behind; when the lease has passed, the next worker goes on.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, Table, or_, update
from sqlmodel import SQLModel

from engine.unit_of_work import Database, UnitOfWork

LASTS = timedelta(seconds=60)
"""Renewed with every chunk; longer than any takes."""

Run = TypeVar("Run", bound=SQLModel)


@dataclass(frozen=True)
class Lease:
    """Of one run: a row of `runs` with the columns `id`, `lease_owner` and `lease_until`."""

    runs: Table
    run_id: str
    owner: str

    def renew(self, unit: UnitOfWork, now: datetime, *still: ColumnElement[bool]) -> bool:
        """False when another worker has the run (this one was paused), or when what it must `still` be ended."""
        held = update(self.runs).where(*self._mine(), *still).values(lease_until=now + LASTS)
        return bool(unit.connection.execute(held).rowcount)

    def let_go(self, unit: UnitOfWork) -> None:
        unit.connection.execute(update(self.runs).where(*self._mine()).values(lease_owner=None, lease_until=None))

    def _mine(self) -> tuple[ColumnElement[bool], ...]:
        return self.runs.c.id == self.run_id, self.runs.c.lease_owner == self.owner


def take_over(database: Database, runs: Table, process: str) -> None:
    """What a predecessor of the same name held is free at once."""
    with database.write() as unit:
        mine = runs.c.lease_owner.startswith(f"{process}/", autoescape=True)
        unit.connection.execute(update(runs).where(mine).values(lease_owner=None, lease_until=None))


def free(runs: Table, now: datetime) -> ColumnElement[bool]:
    """Condition: nobody holds it."""
    return or_(runs.c.lease_until.is_(None), runs.c.lease_until < now)


def take(
    database: Database, runs: Table, waiting: Select[Run], now: datetime, *, process: str = ""
) -> "tuple[Run, Lease] | None":
    """The first run that `waiting` finds, leased; None where there is none. `process`: what `take_over` asks for."""
    with database.read() as unit:  # most ticks find nothing, and need no lock to see it
        if unit.session.scalars(waiting).first() is None:
            return None
    owner = f"{process}/{uuid.uuid4().hex}"[:60]
    with database.write() as unit:
        run: Any = unit.session.scalars(waiting.with_for_update(skip_locked=True)).first()
        if run is None:
            return None
        run.lease_owner, run.lease_until = owner, now + LASTS
        unit.session.add(run)
    return run, Lease(runs, run.id, owner)
