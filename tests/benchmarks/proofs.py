"""How fast records are proved and reproduced, what memory that takes, and what writing them costs.

.venv/bin/python -m tests.benchmarks.proofs [--cases 500] [--samples 150] [--json] [--skip-writing]

`--cases 10000 --skip-writing` is the big installation that nobody touched: no finding, and memory that does not grow.
"""

import argparse
import json
import logging
import platform
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import select

from engine.acts import cases
from engine.acts.facts import Facts
from engine.definitions import Definitions
from engine.history.journal import EVENTS, PAYLOADS, Head, Sealed
from engine.proof import check_everything
from engine.spiff import Session
from engine.spiff.snapshot import Snapshot
from engine.unit_of_work import Database
from models import metadata
from tests.benchmarks.workload import OFFICER, Workload
from tests.support.databases import create_postgresql
from tests.support.postgresql import Cluster

ROUNDS = 5
"""Completions of a case; the last one ends one case in two."""
LEAST = {"verified events per second": 2_000, "reproduced completions per second": 200}
MOST = {"share of a completion that is history": 0.25}
AT_ONCE = 1_000
BOTH = ("sqlite", "postgresql")


@contextmanager
def without_history() -> Iterator[None]:
    """Acts as they are, but nothing is recorded of them: no events, no payload, no hashes, no digests of states."""
    unrecorded = {
        (cases, "_entry"): lambda *_: None,
        (cases.history, "seal"): lambda head, _: Sealed(Head(head.acts + 1, head.events, head.hash), [], None),
        (cases.history, "write"): lambda *_: None,
        (Facts, "sealing"): lambda *_: b"",
        (Session, "digest"): lambda *_, **__: b"",
        (Snapshot, "digest"): lambda _: b"",
    }
    with ExitStack() as stack:
        for (place, name), instead in unrecorded.items():
            stack.enter_context(patch.object(place, name, instead))
        yield


# --- writing ---------------------------------------------------------------------------------------------------------


def writing(name: str, database: Database, samples: int) -> dict[str, Any]:
    """Completions with and without history, in turns in one run: by the clock on the wall, and of the processor."""
    work = Workload(database)
    recorded, unrecorded = _completions(work), _completions(work)
    whole, less = [], []
    for number in range(samples + 10):
        taken = recorded()
        with without_history():
            bare = unrecorded()
        if number >= 10:  # the first ones make statements that the others find made
            whole.append(taken)
            less.append(bare)
    wall, own = (_share([one[n] for one in whole], [one[n] for one in less]) for n in (0, 1))
    most = MOST["share of a completion that is history"]
    return {
        "name": "share of a completion that is history",
        "database": name,
        "samples": samples,
        "with_ms": _ms(whole, 0),
        "without_ms": _ms(less, 0),
        "with_processor_ms": _ms(whole, 1),
        "without_processor_ms": _ms(less, 1),
        "value": wall,
        "of_the_processor": own,
        "most": most,
        "ok": wall <= most and own <= most,
    }


def _ms(taken: list[tuple[float, float]], which: int) -> float:
    return round(statistics.median(one[which] for one in taken) * 1000, 3)


def _share(whole: list[float], less: list[float]) -> float:
    return round(1 - statistics.median(less) / statistics.median(whole), 3)


def _completions(work: Workload) -> Callable[[], tuple[float, float]]:
    """One more completion of a case at every call: seconds on the wall, and of the processor."""
    case, numbers = work.start(), count()

    def complete() -> tuple[float, float]:
        task, n = work.open_task(case), next(numbers)
        work.clock.move_to(work.clock.now() + timedelta(seconds=1))
        start, own = time.perf_counter(), time.process_time()
        work.runner.complete(task.id, OFFICER, {"n": n, "catatan": f"putaran {n}"}, task.version)
        return time.perf_counter() - start, time.process_time() - own

    return complete


# --- proving ---------------------------------------------------------------------------------------------------------


def fill(database: Database, number: int, say: Callable[[str], None]) -> None:
    """So many cases, one in two of them finished."""
    work = Workload(database)
    for n in range(number):
        case = work.start()
        for step in range(ROUNDS):
            work.complete(case, 1_000_000 if n % 2 and step == ROUNDS - 1 else step)
        if n % 500 == 499:
            say(f"{n + 1} cases")


def proving(name: str, database: Database, say: Callable[[str], None]) -> Iterator[dict[str, Any]]:
    """On one core, by the processor's time of this process: others on the machine slow the wall's clock alone."""
    reading = _timed(lambda: _read(database))[1]
    for replay, what in ((False, "verified events per second"), (True, "reproduced completions per second")):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        wall, seconds, report = _timed(partial(check_everything, database, Definitions(database), replay=replay))
        done = report.acts - report.cases if replay else report.events
        say(f"{what}: {done / seconds:.0f}")
        yield {
            "name": what,
            "database": name,
            "cases": report.cases,
            "events": report.events,
            "completions": report.acts - report.cases,
            "findings": len(report.findings),
            "seconds": round(wall, 2),
            "processor_seconds": round(seconds, 2),
            "value": round(done / seconds),
            "least": LEAST[what],
            "ratio_to_reading_the_events": round(seconds / reading, 2),
            "megabytes_more_at_the_peak": round(
                (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024, 1
            ),
            "ok": done / seconds >= LEAST[what] and report.ok,
        }


def _timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """By the clock on the wall, and of the processor; and what came of it."""
    start, own = time.perf_counter(), time.process_time()
    answer = work()
    return time.perf_counter() - start, time.process_time() - own, answer


def _read(database: Database) -> None:
    """Every event and payload, and nothing done with them: what a proof is compared with."""
    with database.read() as unit:
        for table in (EVENTS, PAYLOADS):
            query = select(table).order_by(table.c.instance_id, table.c.seq)
            for _ in unit.connection.execute(query.execution_options(yield_per=AT_ONCE)):
                pass


# --- the command -----------------------------------------------------------------------------------------------------


def run(
    number: int, samples: int, folder: Path, *, write: bool, say: Callable[[str], None], on: Sequence[str] = BOTH
) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = []
    cluster = Cluster(durable=True)
    try:
        maintenance = cluster.start()
        for name in on:
            if write:
                measured = Database(_url(name, "writing", maintenance, folder))
                metadata.create_all(measured.engine)
                results.append(writing(name, measured, samples))
                say(json.dumps(results[-1]))
                measured.dispose()
            database = Database(_url(name, "proving", maintenance, folder), durable=False)
            metadata.create_all(database.engine)
            fill(database, number, say)
            results.extend(proving(name, database, say))
            database.dispose()
    finally:
        cluster.stop()
    return results


def _url(name: str, what: str, maintenance: str, folder: Path) -> str:
    return f"sqlite:///{folder / what}.sqlite3" if name == "sqlite" else create_postgresql(maintenance, f"bench_{what}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=500)
    parser.add_argument("--samples", type=int, default=150)
    parser.add_argument("--skip-writing", action="store_true")
    parser.add_argument("--on", choices=BOTH, nargs="*", default=BOTH)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)

    def say(what: str) -> None:
        print(what, file=sys.stderr)  # noqa: T201 -- progress of a program

    with tempfile.TemporaryDirectory() as folder:
        results = run(
            options.cases, options.samples, Path(folder), write=not options.skip_writing, say=say, on=options.on
        )
    report = {"python": platform.python_version(), "machine": platform.machine(), "measurements": results,
              "ok": all(result["ok"] for result in results)}  # fmt: skip
    print(json.dumps(report, indent=2, ensure_ascii=False))  # noqa: T201 -- the result
    sys.exit(0 if report["ok"] else 1)


if __name__ == "__main__":
    main()
