"""What an element does depends on the engine, not on the database: these tests share one database in memory.

The store's own tests, and those of whole cases, take `database` and run on SQLite and PostgreSQL.
"""

import pytest

from engine.unit_of_work import Database
from models import metadata


@pytest.fixture(scope="session")
def memory():
    database = Database("sqlite://")
    with database.write() as unit:
        metadata.create_all(unit.connection)
    yield database
    database.dispose()
