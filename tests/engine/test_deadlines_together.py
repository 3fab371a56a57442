"""Timers that are due at once share a transaction: each still an act of its own, that fails or stands alone."""

import threading

import pytest

from engine.deadlines import fire_due
from engine.history import verify_instance
from engine.mail import queue_mail
from models import Deadline, OutgoingMail
from tests.support.bpmn import Process, after
from tests.support.databases import counting
from tests.support.office import Office

MANY = 12


class BrokenError(RuntimeError):
    """A handler that does not work for one case."""


@pytest.fixture
def office(database):
    return Office(database)


def expiring(office: Office, broken: set[str] | None = None) -> None:
    """Waits, then an inline handler writes a mail row, then waits for a year."""

    def write(context):
        queue_mail(context.unit, recipient="a@contoh.go.id", subject="Kedaluwarsa", text="x", html="x",
                   key=context.idempotency_key, instance_id=context.instance_id, now=context.now)  # fmt: skip
        if context.instance_id in (broken or ()):
            raise BrokenError
        return {}

    office.handler("write", write)
    p = Process("expiring")
    p.start()
    p.catch("wait", after('"PT1H"'))
    p.service("tell", "write", lane="Sistem")
    p.catch("closing", after('"P365D"'))
    p.end()
    p.chain("start", "wait", "tell", "closing", "end")
    office.deploy(p)


def test_many_due_at_once_wait_for_the_disk_a_few_times(office):
    expiring(office)
    cases = [office.start("expiring") for _ in range(MANY)]
    office.wait(hours=2)

    with counting(office.database) as seen:
        report = fire_due(office.runner, office.clock.now())

    assert report.fired == MANY
    assert seen.commits < MANY / 2  # one to claim them, one for (nearly) all; more only on a very slow machine
    for case in cases:
        assert office.kinds(case).count("deadline:fired") == 1
        with office.database.read() as unit:
            assert verify_instance(unit, case) == []


def test_one_that_breaks_is_undone_alone_and_the_others_stand(office):
    broken: set[str] = set()
    expiring(office, broken)
    cases = [office.start("expiring") for _ in range(5)]
    broken.add(cases[2])
    office.wait(hours=2)

    report = fire_due(office.runner, office.clock.now())

    assert (report.fired, report.retried) == (4, 1)
    assert {m.instance_id for m in office.rows(OutgoingMail)} == set(cases) - broken
    (waiting,) = [d for d in office.rows(Deadline, element_id="wait") if d.state == "pending"]
    assert (waiting.instance_id, waiting.attempts) == (cases[2], 1)
    assert office.kinds(cases[2]).count("deadline:fired") == 0


def test_what_an_undone_act_left_for_after_the_commit_is_not_done(database):
    done = []
    with database.write() as unit:
        unit.after_commit(lambda: done.append("kept"))
        with pytest.raises(BrokenError), unit.part():
            unit.after_commit(lambda: done.append("undone"))
            raise BrokenError
    assert done == ["kept"]


def test_the_same_bell_is_rung_once_for_all_acts(database):
    rung = []

    def bell():
        rung.append("rung")

    with database.write() as unit:
        for _ in range(3):
            unit.after_commit(bell)
    assert rung == ["rung"]


@pytest.mark.parametrize("cases", [4, 40])
def test_an_act_of_the_group_costs_the_same_with_few_cases_as_with_many(office, cases):
    """Two savepoints, lock and state read; mail and job; row, tokens, record and timers written: 14, and the claim."""
    expiring(office)
    for _ in range(cases):
        office.start("expiring")
    office.wait(hours=2)

    with counting(office.database) as seen:
        assert fire_due(office.runner, office.clock.now()).fired == cases

    overhead = 6  # two looks, the claim, one write lock each for a group
    assert len(seen) <= 14 * cases + overhead * seen.commits, "\n".join(seen)


def test_somebody_who_wants_to_write_is_let_in_between_two_acts(sqlite_database):
    """The embedded profile: without this a person's click would wait for a whole midnight."""
    office = Office(sqlite_database)
    came = threading.Event()
    order = []

    def stranger():
        with sqlite_database.write() as unit:
            unit.connection.exec_driver_sql("SELECT 1")
            order.append("stranger")

    thread = threading.Thread(target=stranger)

    def slow(context):
        order.append("act")
        if len(order) == 2:
            thread.start()
            while not sqlite_database.is_awaited:
                came.wait(0.001)
        return {}

    office.handler("slow", slow)
    p = Process("slow")
    p.start()
    p.catch("wait", after('"PT1H"'))
    p.service("work", "slow", lane="Sistem")
    p.end()
    p.chain("start", "wait", "work", "end")
    office.deploy(p)
    for _ in range(6):
        office.start("slow")
    office.wait(hours=2)

    assert fire_due(office.runner, office.clock.now()).fired == 6
    thread.join()

    assert order.index("stranger") == 2, order
