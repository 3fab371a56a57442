"""What people do against the diagram's own course is an act of the case's record: with who, why, and a proof."""

from datetime import timedelta

import pytest

from engine.acts.errors import BadPostponementError
from engine.history import Kind
from engine.jobs.operate import retry, skip
from engine.proof import check_case
from engine.spiff.values import decode
from models import HistoryPayload, Incident, UserTask
from tests.support.bpmn import Process, after, at, every, message
from tests.support.office import Office


@pytest.fixture
def office(database):
    return Office(database)


@pytest.fixture
def owner(office):
    return office.person("Indah", "owner")


def proved(office, case):
    with office.database.read() as unit:
        return [f.text.en for f in check_case(unit, office.definitions, case, replay=True)]


def reason(office, case, seq):
    (payload,) = office.rows(HistoryPayload, instance_id=case, seq=seq)
    return decode(payload.body)["inputs"]["reason"]


def waiting(timer) -> Process:
    p = Process("wait")
    p.start()
    p.catch("sleep", timer)
    p.user("wake", lane="Pemohon")
    p.end()
    p.chain("start", "sleep", "wake", "end")
    return p


@pytest.mark.parametrize("timer", [after('"P2D"'), at("working_days_after(today(), 3)")])
def test_a_timer_that_is_moved_fires_at_its_new_time(office, owner, timer):
    office.deploy(waiting(timer))
    case = office.start("wait", office.person("Ani"))
    (deadline,) = office.deadlines(case)
    later = deadline.due_at + timedelta(days=5)

    office.runner.move_deadline(deadline.id, later, owner, reason="Banjir")

    assert [d.due_at for d in office.deadlines(case)] == [later]
    moved = next(e for e in office.events(case) if e.kind == Kind.TIMER_MOVED)
    assert (moved.actor_id, moved.element_id) == (owner.user_id, "sleep")
    assert reason(office, case, moved.seq) == "Banjir"
    assert proved(office, case) == []
    office.clock.move_to(later - timedelta(minutes=1))
    office.tick()
    assert office.open(case) == []
    office.clock.move_to(later)
    office.tick()
    assert office.open(case) == ["wake"]
    assert proved(office, case) == []


def test_the_rounds_of_a_repeat_are_counted_from_the_one_that_was_moved(office, owner):
    p = Process("nag")
    p.start()
    p.user("work", lane="Pemohon")
    p.boundary("nagged", "work", every('"R3/P1D"'), interrupting=False)
    p.end()
    p.end("heard")
    p.chain("start", "work", "end")
    p.chain("nagged", "heard")
    office.deploy(p)
    case = office.start("nag", office.person("Ani"))
    (round_,) = office.deadlines(case, kind="timer")
    later = round_.due_at + timedelta(hours=7)

    office.runner.move_deadline(round_.id, later, owner, reason="Kantor tutup")
    office.clock.move_to(later)
    office.tick()

    assert [d.due_at for d in office.deadlines(case, kind="timer")] == [later + timedelta(days=1)]
    assert proved(office, case) == []


def test_an_event_gateway_waits_for_the_new_time_of_its_timer(office, owner):
    p = Process("race")
    p.start()
    p.event_gateway("first")
    p.catch("paid", message("payment"))
    p.catch("late", after('"P1D"'))
    p.end()
    p.end("lapsed")
    p.chain("start", "first", "paid", "end")
    p.chain("first", "late", "lapsed")
    office.deploy(p)
    case = office.start("race", office.person("Ani"))
    (deadline,) = office.deadlines(case)

    office.runner.move_deadline(deadline.id, deadline.due_at + timedelta(days=1), owner, reason="Bank tutup")
    office.wait(days=1, hours=1)
    office.tick()

    assert office.case(case).status == "active"
    office.wait(days=1)
    office.tick()
    assert office.case(case).outcome == "lapsed"
    assert proved(office, case) == []


def test_a_due_date_that_is_moved_is_what_the_inbox_shows(office, owner):
    p = Process("task")
    p.start()
    p.user("work", lane="Verifikator", due='working_days_after(today(), 3, at="16:00")')
    p.end()
    p.chain("start", "work", "end")
    office.deploy(p)
    case = office.start("task", office.person("Ani"))
    (deadline,) = office.deadlines(case)
    later = deadline.due_at + timedelta(days=3)

    office.runner.move_deadline(deadline.id, later, owner, reason="Berkas menyusul")

    (task,) = office.rows(UserTask, instance_id=case)
    assert task.due_at == later
    assert proved(office, case) == []
    office.complete(case, "work", office.person("Budi", "verifier"))
    assert proved(office, case) == []


@pytest.mark.parametrize(("days", "why"), [(-9, "future"), (0, "same")])
def test_a_deadline_is_moved_only_to_another_time_that_is_still_to_come(office, owner, days, why):
    office.deploy(waiting(after('"P2D"')))
    case = office.start("wait", office.person("Ani"))
    (deadline,) = office.deadlines(case)

    with pytest.raises(BadPostponementError, match=why):
        office.runner.move_deadline(deadline.id, deadline.due_at + timedelta(days=days), owner, reason="Banjir")
    with pytest.raises(BadPostponementError, match="why"):
        office.runner.move_deadline(deadline.id, deadline.due_at + timedelta(days=1), owner, reason=" ")


@pytest.mark.parametrize("act", [retry, skip])
def test_what_an_operator_does_about_an_incident_is_in_the_case_record(office, act):
    def broken(_context):
        raise RuntimeError

    office.handler("broken", broken, "async", max_attempts=1)
    p = Process("sys")
    p.start()
    p.service("call", "broken")
    p.end()
    p.chain("start", "call", "end")
    office.deploy(p)
    case = office.start("sys", office.person("Ani"))
    office.tick()
    (incident,) = office.rows(Incident)
    operator = office.person("Oki", "admin")

    act(office.database, incident.id, actor=operator, now=office.clock.now(), reason="Peladen mati")

    done = office.events(case)[-1]
    assert done.kind == (Kind.INCIDENT_RETRIED if act is retry else Kind.INCIDENT_SKIPPED)
    assert (done.actor_id, done.element_id, done.detail["incident"]) == (operator.user_id, "call", incident.reference)
    assert reason(office, case, done.seq) == "Peladen mati"
    assert proved(office, case) == []
    office.tick()
    assert proved(office, case) == []
