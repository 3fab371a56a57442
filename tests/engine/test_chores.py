"""Chores that handlers register, and cases that a message starts under an id given before, for somebody, somewhere."""

from datetime import timedelta

import pytest

from engine.acts.recipients import queue_start
from engine.chores import SOME, Chore, Chores, DuplicateChoreError
from engine.mail import SpoolTransport
from engine.proof import check_case
from engine.worker import Ticker
from models import Job
from tests.support.bpmn import Process, at, message
from tests.support.office import Office

OF = '[case]\ninstansi = "access.place"\nstarter = "access.holder"\nbusiness_key = "access.number"\n'


@pytest.fixture
def office(database):
    return Office(database)


def lives() -> Process:
    """Started by a message: belongs to who is named in it, and ends at midnight where it says."""
    p = Process("lives")
    p.start("begun", message("granted", variable="access"))
    p.catch("over", at("at(today() + days(1), '00:00')"))
    p.end()
    p.chain("begun", "over", "end")
    return p


def test_a_case_that_a_message_starts_is_of_whom_and_where_the_message_says(office):
    office.person("Sari")
    office.instansi("papua", zone="Asia/Jayapura")
    office.deploy(lives(), toml=OF, zone="instansi")
    told = {"holder": "user-sari", "place": "papua", "number": "7"}
    with office.database.write() as unit:
        queue_start(unit, "granted", told, "0" * 31 + "a", office.clock.now())
        queue_start(unit, "granted", told, "0" * 31 + "a", office.clock.now())
    office.tick()

    case = office.case("0" * 31 + "a")
    assert (case.starter_id, case.instansi_id, case.business_key, case.zone) == (
        "user-sari", "papua", "7", "Asia/Jayapura",
    )  # fmt: skip
    (deadline,) = office.deadlines(case.id)
    assert deadline.due_at.isoformat() == "2026-06-01T15:00:00+00:00"  # midnight in Jayapura
    assert [job.state for job in office.rows(Job)] == ["done"]
    with office.database.read() as unit:
        assert check_case(unit, office.definitions, case.id, replay=True) == []


def test_a_chore_is_done_again_at_once_while_there_is_more_and_rests_when_there_is_not(office):
    left, asked = [2 * SOME + 7], []

    def tidy(_runner, now):
        asked.append(now)
        did = min(left[0], SOME)
        left[0] -= did
        return did

    office.registry.chores.add(Chore("tidy", tidy, timedelta(minutes=5)))
    ticker = Ticker(office.runner, office.registry, SpoolTransport(), office.clock)

    assert ticker.run_once() == 2 * SOME + 7
    assert ticker.run_once() == 0
    assert len(asked) == 3

    office.wait(minutes=5)
    ticker.run_once()
    assert len(asked) == 4


def test_two_chores_cannot_have_one_name():
    chores = Chores()
    chores.add(Chore("tidy", lambda _runner, _now: 0))
    with pytest.raises(DuplicateChoreError):
        chores.add(Chore("tidy", lambda _runner, _now: 0))
