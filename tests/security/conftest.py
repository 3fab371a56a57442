"""The demo as a world to attack: all its accounts, all its cases, each with a browser of its own."""

import pytest

from handlers.demo.load import load_demo
from tests.support.world import World
from tests.web.conftest import app, browser, cheap_passwords, instansi, person, settings

__all__ = ["app", "browser", "cheap_passwords", "instansi", "person", "settings"]


@pytest.fixture
def database(sqlite_database):
    """Who may do what is decided before a database is asked; thousands of questions are asked once."""
    return sqlite_database


@pytest.fixture
def world(app, settings, database, clock) -> World:
    """The loaded demo, with an incident, an upload that nobody sent yet, and a task that came to nothing."""
    load_demo(settings, database, app.extensions["alur"].registry, clock.now(), parts=("access",))
    return World.of(app)
