"""The commands of a case: what each does to inboxes, deadlines, jobs and the case's row."""

import pytest

from tests.support.bpmn import Process
from tests.support.office import Office


@pytest.fixture
def office(database):
    return Office(database)


def permit(**verify) -> Process:
    p = Process("permit")
    p.start()
    p.user("apply", lane="Pemohon", stage="Diisi pemohon")
    p.user("verify", lane="Verifikator", **verify)
    p.end()
    p.chain("start", "apply", "verify", "end")
    return p


def test_a_started_case_shows_its_first_task_to_its_starter(office):
    office.deploy(permit())
    ani = office.person("Ani")

    case = office.start("permit", ani)

    (task,) = office.tasks(case)
    assert (task.element_id, task.assignee_id, task.role) == ("apply", ani.user_id, None)
    assert office.case(case).status == "active"
    assert office.case(case).stage == "Diisi pemohon"


def test_completing_the_last_task_completes_the_case(office):
    office.deploy(permit())
    ani, budi = office.person("Ani"), office.person("Budi", "verifier")
    case = office.start("permit", ani)

    office.complete(case, "apply", ani, name="Toko")
    office.complete(case, "verify", budi, approved=True)

    found = office.case(case)
    assert (found.status, found.outcome, found.ended_at) == ("completed", "end", office.clock.now())
    assert office.tasks(case) == []
