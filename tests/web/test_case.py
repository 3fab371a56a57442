"""The page of a case: who may see it, what it tells to whom, and that it costs the same however long the history."""

import re
from datetime import UTC, datetime

import pytest

from tests.support.databases import counting
from tests.web.procedures import OFFICER, acting, apply_for, by_number, deploy_permit, task_of
from web.cases.steps import Step, _wait


@pytest.fixture
def office(app, person, clock):
    deploy_permit(app, clock.now())
    return {"ani": person("Ani Wijaya"), "siti": person("Siti Rahma", roles=[OFFICER])}


def decided(app, office, decision="yes"):
    number = apply_for(app, office["ani"])
    task = task_of(app, by_number(app, number).id, "decide")
    runner, siti = app.extensions["alur"].runner, acting(app, office["siti"])
    runner.claim(task.id, siti)
    runner.complete(task.id, siti, {"decision": decision, "reason": "Belum lengkap"})
    return number


def steps(page):
    return {e.get("data-element"): e.get("data-state") for e in page.all("li") if e.get("data-element")}


def test_the_list_of_steps_says_where_the_case_is(app, browser, office):
    page = browser(office["siti"]).get(f"/kasus/{apply_for(app, office['ani'])}")

    assert steps(page) == {
        "start": "done", "apply": "done", "decide": "active", "granted": "todo", "issued": "todo", "refused": "todo",
    }  # fmt: skip
    assert "Menunggu keputusan petugas" in page.text


def test_a_timer_waits_for_its_time_and_writes_nothing_over_the_task_it_sits_on():
    timer = Step("late", "3×24 jam habis", "tenggat", attached=True)
    _wait(timer, datetime(2026, 6, 3, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC), state="waiting")

    assert timer.state == "waiting"
    assert timer.note == ""


def test_a_case_that_ended_tells_its_end_and_the_flows_it_took(app, browser, office):
    page = browser(office["siti"]).get(f"/kasus/{decided(app, office, 'no')}")

    assert steps(page)["refused"] == "done"
    assert steps(page)["issued"] == "todo"
    assert "Kasus selesai: Ditolak" in page.text
    flows = next(e.get("data-flows") for e in page.all("ol") if e.get("data-flows") is not None).split()
    assert len(flows) == len(set(flows)) == 4


def test_the_diagram_is_served_as_it_was_deployed(app, browser, office):
    number = apply_for(app, office["ani"])
    window = browser(office["siti"])

    found = window.get(f"/kasus/{number}/diagram/process.bpmn")

    assert found.status == 200
    assert found.headers["Content-Type"].startswith("application/xml")
    assert window.get(f"/kasus/{number}/diagram/process.toml").status == 404
    assert window.get(f"/kasus/{number}/diagram/../../etc/passwd").status == 404


def test_officers_read_names_applicants_read_offices(app, browser, office):
    number = decided(app, office)

    officer, applicant = browser(office["siti"]).get(f"/kasus/{number}"), browser(office["ani"]).get(f"/kasus/{number}")

    assert "Ani Wijaya" in officer.text
    assert "Siti Rahma" not in applicant.text
    assert "Petugas" in applicant.text


@pytest.mark.parametrize("path", ["", "/diagram/process.bpmn", "/dokumen/x"])
def test_the_case_of_another_is_not_there(app, browser, office, person, path):
    number = apply_for(app, office["ani"])

    assert browser(person("Orang Lain")).get(f"/kasus/{number}{path}").status == 404


def test_an_owner_finds_and_reads_every_case(app, browser, office, person):
    number = apply_for(app, office["ani"], purpose="Lomba cerdas cermat")
    apply_for(app, office["ani"], purpose="Pasar murah")
    owner = browser(person("Indah Lestari", roles=["owner"]))

    found = owner.get("/kasus?q=cerdas")
    page = owner.get(f"/kasus/{number}")

    assert [u for u in found.links() if re.fullmatch(r"/kasus/2606-.+", u)] == [f"/kasus/{number}"]
    assert page.status == 200
    assert not [u for u in page.links() if u.startswith("/tugas/")], "an owner cannot do the task"


@pytest.mark.parametrize("role", ["auditor", "auditor_luar"])
def test_an_auditor_reads_cases_in_the_audit_alone(app, browser, office, person, role):
    """There the people in them are masked; here they are not."""
    number = apply_for(app, office["ani"])
    auditor = browser(person("Hendra Gunawan", roles=[role]))

    assert auditor.get(f"/kasus/{number}").location == f"/audit/kasus/{number}"
    assert number not in auditor.get("/kasus").text
    assert auditor.get(f"/kasus/{number}/diagram/process.bpmn").status == 404


def test_the_list_filters_by_state_and_exports(app, browser, office):
    running, ended = apply_for(app, office["ani"]), decided(app, office)
    window = browser(office["siti"])

    assert running in window.get("/kasus?status=active").html
    assert ended not in window.get("/kasus?status=active").html
    assert ended in window.get("/kasus.csv?status=completed").html


def test_a_page_costs_the_same_for_a_short_and_for_a_long_history(app, browser, office, database):
    number = apply_for(app, office["ani"])
    task = task_of(app, by_number(app, number).id, "decide")
    runner, siti = app.extensions["alur"].runner, acting(app, office["siti"])
    window = browser(office["siti"])
    window.get(f"/kasus/{number}")

    with counting(database) as short:
        window.get(f"/kasus/{number}")
    for _ in range(60):
        runner.claim(task.id, siti)
        runner.release(task.id, siti)
    with counting(database) as long:
        page = window.get(f"/kasus/{number}")
    older = window.get(next(a.get("href") for a in page.all("a", rel="next")))

    assert len(short) == len(long) <= 15, long
    assert older.status == 200


def test_an_owner_moves_a_deadline_with_a_reason_and_the_case_tells_it(app, browser, person, office):
    number = apply_for(app, office["ani"])
    task = task_of(app, by_number(app, number).id, "decide")
    owner = browser(person("Indah Lestari", roles=["owner"]))
    (link,) = [a for a in owner.get(f"/kasus/{number}").links() if "/tenggat/" in a]
    assert "Geser tenggat" in owner.get(link).text

    late = {"day": "2020-01-01", "hour": "08:00", "reason": "Banjir di kantor"}
    assert owner.post(link, late).status == 409
    assert owner.post(link, {"day": "2027-03-01", "hour": "08:00", "reason": "Banjir di kantor"}).status == 303

    assert task_of(app, by_number(app, number).id, "decide").due_at > task.due_at
    page = owner.get(f"/kasus/{number}")
    assert "tenggat digeser" in page.text
    assert "Banjir di kantor" in page.text
    assert browser(office["siti"]).get(link).status == 403
