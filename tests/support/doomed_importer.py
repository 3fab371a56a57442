"""A worker process for fault tests: does the started imports of a given database. Somebody will kill it.

Run as `python -m tests.support.doomed_importer DATABASE_URL`; it prints "idle" when all is done.
"""

import sys

from engine.clock import VirtualClock
from engine.definitions import Definitions
from engine.imports.work import take_over, work_off
from engine.registry import Registry
from engine.runner import Runner
from engine.unit_of_work import Database
from handlers import register_all
from tests.support.inpassing import START


def main(url: str) -> None:
    database, registry = Database(url), Registry()
    register_all(registry)
    take_over(database, "doomed")
    runner = Runner(database, registry, Definitions(database), VirtualClock(START))
    while work_off(runner, process="doomed"):
        pass
    print("idle", flush=True)  # noqa: T201 -- said to the test


if __name__ == "__main__":
    main(sys.argv[1])
