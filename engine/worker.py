"""The ticker: every second, and at once when woken, it fires what is due and works off what is ready.

APScheduler only ticks. Nothing is kept in its job store, which drops what is late; the tables are the truth, so after
a downtime of any length the first tick finds everything that came due meanwhile.
"""

import logging
from collections.abc import Callable, Collection
from datetime import UTC
from threading import Event

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy.exc import DBAPIError

from engine.chores import Rota
from engine.clock import Clock, SystemClock
from engine.deadlines import fire_due, release_claims
from engine.errands import KIND
from engine.human_tasks import forget_drafts
from engine.imports.runs import forget_runs
from engine.imports.work import take_over, work_off
from engine.jobs.queue import TableQueue
from engine.jobs.run import run_ready
from engine.mail.transports import Transport
from engine.people import expire_memberships
from engine.programmes import close_due
from engine.registry import Registry
from engine.runner import Runner

log = logging.getLogger(__name__)

EMBEDDED = "embedded"
"""The name of the one process of the embedded profile: at its start it takes over what its predecessor left."""
BATCH = 100
TICK_SECONDS = 1
HEARTBEAT_SECONDS = 10
UPKEEP_SECONDS = 60
WORK = frozenset({"handler", "message", "signal"})
MAIL = frozenset({"mail"})
ERRANDS = frozenset({KIND})


class Ticker:
    """Lanes side by side (deadlines, work, mail, errands, imports): neither a slow mail server nor an import of a
    thousand rows holds up a deadline."""

    def __init__(
        self, runner: Runner, registry: Registry, mailer: Transport, clock: Clock, *, name: str = "worker"
    ) -> None:
        self.runner = runner
        self.registry = registry
        self.mailer = mailer
        self.clock = clock
        self.queue = TableQueue(runner.database, name)
        self._stopping = Event()
        rota = Rota()
        # Chores first: what they leave to be done is done in the same round.
        self._lanes: dict[str, Callable[[], int]] = {
            f"chore:{chore.name}": lambda c=chore: rota.run(c, self.runner, self.clock.now())  # type: ignore[misc]
            for chore in registry.chores.all()
        }
        self._lanes |= {
            "deadlines": self._deadlines,
            "work": lambda: self._run(WORK),
            "mail": lambda: self._run(MAIL),
            "errands": lambda: self._run(ERRANDS),
            "imports": self._imports,
        }
        # A lane that is busy for longer than a second would be a warning every second.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._scheduler = BackgroundScheduler(
            timezone=UTC, executors={"default": ThreadPoolExecutor(len(self._lanes) + 2)}
        )

    def start(self) -> None:
        """Tick from now on. What a predecessor of the same name held is taken over first."""
        if self.queue.process == EMBEDDED:
            self.queue.take_over(self.clock.now())
            take_over(self.runner.database, EMBEDDED)
            release_claims(self.runner.database)
        for lane in self._lanes:
            self._add(lane, TICK_SECONDS, self._tick, lane)
        self._add("heartbeat", HEARTBEAT_SECONDS, self._guarded, self._renew)
        self._add("upkeep", UPKEEP_SECONDS, self._guarded, self._keep_up)
        self._scheduler.start()
        self.runner.wake = self.wake
        self.wake()

    def stop(self) -> None:
        """Let what is running finish, then rest. What was not begun stays in the tables."""
        self._stopping.set()
        self.runner.wake = None
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)

    def wake(self) -> None:
        """Tick at once: something was committed that waits for us."""
        if self._stopping.is_set() or not self._scheduler.running:
            return
        now = SystemClock().now()  # the scheduler runs on the machine's time, whatever clock the cases live by
        for lane in self._lanes:
            self._scheduler.modify_job(lane, next_run_time=now)

    def run_once(self) -> int:
        """Everything that is due and ready now, here and at once; how many pieces of work that was."""
        return sum(self._drain(lane) for lane in self._lanes)

    # --- inside ------------------------------------------------------------------------------------------------

    def _add(self, name: str, seconds: int, function: Callable[..., None], *arguments: object) -> None:
        # coalesce and max_instances: a tick that is late or still busy is one tick. No grace: no tick is ever "missed".
        self._scheduler.add_job(
            function, IntervalTrigger(seconds=seconds, timezone=UTC), id=name, args=arguments,
            coalesce=True, max_instances=1, misfire_grace_time=None,
        )  # fmt: skip

    def _tick(self, lane: str) -> None:
        self._guarded(lambda: self._drain(lane))

    def _guarded(self, work: Callable[[], int]) -> None:
        """A database that is away for a while must not end the ticking."""
        try:
            work()
        except DBAPIError as error:
            log.error("tick failed", extra={"action": "tick_failed", "error": type(error).__name__})  # noqa: TRY400

    def _drain(self, lane: str) -> int:
        """Batch by batch until a batch was not full; the clock is read for each."""
        total = 0
        while not self._stopping.is_set():
            did = self._lanes[lane]()
            total += did
            if did < BATCH:
                break
        return total

    def _deadlines(self) -> int:
        """Programmes whose last day is over, then timers."""
        now = self.clock.now()
        return close_due(self.runner.database, now) + fire_due(self.runner, now, most=BATCH).total

    def _run(self, kinds: Collection[str]) -> int:
        now = self.clock.now()
        return run_ready(self.runner, self.registry, self.mailer, now, BATCH, kinds=kinds, queue=self.queue).total

    def _imports(self) -> int:
        return work_off(self.runner, process=self.queue.process, most=BATCH, stop=self._stopping.is_set)

    def _renew(self) -> int:
        return self.queue.renew(self.clock.now())

    def _keep_up(self) -> int:
        """Mark accesses whose last day is over (the dates alone have closed them already); drop useless drafts."""
        now = self.clock.now()
        with self.runner.database.write() as unit:
            tidied = expire_memberships(unit, now) + forget_drafts(unit, now)
            forgotten = forget_runs(unit, now)
        if self.registry.imports.incoming is not None:
            for run_id in forgotten:
                self.registry.imports.incoming.drop(run_id)
        return tidied + len(forgotten) + self.runner.release_lapsed(now=now)
