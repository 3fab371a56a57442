"""The applicant's pages: one status line, what is needed, the Riwayat, a new application."""

import pytest

from engine.definitions import withdraw
from tests.web.procedures import KEY, OFFICER, apply_for, by_number, deploy_permit, task_of


@pytest.fixture
def ani(app, person, clock):
    deploy_permit(app, clock.now())
    return person("Ani Wijaya")


def test_somebody_new_is_shown_how_to_begin(browser, ani):
    page = browser(ani).get("/permohonan")

    assert "Anda belum mengajukan permohonan." in page.text
    assert "/permohonan/baru" in page.links()


def test_starting_an_application_leads_to_its_first_task(browser, ani):
    window = browser(ani)

    choice = window.get("/permohonan/baru")
    page = window.follow(window.post(f"/permohonan/baru/{KEY}"))

    assert "Ajukan izin" in choice.text
    assert page.heading == "Isi permohonan"


def test_what_is_needed_stands_first(app, browser, ani):
    window = browser(ani)
    window.post(f"/permohonan/baru/{KEY}")
    apply_for(app, ani, purpose="Bazar buku")

    page = window.get("/permohonan")

    assert page.text.index("Yang perlu Anda lakukan") < page.text.index("Semua permohonan")
    assert "Menunggu keputusan petugas" in page.text
    assert len([u for u in page.links() if u.startswith("/tugas/")]) == 1


def test_a_running_application_is_pointed_out_before_a_second_is_started(app, browser, ani):
    number = apply_for(app, ani)

    page = browser(ani).get("/permohonan/baru")

    assert "Anda masih mempunyai permohonan yang berjalan" in page.text
    assert f"/permohonan/{number}" in page.links()


def test_the_riwayat_tells_status_lines_and_no_officers(app, browser, ani, person):
    number = apply_for(app, ani)
    task = task_of(app, by_number(app, number).id, "decide")
    siti = browser(person("Siti Rahma", roles=[OFFICER]))
    siti.post(f"/tugas/{task.id}/ambil")
    siti.post(f"/tugas/{task.id}", {"decision": "no", "reason": "Belum lengkap", "task_version": "2"})

    page = browser(ani).get(f"/permohonan/{number}")

    assert "Kasus selesai: Ditolak" in page.text
    assert "Menunggu keputusan petugas" in page.text
    assert "Siti Rahma" not in page.text
    assert "diambil" not in page.text


def test_the_application_of_another_is_not_there(app, browser, ani, person):
    number = apply_for(app, ani)

    officer = browser(person("Siti Rahma", roles=[OFFICER]))

    assert officer.get(f"/permohonan/{number}").status == 404
    assert browser(person("Orang Lain")).get(f"/permohonan/{number}").status == 404


def test_a_process_that_was_withdrawn_cannot_be_started(app, browser, ani):
    with app.extensions["alur"].database.write() as unit:
        withdraw(unit, KEY)
    window = browser(ani)

    assert "Belum ada yang dapat Anda ajukan." in window.get("/permohonan/baru").text
    assert window.post(f"/permohonan/baru/{KEY}").status == 404
    assert window.post("/permohonan/baru/tidak_ada").status == 404


def test_it_speaks_english(app, browser, person, clock):
    deploy_permit(app, clock.now())
    ann = person("Ann Lee", locale="en")
    number = apply_for(app, ann, purpose="Book fair")

    page = browser(ann).get(f"/permohonan/{number}")

    assert "Waiting for an officer's decision" in page.text
    assert "Fill in the application: done" in page.text
    assert "What you need to do" not in page.text


def test_a_page_for_a_phone_is_small(app, browser, ani):
    number = apply_for(app, ani)
    window = browser(ani)

    for url in ("/permohonan", f"/permohonan/{number}", "/permohonan/baru"):
        assert len(window.get(url).html.encode()) < 30_000
