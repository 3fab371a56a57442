"""Time in a season: it stops wherever something is due, and what the acts left behind is done at once."""

from datetime import datetime

from sqlalchemy import bindparam, func, literal, select
from sqlmodel import col

from engine import programmes
from engine.clock import VirtualClock
from engine.deadlines import fire_due
from engine.jobs.queue import KINDS
from engine.jobs.run import RunReport, run_ready
from engine.mail import SpoolTransport
from engine.registry import Registry
from engine.runner import Runner
from engine.unit_of_work import Database
from engine.upcoming import next_due
from handlers.demo.season.workers import HANDLERS, MOST_JOBS, Workers
from models import Job

QUICK = KINDS - HANDLERS
FEW = 4
"""So few slow handlers are done here: to ask the workers costs more."""


_WAITING = select(func.count()).where(
    col(Job.state) == literal("ready", literal_execute=True),
    col(Job.run_at) <= bindparam("now"),
    col(Job.kind).in_(sorted(HANDLERS)),
)


class Clockwork:
    """Moves the clock; deadlines, jobs and the programme's closing happen at their own instants."""

    def __init__(
        self,
        database: Database,
        runner: Runner,
        registry: Registry,
        clock: VirtualClock,
        workers: Workers | None = None,
    ) -> None:
        self._database = database
        self._runner = runner
        self._registry = registry
        self._mailer = SpoolTransport()
        self._workers = workers
        self.clock = clock
        self.fired = 0
        self.jobs = 0
        self.incidents: list[str] = []

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def until(self, instant: datetime) -> None:
        """Let time pass, stopping wherever something is due on the way."""
        while (due := next_due(self._database, instant)) is not None:
            self.clock.move_to(max(due, self.now))
            self._tick()
        self.clock.move_to(instant)
        self._tick()

    def settle(self) -> None:
        """Do the jobs that are ready, and those that they lead to."""
        while self._run() + self._slow():
            pass

    def _run(self) -> int:
        return self._noted(run_ready(self._runner, self._registry, self._mailer, self.now, MOST_JOBS, kinds=QUICK))

    def _slow(self) -> int:
        """Letters and the like: many are given to the workers."""
        waiting = self._waiting()
        if waiting > FEW and self._workers is not None:
            return sum(self._noted(report) for report in self._workers.run(self.now))
        if waiting == 0:
            return 0
        return self._noted(run_ready(self._runner, self._registry, self._mailer, self.now, MOST_JOBS, kinds=HANDLERS))

    def _waiting(self) -> int:
        with self._database.read() as unit:
            return int(unit.connection.execute(_WAITING, {"now": self.now}).scalar_one())

    def _noted(self, report: RunReport) -> int:
        self.jobs += report.done
        self.incidents += report.incidents
        return report.total

    def _tick(self) -> None:
        programmes.close_due(self._database, self.now)
        report = fire_due(self._runner, self.now)
        self.fired += report.fired
        self.incidents += report.incidents
        self.settle()
