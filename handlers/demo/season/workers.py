"""Workers of a season: processes beside the play that do the slow handlers, as `alur worker` would in an office."""

import gc
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import get_context

from engine.clock import VirtualClock
from engine.definitions import Definitions
from engine.documents import Documents
from engine.jobs.run import RunReport, run_ready
from engine.letters.signing import signer_for
from engine.mail import SpoolTransport
from engine.registry import Registry
from engine.runner import Runner
from engine.settings import Settings
from engine.unit_of_work import Database
from handlers import register_all

HANDLERS = frozenset({"handler"})
AT_ONCE = 2
MOST_JOBS = 1_000_000


@dataclass
class _Worker:
    runner: Runner
    registry: Registry
    clock: VirtualClock


class Workers:
    """Two of them. Both work until nothing is ready; they take care themselves that no job is done twice."""

    def __init__(self, database: Database, settings: Settings, start: datetime) -> None:
        url = database.url.render_as_string(hide_password=False)
        self._pool = ProcessPoolExecutor(
            AT_ONCE, mp_context=get_context("spawn"), initializer=_open, initargs=(url, settings, start)
        )

    def run(self, now: datetime) -> list[RunReport]:
        """Everything that is ready at `now`, and what each worker did of it."""
        return list(self._pool.map(_work, [now] * AT_ONCE))

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)


_worker: _Worker | None = None


def _open(url: str, settings: Settings, start: datetime) -> None:
    global _worker  # noqa: PLW0603 -- one for a process of the pool
    gc.set_threshold(100_000, 50, 100)
    database, registry, clock = Database(url, durable=False), Registry(), VirtualClock(start)
    documents = Documents(settings.documents_folder)
    signer = signer_for(settings.signing, settings.signing_folder)
    register_all(registry, base_url=settings.base_url, documents=documents, signer=signer)
    _worker = _Worker(Runner(database, registry, Definitions(database), clock), registry, clock)


def _work(now: datetime) -> RunReport:
    if _worker is None:
        msg = "the process was not opened"
        raise RuntimeError(msg)
    _worker.clock.move_to(now)
    return run_ready(_worker.runner, _worker.registry, SpoolTransport(), now, MOST_JOBS, kinds=HANDLERS)
