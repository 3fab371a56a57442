"""Works off a run some cases at a time; whoever dies in the middle leaves whole chunks behind, and the next goes on.

Reading and running cost nobody a lock; what was found of a chunk is written in one short transaction.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Select, bindparam, select, update
from sqlmodel import col

from engine.backtest import summary
from engine.backtest.candidate import Candidate, candidate_of, unpacked
from engine.backtest.crew import crew_for
from engine.backtest.runs import CASES, RUNS, measured
from engine.backtest.verdict import CaseResult
from engine.chores import SOME, Chore
from engine.crews import CHUNK, Crew, chunked
from engine.leases import Lease, free, take
from engine.registry import Registry
from engine.unit_of_work import Database, UnitOfWork
from models import BacktestRun

if TYPE_CHECKING:
    from engine.runner import Runner

VERDICTS = ("same", "differs", "missing", "failed")
KEPT = 4
_EACH: Any = bindparam("of_number")


def chore() -> Chore:
    """For a ticker: goes on with the run that waits longest."""
    return Chore("backtest", work_off, every=timedelta(seconds=1))


def work_off(runner: "Runner", now: datetime, *, most: int = SOME, run_id: str | None = None) -> int:
    """Up to about `most` cases of one run; returns how many."""
    taken = take(runner.database, RUNS, _waiting(now, run_id), now)
    return 0 if taken is None else _Leased(runner, *taken).work(most)


def _waiting(now: datetime, run_id: str | None) -> Select[BacktestRun]:
    waiting = select(BacktestRun).where(col(BacktestRun.state) == "running", free(RUNS, now))
    if run_id is not None:
        waiting = waiting.where(col(BacktestRun.id) == run_id)
    return waiting.order_by(col(BacktestRun.created_at), col(BacktestRun.id)).limit(1)


class _Leased:
    """One run while this worker holds it."""

    def __init__(self, runner: "Runner", run: BacktestRun, lease: Lease) -> None:
        self.runner = runner
        self.database: Database = runner.database
        self.run = run
        self.lease = lease

    def work(self, most: int) -> int:
        crew = _crew(self.run, self.runner)
        did = 0
        while did < most:
            with self.database.read() as unit:
                rows = unit.connection.execute(self._next(CHUNK * crew.width)).all()
            if not rows:
                self._finish()
                break
            wrote = self._round(crew, rows)
            did += wrote
            if wrote < len(rows):  # it was stopped, or another worker has it
                _dismiss(self.run.id)
                return did
        self._let_go()
        return did

    def _round(self, crew: Crew[CaseResult], rows: Sequence[Row[Any]]) -> int:
        """Each chunk is written when it is done; how many cases were."""
        wrote = 0
        for results in crew.each(chunked([row.instance_id for row in rows])):
            with self.database.write() as unit:
                if not self._holds(unit):
                    return wrote
                self._write(unit, rows[wrote : wrote + len(results)], results)
            wrote += len(results)
        return wrote

    def _next(self, most: int) -> Select[Any]:
        waiting = (CASES.c.run_id == self.run.id) & CASES.c.verdict.is_(None)
        return select(CASES.c.number, CASES.c.instance_id).where(waiting).order_by(CASES.c.number).limit(most)

    def _holds(self, unit: UnitOfWork) -> bool:
        """Renews the lease. False when the run was cancelled, or another worker has it (this one was paused)."""
        return self.lease.renew(unit, self.runner.clock.now(), RUNS.c.state == "running")

    def _write(self, unit: UnitOfWork, rows: Sequence[Row[Any]], results: Sequence[CaseResult]) -> None:
        found = [_row(row.number, result) for row, result in zip(rows, results, strict=True)]
        this = (CASES.c.run_id == self.run.id) & (CASES.c.number == _EACH)
        unit.connection.execute(update(CASES).where(this), found)
        counts = {verdict: RUNS.c[verdict] + sum(r.verdict == verdict for r in results) for verdict in VERDICTS}
        self._change(unit, summary=summary.added(self._summary(unit), results), **counts)

    def _finish(self) -> None:
        with self.database.write() as unit:
            if self._holds(unit):
                found = {**self._summary(unit), "lengths": summary.lengths(measured(unit, self.run.id))}
                self._change(unit, state="done", finished_at=self.runner.clock.now(), summary=found)
        _dismiss(self.run.id)

    def _let_go(self) -> None:
        with self.database.write() as unit:
            self.lease.let_go(unit)

    def _summary(self, unit: UnitOfWork) -> dict[str, Any]:
        query = select(RUNS.c.summary).where(RUNS.c.id == self.run.id)
        known: dict[str, Any] = unit.connection.execute(query).scalar_one()
        return known

    def _change(self, unit: UnitOfWork, **values: Any) -> None:
        unit.connection.execute(update(RUNS).where(RUNS.c.id == self.run.id).values(values))


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


# --- kept in this process between two ticks --------------------------------------------------------------------------

_crews: dict[str, Crew[CaseResult]] = {}
_candidates: OrderedDict[tuple[str, int], Candidate] = OrderedDict()
_lock = threading.Lock()


def _crew(run: BacktestRun, runner: "Runner") -> Crew[CaseResult]:
    """The crew of a run, until it is done or somebody stops it."""
    with _lock:
        if run.id not in _crews:
            left = run.total - run.same - run.differs - run.missing - run.failed
            files = unpacked(bytes(run.package))
            _crews[run.id] = crew_for(runner.database, runner.registry, run.key, files, run.created_at, cases=left)
        return _crews[run.id]


def _dismiss(run_id: str) -> None:
    with _lock:
        crew = _crews.pop(run_id, None)
    if crew is not None:
        crew.close()


def candidate_of_run(run: BacktestRun, registry: Registry) -> Candidate:
    """Its files for a page, parsed once in this process."""
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
