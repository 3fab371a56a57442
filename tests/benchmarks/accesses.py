"""How long 110,175 accesses take to load, and how much memory: `python -m tests.benchmarks.accesses [--postgresql]`.

Prints JSON: rows per second, seconds of processor and peak memory of the reading and of the run, statements a row.
"""

import argparse
import json
import resource
import tempfile
import time
from pathlib import Path

from sqlalchemy import func, select

from engine.unit_of_work import Database
from models import Membership, User, metadata
from tests.support.accesses import TOTAL, access_csv, access_rows, access_xlsx
from tests.support.databases import counting, create_postgresql
from tests.support.importer import Importer
from tests.support.postgresql import Cluster


def measured(importer: Importer, rows: int) -> dict[str, float]:
    """What the worker needs until nothing waits. Memory is the peak of this process so far."""
    began, processor = time.perf_counter(), time.process_time()
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    with counting(importer.database) as statements:
        importer.work()
    seconds = time.perf_counter() - began
    return {
        "seconds": round(seconds, 1),
        "rows_per_second": round(rows / seconds),
        "processor_seconds": round(time.process_time() - processor, 1),
        "child_processor_seconds": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - children, 1),
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "statements_per_row": round(len(statements) / rows, 4),
    }


def benchmark(database: Database, folder: Path, rows: int, *, xlsx: bool) -> dict[str, object]:
    importer = Importer(database, folder)
    body = (access_xlsx if xlsx else access_csv)(access_rows(rows))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    run_id = importer.upload("inaproc_accounts", "akses.xlsx" if xlsx else "akses.csv", body)
    size = len(body)
    del body
    read = measured(importer, rows)
    importer.start(run_id)
    done = measured(importer, rows)
    with database.read() as unit:
        accounts = unit.session.scalar(select(func.count()).select_from(User)) - 1
        held = unit.session.scalar(select(func.count()).select_from(Membership)) - 1
    run = importer.run_of(run_id)
    return {
        "rows": rows, "file_megabytes": round(size / 1e6, 1), "megabytes_before": before, "reading": read, "run": done,
        "state": run.state, "done": run.done, "failed": run.failed, "faulty": run.faulty, "accounts": accounts,
        "accesses": held,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=TOTAL)
    parser.add_argument("--xlsx", action="store_true")
    parser.add_argument("--postgresql", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.postgresql:
            cluster = Cluster(durable=True)
            try:
                database = Database(create_postgresql(cluster.start(), "bench"))
                report = benchmark(database, folder, options.rows, xlsx=options.xlsx)
                database.dispose()
            finally:
                cluster.stop()
        else:
            database = Database(f"sqlite:///{folder / 'bench.sqlite3'}")
            metadata.create_all(database.engine)
            report = benchmark(database, folder, options.rows, xlsx=options.xlsx)
    print(json.dumps(report, indent=2))  # noqa: T201 -- the result


if __name__ == "__main__":
    main()
