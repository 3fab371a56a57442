"""After each test: the record of every case it made proves itself, and re-executes to the same states."""

from sqlalchemy import select
from sqlmodel import col

from engine.definitions import Definitions
from engine.replay import prove
from engine.unit_of_work import Database
from models import Instance


def findings_of_all(database: Database) -> dict[str, list]:
    """By case number, for the cases that have findings; cases made by hand in a test have no record: left out."""
    definitions = Definitions(database)
    found = {}
    recorded = select(col(Instance.id), col(Instance.number)).where(col(Instance.event_count) > 0)
    with database.read() as unit:
        cases = unit.connection.execute(recorded).all()
    for ident, number in cases:
        with database.read() as unit:
            if findings := prove(unit, definitions, ident, replay=True):
                found[number] = findings
    return found
