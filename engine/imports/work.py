"""Works off the rows of started imports, one act each. Whatever happens to the worker, a row is done at most once.

A run is leased to one worker. Before a row's act its attempt is written down, after it what became of it; a worker
that dies between leaves a row in the state "doing", and the next one hands it to its kind as a repeated attempt.
"""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, or_, select, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from engine import people
from engine.errors import AlurError, ForbiddenError, InvalidDataError
from engine.imports.errors import RowDiedError, RowFailedError
from engine.imports.kinds import ImportContext, ImportKind, Row
from engine.imports.runs import ROWS, RUNS
from engine.runner import Runner
from engine.texts import Text
from engine.unit_of_work import Database, UnitOfWork
from models import BulkRun

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
"""Renewed with every row; longer than any single row takes."""
BATCH = 100
MAX_ATTEMPTS = 3
ENDED = Text(
    "Anda tidak lagi berwenang menjalankan impor ini; baris ini tidak dikerjakan.",
    "You may no longer run this import; this row was not done.",
)


@dataclass(frozen=True)
class Outcome:
    """What became of a row."""

    number: int
    state: str
    result: dict[str, Any] = field(default_factory=dict)


def work_off(runner: Runner, *, process: str, most: int = BATCH, stop: Callable[[], bool] = lambda: False) -> int:
    """Up to `most` rows of the run that waits longest; returns how many were done."""
    lease = f"{process}/{uuid.uuid4().hex}"[:60]
    now = runner.clock.now()
    with runner.database.read() as unit:  # most ticks find nothing, and need no lock to see it
        if unit.session.scalars(_waiting(now)).first() is None:
            return 0
    with runner.database.write() as unit:
        run = _claim(unit, lease, now)
    if run is None:
        return 0
    return _Batch(runner, run, lease).work(most, stop)


def take_over(database: Database, process: str) -> None:
    """What a predecessor of the same name held is free at once."""
    with database.write() as unit:
        mine = RUNS.c.lease_owner.startswith(f"{process}/", autoescape=True)
        unit.connection.execute(update(RUNS).where(mine).values(lease_owner=None, lease_until=None))


def _waiting(now: datetime) -> Select[BulkRun]:
    """The started run that nobody works on and that waits longest."""
    free = or_(col(BulkRun.lease_until).is_(None), col(BulkRun.lease_until) < now)
    waiting = select(BulkRun).where(col(BulkRun.state) == "running", free)
    return waiting.order_by(col(BulkRun.started_at), col(BulkRun.id)).limit(1)


def _claim(unit: UnitOfWork, lease: str, now: datetime) -> BulkRun | None:
    run = unit.session.scalars(_waiting(now).with_for_update(skip_locked=True)).first()
    if run is not None:
        run.lease_owner, run.lease_until = lease, now + LEASE
        unit.session.add(run)
    return run


class _Batch:
    """Some rows of one leased run."""

    def __init__(self, runner: Runner, run: BulkRun, lease: str) -> None:
        self.runner = runner
        self.database = runner.database
        self.run = run
        self.lease = lease
        self.kind: ImportKind = runner.registry.imports.get(run.kind)

    def work(self, most: int, stop: Callable[[], bool]) -> int:
        context = self._context()
        if context is None:
            return self._end_without_authority()
        did = 0
        outcome: Outcome | None = None
        while True:
            more = did < most and not stop()
            with self.database.write() as unit:
                if not self._holds(unit):
                    return did
                if outcome is not None:
                    self._note(unit, outcome)
                row = self._take(unit) if more else None
                if row is None:
                    self._let_go(unit, finished=more)
                    break
            outcome = self._do(context, row)
            did += 1
        self._clean_up()
        return did

    def _context(self) -> ImportContext | None:
        """As its owner stands now: a role that ended meanwhile ends the run."""
        now = self.runner.clock.now()
        with self.database.read() as unit:
            actor = people.actor_for(unit, self.run.owner_id, now)
            scope = self.kind.scope(unit, actor, self.run.context["scope"], now) if actor else None
        if actor is None or scope is None:
            return None
        runner, run = self.runner, self.run
        return ImportContext(run.id, actor, scope, now, runner.registry, runner.definitions, run.started_at)

    def _do(self, context: ImportContext, row: Row) -> Outcome:
        """One row. Its fault is its own: it must neither stop the others nor be tried for ever."""
        if row.attempt > MAX_ATTEMPTS:
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

    # --- what is written ------------------------------------------------------------------------------------------

    def _holds(self, unit: UnitOfWork) -> bool:
        """Renews the lease; false when another worker has it (this one was paused for too long)."""
        mine = and_(RUNS.c.id == self.run.id, RUNS.c.lease_owner == self.lease)
        until = self.runner.clock.now() + LEASE
        return bool(unit.connection.execute(update(RUNS).where(mine).values(lease_until=until)).rowcount)

    def _take(self, unit: UnitOfWork) -> Row | None:
        """The next row, marked as begun: first those at which a worker died. None when cancelled or at the end."""
        state = unit.connection.execute(select(RUNS.c.state).where(RUNS.c.id == self.run.id)).scalar()
        if state != "running":
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

    def _note(self, unit: UnitOfWork, outcome: Outcome) -> None:
        this = and_(ROWS.c.run_id == self.run.id, ROWS.c.number == outcome.number)
        unit.connection.execute(update(ROWS).where(this).values(state=outcome.state, result=outcome.result))
        counted = RUNS.c.done if outcome.state == "done" else RUNS.c.failed
        unit.connection.execute(update(RUNS).where(RUNS.c.id == self.run.id).values({counted: counted + 1}))

    def _let_go(self, unit: UnitOfWork, *, finished: bool) -> None:
        """Give the lease back; at the end, the run is done (unless it was cancelled)."""
        mine = update(RUNS).where(RUNS.c.id == self.run.id)
        unit.connection.execute(mine.values(lease_owner=None, lease_until=None))
        if finished:
            ended = {"state": "done", "finished_at": self.runner.clock.now()}
            unit.connection.execute(mine.where(RUNS.c.state == "running").values(ended))

    def _end_without_authority(self) -> int:
        with self.database.write() as unit:
            if not self._holds(unit):
                return 0
            left = and_(ROWS.c.run_id == self.run.id, ROWS.c.state.in_(("ready", "doing")))
            refused = update(ROWS).where(left).values(state="failed", result=words(ForbiddenError(why=ENDED)))
            number = unit.connection.execute(refused).rowcount
            mine = update(RUNS).where(RUNS.c.id == self.run.id)
            unit.connection.execute(mine.values(failed=RUNS.c.failed + number))
            self._let_go(unit, finished=True)
        self._clean_up()
        return number

    def _clean_up(self) -> None:
        """Uploaded files of a run that ended are of no use any more."""
        incoming = self.runner.registry.imports.incoming
        if incoming is None or self.kind.source != "files":
            return
        with self.database.read() as unit:
            state = unit.connection.execute(select(RUNS.c.state).where(RUNS.c.id == self.run.id)).scalar()
        if state in ("done", "cancelled"):
            incoming.drop(self.run.id)


def words(error: AlurError) -> dict[str, Any]:
    """Why a row was not done, in both languages."""
    if isinstance(error, InvalidDataError) and error.faults:
        faults = [fault.text for found in error.faults.values() for fault in found]
        return {"text": {"id": " ".join(t.id for t in faults), "en": " ".join(t.in_locale("en") for t in faults)}}
    return {"text": {"id": error.message("id"), "en": error.message("en")}}
