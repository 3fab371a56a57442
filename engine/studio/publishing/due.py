"""The chore that makes scheduled publications hold when their hour has come."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from engine.chores import SOME
from engine.studio.publishing.acts import call_off
from engine.studio.publishing.errors import OtherProgrammeError
from engine.studio.publishing.holding import begin
from engine.studio.publishing.records import SCHEDULED, locked
from engine.unit_of_work import Database
from models import Publication

if TYPE_CHECKING:
    from engine.runner import Runner


def start_due(runner: "Runner", now: datetime) -> int:
    """Begin what is due, each in a transaction of its own; returns how many that were."""
    wanted = select(col(Publication.id)).where(col(Publication.state) == SCHEDULED, col(Publication.starts_at) <= now)
    with runner.database.read() as unit:
        due = list(unit.connection.execute(wanted.order_by(col(Publication.starts_at)).limit(SOME)).scalars())
    return sum(_start(runner.database, ident, now) for ident in due)


def _start(database: Database, ident: str, now: datetime) -> bool:
    try:
        with database.write() as unit:
            publication = locked(unit, ident)
            if publication.state != SCHEDULED:
                return False  # another worker was first, or an owner called it off
            begin(unit, publication, by=None, now=now)
    except OtherProgrammeError as error:
        with database.write() as unit:  # its programme closed meanwhile: nobody is left for whom it could hold
            call_off(unit, ident, by=None, reason=error.message("id"), now=now)
    return True
