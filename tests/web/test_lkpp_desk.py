"""The desk: documents beside the check-list, one participant after another, and nothing typed is lost."""

# ruff: noqa: F811 -- fixtures

from datetime import timedelta

import pytest

from models import Participant, TaskDraft
from tests.web.season import PAPERS, agencies, officer, season, season_database, season_template  # noqa: F401 -- fixtures

ALL_GOOD = {f"checklist--{key}--ok": "ya" for key in PAPERS}


@pytest.fixture
def database(season_database):
    return season_database


@pytest.fixture
def admin(person, season, agencies):
    season.formasi(agencies[0])
    return person("Ani Wijaya", roles=["admin_instansi"], instansi=agencies[0])


@pytest.fixture
def verifier(officer):
    return officer("verifikator_lkpp")


@pytest.fixture
def cases(season, admin, agencies, clock):
    """Three participants, a minute apart: the first one is asked about first."""
    made = []
    for name in ("Budi Santoso", "Citra Dewi", "Dodi Putra"):
        made.append(season.participant(admin, agencies[0], name))
        clock.move_to(clock.now() + timedelta(minutes=1))
    return made


def task_of(season, case):
    return season.task(case, "verify_documents")


def begin(window, url="/lkpp/antrean/verifikasi/mulai"):
    """The address of the desk that a batch begins at."""
    page = window.post(url)
    assert page.status == 303
    return page.location


def test_a_batch_goes_from_one_participant_to_the_next(season, cases, browser, verifier):
    window = browser(verifier)

    desk = begin(window)
    first = window.get(desk)
    assert "Budi Santoso" in first.heading
    assert "1 dari 3" in first.text
    answer = window.post(desk, ALL_GOOD | {"task_version": "2"})
    second = window.follow(answer)

    assert season.row(Participant, cases[0]).documents == "complete"
    assert "tersimpan" in second.text
    assert answer.location != desk
    assert task_of(season, cases[1]).assignee_id == verifier.id
    assert "1 dari 2" in second.text


def test_the_documents_stand_beside_the_check_list_in_its_order(season, cases, browser, verifier):
    window = browser(verifier)
    desk = begin(window)

    page = window.get(desk)
    shown = page.one("h3", class_="paper-title")
    next_one = page.one("a", data_paper_next="")
    following = window.get(next_one.get("href"))

    assert "Dokumen 1 dari 14" in page.text
    assert shown.text.startswith("Surat keterangan")
    assert "Dokumen 2 dari 14" in following.text
    part = window.client.get(next_one.get("hx-get"), headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "Dokumen 2 dari 14" in part
    assert "<html" not in part
    assert window.get(f"{desk}/dokumen/{'0' * 32}").status == 404


def test_what_is_missing_is_said_and_what_was_typed_stays(season, cases, browser, verifier):
    window = browser(verifier)
    desk = begin(window)
    typed = ALL_GOOD | {"checklist--ktp--ok": "tidak", "verification_note": "KTP terpotong"}

    page = window.post(desk, typed | {"task_version": "2"})

    assert page.status == 422
    assert page.one("textarea", name="verification_note").text.strip() == "KTP terpotong"
    checked = page.all("input", name="checklist--ijazah--ok", value="ya")[0]
    assert checked.get("checked") is not None
    page = window.post(desk, typed | {"task_version": "2", "checklist--ktp--note": "Tidak terbaca, unggah ulang"})
    assert page.status == 303
    assert season.row(Participant, cases[0]).documents == "incomplete"
    assert season.task(cases[0], "reupload") is not None


def test_all_in_order_fills_the_list_and_leaves_the_remarks(season, cases, browser, verifier):
    window = browser(verifier)
    desk = begin(window)

    page = window.post(desk, {"all": "1", "checklist--ktp--note": "Fotokopi", "task_version": "2"})

    checked = [i for i in page.all("input", value="ya") if i.get("checked") is not None]
    assert len(checked) == 14
    assert page.one("textarea", name="checklist--ktp--note").text.strip() == "Fotokopi"
    assert task_of(season, cases[0]).state == "open"


def test_only_documents_uploaded_again_are_asked_about_again(season, cases, admin, browser, verifier):
    window, actor = browser(verifier), season.acting(admin)
    refused = {"checklist--ktp--ok": "tidak", "checklist--ktp--note": "Tidak terbaca"}
    window.post(begin(window), ALL_GOOD | refused | {"task_version": "2"})
    task = season.task(cases[0], "reupload")
    season.runner.complete(task.id, actor, {"ktp": season.papers(task.id, admin)["ktp"]})
    again = task_of(season, cases[0])
    season.runner.claim(again.id, season.acting(verifier))

    page = window.get(f"/lkpp/meja/{again.id}")

    assert len(page.all("fieldset", class_="review-row")) == 1
    assert page.one("h3", class_="paper-title").text == "KTP"
    window.post(f"/lkpp/meja/{again.id}", {"checklist--ktp--ok": "ya", "task_version": str(again.version + 1)})
    assert season.row(Participant, cases[0]).documents == "complete"


def test_somebody_elses_task_is_passed_over_and_says_who_has_it(season, cases, browser, verifier, officer):
    other = officer("verifikator_lkpp", name="Joko Susilo")
    season.runner.claim(task_of(season, cases[0]).id, season.acting(other))
    window = browser(verifier)

    desk = begin(window)

    assert "Citra Dewi" in window.get(desk).text
    assert "Joko Susilo" in window.get(f"/lkpp/meja/{task_of(season, cases[0]).id}").text


def test_two_who_save_the_same_are_told_and_the_second_keeps_the_words(season, cases, browser, verifier, officer):
    other = officer("verifikator_lkpp", name="Joko Susilo")
    window, desk = browser(verifier), f"/lkpp/meja/{task_of(season, cases[0]).id}"
    begin(window)
    browser_of_other = browser(other)
    window.post(f"{desk}/lepas")
    browser_of_other.post(f"{desk}/ambil")
    browser_of_other.post(desk, ALL_GOOD)

    page = window.post(desk, {**ALL_GOOD, "verification_note": "Catatan saya"})

    assert page.status == 409
    assert "Joko Susilo" in page.text
    assert "Catatan saya" in page.text
    assert season.row(TaskDraft, (desk.rpartition("/")[2], verifier.id)) is not None


def test_the_end_of_a_list_is_said(season, cases, browser, verifier, agencies):
    window = browser(verifier)
    desk = begin(window, f"/lkpp/antrean/verifikasi/mulai?instansi={agencies[0].id}&q=citra")
    assert f"instansi={agencies[0].id}" in desk

    page = window.follow(window.post(desk, ALL_GOOD | {"task_version": "2"}))

    assert "Tidak ada lagi yang menunggu dalam daftar ini." in page.text
    assert task_of(season, cases[0]).assignee_id is None


def test_a_desk_is_closed_to_other_roles(season, cases, browser, verifier, officer, admin, person):
    task = task_of(season, cases[0]).id
    assert browser(officer("penguji")).get(f"/lkpp/meja/{task}").status == 404
    assert browser(admin).get(f"/lkpp/meja/{task}").status == 403
    assert browser(person("Eka Sari")).get(f"/lkpp/meja/{task}").status == 403
    assert browser(officer("penguji")).post(f"/lkpp/meja/{task}", ALL_GOOD).status == 404
