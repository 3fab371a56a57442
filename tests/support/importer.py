"""An installation that imports accesses and recaps: agencies, one administrator, the kinds of `handlers.imports`."""

import io
from datetime import UTC, datetime

from sqlalchemy import select

from engine.clock import VirtualClock
from engine.definitions import Definitions
from engine.imports import ImportContext, intake, runs
from engine.imports.incoming import Incoming
from engine.imports.work import work_off
from engine.people import actor_for, add_membership, create_user
from engine.registry import Registry
from engine.runner import Runner
from handlers import register_all
from handlers.seeds import seed_instansi
from models import BulkRow, BulkRun

NOW = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)


class Importer:
    """`Importer(database, folder)`: `upload`, `start`, `work` as pages and the worker do."""

    def __init__(self, database, folder, *, clock=None, prepare=True) -> None:
        self.database, self.clock = database, clock or VirtualClock(NOW)
        self.registry = Registry()
        register_all(self.registry)
        self.registry.imports.incoming = Incoming(folder / "incoming")
        self.runner = Runner(database, self.registry, Definitions(database), self.clock)
        if prepare:
            with database.write() as unit:
                seed_instansi(unit)
            self.person("Lina", "admin")

    def person(self, name, role, instansi_id=None) -> str:
        now = self.clock.now()
        with self.database.write() as unit:
            user = create_user(unit, email=f"{name.lower()}@contoh.go.id", name=name, now=now)
            user.state = "active"
            unit.session.add(user)
            add_membership(unit, user_id=user.id, role=role, instansi_id=instansi_id, valid_from=now.date(),
                           valid_until=None, now=now)  # fmt: skip
            self.owner = user.id
        return user.id

    def context(self, name) -> ImportContext:
        kind, now = self.registry.imports.get(name), self.clock.now()
        with self.database.read() as unit:
            actor = actor_for(unit, self.owner, now)
            [scope] = kind.scopes(unit, actor, now)
        return runs.context_of(runs.new_run_id(), actor, scope, now, self.registry, self.runner.definitions)

    def upload(self, name, filename, body) -> str:
        """A dry run; of a large kind it is yet to be read."""
        kind, context = self.registry.imports.get(name), self.context(name)
        if kind.is_large:
            return intake.take_large(
                self.database, self.registry.imports.incoming, kind, context, filename, io.BytesIO(body)
            )
        return intake.take_table(self.database, kind, context, filename, body)

    def start(self, run_id) -> None:
        with self.database.write() as unit:
            runs.start(unit, unit.session.get_one(BulkRun, run_id), self.clock.now())

    def work(self, process="tests", **more) -> int:
        """Until nothing waits."""
        total = 0
        while did := work_off(self.runner, process=process, **more):
            total += did
        return total

    def run(self, name, filename, body) -> str:
        run_id = self.upload(name, filename, body)
        self.work()
        self.start(run_id)
        self.work()
        return run_id

    def rows(self, model, **where):
        with self.database.read() as unit:
            return list(unit.session.scalars(select(model).filter_by(**where)))

    def run_of(self, run_id) -> BulkRun:
        return self.rows(BulkRun, id=run_id)[0]

    def said(self, run_id, locale="id") -> dict[int, str]:
        """Faults of each row, or what became of it."""
        return {
            row.number: " ".join(n[locale] for n in [*row.faults, *([row.result["text"]] if row.result else [])])
            for row in sorted(self.rows(BulkRow, run_id=run_id), key=lambda row: row.number)
        }
