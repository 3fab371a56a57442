"""Time in a season: it stops wherever something is due, and what the acts left behind is done at once."""

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from engine import programmes
from engine.clock import VirtualClock
from engine.deadlines import fire_due
from engine.jobs.queue import KINDS
from engine.jobs.run import run_ready
from engine.mail import SpoolTransport
from engine.registry import Registry
from engine.runner import Runner
from engine.unit_of_work import Database
from engine.upcoming import next_due

MOST_JOBS = 1_000_000
LETTERS = frozenset({"handler"})
AT_ONCE = 2


class Clockwork:
    """Moves the clock; deadlines, jobs and the programme's closing happen at their own instants."""

    def __init__(self, database: Database, runner: Runner, registry: Registry, clock: VirtualClock) -> None:
        self._database = database
        self._runner = runner
        self._registry = registry
        self._mailer = SpoolTransport()
        self._letters = ThreadPoolExecutor(AT_ONCE)
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
        """Do the jobs that are ready, and those that they lead to; letters are set two at a time, as workers would."""
        while self._run(KINDS - LETTERS) + sum(self._letters.map(self._run, [LETTERS] * AT_ONCE)):
            pass

    def _run(self, kinds: Collection[str]) -> int:
        report = run_ready(self._runner, self._registry, self._mailer, self.now, limit=MOST_JOBS, kinds=kinds)
        self.jobs += report.done
        self.incidents += report.incidents
        return report.total

    def _tick(self) -> None:
        programmes.close_due(self._database, self.now)
        report = fire_due(self._runner, self.now)
        self.fired += report.fired
        self.incidents += report.incidents
        self.settle()
