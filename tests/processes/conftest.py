"""The installation's own handlers and packages, on a database that has what every installation has."""

from pathlib import Path

import pytest

from engine.registry import Registry
from handlers import register_all
from handlers.seeds import prepare

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ROOT / "bpmn"


@pytest.fixture(scope="session")
def registry():
    registry = Registry()
    register_all(registry, base_url="https://alur.contoh.go.id")
    return registry


@pytest.fixture
def prepared(database, clock):
    """Agencies and the working calendar are there."""
    with database.write() as unit:
        prepare(unit, clock.now())
    return database
