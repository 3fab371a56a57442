"""What is measured: a case with lanes, a working-day deadline, an inbox row and history, going round and round."""

import time
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from engine.actors import Actor, Grant
from engine.calendar import seed_calendar
from engine.clock import VirtualClock
from engine.definitions import Definitions, deploy, package_of
from engine.registry import Registry
from engine.runner import Runner
from engine.unit_of_work import Database
from models import Instansi, User, UserTask
from tests.support.bpmn import Process, after

KEY = "bench"
START = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
OFFICER = Actor(user_id="f" * 32, name="Petugas", grants=(Grant("petugas"),))
MANIFEST = """
key = "bench"
title = { id = "Ukur", en = "Measure" }
owner = "Alur"
main = "bench"
zone = "Asia/Jakarta"
[start]
who = "signed_in"
[lanes."Petugas"]
role = "petugas"
scope = "any"
[roles]
petugas = { id = "Petugas", en = "Officer" }
"""


def diagram() -> bytes:
    """A user task with a due date in working days, checked by a gateway, again and again; a reminder hangs on it."""
    p = Process(KEY)
    p.start()
    p.user("check", lane="Petugas", due='working_days_after(today(), 3, at="16:00")', stage="Diperiksa")
    p.boundary("remind", "check", after('"P3650D"'), interrupting=False)
    p.end("reminded")
    p.exclusive("again")
    p.end()
    p.chain("start", "check", "again")
    p.flow("remind", "reminded")
    p.flow("again", "check", "n < 1000000")
    p.flow("again", "end", default=True)
    return p.document()


class Workload:
    """One installation on `database` with the bench process deployed."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = VirtualClock(START)
        registry = Registry()
        files = {"process.toml": MANIFEST.encode(), "process.bpmn": diagram()}
        with database.write() as unit:
            seed_calendar(unit, START)
            unit.session.add(Instansi(id="a" * 32, kind="lembaga", name="LKPP"))
            unit.session.add(
                User(id=OFFICER.user_id, email="petugas@contoh.go.id", name="Petugas", state="active", created_at=START)
            )
            deploy(unit, package_of(KEY, files), registry, by="bench", note="", now=START)
        self.runner = Runner(database, registry, Definitions(database), self.clock)

    def start(self, **data: object) -> str:
        return self.runner.start(KEY, OFFICER, data={"n": 0, **data})

    def open_task(self, instance_id: str) -> UserTask:
        with self.database.read() as unit:
            condition = (UserTask.instance_id == instance_id) & (UserTask.state == "open")
            return unit.session.execute(select(UserTask).where(condition)).scalar_one()

    def complete(self, instance_id: str, n: int) -> float:
        """Complete the open task of the case; seconds of the command alone, finding the task left out."""
        task = self.open_task(instance_id)
        self.clock.move_to(self.clock.now() + timedelta(seconds=1))
        start = time.perf_counter()
        self.runner.complete(task.id, OFFICER, {"n": n, "catatan": f"putaran {n}"}, task.version)
        return time.perf_counter() - start

    def advance(self, instance_id: str, frm: int, to: int) -> None:
        for n in range(frm, to):
            self.complete(instance_id, n)
