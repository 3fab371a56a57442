"""The database's versions. `upgrade(url)` brings a database to the newest one; `differences(url)` finds what is left.

No alembic.ini is needed: the configuration is made here, so `alur migrate` works from any folder.
"""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, event

from models import metadata

FOLDER = Path(__file__).parent


class BrokenReferencesError(RuntimeError):
    """A migration left rows that refer to nothing; it was rolled back."""


def configuration(connection: Connection | None = None, *, folder: Path = FOLDER) -> Config:
    """Alembic's configuration, working on an open connection."""
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def without_foreign_keys(engine: Engine) -> None:
    """For SQLite, before its first connection: rewriting a table must not drag other tables' rows along.

    `upgrade` checks every reference afterwards.
    """

    @event.listens_for(engine, "connect")
    def _off(dbapi_connection: Any, _record: object) -> None:
        dbapi_connection.execute("PRAGMA foreign_keys = OFF")


def upgrade(connection: Connection, revision: str = "head", *, folder: Path = FOLDER) -> None:
    """Apply what is missing, inside the connection's transaction."""
    command.upgrade(configuration(connection, folder=folder), revision)
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(5)
        if broken:
            raise BrokenReferencesError(str([tuple(row)[:3] for row in broken]))


def downgrade(connection: Connection, revision: str, *, folder: Path = FOLDER) -> None:
    """Go back, inside the connection's transaction."""
    command.downgrade(configuration(connection, folder=folder), revision)


def write_revision(connection: Connection, message: str, *, folder: Path = FOLDER) -> None:
    """Write the next migration file from what the models have and the database has not."""
    command.revision(configuration(connection, folder=folder), message, autogenerate=True)


def current(connection: Connection) -> str | None:
    """The revision the database is at; None before the first."""
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The revision a database should be at."""
    return ScriptDirectory.from_config(configuration()).get_current_head()


def differences(connection: Connection) -> list[Any]:
    """What the models say and the database does not have, or the reverse."""
    context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
    return list(compare_metadata(context, metadata))
