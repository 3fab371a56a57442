"""Runs a season on a database and says what came of it: figures from the tables, and the proof of every history."""

import gc
import os
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time
from multiprocessing import get_context
from typing import Any, Self
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col

from engine.clock import VirtualClock
from engine.definitions import Definitions
from engine.documents import Documents
from engine.proof import check_case
from engine.registry import Registry
from engine.runner import Runner
from engine.settings import Settings
from engine.unit_of_work import Database
from handlers.demo.season.cast import set_stage
from handlers.demo.season.clockwork import Clockwork
from handlers.demo.season.desk import Desk
from handlers.demo.season.play import Season
from handlers.demo.season.samples import Samples
from handlers.demo.season.workers import Workers
from models import Booking, Certificate, ExamResult, ExamSchedule, Instance, Participant

WIB = ZoneInfo("Asia/Jakarta")
FIRST, CLOSES, LAST = date(2026, 1, 12), date(2026, 9, 30), date(2026, 11, 13)
CHUNK = 100


@dataclass
class SeasonReport:
    """`states`: participants by state. `broken`: numbers of cases whose record does not prove itself."""

    programme: str
    participants: int
    states: dict[str, int]
    commands: dict[str, int]
    refused: dict[str, int]
    deadlines: int
    jobs: int
    incidents: list[str]
    cases: int
    events: int
    proved: int = 0
    broken: list[str] = field(default_factory=list)
    disagreements: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def run_season(
    settings: Settings,
    database: Database,
    registry: Registry,
    *,
    participants: int,
    agencies: int,
    seed: int = 1,
    say: Callable[[str], None],
) -> SeasonReport:
    """Play it, then prove every history of it. Each run is a programme of its own."""
    # Nearly everything that is made is dropped at the end of its act: to look for circles seldom is enough.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    opens = datetime.combine(FIRST, time(8), WIB)
    clock = VirtualClock(opens)
    cast = set_stage(
        database, registry, settings.packages_folder, key=_key(database), agencies=min(agencies, participants),
        opens=opens, closes=datetime.combine(CLOSES, time(23, 59, 59), WIB),
    )  # fmt: skip
    runner = Runner(database, registry, Definitions(database), clock)
    samples = Samples(database, Documents(settings.documents_folder), cast.officers["admin_lkpp"][0], opens)
    with (
        Prover(database, cast.programme_id) as prover,
        closing(Workers(database, settings, opens)) as workers,
    ):
        clockwork = Clockwork(database, runner, registry, clock, workers)

        def week(text: str) -> None:
            say(text)
            prover.feed()

        season = Season(
            Desk(database, runner, clockwork, cast, samples), participants=participants, seed=seed, say=week
        )
        season.play(FIRST, LAST)
        report = _report(database, cast.programme_id, season)
        say("membuktikan setiap riwayat …")
        report.proved, report.broken = prover.finish()
    return report


def _key(database: Database) -> str:
    with database.read() as unit:
        played = unit.session.execute(select(func.count()).where(col(Instance.definition_key) == "lkpp_schedule"))
        return f"musim-peragaan-{played.scalar_one()}"


def _report(database: Database, programme: str, season: Season) -> SeasonReport:
    with database.read() as unit:
        connection = unit.connection
        mine = col(Participant.programme_id) == programme
        by_state = select(col(Participant.state), func.count()).where(mine).group_by(col(Participant.state))
        states = {state: int(count) for state, count in connection.execute(by_state)}
        cases = select(func.count(), func.sum(col(Instance.event_count))).where(col(Instance.programme_id) == programme)
        number, events = connection.execute(cases).one()
        found = list(_disagreements(connection, programme))
    return SeasonReport(
        programme=programme,
        participants=len(season.fates),
        states=states,
        commands=dict(season.desk.counts),
        refused=dict(season.desk.refused),
        deadlines=season.desk.time.fired,
        jobs=season.desk.time.jobs,
        incidents=season.desk.time.incidents,
        cases=int(number),
        events=int(events or 0),
        disagreements=found,
    )


def _disagreements(connection: Any, programme: str) -> Iterable[str]:
    """What the tables must say alike, asked in two ways each."""
    booked = select(col(Booking.schedule_id), func.count()).where(col(Booking.state).in_(("booked", "done")))
    seats = dict(connection.execute(booked.group_by(col(Booking.schedule_id))).all())
    schedules = select(col(ExamSchedule.id), col(ExamSchedule.name), col(ExamSchedule.taken))
    for row in connection.execute(schedules.where(col(ExamSchedule.programme_id) == programme)):
        if row.taken != seats.get(row.id, 0):
            yield f"{row.name}: taken {row.taken}, bookings {seats.get(row.id, 0)}"
    mine = select(col(Participant.id)).where(col(Participant.programme_id) == programme)
    certified = ("sertifikat", "rekomendasi", "diangkat")
    by_state = select(func.count()).where(
        col(Participant.programme_id) == programme, col(Participant.state).in_(certified)
    )
    by_table = select(func.count()).where(col(Certificate.participant_id).in_(mine))
    by_result = select(func.count()).where(col(ExamResult.participant_id).in_(mine), col(ExamResult.outcome) == "lulus")
    figures = [int(connection.execute(statement).scalar_one()) for statement in (by_state, by_table, by_result)]
    if len(set(figures)) > 1:
        yield f"certified by state {figures[0]}, certificates {figures[1]}, passed {figures[2]}"


class Prover:
    """Proves histories in processes of their own: those that have ended while the play goes on, the rest at its end."""

    def __init__(self, database: Database, programme: str) -> None:
        self._database = database
        self._programme = programme
        self._given: set[str] = set()
        self._asked: list[Future[tuple[int, list[str]]]] = []
        self._pool = ProcessPoolExecutor(
            os.cpu_count(),
            mp_context=get_context("spawn"),
            initializer=_open,
            initargs=(database.url.render_as_string(hide_password=False),),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def feed(self) -> None:
        """Give the pool the cases that have ended, unless it is still busy: the play needs a core for itself."""
        if sum(not future.done() for future in self._asked) > 1:
            return
        self._ask(self._cases(col(Instance.status) != "active")[: 2 * CHUNK])

    def finish(self) -> tuple[int, list[str]]:
        """How many were proved in all, and what is wrong with which."""
        self._ask(self._cases())
        answers = [future.result() for future in self._asked]
        return sum(proved for proved, _ in answers), [fault for _, broken in answers for fault in broken]

    def _ask(self, ids: list[str]) -> None:
        self._given.update(ids)
        self._asked += [self._pool.submit(_prove_chunk, ids[n : n + CHUNK]) for n in range(0, len(ids), CHUNK)]

    def _cases(self, *conditions: ColumnElement[bool]) -> list[str]:
        mine = select(col(Instance.id)).where(col(Instance.programme_id) == self._programme, *conditions)
        with self._database.read() as unit:
            found = [str(ident) for ident in unit.connection.execute(mine.order_by(col(Instance.id))).scalars()]
        return [ident for ident in found if ident not in self._given]


_prover: tuple[Database, Definitions] | None = None


def _open(url: str) -> None:
    global _prover  # noqa: PLW0603 -- one database for a process of the pool
    database = Database(url)
    _prover = (database, Definitions(database))


def _prove_chunk(ids: list[str]) -> tuple[int, list[str]]:
    if _prover is None:
        msg = "the process was not opened"
        raise RuntimeError(msg)
    database, definitions = _prover
    broken = []
    for ident in ids:
        with database.read() as unit:
            found = check_case(unit, definitions, ident, replay=True)
        if found:
            broken.append(f"{ident}: {found[0]}")
    return len(ids), broken
