"""Fresh databases for tests: a copied SQLite file, an emptied PostgreSQL database, a statement counter."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import event, text

from engine.unit_of_work import Database
from models import metadata
from models.migrations import upgrade


def make_sqlite_template(path: Path) -> Path:
    database = Database(f"sqlite:///{path}")
    with database.write() as unit:
        upgrade(unit.connection)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    database.dispose()
    return path


def copy_sqlite(template: Path, folder: Path) -> Database:
    target = folder / "alur.sqlite3"
    shutil.copy(template, target)
    return Database(f"sqlite:///{target}")


def create_postgresql(maintenance_url: str, name: str) -> str:
    admin = Database(maintenance_url)
    with admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    admin.dispose()
    url = maintenance_url.rsplit("/", 1)[0] + "/" + name
    database = Database(url)
    with database.write() as unit:
        upgrade(unit.connection)
    database.dispose()
    return url


def empty_postgresql(database: Database) -> None:
    names = ", ".join(f'"{t.name}"' for t in metadata.sorted_tables)
    with database.engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {names} CASCADE"))


class Statements(list[str]):
    """What was sent to the database, BEGIN left out; `commits` counts commits, `bytes` what was bound."""

    commits = 0
    bytes = 0


@contextmanager
def counting(database: Database) -> Iterator[Statements]:
    """Count statements and commits of every connection while the block runs."""
    seen = Statements()

    def _statement(_conn, _cursor, statement, parameters, _context, _many):
        if statement.startswith("BEGIN"):
            return
        seen.append(statement)
        if not statement.startswith("SELECT"):
            seen.bytes += _size(parameters)

    def _commit(_conn):
        seen.commits += 1

    event.listen(database.engine, "before_cursor_execute", _statement)
    event.listen(database.engine, "commit", _commit)
    try:
        yield seen
    finally:
        event.remove(database.engine, "before_cursor_execute", _statement)
        event.remove(database.engine, "commit", _commit)


def _size(value) -> int:
    if isinstance(value, (bytes, str)):
        return len(value)
    if isinstance(value, dict):
        return sum(map(_size, value.values()))
    if isinstance(value, (list, tuple)):
        return sum(map(_size, value))
    return 8
