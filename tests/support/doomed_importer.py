"""A worker process for fault tests: does the started imports of a given database. Somebody will kill it.

Run as `python -m tests.support.doomed_importer DATABASE_URL [FOLDER]`; it prints "idle" when all is done. In FOLDER
lie the files that are yet to be read.
"""

import sys
from pathlib import Path

from engine.clock import VirtualClock
from engine.definitions import Definitions
from engine.imports.incoming import Incoming
from engine.imports.work import take_over, work_off
from engine.registry import Registry
from engine.runner import Runner
from engine.unit_of_work import Database
from handlers import register_all
from tests.support.inpassing import START


def main(url: str, folder: str = "") -> None:
    database, registry = Database(url), Registry()
    register_all(registry)
    registry.imports.incoming = Incoming(Path(folder)) if folder else None
    take_over(database, "doomed")
    runner = Runner(database, registry, Definitions(database), VirtualClock(START))
    while work_off(runner, process="doomed"):
        pass
    print("idle", flush=True)  # noqa: T201 -- said to the test


if __name__ == "__main__":
    main(*sys.argv[1:3])
