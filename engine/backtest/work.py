"""Works off a run some cases at a time; whoever dies in the middle leaves whole chunks behind, and the next goes on.

Reading and running cost nobody a lock; what was found of a chunk is written in one short transaction.
"""

import threading
import uuid
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Select, bindparam, or_, select, update
from sqlmodel import col

from engine.backtest import summary
from engine.backtest.candidate import Candidate, candidate_of, unpacked
from engine.backtest.errors import DestroyedError
from engine.backtest.follow import back_test
from engine.backtest.past import read_pasts
from engine.backtest.runs import CASES, RUNS
from engine.backtest.verdict import CaseResult
from engine.backtest.words import cannot_run
from engine.chores import SOME, Chore
from engine.definitions import Definitions
from engine.registry import Registry
from engine.unit_of_work import Database, UnitOfWork
from models import BacktestRun

if TYPE_CHECKING:
    from engine.runner import Runner

CHUNK = 20
LEASE = timedelta(seconds=45)
KEPT = 4
_EACH: Any = bindparam("of_number")


def chore() -> Chore:
    """For a ticker: goes on with the run that waits longest."""
    return Chore("backtest", work_off, every=timedelta(seconds=1))


def work_off(runner: "Runner", now: datetime, *, most: int = SOME, run_id: str | None = None) -> int:
    """Up to about `most` cases of one run; returns how many."""
    with runner.database.read() as unit:  # most ticks find nothing, and need no lock to see it
        if unit.session.scalars(_waiting(now, run_id)).first() is None:
            return 0
    lease = uuid.uuid4().hex
    with runner.database.write() as unit:
        run = unit.session.scalars(_waiting(now, run_id).with_for_update(skip_locked=True)).first()
        if run is None:
            return 0
        run.lease_owner, run.lease_until = lease, now + LEASE
        unit.session.add(run)
    return _Leased(runner, run, lease).work(most)


def _waiting(now: datetime, run_id: str | None) -> Select[BacktestRun]:
    free = or_(col(BacktestRun.lease_until).is_(None), col(BacktestRun.lease_until) < now)
    waiting = select(BacktestRun).where(col(BacktestRun.state) == "running", free)
    if run_id is not None:
        waiting = waiting.where(col(BacktestRun.id) == run_id)
    return waiting.order_by(col(BacktestRun.created_at), col(BacktestRun.id)).limit(1)


class _Leased:
    """One run while this worker holds it."""

    def __init__(self, runner: "Runner", run: BacktestRun, lease: str) -> None:
        self.runner = runner
        self.database: Database = runner.database
        self.run = run
        self.lease = lease

    def work(self, most: int) -> int:
        candidate = _candidate(self.run, self.runner.registry)
        did = 0
        while did < most:
            with self.database.read() as unit:
                rows = unit.connection.execute(self._next()).all()
                results = _tested(unit, self.runner.definitions, candidate, rows, self.run.created_at)
            with self.database.write() as unit:
                if not self._holds(unit):
                    return did
                if not rows:
                    self._change(unit, state="done", finished_at=self.runner.clock.now(), lease_owner=None)
                    return did
                self._write(unit, rows, results)
            did += len(rows)
        with self.database.write() as unit:
            if self._holds(unit):
                self._change(unit, lease_owner=None, lease_until=None)
        return did

    def _next(self) -> Select[Any]:
        waiting = (CASES.c.run_id == self.run.id) & CASES.c.verdict.is_(None)
        return select(CASES.c.number, CASES.c.instance_id).where(waiting).order_by(CASES.c.number).limit(CHUNK)

    def _holds(self, unit: UnitOfWork) -> bool:
        """Renews the lease. False when the run was cancelled, or another worker has it (this one was paused)."""
        mine = (RUNS.c.id == self.run.id) & (RUNS.c.lease_owner == self.lease) & (RUNS.c.state == "running")
        until = self.runner.clock.now() + LEASE
        return bool(unit.connection.execute(update(RUNS).where(mine).values(lease_until=until)).rowcount)

    def _change(self, unit: UnitOfWork, **values: Any) -> None:
        unit.connection.execute(update(RUNS).where(RUNS.c.id == self.run.id).values(values))

    def _write(self, unit: UnitOfWork, rows: Sequence[Row[Any]], results: Sequence[CaseResult]) -> None:
        found = [_row(row.number, result) for row, result in zip(rows, results, strict=True)]
        this = (CASES.c.run_id == self.run.id) & (CASES.c.number == _EACH)
        unit.connection.execute(update(CASES).where(this), found)
        known = unit.connection.execute(select(RUNS.c.summary).where(RUNS.c.id == self.run.id)).scalar_one()
        counts = {verdict: RUNS.c[verdict] + sum(r.verdict == verdict for r in results) for verdict in VERDICTS}
        self._change(unit, summary=summary.added(known, results), **counts)


VERDICTS = ("same", "differs", "missing", "failed")


def tested(
    unit: UnitOfWork, definitions: Definitions, candidate: Candidate, ids: Sequence[str], now: datetime
) -> list[CaseResult]:
    """These cases on these files, one result for each, in this order."""
    results = []
    for past in read_pasts(unit, ids):
        if isinstance(past, DestroyedError):
            result = CaseResult(past.context["case"], past.context["number"])
            result.first = cannot_run(None, past)
        else:
            result = back_test(unit, definitions, candidate, past, now)
        results.append(result)
    return results


def _tested(
    unit: UnitOfWork, definitions: Definitions, candidate: Candidate, rows: Sequence[Row[Any]], now: datetime
) -> list[CaseResult]:
    return tested(unit, definitions, candidate, [row.instance_id for row in rows], now) if rows else []


def _row(number: int, result: CaseResult) -> dict[str, Any]:
    first, before, after = result.first, result.before, result.after
    return {
        "of_number": number,
        "verdict": result.verdict,
        "element_id": first and first.element_id,
        "text": first and first.text.to_json(),
        "detail": result.detail(),
        "minutes_before": before and before.minutes,
        "minutes_after": after and after.minutes,
        "days_before": before and before.days,
        "days_after": after and after.days,
        "late_before": result.late_before,
        "late_after": result.late_after,
    }


_candidates: OrderedDict[tuple[str, int], Candidate] = OrderedDict()
_lock = threading.Lock()


def _candidate(run: BacktestRun, registry: Registry) -> Candidate:
    """Parsed once in this process."""
    known = (run.digest, id(registry))
    with _lock:
        if known in _candidates:
            return _candidates[known]
    made = candidate_of(run.key, unpacked(bytes(run.package)), registry)
    with _lock:
        _candidates[known] = made
        while len(_candidates) > KEPT:
            _candidates.popitem(last=False)
    return made
