"""Run every benchmark on SQLite and on a durable PostgreSQL, and print JSON (with `--json`, nothing else)."""

import argparse
import json
import logging
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from pathlib import Path

from engine.unit_of_work import Database
from models import metadata
from tests.benchmarks.bare import BareTransaction
from tests.benchmarks.timing import Measurement, interleave, timed
from tests.benchmarks.workload import OFFICER, Workload
from tests.support.databases import create_postgresql
from tests.support.postgresql import Cluster

STEPS = (10, 100, 1000)


def measure(name: str, database: Database, samples: int) -> Iterator[Measurement]:
    """All measurements on one database."""
    bare = BareTransaction(database)
    work = Workload(database)
    yield interleave("start a case", name, lambda: timed(work.start), bare, samples)
    for steps in STEPS:
        case = work.start()
        work.advance(case, 0, steps)
        yield interleave(
            f"complete a user task after {steps} steps", name, _completions(work, case, steps), bare, samples
        )
    big = work.start(isi=["x" * 1000] * 100)
    yield interleave("complete a user task with 100 KB of data", name, _completions(work, big, 0), bare, samples)
    yield interleave("claim and release a task", name, partial(_claim, work, big), bare, samples)


def _completions(work: Workload, case: str, first: int) -> Callable[[], float]:
    """One more completion of the case at every call."""
    numbers = count(first)
    return lambda: work.complete(case, next(numbers))


def _claim(work: Workload, case: str) -> float:
    task = work.open_task(case)
    start = time.perf_counter()
    version = work.runner.claim(task.id, OFFICER, task.version)
    work.runner.release(task.id, OFFICER, version)
    return time.perf_counter() - start


def run(samples: int, folder: Path) -> list[dict[str, object]]:
    results = []
    cluster = Cluster(durable=True)
    try:
        postgresql = create_postgresql(cluster.start(), "bench")
        for name, url in (("sqlite", f"sqlite:///{folder / 'bench.sqlite3'}"), ("postgresql", postgresql)):
            database = Database(url)
            metadata.create_all(database.engine)
            for measurement in measure(name, database, samples):
                results.append(measurement.to_json())
                print(json.dumps(results[-1]), file=sys.stderr)  # noqa: T201 -- progress of a program
            database.dispose()
    finally:
        cluster.stop()
    return results


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        results = run(120 if options.quick else 1000, Path(folder))
    report = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "seconds": round(time.monotonic() - began, 1),
        "bare": "SELECT … FOR UPDATE of one row, UPDATE of it, INSERT of 300 bytes, COMMIT",
        "measurements": results,
        "flat": {name: _flat(results, name) for name in ("sqlite", "postgresql")},
    }
    print(json.dumps(report, indent=2, ensure_ascii=False))  # noqa: T201 -- the result


def _flat(results: list[dict[str, object]], database: str) -> float:
    """How much dearer a completion is after the most steps than after the fewest."""
    p50 = {r["name"]: r["p50_ms"] for r in results if r["database"] == database}
    first, last = (p50[f"complete a user task after {steps} steps"] for steps in (STEPS[0], STEPS[-1]))
    return round(float(last) / float(first), 2)


if __name__ == "__main__":
    main()
