"""The midnight on which many accesses end in the same second, in a real server process that is killed in its middle.

`python -m tests.support.midnight --accesses 40000 --json` plays it in full on a SQLite of its own: how long until all
are Kedaluwarsa, in seconds and in seconds of processor time, and how long the inbox took to answer meanwhile.
"""

import argparse
import json
import os
import secrets
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, insert, select

from engine.actors import SYSTEM
from engine.clock import SystemClock, VirtualClock
from engine.definitions import Definitions, deploy, read_package
from engine.people import add_membership, create_user
from engine.proof import check_case
from engine.registry import Registry
from engine.runner import Runner
from engine.unit_of_work import Database
from handlers import register_all
from handlers.access_adoption import GRANTED, PROCESS
from handlers.seeds import prepare
from models import HistoryEvent, Instance, Instansi, Membership, OutgoingMail, User, WebSession
from tests.support.server import ROOT, Browser, ServerProcess
from web.sessions import digest

LAST_DAY = date(2026, 12, 31)
MIDNIGHT = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)
"""00.00 WIB of the day after."""
EVE = MIDNIGHT - timedelta(hours=4)
LEAD_SECONDS = 45
"""How long before midnight the server begins to serve: the inbox's answers of a quiet evening."""
WIB = ("Asia/Jakarta", "Asia/Pontianak")
AGENCIES = 40
OVERSIGHT = 30
"""Tasks in the inbox that is looked at: agencies that have lost their last VAI."""


class Midnight:
    """`build`, `play`, `judge`."""

    def __init__(self, folder: Path, url: str, accesses: int) -> None:
        self.url, self.accesses = url, accesses
        self.server = ServerProcess(folder, url)
        self.database = Database(url, durable=False)
        self.registry = Registry()
        register_all(self.registry)
        self.clock = VirtualClock(EVE)
        self.runner = Runner(self.database, self.registry, Definitions(self.database), self.clock)
        self.cookie = ""

    # --- before ------------------------------------------------------------------------------------------------------

    def build(self) -> None:
        """Accesses that end today, each with its case, as grants and chores have begun them."""
        with self.database.write() as unit:
            prepare(unit, EVE)
            package = read_package(ROOT / "bpmn" / PROCESS)
            deploy(unit, package, self.registry, by="midnight", note="", now=EVE)
            zoned = select(Instansi).where(Instansi.zone.in_(WIB)).order_by(Instansi.id)
            agencies = [row.id for row in unit.session.scalars(zoned.limit(AGENCIES + OVERSIGHT))]
            self._officer(unit, agencies[:AGENCIES])
        rows = list(self._holders(agencies))
        for start in range(0, len(rows), 1000):
            with self.database.write() as unit:
                some = rows[start : start + 1000]
                unit.connection.execute(insert(User), [user for user, _ in some])
                unit.connection.execute(insert(Membership), [held for _, held in some])
        for _, held in rows:
            told = {"membership_id": held["id"], "holder": held["user_id"], "instansi_id": held["instansi_id"]}
            self.runner.correlate(GRANTED, SYSTEM, told, begins=held["life_id"], now=EVE)

    def _holders(self, agencies: list[str]) -> Iterator[tuple[dict, dict]]:
        for number in range(self.accesses + OVERSIGHT):
            common = number < self.accesses
            place = agencies[number % AGENCIES] if common else agencies[AGENCIES + number - self.accesses]
            user, held = uuid.uuid4().hex, uuid.uuid4().hex
            yield (
                {"id": user, "email": f"p{number}@contoh.go.id", "name": f"Pengguna {number}", "state": "active",
                 "locale": "id", "created_at": EVE},
                {"id": held, "user_id": user, "role": "bendahara" if common else "vai", "instansi_id": place,
                 "valid_from": date(2026, 1, 1), "valid_until": LAST_DAY if common else LAST_DAY - timedelta(days=9),
                 "state": "active", "life_id": uuid.uuid4().hex, "created_at": EVE},
            )  # fmt: skip

    def _officer(self, unit, agencies: list[str]) -> None:
        """Somebody of Direktorat SPD, signed in; and a VAI in each agency, whose access does not end."""
        officer = create_user(unit, email="petugas@contoh.go.id", name="Petugas", now=EVE, password=secrets.token_hex())
        for role, place in [("spd", None), *(("vai", agency) for agency in agencies)]:
            add_membership(unit, user_id=officer.id, role=role, instansi_id=place, valid_from=date(2026, 1, 1),
                           valid_until=None, now=EVE)  # fmt: skip
        self.cookie = secrets.token_urlsafe(32)
        later = MIDNIGHT + timedelta(hours=8)
        unit.session.add(WebSession(digest=digest(self.cookie), user_id=officer.id, data={}, created_at=EVE,
                                    seen_at=EVE, expires_at=later))  # fmt: skip

    # --- the night ---------------------------------------------------------------------------------------------------

    def play(self, *, kill: bool = True, patience: float = 3600, lead: float = LEAD_SECONDS) -> dict:
        """From a quiet evening to the last access; the numbers."""
        ahead = MIDNIGHT - timedelta(seconds=lead + 4) - SystemClock().now()
        self.server.program = ["tests.support.late_server", str(ahead.total_seconds())]
        self.server.start()
        inbox, processor = Inbox(self.server.url, self.cookie), 0.0
        inbox.start()
        pause, began = threading.Event(), None
        killed_at = down = None
        while (done := self.expired()) < self.accesses:
            over = (SystemClock().now() + ahead - MIDNIGHT).total_seconds()
            if over >= 0 and began is None:
                began = time.monotonic()
                inbox.turn()
            if kill and killed_at is None and done >= self.accesses * 0.4:
                killed_at, processor = done, _processor_seconds(self.server)
                self.server.kill()
                stopped = time.monotonic()
                self.server.start()
                down = time.monotonic() - stopped
            if began is not None and time.monotonic() - began > patience:
                break
            pause.wait(0.05 if self.accesses < 2000 else 0.5)
        assert began is not None, "they expired before midnight"
        took = time.monotonic() - began
        processor += _processor_seconds(self.server)
        quiet, busy = inbox.stop()
        self.server.stop()
        return {
            "accesses": self.accesses, "expired": done, "seconds": round(took, 1),
            "processor_seconds": round(processor, 1),
            "killed_at": killed_at, "seconds_down": None if down is None else round(down, 1),
            "inbox_before_ms": _spread(quiet), "inbox_meanwhile_ms": _spread(busy),
        }  # fmt: skip

    def expired(self) -> int:
        gone = select(func.count()).where(Membership.state == "expired", Membership.role == "bendahara")
        with self.database.read() as unit:
            return unit.session.scalar(gone)

    # --- the morning after -------------------------------------------------------------------------------------------

    def judge(self, proofs: int = 25) -> dict:
        """Each expired once: one firing, one mail, a record that holds and re-executes."""
        with self.database.read() as unit:
            of = select(HistoryEvent.instance_id, func.count()).where(HistoryEvent.kind == "deadline:fired")
            at_once = of.where(HistoryEvent.element_id == "wait").group_by(HistoryEvent.instance_id)
            firings = [number for _, number in unit.connection.execute(at_once)]
            words = OutgoingMail.subject.startswith("Kedaluwarsa: akses Bendahara")
            mails = unit.connection.execute(
                select(func.count(), func.count(func.distinct(OutgoingMail.instance_id))).where(words)
            ).one()
            stages = select(Instance.stage, func.count()).group_by(Instance.stage)
            standing = dict(unit.connection.execute(stages).all())
            some = select(Instance.id).where(Instance.stage == "Kedaluwarsa").order_by(Instance.number).limit(proofs)
            cases = list(unit.session.scalars(some))
        assert firings == [1] * self.accesses, "an access was lost, or ended twice"
        assert tuple(mails) == (self.accesses, self.accesses), f"mails: {tuple(mails)}"
        assert standing == {"Kedaluwarsa": self.accesses + OVERSIGHT}, standing
        for case in cases:
            with self.database.read() as unit:
                assert check_case(unit, self.runner.definitions, case, replay=True) == []
        return {"firings": len(firings), "mails": mails[0], "proved": len(cases)}

    def close(self) -> None:
        self.server.stop()
        self.database.dispose()


class Inbox(threading.Thread):
    """An officer who looks at the inbox again and again; how long each look took, before and after `turn`."""

    def __init__(self, url: str, cookie: str) -> None:
        super().__init__(daemon=True)
        self.browser = Browser(url)
        self.browser.opener.addheaders = [("Cookie", f"alur={cookie}")]
        self.quiet: list[float] = []
        self.busy: list[float] = []
        self._turned, self._stopped = threading.Event(), threading.Event()

    def run(self) -> None:
        while not self._stopped.wait(0.1):
            began = time.monotonic()
            try:
                page = self.browser.get("/kotak-masuk")
            except OSError:
                continue  # the server is down just now
            assert "Tindak lanjuti instansi tanpa VAI" in page
            (self.busy if self._turned.is_set() else self.quiet).append(time.monotonic() - began)

    def turn(self) -> None:
        self._turned.set()

    def stop(self) -> tuple[list[float], list[float]]:
        self._stopped.set()
        self.join()
        return self.quiet, self.busy


def _processor_seconds(server: ServerProcess) -> float:
    assert server.process is not None
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _spread(seconds: list[float]) -> dict | None:
    if not seconds:
        return None
    ordered = sorted(seconds)
    at = {"p50": 0.5, "p95": 0.95, "max": 1.0}
    found = {
        name: round(1000 * ordered[min(int(part * len(ordered)), len(ordered) - 1)], 1) for name, part in at.items()
    }
    return {"looks": len(ordered), **found}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accesses", type=int, default=40_000)
    parser.add_argument("--no-kill", action="store_true", help="let the server live")
    parser.add_argument("--json", action="store_true", help="only JSON on standard output")
    parser.add_argument("--folder", type=Path, help="where to keep the database (default: a temporary one)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        folder = Path(name)
        night = Midnight(folder, f"sqlite:///{folder / 'alur.sqlite3'}", given.accesses)
        try:
            night.server.migrate()
            began = time.monotonic()
            night.build()
            built = time.monotonic() - began
            sys.stderr.write(f"built in {built:.1f} s\n")
            found = {**night.play(kill=not given.no_kill), "seconds_to_build": round(built, 1), **night.judge()}
        finally:
            night.close()
    sys.stdout.write(json.dumps(found, indent=2) + "\n" if given.json else f"{found}\n")


if __name__ == "__main__":
    main()
