"""After each test: the record of every case it made proves itself, and re-executes to the same states."""

from sqlalchemy import select
from sqlmodel import col

from engine.definitions import Definitions
from engine.history import verify_instance
from engine.replay import check_state, replay_instance
from engine.unit_of_work import Database
from models import Instance


def findings_of_all(database: Database) -> dict[str, list]:
    """By case number, for the cases that have findings; cases made by hand in a test have no record and are left out."""
    definitions = Definitions(database)
    found = {}
    with database.read() as unit:
        cases = unit.connection.execute(
            select(col(Instance.id), col(Instance.number)).where(col(Instance.event_count) > 0)
        )
        for ident, number in cases.all():
            findings = [
                *verify_instance(unit, ident),
                *check_state(unit, definitions, ident),
                *replay_instance(unit, definitions, ident),
            ]
            if findings:
                found[number] = findings
    return found
