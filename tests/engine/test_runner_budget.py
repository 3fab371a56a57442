"""What a completed user task costs: statements, commits and bytes, at ten steps as at a thousand."""

import pytest

from tests.support.bpmn import Process
from tests.support.databases import counting
from tests.support.office import Office

MOST = 10


def rounds() -> Process:
    """A user task in a loop, due in three working days, between two roles."""
    p = Process("rounds")
    p.start()
    p.exclusive("again")
    p.user("work", lane="Pemohon", due='working_days_after(today(), 3, at="16:00")')
    p.exclusive("enough")
    p.end()
    p.chain("start", "again", "work", "enough")
    p.flow("enough", "again", "not done", default=False)
    p.flow("enough", "end", default=True)
    return p


def measured(office: Office, case: str, ani, **data):
    task = office.task(case, "work")
    with counting(office.database) as seen:
        office.runner.complete(task.id, ani, data, task.version)
    return seen


@pytest.fixture
def office(database):
    return Office(database)


def test_a_completed_task_costs_ten_statements_and_one_commit_at_most(office):
    office.deploy(rounds())
    ani = office.person("Ani")
    case = office.start("rounds", ani)
    measured(office, case, ani, done=False)

    seen = measured(office, case, ani, done=False, remark="x")

    assert len(seen) <= MOST, "\n".join(seen)
    assert seen.commits == 1
    (task,) = office.tasks(case)
    assert task.due_at is not None
    assert [d.state for d in office.deadlines(case)] == ["done", "done", "pending"]


def test_a_base_document_written_anew_and_a_new_title_stay_within_the_ten(office):
    office.deploy(rounds(), toml='[case]\ntitle = "name"\nbusiness_key = "name"\n')
    ani = office.person("Ani")
    case = office.start("rounds", ani)
    measured(office, case, ani, done=False)

    seen = measured(office, case, ani, done=False, name="Toko", pages=["kata " * 40 for _ in range(200)])

    assert any("instance_data" in s and s.startswith("INSERT") for s in seen)
    assert office.case(case).title == "Toko"
    assert len(seen) <= MOST, "\n".join(seen)
    assert seen.commits == 1


def test_a_thousand_steps_cost_no_more_than_ten(office):
    office.deploy(rounds())
    ani = office.person("Ani")
    case = office.start("rounds", ani, data={"letter": "kata " * 400, "members": [{"nip": n} for n in range(50)]})
    for _ in range(10):
        early = measured(office, case, ani, done=False)
    for _ in range(990):
        office.complete(case, "work", ani, done=False)

    late = measured(office, case, ani, done=False)

    assert len(late) <= len(early) <= MOST
    assert (late.commits, early.commits) == (1, 1)
    assert late.bytes <= early.bytes + 64  # numbers have more digits by then
