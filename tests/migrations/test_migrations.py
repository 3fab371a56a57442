"""The migrations build exactly the tables that the models describe, on both databases, and can be taken back."""

import shutil

import pytest
from sqlalchemy import inspect, text

from engine.unit_of_work import Database
from models import metadata, migrations
from tests.support.databases import create_postgresql


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request, tmp_path, worker_id):
    """A database without a single table."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
        migrations.without_foreign_keys(database.engine)
    else:
        url = request.getfixturevalue("postgresql_url")
        database = Database(create_postgresql(url, f"alur_migrations_{worker_id}"))
        with database.write() as unit:
            unit.connection.execute(text("DROP SCHEMA public CASCADE"))
            unit.connection.execute(text("CREATE SCHEMA public"))
    yield database
    database.dispose()


@pytest.fixture
def scripts(tmp_path):
    """A copy of the migrations' folder without any revision."""
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    for name in ("env.py", "script.py.mako"):
        shutil.copy(migrations.FOLDER / name, folder)
    return folder


def test_models_equal_migrations(empty_database):
    with empty_database.write() as unit:
        migrations.upgrade(unit.connection)
    with empty_database.read() as unit:
        assert migrations.differences(unit.connection) == []
        assert migrations.current(unit.connection) == migrations.newest()


def test_migrating_twice_changes_nothing(empty_database):
    for _ in range(2):
        with empty_database.write() as unit:
            migrations.upgrade(unit.connection)
    with empty_database.read() as unit:
        assert migrations.current(unit.connection) == migrations.newest()


def test_every_migration_can_be_taken_back(empty_database):
    with empty_database.write() as unit:
        migrations.upgrade(unit.connection)
    with empty_database.write() as unit:
        migrations.downgrade(unit.connection, "base")
    with empty_database.read() as unit:
        assert set(inspect(unit.connection).get_table_names()) <= {"alembic_version"}


def test_a_revision_written_from_the_models_builds_them(empty_database, scripts):
    """What `alur migrate --write` does: one file, without our classes in it, that makes every table."""
    with empty_database.write() as unit:
        migrations.write_revision(unit.connection, "everything", folder=scripts)
    written = next((scripts / "versions").glob("*.py")).read_text(encoding="utf-8")
    assert "models.types" not in written
    assert "sqlmodel" not in written
    with empty_database.write() as unit:
        migrations.upgrade(unit.connection, folder=scripts)
    with empty_database.read() as unit:
        assert migrations.differences(unit.connection) == []
        assert set(metadata.tables) <= set(inspect(unit.connection).get_table_names())


def test_a_difference_is_noticed(empty_database):
    with empty_database.write() as unit:
        migrations.upgrade(unit.connection)
        unit.connection.execute(text("DROP TABLE account_event"))
    with empty_database.read() as unit:
        assert migrations.differences(unit.connection)


def test_an_upgrade_that_breaks_references_is_rolled_back(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'broken.sqlite3'}")
    migrations.without_foreign_keys(database.engine)
    with database.write() as unit:
        migrations.upgrade(unit.connection)
        unit.connection.execute(
            text(
                "INSERT INTO account_event (id, user_id, at, kind, reason, detail) VALUES"
                " ('1', 'nobody', '2026-01-01', 'x', '', '{}')"
            )
        )
    with pytest.raises(migrations.BrokenReferencesError), database.write() as unit:
        migrations.upgrade(unit.connection)
    database.dispose()
