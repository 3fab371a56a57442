"""Works off the rows of started imports, one act each. Whatever happens to the worker, a row is done at most once.

A run is leased to one worker. Before a row's act its attempt is written down, after it what became of it; a worker
that dies between leaves a row in the state "doing", and the next one hands it to its kind as a repeated attempt.
Large files are read here first (`engine.imports.reading`); what is done some hundreds at a time is `…chunks`.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, select, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from engine import leases
from engine.errors import AlurError
from engine.imports.chunks import Chunks
from engine.imports.errors import RowDiedError, RowFailedError
from engine.imports.kinds import ImportContext, Row
from engine.imports.lease import LeasedRun, Stop, words
from engine.imports.reading import Reading
from engine.imports.runs import ROWS, RUNS
from engine.leases import free, take
from engine.runner import Runner
from engine.unit_of_work import Database, UnitOfWork
from models import BulkRun

log = logging.getLogger(__name__)

BATCH = 100
MAX_ATTEMPTS = 3


@dataclass(frozen=True)
class Outcome:
    """What became of a row."""

    number: int
    state: str
    result: dict[str, Any] = field(default_factory=dict)


def work_off(
    runner: Runner, *, process: str, most: int = BATCH, stop: Stop = lambda: False, run_id: str | None = None
) -> int:
    """Up to `most` rows (a chunk at least) of the run that waits longest, or of this one; returns how many."""
    now = runner.clock.now()
    taken = take(runner.database, RUNS, _waiting(now, run_id), now, process=process)
    if taken is None:
        return 0
    run, lease = taken
    if run.state == "reading":
        return Reading(runner, run, lease).work(stop)
    if runner.registry.imports.get(run.kind).apply_many is not None:
        return Chunks(runner, run, lease).work(most, stop)
    return _Batch(runner, run, lease).work(most, stop)


def take_over(database: Database, process: str) -> None:
    """What a predecessor of the same name held is free at once."""
    leases.take_over(database, RUNS, process)


def _waiting(now: datetime, run_id: str | None) -> Select[BulkRun]:
    """The started run that nobody works on and that waits longest."""
    waiting = select(BulkRun).where(col(BulkRun.state).in_(("reading", "running")), free(RUNS, now))
    if run_id is not None:
        waiting = waiting.where(col(BulkRun.id) == run_id)
    since = func.coalesce(col(BulkRun.started_at), col(BulkRun.created_at))
    return waiting.order_by(since, col(BulkRun.id)).limit(1)


class _Batch(LeasedRun):
    """Some rows of one leased run, an act each."""

    def work(self, most: int, stop: Stop) -> int:
        context = self.context()
        if context is None:
            return self.end_without_authority()
        did = 0
        outcome: Outcome | None = None
        while True:
            more = did < most and not stop()
            with self.database.write() as unit:
                if not self.holds(unit):
                    return did
                if outcome is not None:
                    self.note(unit, [outcome.number], outcome.state, outcome.result)
                row = self._take(unit) if more else None
                if row is None:
                    self.let_go(unit, finished=more)
                    break
            outcome = self._do(context, row)
            did += 1
        self.clean_up()
        return did

    def _do(self, context: ImportContext, row: Row) -> Outcome:
        """One row. Its fault is its own: it must neither stop the others nor be tried for ever."""
        if row.attempt > MAX_ATTEMPTS or self.kind.apply is None:
            return Outcome(row.number, "failed", words(RowDiedError(times=MAX_ATTEMPTS)))
        try:
            return Outcome(row.number, "done", dict(self.kind.apply(self.runner, context, row)))
        except AlurError as error:
            return Outcome(row.number, "failed", words(error))
        except DBAPIError:
            raise  # the database is away: the row is tried again later
        except Exception as error:
            log.exception("import row failed", extra={"action": "import_row_failed", "kind": self.kind.name})
            return Outcome(row.number, "failed", words(RowFailedError(kind=type(error).__name__)))

    def _take(self, unit: UnitOfWork) -> Row | None:
        """The next row, marked as begun: first those at which a worker died. None when cancelled or at the end."""
        if self.state(unit) != "running":
            return None
        open_rows = and_(ROWS.c.run_id == self.run.id, ROWS.c.state.in_(("ready", "doing")))
        found = unit.connection.execute(
            select(ROWS.c.number, ROWS.c.row_values, ROWS.c.attempts)
            .where(open_rows)
            .order_by(ROWS.c.state, ROWS.c.number)  # "doing" before "ready": along the index
            .limit(1)
        ).first()
        if found is None:
            return None
        this = and_(ROWS.c.run_id == self.run.id, ROWS.c.number == found.number)
        unit.connection.execute(update(ROWS).where(this).values(state="doing", attempts=found.attempts + 1))
        return Row(found.number, found.row_values, self.run.id, found.attempts + 1)
