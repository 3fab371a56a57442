"""A process that completes tasks until it is killed: `python -m tests.support.completer URL`.

It prints the id of each task whose completion was committed, one a line.
"""

import sys

from sqlalchemy import select
from sqlmodel import col

from engine.actors import Actor, Grant
from engine.clock import SystemClock
from engine.definitions import Definitions
from engine.registry import Registry
from engine.runner import Runner
from engine.unit_of_work import Database
from models import UserTask


def main(url: str) -> None:
    database = Database(url)
    runner = Runner(database, Registry(), Definitions(database), SystemClock())
    person = Actor("user-budi", "Budi", (Grant("verifier"),))
    while True:
        with database.read() as unit:
            query = select(col(UserTask.id)).where(col(UserTask.state) == "open").order_by(col(UserTask.created_at))
            ids = unit.connection.execute(query.limit(20)).scalars().all()
        for ident in ids:
            runner.complete(ident, person, {"again": True})
            sys.stdout.write(f"{ident}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
