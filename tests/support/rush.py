"""The rush on too few seats: agencies book, move and give up seats at once, through the real runner, by real threads.

`python -m tests.support.rush --agencies 200 --participants 25 --writers 8` does it in full on a PostgreSQL of its own.
"""

import argparse
import random
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import func, select

from engine.actors import Actor
from engine.unit_of_work import Database
from handlers import booking
from models import Booking, ExamSchedule, Participant, Programme, metadata
from tests.support.bpmn import Process, error, message
from tests.support.databases import create_postgresql
from tests.support.office import Office
from tests.support.postgresql import Cluster

PROGRAMME = "rush"
TRIES = 3
"""Schedules asked for, besides the one that everybody wants, before joining a waiting list."""
REFUSALS = ("seat_taken", "schedule_closed", "wrong_instansi", "no_schedule")


def booking_process() -> Process:
    """A participant chooses a schedule until there is a place, then keeps it, moves on, or gives it up."""
    p = Process("rush")
    p.start()
    p.exclusive("again")
    p.user("choose", lane="Pemohon")
    p.service("book", "book_seat", {"schedule_id": "wish", "waiting": "patient"})
    for code in REFUSALS:
        p.boundary(f"on_{code}", "book", error(code))
        p.chain(f"on_{code}", "again")
    p.exclusive("placed")
    p.user("keep", lane="Pemohon")
    p.boundary("given", "keep", message("seat_given"), interrupting=False)
    p.end("told")
    p.exclusive("what")
    p.service("move", "next_schedule", {"method": "'tes_tertulis'"})
    p.service("give_up", "release_seat")
    p.end()
    p.end("gone")
    p.chain("start", "again", "choose", "book", "placed", "keep", "what")
    p.flow("what", "move", "wants == 'move'")
    p.flow("what", "give_up", "wants == 'leave'")
    p.flow("what", "end", default=True)
    p.chain("move", "placed")
    p.chain("give_up", "gone")
    p.chain("given", "told")
    return p


@dataclass
class Rush:
    """`schedules` × `quota` seats for `agencies` × `participants`: fewer seats than people."""

    database: Database
    agencies: int
    participants: int
    schedules: int
    quota: int
    writers: int = 8
    seed: int = 1
    faults: list[BaseException] = field(default_factory=list)
    counts: Counter = field(default_factory=Counter)
    stayed: set[str] = field(default_factory=set)
    left: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.office = Office(self.database)
        booking.register(self.office.registry)
        self.office.deploy(booking_process())
        self.people: list[tuple[str, Actor]] = []
        self.offers: list[str] = []

    # --- before ------------------------------------------------------------------------------------------------------

    def prepare(self) -> None:
        now = self.office.clock.now()
        with self.database.write() as unit:
            unit.session.add(
                Programme(id=PROGRAMME, key=PROGRAMME, flow="rush", title_id="x", opens_at=now,
                          closes_at=now + timedelta(days=99), created_at=now)
            )  # fmt: skip
        for number in range(self.agencies):
            self.office.instansi(f"agency-{number}")
        admins = [self.office.person(f"Admin{number}") for number in range(self.agencies)]
        self.offers = [self._open(number) for number in range(self.schedules)]
        wanted = [(agency, admins[agency]) for agency in range(self.agencies) for _ in range(self.participants)]
        self._at_once([(lambda a=a, actor=actor: self._register(a, actor)) for a, actor in wanted])

    def _open(self, number: int) -> str:
        case, now = self.office.start("rush", self.office.person("LKPP")), self.office.clock.now()
        with self.database.write() as unit:
            unit.session.add(
                ExamSchedule(
                    id=case, programme_id=PROGRAMME, kind="reguler", method="tes_tertulis", name=f"Gelombang {number}",
                    place="Jakarta", zone="Asia/Jakarta", starts_at=now + timedelta(days=30 + number),
                    closes_at=now + timedelta(days=14 + number), repair_until=now + timedelta(days=32 + number),
                    quota=self.quota, created_at=now,
                )
            )  # fmt: skip
        return case

    def _register(self, agency: int, admin: Actor) -> None:
        case, now = self.office.start("rush", admin), self.office.clock.now()
        with self.database.write() as unit:
            unit.session.add(
                Participant(id=case, programme_id=PROGRAMME, instansi_id=f"agency-{agency}", nip=case[:18], name=case,
                            golongan="III/c", jenjang="muda", email="p@contoh.go.id", documents="complete",
                            created_at=now, updated_at=now)
            )  # fmt: skip
        self.people.append((case, admin))

    # --- the rush ----------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Each participant: book (a popular schedule first), then some move and some give up. Later some more do."""
        self._at_once([(lambda n=n, who=who: self._one(n, *who)) for n, who in enumerate(self.people)])
        second = [who for who in self.people[::5] if who[0] in self.stayed]
        self._at_once([(lambda who=who: self._leave(*who)) for who in second])
        while self.office.jobs(state="ready"):
            self.office.tick()

    def _one(self, number: int, case: str, admin: Actor) -> None:
        dice = random.Random(self.seed * 1_000_003 + number)
        wishes = [self.offers[0], *dice.sample(self.offers, min(TRIES, len(self.offers)))]
        for attempt, wish in enumerate(wishes, 1):
            self.office.complete(case, "choose", admin, wish=wish, patient=attempt == len(wishes))
            if "keep" in self.office.open(case):
                break
            self.counts["refused"] += 1
        lot = dice.random()
        if lot < 0.15:
            self._leave(case, admin)
        elif lot < 0.4:
            self.office.complete(case, "keep", admin, wants="move")
            self.counts["moved"] += 1
        else:
            self.stayed.add(case)

    def _leave(self, case: str, admin: Actor) -> None:
        self.office.complete(case, "keep", admin, wants="leave")
        self.left.add(case)

    def _at_once(self, works: list) -> None:
        """`writers` threads take one work after the other; what one of them raises is a fault."""
        barrier, left, door = threading.Barrier(self.writers), iter(works), threading.Lock()

        def write() -> None:
            barrier.wait()
            while True:
                with door:
                    work = next(left, None)
                if work is None:
                    return
                try:
                    work()
                except Exception as fault:  # noqa: BLE001 -- reported to whoever judges
                    self.faults.append(fault)

        threads = [threading.Thread(target=write) for _ in range(self.writers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    # --- after -------------------------------------------------------------------------------------------------------

    def judge(self) -> dict[str, int]:
        """What must hold, asked of the tables; and the numbers, for a report."""
        assert self.faults == []
        assert self.office.incidents() == []
        with self.database.read() as unit:
            table = metadata.tables["booking"]
            of = select(table.c.schedule_id, table.c.state, func.count()).group_by(table.c.schedule_id, table.c.state)
            numbers = {(schedule, state): number for schedule, state, number in unit.connection.execute(of)}
            for schedule in unit.session.scalars(select(ExamSchedule)):
                booked = numbers.get((schedule.id, "booked"), 0)
                assert booked == schedule.taken <= schedule.quota, "overbooked, or a seat lost"
                if numbers.get((schedule.id, "waiting"), 0):
                    assert schedule.taken == schedule.quota, "somebody waits beside a free seat"
            live = select(table.c.participant_id).where(table.c.state.in_(("booked", "waiting")))
            holders = list(unit.connection.execute(live).scalars())
        self._first_come_first()
        assert len(holders) == len(set(holders)), "somebody holds two places"
        assert self.stayed - self.left <= set(holders), "a seat was lost"
        assert self.left.isdisjoint(holders), "a seat was kept by who left"
        total: Counter = Counter()
        for (_, state), number in numbers.items():
            total[state] += number
        return {**total, **self.counts, "left": len(self.left), "given": len(self._given())}

    def _given(self) -> set[str]:
        """The bookings that became a seat from a place in the line."""
        jobs = self.office.jobs(kind="message", name="seat_given")
        return {job.idempotency_key.split(":")[2] for job in jobs}

    def _first_come_first(self) -> None:
        """Nobody still waits who came before somebody that got a seat from the same line."""
        given, last, first = self._given(), {}, {}
        for row in self.office.rows(Booking):
            if row.id in given:
                last[row.schedule_id] = max(last.get(row.schedule_id, 0), row.number)
            elif row.state == "waiting":
                first[row.schedule_id] = min(first.get(row.schedule_id, row.number), row.number)
        assert all(first[schedule] > last.get(schedule, 0) for schedule in first), "out of turn"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, number in (("agencies", 200), ("participants", 25), ("schedules", 20), ("quota", 150), ("writers", 8)):
        parser.add_argument(f"--{name}", type=int, default=number)
    given = parser.parse_args()
    cluster = Cluster()
    try:
        database = Database(create_postgresql(cluster.start(), "alur_rush"))
        rush = Rush(database, **vars(given))
        began = time.perf_counter()
        rush.prepare()
        ready = time.perf_counter()
        rush.run()
        ended = time.perf_counter()
        sys.stdout.write(f"{rush.judge()} prepared in {ready - began:.1f} s, rushed in {ended - ready:.1f} s\n")
        database.dispose()
    finally:
        cluster.stop()


if __name__ == "__main__":
    main()
