"""The page of a task: whose it is, what it refuses, and that nothing typed is ever lost."""

import pytest

from engine.history.kinds import Kind
from models import HistoryEvent
from tests.web.procedures import KEY, OFFICER, acting, apply_for, by_number, case_of, deploy_permit, task_of


@pytest.fixture
def office(app, person, clock):
    """The procedure, an applicant and two officers."""
    deploy_permit(app, clock.now())
    people = {"ani": person("Ani Wijaya"), "siti": person("Siti Rahma", roles=[OFFICER])}
    return {**people, "budi": person("Budi Santoso", roles=[OFFICER])}


@pytest.fixture
def waiting(app, office):
    """A case that waits for an officer: its decision task."""
    return task_of(app, by_number(app, apply_for(app, office["ani"])).id, "decide")


def opened(app, user):
    """The first task of a new case of this person."""
    instance_id = app.extensions["alur"].runner.start(KEY, acting(app, user))
    return task_of(app, instance_id, "apply")


def field(page, name):
    return page.one("input", name=name).get("value")


def kinds_of(app, instance_id):
    from sqlmodel import select  # noqa: PLC0415 -- beside its one use

    with app.extensions["alur"].database.read() as unit:
        return list(unit.session.exec(select(HistoryEvent.kind).where(HistoryEvent.instance_id == instance_id)))


def test_all_faults_come_at_once_and_what_was_typed_stays(app, browser, office):
    task = opened(app, office["ani"])

    page = browser(office["ani"]).post(f"/tugas/{task.id}", {"purpose": "", "people": "banyak", "task_version": "1"})

    assert page.status == 422
    assert "2 isian perlu diperbaiki" in page.text
    assert {"#f-purpose", "#f-people"} <= set(page.links())
    assert field(page, "people") == "banyak"
    assert page.one("title").text.startswith("Perlu diperbaiki:")


def test_a_good_form_leads_to_what_comes_next(app, browser, office):
    task = opened(app, office["ani"])
    window = browser(office["ani"])

    page = window.post(f"/tugas/{task.id}", {"purpose": "Bazar buku", "people": "40", "task_version": "1"})
    shown = window.follow(page)

    assert page.status == 303
    assert shown.heading == "Bazar buku"
    assert "Menunggu keputusan petugas" in shown.text
    assert case_of(app, task.instance_id).title == "Bazar buku"


def test_a_draft_is_saved_and_comes_back_on_another_device(app, browser, office):
    task = opened(app, office["ani"])

    answer = browser(office["ani"]).post(f"/tugas/{task.id}/draf", {"purpose": "Baz"})
    page = browser(office["ani"]).get(f"/tugas/{task.id}")

    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert field(page, "purpose") == "Baz"
    assert "Draf tersimpan 09.00" in page.text


def test_without_scripts_a_button_saves_the_draft(app, browser, office):
    task = opened(app, office["ani"])
    window = browser(office["ani"])

    page = window.follow(window.post(f"/tugas/{task.id}", {"purpose": "Bazar", "people": "x", "keep": "1"}))

    assert "Draf tersimpan 09.00" in page.text
    assert field(page, "purpose") == "Bazar"
    assert field(page, "people") == "x"


def test_an_officer_claims_sees_why_the_date_and_what_was_filled_in_and_decides(app, browser, office, waiting):
    window = browser(office["siti"])
    offered = window.get(f"/tugas/{waiting.id}")
    claimed = window.follow(window.post(f"/tugas/{waiting.id}/ambil"))
    done = window.post(f"/tugas/{waiting.id}", {"decision": "yes", "task_version": "2"})

    assert not offered.all("input", name="decision")
    assert "Setelah Anda ambil" in offered.text
    assert "Mengapa tanggal ini?" in claimed.text
    assert "Hari Lahir Pancasila" in claimed.text
    assert "Bazar buku" in claimed.text
    assert done.status == 303
    assert done.location == "/kotak-masuk"
    assert case_of(app, waiting.instance_id).outcome == "issued"


def test_an_officer_gives_a_task_back(app, browser, office, waiting):
    window = browser(office["siti"])
    window.post(f"/tugas/{waiting.id}/ambil")

    page = window.follow(window.post(f"/tugas/{waiting.id}/lepas"))

    assert "Tugas dikembalikan ke kelompok." in page.text
    assert task_of(app, waiting.instance_id, "decide").assignee_id is None


def test_the_second_to_claim_is_told_who_was_first(app, browser, office, waiting):
    browser(office["siti"]).post(f"/tugas/{waiting.id}/ambil")

    page = browser(office["budi"]).post(f"/tugas/{waiting.id}/ambil")

    assert page.status == 409
    assert "Siti Rahma" in page.text
    assert task_of(app, waiting.instance_id, "decide").assignee_id == office["siti"].id


def test_the_same_submit_twice_counts_once(app, browser, office, waiting):
    window = browser(office["siti"])
    window.post(f"/tugas/{waiting.id}/ambil")
    first = window.post(f"/tugas/{waiting.id}", {"decision": "yes", "task_version": "2"})
    second = window.post(f"/tugas/{waiting.id}", {"decision": "no", "reason": "Jangan hilang", "task_version": "2"})

    assert first.status == 303
    assert second.status == 409
    assert "Siti Rahma" in second.text
    assert "Jangan hilang" in second.text
    assert kinds_of(app, waiting.instance_id).count(Kind.TASK_COMPLETED) == 2  # the application and one decision
    assert case_of(app, waiting.instance_id).outcome == "issued"


def test_a_stale_form_is_shown_again_with_what_was_typed(app, browser, office, waiting):
    runner, siti = app.extensions["alur"].runner, acting(app, office["siti"])
    runner.claim(waiting.id, siti)
    runner.release(waiting.id, siti)
    runner.claim(waiting.id, siti)

    page = browser(office["siti"]).post(
        f"/tugas/{waiting.id}", {"decision": "no", "reason": "Belum lengkap", "task_version": "2"}
    )

    assert page.status == 409
    assert page.one("textarea", name="reason").text.strip() == "Belum lengkap"
    assert field_version(page) == str(task_of(app, waiting.instance_id, "decide").version)


def field_version(page):
    return page.one("input", name="task_version").get("value")


def test_a_hidden_question_is_asked_when_its_answer_is_given(app, browser, office, waiting):
    window = browser(office["siti"])
    window.post(f"/tugas/{waiting.id}/ambil")

    sent = {"decision": "no", "csrf_token": window.token()}
    part = window.client.post(f"/tugas/{waiting.id}/formulir", data=sent, headers={"HX-Request": "true"})
    whole = window.post(f"/tugas/{waiting.id}", {"decision": "no", "form-action": "refresh"})

    assert 'name="reason"' in part.text
    assert "<html" not in part.text
    assert whole.status == 200
    assert whole.all("textarea", name="reason")


def test_who_proposes_never_verifies(app, browser, person, clock):
    deploy_permit(app, clock.now())
    maya = person("Maya Lestari", roles=[OFFICER])
    task = task_of(app, by_number(app, apply_for(app, maya)).id, "decide")
    window = browser(maya)

    seen, claimed = window.get(f"/tugas/{task.id}"), window.post(f"/tugas/{task.id}/ambil")

    assert seen.status == claimed.status == 403
    assert "pengusul tidak boleh memverifikasi" in seen.text
    assert task.id not in window.get("/kotak-masuk?saring=kelompok").html


@pytest.mark.parametrize("act", ["", "/ambil", "/lepas", "/draf", "/formulir"])
def test_the_task_of_another_is_not_there(app, browser, office, person, waiting, act):
    stranger = browser(person("Orang Lain"))

    answer = stranger.post(f"/tugas/{waiting.id}{act}", {"decision": "yes"})

    assert answer.status == 404
    assert stranger.get(f"/tugas/{waiting.id}").status == 404
    assert stranger.get("/tugas/tidak-ada").status == 404


def test_a_closed_task_says_who_closed_it(app, browser, office, waiting):
    window = browser(office["siti"])
    window.post(f"/tugas/{waiting.id}/ambil")
    window.post(f"/tugas/{waiting.id}", {"decision": "yes", "task_version": "2"})

    page = browser(office["budi"]).get(f"/tugas/{waiting.id}")

    assert page.status == 200
    assert "Diselesaikan oleh Siti Rahma" in page.text
    assert not page.all("input", name="decision")


def test_names_from_people_are_text_and_never_markup(app, browser, office):
    number = apply_for(app, office["ani"], purpose="<script>alert(1)</script><b>Bazar</b>")

    page = browser(office["siti"]).get(f"/kasus/{number}")

    assert "<b>Bazar</b>" not in page.html
    assert "<b>Bazar</b>" in page.heading
