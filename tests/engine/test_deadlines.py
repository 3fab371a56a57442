"""Deadlines: fired once each however many workers tick, late or not; a broken one never holds up the others."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest

from engine.calendar import seed_calendar
from engine.deadlines import CLAIM, MOST_ATTEMPTS, claim_due, fire_due
from engine.jobs.operate import NotSkippableError, retry, skip
from models import Deadline
from tests.support.bpmn import Process, after, at
from tests.support.databases import counting
from tests.support.office import Office


@pytest.fixture
def office(database):
    return Office(database)


def waiting(key="waiting", timer=None, then=None) -> Process:
    """Waits an hour, counts that it fired, and ends."""
    p = Process(key)
    p.start()
    p.catch("wait", timer or after('"PT1H"'))
    p.script("fired", then or "rounds = 1")
    p.end()
    p.chain("start", "wait", "fired", "end")
    return p


def states(office):
    return [d.state for d in office.rows(Deadline)]


def firings(office, case):
    return office.kinds(case).count("deadline:fired")


def test_a_timer_fires_when_it_is_due_and_not_before(office):
    office.deploy(waiting())
    case = office.start("waiting")
    (deadline,) = office.deadlines(case)

    assert fire_due(office.runner, deadline.due_at - timedelta(microseconds=1)).total == 0
    assert fire_due(office.runner, deadline.due_at).fired == 1
    assert office.case(case).status == "completed"
    assert states(office) == ["fired"]


def test_due_dates_of_user_tasks_never_fire_anything(office):
    p = Process("permit")
    p.start()
    p.user("apply", lane="Pemohon", due="now() + hours(1)")
    p.end()
    p.chain("start", "apply", "end")
    office.deploy(p)
    case = office.start("permit", office.person("Ani"))
    assert [d.kind for d in office.deadlines(case)] == ["due"]

    assert fire_due(office.runner, office.clock.now() + timedelta(days=400)).total == 0
    assert office.open(case) == ["apply"]


def test_a_deadline_in_working_days_keeps_its_reasoning(office):
    """H+3 from Monday 1 June 2026 (Pancasila, a holiday), 16.00 WIB."""
    with office.database.write() as unit:
        seed_calendar(unit, office.clock.now())
    office.deploy(waiting(timer=at('working_days_after(today(), 3, at="16:00")')))
    (deadline,) = office.deadlines(office.start("waiting"))
    assert deadline.due_at.isoformat() == "2026-06-04T09:00:00+00:00"
    assert "3 hari kerja setelah Senin, 1 Juni 2026" in str(deadline.explanation)
    assert deadline.calendar_version == 1


def test_a_thousand_due_during_a_downtime_fire_once_each_after_it(database):
    office = Office(database)
    office.deploy(waiting())
    cases = [
        office.start("waiting") for _ in range(1000 if database.is_sqlite else 200)
    ]  # the time goes into starting them

    office.wait(days=3)
    barrier, reports = Barrier(2), []

    def tick():
        barrier.wait()
        reports.append(fire_due(office.runner, office.clock.now(), batch=50))

    threads = [Thread(target=tick) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(r.fired for r in reports) == len(cases)
    assert not any(r.incidents or r.retried for r in reports)
    assert set(states(office)) == {"fired"}
    assert {firings(office, case) for case in cases} == {1}


def test_a_batch_claimed_by_a_worker_that_died_is_fired_by_the_next(office):
    office.deploy(waiting())
    cases = [office.start("waiting") for _ in range(3)]
    office.wait(hours=2)
    now = office.clock.now()

    assert len(claim_due(office.database, now, 100)) == 3  # and then it was killed

    assert fire_due(office.runner, now).total == 0
    assert fire_due(office.runner, now + CLAIM).fired == 3
    assert [firings(office, case) for case in cases] == [1, 1, 1]


def test_a_claim_that_ran_out_costs_a_look_not_a_second_firing(office):
    office.deploy(waiting())
    case = office.start("waiting")
    office.wait(hours=2)
    now = office.clock.now()
    (slow,) = claim_due(office.database, now, 100)
    fire_due(office.runner, now + CLAIM)

    assert office.runner.fire(slow, now) is False
    assert firings(office, case) == 1


def test_an_idle_tick_takes_no_write_lock(office):
    with counting(office.database) as statements:
        assert fire_due(office.runner, office.clock.now()).total == 0
    assert len(statements) == 1
    assert statements.commits == 0
    assert "state = 'pending'" in statements[0]  # written out: a bound value would keep the index from being used


def test_a_broken_case_backs_off_and_becomes_one_incident_while_others_fire(office):
    office.deploy(waiting())
    office.deploy(waiting("broken", then="rounds = 1 / 0"))
    good, bad = office.start("waiting"), office.start("broken")

    office.wait(hours=1)
    first = office.tick()
    assert (first.fired, first.retried) == (1, 1)
    assert office.case(good).status == "completed"

    for _ in range(MOST_ATTEMPTS - 1):
        office.wait(hours=2)
        office.tick()
    (incident,) = office.incidents()
    assert (incident.instance_id, incident.element_id) == (bad, "wait")
    office.wait(days=10)
    assert office.tick().total == 0
    assert states(office).count("failed") == 1
    assert firings(office, bad) == 0


def test_an_operator_has_a_failed_deadline_tried_again_but_cannot_leave_it_out(office):
    office.deploy(waiting("broken", then="rounds = 1 / 0"))
    office.start("broken")
    for _ in range(MOST_ATTEMPTS):
        office.wait(hours=2)
        office.tick()
    (incident,) = office.incidents()
    operator = office.person("Rina", "admin")

    with pytest.raises(NotSkippableError):
        skip(office.database, incident.id, "biar saja", operator, office.clock.now())
    retry(office.database, incident.id, operator, office.clock.now())

    assert office.tick().retried == 1
    assert [(i.state, i.resolution, i.resolved_by) for i in office.incidents()] == [
        ("resolved", "retry", operator.user_id)
    ]


def test_a_suspended_case_waits_and_fires_after_it_is_resumed(office):
    office.deploy(waiting())
    case = office.start("waiting")
    rina = office.person("Rina", "admin")
    office.runner.suspend(case, rina, "pemeriksaan")
    office.wait(hours=2)
    assert office.tick().total == 0

    office.runner.resume(case, rina)
    assert office.tick().fired == 1
    assert firings(office, case) == 1


def test_a_cancelled_case_fires_nothing(office):
    office.deploy(waiting())
    case = office.start("waiting")
    office.runner.cancel(case, office.person("Rina", "admin"), "dibatalkan pemohon")
    office.wait(hours=2)
    assert office.tick().total == 0
