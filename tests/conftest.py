"""Shared fixtures: every test that takes `database` runs on real SQLite and on real PostgreSQL."""

import os
from datetime import UTC, datetime

import pytest
from hypothesis import settings

from engine.clock import VirtualClock
from engine.unit_of_work import Database
from tests.support.databases import copy_sqlite, create_postgresql, empty_postgresql, make_sqlite_template
from tests.support.postgresql import Cluster
from tests.support.records import findings_of_all

# A busy machine is no fault of an example: nothing here is judged by the wall clock.
settings.register_profile("alur", deadline=None)
settings.load_profile("alur")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    return make_sqlite_template(tmp_path_factory.mktemp("template") / "template.sqlite3")


@pytest.fixture(scope="session")
def postgresql_url(worker_id):
    """A database of this worker's own. `make test` starts one cluster for all and names it in the environment."""
    maintenance = os.environ.get("ALUR_TEST_POSTGRESQL")
    cluster = None
    if not maintenance:
        cluster = Cluster()
        maintenance = cluster.start()
    yield create_postgresql(maintenance, f"alur_test_{worker_id}")
    if cluster:
        cluster.stop()


@pytest.fixture(scope="session")
def worker_id(request):
    return getattr(request.config, "workerinput", {}).get("workerid", "alone")


@pytest.fixture
def sqlite_database(request, sqlite_template, tmp_path):
    database = copy_sqlite(sqlite_template, tmp_path)
    yield database
    _prove_records(request, database)
    database.dispose()


@pytest.fixture
def postgresql_database(request, postgresql_url):
    database = Database(postgresql_url)
    empty_postgresql(database)
    yield database
    _prove_records(request, database)
    database.dispose()


def _prove_records(request, database):
    """Whatever a test did: every case it made proves its record and re-executes to the same states."""
    if request.node.get_closest_marker("tampers") is None:
        assert findings_of_all(database) == {}


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request):
    """The test runs twice, once on each database."""
    return request.getfixturevalue(f"{request.param}_database")


@pytest.fixture
def clock():
    """Stands at Monday 1 June 2026, 09.00 WIB until moved."""
    return VirtualClock(datetime(2026, 6, 1, 2, 0, tzinfo=UTC))
