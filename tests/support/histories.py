"""Cases of an earlier day, kept as files: every table they touch, so that new code can be tried on old records.

.venv/bin/python -m tests.support.histories [moved]    # writes a new file; never change one that is there
"""

import base64
import json
import sys
import tempfile
from datetime import date, datetime
from pathlib import Path

from engine.calendar import seed_calendar
from engine.unit_of_work import Database
from models import metadata

FOLDER = Path(__file__).parent.parent / "histories"
TABLES = (
    "calendar_version", "calendar_entry", "calendar_year", "definition", "definition_version", "definition_file",
    "user_account", "instance", "instance_data", "token", "user_task", "deadline", "job", "history_event",
    "history_payload",
)  # fmt: skip


def dump(database: Database) -> dict:
    with database.read() as unit:
        return {
            name: [
                {k: _plain(v) for k, v in row._mapping.items()}
                for row in unit.connection.execute(metadata.tables[name].select())
            ]
            for name in TABLES
        }


def load(database: Database, stored: dict) -> None:
    """A column that came later gets its default; one that went is an error: an old record must stay readable."""
    with database.write() as unit:
        for name in TABLES:
            table = metadata.tables[name]
            rows = [{k: _restored(v, table.c[k]) for k, v in row.items()} for row in stored[name]]
            if rows:
                unit.connection.execute(table.insert(), rows)


def _plain(value):
    if isinstance(value, (bytes, memoryview)):
        return {"bytes": base64.b64encode(bytes(value)).decode()}
    if isinstance(value, datetime):
        return {"instant": value.isoformat()}
    return {"day": value.isoformat()} if isinstance(value, date) else value


def _restored(value, _column):
    if isinstance(value, dict) and len(value) == 1:
        ((kind, inner),) = value.items()
        if kind == "bytes":
            return base64.b64decode(inner)
        if kind == "instant":
            return datetime.fromisoformat(inner)
        if kind == "day":
            return date.fromisoformat(inner)
    return value


def main() -> None:
    """Play one case to the middle and one to the end, `moved` between versions on their way, and keep them."""
    from tests.support.office import Office  # noqa: PLC0415 -- only for writing
    from tests.support.rich import deploy_rich, move_twice, play_to_the_end, play_to_the_middle  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/alur.sqlite3")
        metadata.create_all(database.engine)
        office = Office(database)
        with database.write() as unit:
            seed_calendar(unit, office.clock.now())
        deploy_rich(office)
        cases = [play_to_the_middle(office), play_to_the_middle(office)]
        if sys.argv[1:] == ["moved"]:
            for case in cases:
                move_twice(office, case)
        play_to_the_end(office, cases[0])
        number = len(list(FOLDER.glob("*.json"))) + 1
        target = FOLDER / f"rich_{number:03}.json"
        target.write_text(json.dumps(dump(database), sort_keys=True) + "\n", encoding="utf-8")
        database.dispose()


if __name__ == "__main__":
    main()
