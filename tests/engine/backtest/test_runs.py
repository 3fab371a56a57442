"""Runs of back-tests: chosen, done in pieces by whoever comes, stopped, and kept."""

from datetime import UTC, date, datetime, timedelta

import pytest

from engine.backtest import runs
from engine.backtest.errors import NoCasesError, NotReadyError, OtherProcessError
from engine.backtest.runs import Choice
from engine.backtest.work import work_off
from engine.crews import CHUNK
from engine.history.journal import PAYLOADS
from engine.studio.sources import Source
from engine.texts import Text
from models import BacktestCase, BacktestRun
from tests.support.backtests import files_of
from tests.support.bpmn import Process
from tests.support.office import Office


def process(limit=5):
    p = Process("size")
    p.start()
    p.user("ask", lane="Pemohon")
    p.exclusive("large_q")
    p.user("more", lane="Pemohon")
    p.end("large")
    p.end("small")
    p.chain("start", "ask", "large_q")
    p.flow("large_q", "more", f"size > {limit}")
    p.flow("large_q", "small", default=True)
    p.chain("more", "large")
    return p


@pytest.fixture
def office(sqlite_database):
    return Office(sqlite_database)


@pytest.fixture
def cases(office):
    return played(office)


def played(office):
    """Twenty-seven cases, one every day: sizes 0 to 8 in turn."""
    office.deploy(process())
    ani, found = office.person("Ani"), []
    for number in range(27):
        found.append(office.start("size", ani))
        office.complete(found[-1], "ask", ani, size=number % 9)
        office.wait(days=1)
    return found


def begin(office, files=None, choice=None):
    source = Source("d" * 32, "size", Text("Draf"), files or files_of(process(6)), None)
    with office.database.write() as unit:
        return runs.begin(unit, source, "size", choice or Choice(), revision=1, by="me", now=office.clock.now())


def run_of(office, run_id):
    return office.rows(BacktestRun, id=run_id)[0]


def rows_of(office, run_id):
    return sorted(office.rows(BacktestCase, run_id=run_id), key=lambda row: row.number)


def test_a_run_is_left_and_taken_up_until_it_is_done(database):
    office = Office(database)
    cases = played(office)
    run_id = begin(office)

    assert work_off(office.runner, office.clock.now(), most=1) == CHUNK
    half = run_of(office, run_id)
    assert (half.state, half.same + half.differs, half.lease_owner) == ("running", CHUNK, None)
    while work_off(office.runner, office.clock.now()):
        pass

    run = run_of(office, run_id)
    assert (run.state, run.total, run.same, run.differs, run.missing, run.failed) == ("done", 27, 24, 3, 0, 0)
    affected = [row.instance_id for row in rows_of(office, run_id) if row.verdict == "differs"]
    assert affected == [case for number, case in enumerate(cases) if number % 9 == 6]
    [first] = run.summary["first"]
    assert (first["element"], first["cases"]) == ("large_q", 3)
    assert run.summary["passed"]["ask"] == [27, 27]
    assert run.summary["passed"]["small"] == [18, 18]  # up to the first difference, and no further
    assert run.summary["lengths"]["cases"] == 18


def test_whoever_was_killed_in_the_middle_leaves_whole_chunks(office, cases):
    run_id = begin(office)
    work_off(office.runner, office.clock.now(), most=1)
    with office.database.write() as unit:  # a worker that takes it and dies
        until = office.clock.now() + timedelta(seconds=60)
        unit.connection.execute(runs.RUNS.update().values(lease_owner="gone", lease_until=until))

    assert work_off(office.runner, office.clock.now()) == 0
    office.wait(minutes=2)
    assert work_off(office.runner, office.clock.now()) == 7

    assert run_of(office, run_id).same + run_of(office, run_id).differs == 27


def test_a_run_that_is_stopped_keeps_what_was_found(office, cases):
    run_id = begin(office)
    work_off(office.runner, office.clock.now(), most=1)
    with office.database.write() as unit:
        runs.cancel(unit, run_id, office.clock.now())

    assert work_off(office.runner, office.clock.now()) == 0

    run = run_of(office, run_id)
    assert (run.state, run.same + run.differs) == ("cancelled", CHUNK)
    assert sum(row.verdict is None for row in rows_of(office, run_id)) == 7


@pytest.mark.tampers
def test_a_record_destroyed_by_retention_is_said_to_be_so(office, cases):
    with office.database.write() as unit:
        gone = PAYLOADS.c.instance_id == cases[3]
        unit.connection.execute(PAYLOADS.update().where(gone).values(body=None, salt=None))
    run_id = begin(office)

    work_off(office.runner, office.clock.now())

    row = rows_of(office, run_id)[3]
    assert (row.instance_id, row.verdict) == (cases[3], "failed")
    assert "dimusnahkan" in row.text["id"]


def test_a_choice_of_cases(office, cases):
    def chosen(**choice):
        with office.database.read() as unit:
            return runs.chosen(unit, "size", Choice(**choice))

    assert chosen() == cases
    assert chosen(since=date(2026, 6, 11), until=date(2026, 6, 12)) == cases[10:12]
    assert chosen(sample=3) == [cases[0], cases[9], cases[18]]
    assert chosen(sample=100) == cases
    assert chosen(ended=True) == [c for number, c in enumerate(cases) if number % 9 <= 5]
    assert chosen(programme_id="none") == []
    with pytest.raises(NoCasesError):
        begin(office, choice=Choice(since=datetime(2030, 1, 1, tzinfo=UTC).date()))


def test_files_that_cannot_run_are_refused_before_anything_is_begun(office, cases):
    broken = {p: b.replace(b"size &gt; 6", b"size &gt; (") for p, b in files_of(process(6)).items()}

    with pytest.raises(NotReadyError):
        runs.check_ready(Source("d" * 32, "size", Text(), broken, None), office.registry, "size")
    with pytest.raises(OtherProcessError):
        runs.check_ready(Source("d" * 32, "size", Text(), files_of(process(6)), None), office.registry, "other")
    runs.check_ready(Source("d" * 32, "size", Text(), files_of(process(6)), None), office.registry, "size")
