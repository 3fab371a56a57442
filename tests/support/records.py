"""After each test: the record of every case it made proves itself, and re-executes to the same states."""

from collections import defaultdict

from sqlalchemy import select
from sqlmodel import col

from engine.definitions import Definitions
from engine.proof import check_everything
from engine.unit_of_work import Database
from models import Instance


def findings_of_all(database: Database, definitions: Definitions | None = None) -> dict[str, list]:
    """By case number, for the cases that have findings; cases made by hand in a test have no record: left out."""
    recorded = select(col(Instance.id)).where(col(Instance.event_count) > 0).order_by(col(Instance.id))
    with database.read() as unit:
        cases = list(unit.connection.execute(recorded).scalars())
    found = defaultdict(list)
    for one in check_everything(database, definitions or Definitions(database), replay=True, only=cases).findings:
        found[one.subject].append(one.finding)
    return dict(found)
