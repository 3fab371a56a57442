"""A run that a worker holds for a while: what every way of working on it shares."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import and_, select, update

from engine import people
from engine.errors import AlurError, ForbiddenError, InvalidDataError
from engine.imports.kinds import ImportContext, ImportKind
from engine.imports.runs import ROWS, RUNS
from engine.leases import Lease
from engine.runner import Runner
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from models import BulkRun

ENDED = Text(
    "Anda tidak lagi berwenang menjalankan impor ini; baris ini tidak dikerjakan.",
    "You may no longer run this import; this row was not done.",
)
Stop = Callable[[], bool]


class LeasedRun:
    """One leased run, and what is written of it."""

    def __init__(self, runner: Runner, run: BulkRun, lease: Lease) -> None:
        self.runner = runner
        self.database = runner.database
        self.run = run
        self.lease = lease
        self.kind: ImportKind = runner.registry.imports.get(run.kind)

    def context(self) -> ImportContext | None:
        """As its owner stands now: a role that ended meanwhile ends the run."""
        now = self.runner.clock.now()
        with self.database.read() as unit:
            actor = people.actor_for(unit, self.run.owner_id, now)
            scope = self.kind.scope(unit, actor, self.run.context["scope"], now) if actor else None
        if actor is None or scope is None:
            return None
        runner, run = self.runner, self.run
        return ImportContext(run.id, actor, scope, now, runner.registry, runner.definitions, run.started_at)

    def holds(self, unit: UnitOfWork) -> bool:
        """Renews the lease; false when another worker has it (this one was paused for too long)."""
        return self.lease.renew(unit, self.runner.clock.now())

    def state(self, unit: UnitOfWork) -> str | None:
        """Cancelled meanwhile?"""
        return unit.connection.execute(select(RUNS.c.state).where(RUNS.c.id == self.run.id)).scalar()

    def change(self, unit: UnitOfWork, **values: Any) -> None:
        unit.connection.execute(update(RUNS).where(RUNS.c.id == self.run.id).values(values))

    def note(self, unit: UnitOfWork, numbers: Iterable[int], state: str, result: dict[str, Any]) -> None:
        """What became of these rows, all the same."""
        chosen = sorted(numbers)
        these = and_(ROWS.c.run_id == self.run.id, ROWS.c.number.in_(chosen))
        unit.connection.execute(update(ROWS).where(these).values(state=state, result=result))
        counted = RUNS.c.done if state == "done" else RUNS.c.failed
        self.change(unit, **{counted.name: counted + len(chosen)})

    def let_go(self, unit: UnitOfWork, *, finished: bool) -> None:
        """Give the lease back; at the end, the run is done (unless it was cancelled)."""
        self.change(unit, lease_owner=None, lease_until=None)
        if finished:
            running = and_(RUNS.c.id == self.run.id, RUNS.c.state == "running")
            ended = {"state": "done", "finished_at": self.runner.clock.now()}
            unit.connection.execute(update(RUNS).where(running).values(ended))

    def end_without_authority(self) -> int:
        with self.database.write() as unit:
            if not self.holds(unit):
                return 0
            left = and_(ROWS.c.run_id == self.run.id, ROWS.c.state.in_(("ready", "doing")))
            refused = update(ROWS).where(left).values(state="failed", result=words(ForbiddenError(why=ENDED)))
            number = unit.connection.execute(refused).rowcount
            self.change(unit, failed=RUNS.c.failed + number)
            self.let_go(unit, finished=True)
        self.clean_up()
        return number

    def clean_up(self) -> None:
        """Uploaded files of a run that ended are of no use any more."""
        incoming = self.runner.registry.imports.incoming
        if incoming is None or self.kind.source != "files":
            return
        with self.database.read() as unit:
            state = self.state(unit)
        if state in ("done", "cancelled"):
            incoming.drop(self.run.id)


def words(error: AlurError) -> dict[str, Any]:
    """Why a row was not done, in both languages."""
    if isinstance(error, InvalidDataError) and error.faults:
        faults = [fault.text for found in error.faults.values() for fault in found]
        return {"text": {"id": " ".join(t.id for t in faults), "en": " ".join(t.in_locale("en") for t in faults)}}
    return {"text": {"id": error.message("id"), "en": error.message("en")}}
