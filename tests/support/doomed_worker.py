"""A worker process for fault tests: works on a given database until nothing is left. Somebody will kill it.

Run as `python -m tests.support.doomed_worker DATABASE_URL`; it prints "idle" when all is done.
"""

import sys

from sqlalchemy import func, select

from engine.clock import SystemClock
from engine.definitions import Definitions
from engine.mail import SpoolTransport
from engine.registry import Handler, HandlerContext, Registry
from engine.runner import Runner
from engine.unit_of_work import Database
from engine.worker import EMBEDDED, Ticker
from models import SatuanKerja


def register(context: HandlerContext) -> dict[str, str]:
    """Writes one row under an id of its own each time it runs: a second run would show."""
    count = context.unit.session.scalar(select(func.count()).select_from(SatuanKerja))
    row = SatuanKerja(
        id=f"{count:08}", instansi_id="kota", name=context.instance_id, name_key=f"{context.instance_id}:{count}",
        npwp="", address="", created_at=context.now,
    )  # fmt: skip
    context.unit.session.add(row)
    context.unit.session.flush()
    return {}


def registry() -> Registry:
    made = Registry()
    made.add(Handler("register", "async", register, "Daftarkan", "Register", max_attempts=50))
    return made


def main(url: str) -> None:
    database = Database(url)
    handlers, clock = registry(), SystemClock()
    runner = Runner(database, handlers, Definitions(database), clock)
    ticker = Ticker(runner, handlers, SpoolTransport(), clock, name=EMBEDDED)
    ticker.queue.take_over(clock.now())
    while ticker.run_once():
        pass
    print("idle", flush=True)  # noqa: T201 -- said to the test


if __name__ == "__main__":
    main(sys.argv[1])
