"""Works off a run of proofs some cases at a time; whoever dies in the middle leaves whole chunks behind.

Reading and proving lock nothing; what was found in a chunk is written in one short transaction. Cases are taken in the
order of their ids, so that the last one says how far a run is, however many there are.
"""

import threading
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, insert, select, update
from sqlmodel import col

from engine import ledger
from engine.chores import SOME, Chore
from engine.crews import CHUNK, Crew, chunked
from engine.documents import Documents
from engine.leases import Lease, free, take
from engine.proof.alarms import raise_alarm
from engine.proof.crew import Proved, crew_for, total
from engine.proof.installation import Found, Roots, check_rest
from engine.proof.results import seal_result
from engine.proof.runs import FINDINGS, RUNS, belonging
from engine.unit_of_work import UnitOfWork, inserting
from models import CaseProof, Instance, ProofRun

if TYPE_CHECKING:
    from engine.runner import Runner

MOST_OF_A_CASE = 20
"""Findings that are kept of one case: the first of them tell what is wrong."""


@dataclass(frozen=True)
class Installation:
    """What of the installation a proof needs beside its database."""

    documents: Documents | None = None
    base_url: str = ""
    """Where mails lead."""
    roots: Roots = lambda: None
    """The certificates at which the signatures of anchors must end."""


def chore(place: Installation) -> Chore:
    """For a ticker: goes on with the run that waits longest."""
    return Chore("proofs", lambda runner, now: work_off(runner, place, now), every=timedelta(seconds=1))


def work_off(runner: "Runner", place: Installation, now: datetime, *, most: int = SOME) -> int:
    """Up to about `most` cases of one run; returns how many."""
    waiting = select(ProofRun).where(col(ProofRun.state) == "running", free(RUNS, now))
    taken = take(runner.database, RUNS, waiting.order_by(col(ProofRun.created_at), col(ProofRun.id)).limit(1), now)
    return 0 if taken is None else _Leased(runner, place, *taken).work(most)


class _Leased:
    """One run while this worker holds it."""

    def __init__(self, runner: "Runner", place: Installation, run: ProofRun, lease: Lease) -> None:
        self.runner, self.place = runner, place
        self.database = runner.database
        self.run, self.lease = run, lease
        self.cursor = run.cursor or ""
        self.found = run.findings

    def work(self, most: int) -> int:
        crew = self._crew()
        did = 0
        while did < most:
            ids = self._next(CHUNK * crew.width)
            if not ids:
                self._finish()
                return did
            for results in crew.each(chunked(ids)):
                if not self._write(results):  # it was stopped, or another worker has it
                    _dismiss(self.run.id)
                    return did
                did += len(results)
        with self.database.write() as unit:
            self.lease.let_go(unit)
        return did

    def _next(self, most: int) -> list[str]:
        named: list[str] | None = self.run.choice.get("cases")
        if named is not None:
            first = bisect_right(named, self.cursor)
            return named[first : first + most]
        rest: Select[Any] = select(col(Instance.id)).where(
            *belonging(self.run.choice, self.run.created_at), col(Instance.id) > self.cursor
        )
        with self.database.read() as unit:
            return list(unit.connection.execute(rest.order_by(col(Instance.id)).limit(most)).scalars())

    def _write(self, results: Sequence[Proved]) -> bool:
        events, acts, broken, _findings = total(results)
        now = self.runner.clock.now()
        with self.database.write() as unit:
            if not self._holds(unit):
                return False
            kept = [(r, f) for r in results for f in r.findings[:MOST_OF_A_CASE]]
            self._keep(unit, [(r.instance_id, r.number or r.instance_id, f) for r, f in kept])
            _stand(unit, self.run, results, now)
            self.cursor = results[-1].instance_id
            self._change(
                unit, cursor=self.cursor, cases=RUNS.c.cases + len(results), events=RUNS.c.events + events,
                acts=RUNS.c.acts + acts, broken=RUNS.c.broken + broken, findings=self.found,
            )  # fmt: skip
        return True

    def _finish(self) -> None:
        """What is outside of cases, where everything was wanted; then the result is sealed into the ledger."""
        rest: list[Found] = check_rest(self.database, self.place.roots) if self.run.scope == "everything" else []
        now = self.runner.clock.now()
        with self.database.write() as unit:
            if self._holds(unit):
                self._keep(unit, [(None, f"{one.about} {one.subject}".strip(), one.finding) for one in rest])
                stands = ledger.head(unit)
                self._change(
                    unit, findings=self.found, state="done", finished_at=now, ledger_count=stands.count,
                    ledger_hash=stands.hash, lease_owner=None, lease_until=None,
                )  # fmt: skip
                seal_result(unit, self.run.id, now)
                if self.found and self.run.scope == "everything":
                    raise_alarm(unit, self.run.id, self.run.kind, self.found, self.place.base_url, now)
        _dismiss(self.run.id)

    def _keep(self, unit: UnitOfWork, found: Sequence[tuple[str | None, str, Any]]) -> None:
        rows = [
            {"run_id": self.run.id, "number": self.found + number, "instance_id": ident, "subject": subject[:120],
             "code": one.code, "seq": one.seq, "text": one.text.to_json()}
            for number, (ident, subject, one) in enumerate(found, 1)
        ]  # fmt: skip
        if rows:
            unit.connection.execute(insert(FINDINGS), rows)
        self.found += len(rows)

    def _holds(self, unit: UnitOfWork) -> bool:
        return self.lease.renew(unit, self.runner.clock.now(), RUNS.c.state == "running")

    def _change(self, unit: UnitOfWork, **values: Any) -> None:
        unit.connection.execute(update(RUNS).where(RUNS.c.id == self.run.id).values(values))

    def _crew(self) -> Crew[Proved]:
        left = max(0, self.run.total - self.run.cases)
        return _employed(
            self.run.id,
            lambda: crew_for(self.database, self.place.documents, replay=self.run.kind == "reproduce", cases=left),
        )


def _stand(unit: UnitOfWork, run: ProofRun, results: Sequence[Proved], now: datetime) -> None:
    """How each case stood last. To reproduce is to verify too."""
    kinds = ("verify", "reproduce") if run.kind == "reproduce" else ("verify",)
    rows = [
        {"instance_id": r.instance_id, "kind": kind, "run_id": run.id, "at": now, "events": r.events,
         "findings": len(r.findings)}
        for r in results
        for kind in kinds
    ]  # fmt: skip
    statement = inserting(unit, CaseProof)
    newer = {name: statement.excluded[name] for name in ("run_id", "at", "events", "findings")}
    unit.connection.execute(statement.on_conflict_do_update(index_elements=["instance_id", "kind"], set_=newer), rows)


# --- kept in this process between two ticks --------------------------------------------------------------------------

_crews: dict[str, Crew[Proved]] = {}
_lock = threading.Lock()


def _employed(run_id: str, employ: Callable[[], Crew[Proved]]) -> Crew[Proved]:
    """The crew of a run, until it is done or somebody stops it."""
    with _lock:
        if run_id not in _crews:
            _crews[run_id] = employ()
        return _crews[run_id]


def _dismiss(run_id: str) -> None:
    with _lock:
        crew = _crews.pop(run_id, None)
    if crew is not None:
        crew.close()
