"""The ticker: it wakes when something was committed, finds what came due while nobody ticked, and survives faults."""

from threading import Event

import pytest
from sqlalchemy.exc import OperationalError

from engine.jobs import TableQueue
from engine.mail import SpoolTransport, queue_mail
from engine.worker import EMBEDDED, Ticker
from models import Membership, OutgoingMail, TaskDraft
from tests.support.bpmn import Process, after
from tests.support.office import Office

PATIENCE = 30
"""Seconds until a test gives up; none waits that long when all is well."""


@pytest.fixture
def office(database):
    return Office(database)


@pytest.fixture
def ticker(office):
    made = Ticker(office.runner, office.registry, SpoolTransport(), office.clock, name=EMBEDDED)
    yield made
    made.stop()


@pytest.fixture
def done(office):
    """Set when the handler "tell" has run."""
    event = Event()

    def tell(_context):
        event.set()
        return {}

    office.handler("tell", tell, "async")
    return event


def telling(*, wait: bool) -> Process:
    p = Process("telling")
    p.start()
    p.service("telling_them", "tell", lane="Sistem")
    p.end()
    if wait:
        p.catch("wait", after('"PT1H"'))
        p.chain("start", "wait", "telling_them", "end")
    else:
        p.chain("start", "telling_them", "end")
    return p


def test_a_commit_wakes_it(office, ticker, done):
    office.deploy(telling(wait=False))
    ticker.start()
    office.start("telling")
    assert done.wait(PATIENCE)


def test_what_came_due_while_nobody_ticked_is_done_at_the_start(office, ticker, done):
    office.deploy(telling(wait=True))
    case = office.start("telling")
    office.wait(days=2)
    ticker.start()
    assert done.wait(PATIENCE)
    ticker.stop()
    assert office.kinds(case).count("deadline:fired") == 1


def test_stopping_lets_what_runs_finish(office, ticker, done):
    office.deploy(telling(wait=False))
    ticker.start()
    case = office.start("telling")
    assert done.wait(PATIENCE)
    ticker.stop()
    assert office.case(case).status == "completed"
    assert office.runner.wake is None
    ticker.wake()  # harmless


def test_one_round_does_all_that_is_there(office, ticker, done):
    office.deploy(telling(wait=True))
    office.start("telling")
    with office.database.write() as unit:
        queue_mail(unit, "siti@contoh.go.id", "Judul", "isi", "", "k", None, office.clock.now())
    office.wait(hours=2)
    assert ticker.run_once() == 3
    assert ticker.run_once() == 0
    assert office.rows(OutgoingMail)[0].sent_at == office.clock.now()


def test_a_restarted_embedded_process_does_not_wait_for_its_own_leases(office, ticker, done):
    office.deploy(telling(wait=False))
    office.start("telling")
    assert TableQueue(office.database, EMBEDDED).claim(office.clock.now())  # and then it was killed
    ticker.start()
    assert done.wait(PATIENCE)


def test_a_database_that_is_away_does_not_end_the_ticking(office, ticker, caplog):
    def away():
        raise OperationalError("SELECT 1", {}, ConnectionError("gone"))

    ticker._lanes["deadlines"] = away
    ticker._tick("deadlines")
    assert [r.action for r in caplog.records if hasattr(r, "action")] == ["tick_failed"]


def test_accesses_whose_last_day_is_over_are_marked(office, ticker):
    now = office.clock.now()
    office.person("Ani")
    with office.database.write() as unit:
        unit.session.add(Membership(id="m", user_id="user-ani", role="vai", valid_from=now.date(), created_at=now,
                                    valid_until=now.date()))  # fmt: skip
    ticker._keep_up()
    assert office.rows(Membership)[0].state == "active"
    office.wait(days=1)
    ticker._keep_up()
    assert office.rows(Membership)[0].state == "expired"


def test_drafts_do_not_lie_about_for_ever(office, ticker):
    ani = office.person("Ani")
    p = Process("drafted")
    p.start(), p.user("t", lane="Pemohon"), p.end(), p.chain("start", "t", "end")
    office.deploy(p)
    case = office.start("drafted", ani)
    office.runner.save_draft(office.task(case, "t").id, ani, {"nik": "3515"})
    ticker._keep_up()
    assert len(office.rows(TaskDraft)) == 1
    office.wait(days=91)
    ticker._keep_up()
    assert office.rows(TaskDraft) == []
