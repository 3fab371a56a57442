"""How long looking at a whole season takes: `python -m tests.benchmarks.looking DATABASE [--process KEY]`.

`DATABASE` is the SQLite file of one that `alur demo --season` made. What was reckoned of it is thrown away and reckoned
anew. Prints JSON: events per second, and the seconds of reading a process and of each of its pictures.
"""

import argparse
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, select, true, update
from sqlmodel import col

from engine.definitions import Definitions
from engine.looking import again, figures, reckon
from engine.looking.choice import Choice, cases, stamp
from engine.looking.visits import millis
from engine.unit_of_work import Database
from models import Instance, LookedBreak, LookedCase


def seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    answer = work()
    return round(time.perf_counter() - began, 3), answer


def reckoned(database: Database, definitions: Definitions) -> int:
    """Everything that is not up to date."""
    total = 0
    while did := reckon(database, definitions):
        total += did
    return total


def benchmark(database: Database, key: str, now: datetime) -> dict[str, Any]:
    definitions, choice, at = Definitions(database), Choice(key), millis(now)
    with database.write() as unit:
        unit.connection.execute(delete(LookedBreak))
        unit.connection.execute(delete(LookedCase))
    processor = time.process_time()
    took, looked = seconds(lambda: reckoned(database, definitions))
    processor = time.process_time() - processor
    with database.write() as unit:
        events = int(unit.connection.execute(select(func.sum(col(Instance.event_count)))).scalar() or 0)
        some = select(col(LookedCase.instance_id)).limit(1).scalar_subquery()
        unit.connection.execute(update(LookedCase).where(col(LookedCase.instance_id) == some).values(event_count=0))
    one, _ = seconds(lambda: reckoned(database, definitions))
    with database.read() as unit:
        asked, _ = seconds(lambda: stamp(unit, choice, true()))
        read, found = seconds(lambda: cases(unit, choice, true()))
    pictures = {
        "heat": lambda: figures.heat(found),
        "ways": lambda: figures.variants(found, choice),
        "waits by step": lambda: figures.waits(found, choice),
        "waits by unit": lambda: figures.waits(found, choice, figures.BY_UNIT),
        "rework": lambda: again.loops(found, choice),
        "lateness by step": lambda: figures.lateness(found, choice, figures.BY_STEP, at),
        "period": lambda: again.period(found, choice, at),
    }
    return {
        "cases": looked, "events": events, "reckoned_seconds": took, "events_per_second": round(events / took),
        "events_per_processor_second": round(events / processor), "one_case_again_seconds": one,
        "process": key, "cases_of_process": len(found), "visits_of_process": sum(len(c.walk.visits) for c in found),
        "still_the_same_seconds": asked, "read_seconds": read,
        "picture_seconds": {name: seconds(work)[0] for name, work in pictures.items()},
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("database", type=Path)
    parser.add_argument("--process", default="lkpp_participant")
    options = parser.parse_args()
    database = Database(f"sqlite:///{options.database}")
    print(json.dumps(benchmark(database, options.process, datetime.now(UTC)), indent=2))  # noqa: T201 -- a command
    database.dispose()


if __name__ == "__main__":
    main()
