"""Proofs on the pages: begun for what was chosen, followed, read, certified, scheduled."""

import pytest
from sqlalchemy import update

from engine.history.journal import EVENTS
from engine.proof import working
from tests.web.procedures import OFFICER, apply_for, by_number, deploy_permit

RUNS = "/audit/bukti"


@pytest.fixture
def database(sqlite_database):
    """Rules of pages; what they begin is tried on both databases in tests/engine/proof."""
    return sqlite_database


@pytest.fixture
def office(app, person, clock):
    deploy_permit(app, clock.now())
    return {
        "ani": person("Ani Wijaya"),
        "siti": person("Siti Rahma", roles=[OFFICER]),
        "auditor": person("Hendra Gunawan", roles=["auditor"]),
        "admin": person("Lina Marlina", roles=["admin"]),
    }


def work(app):
    parts = app.extensions["alur"]
    while working.work_off(parts.runner, working.Installation(parts.documents), parts.clock.now()):
        pass


def begin(window, **wanted):
    answer = window.post(RUNS, {"jenis": "verify", **wanted})
    assert answer.status == 303
    return answer.location


@pytest.mark.tampers
def test_a_finding_leads_to_its_case_and_event_and_everybody_concerned_sees_it(app, browser, office, database):
    whole, broken = apply_for(app, office["ani"]), apply_for(app, office["ani"])
    with database.write() as unit:
        this = (EVENTS.c.instance_id == by_number(app, broken).id) & (EVENTS.c.seq == 2)
        unit.connection.execute(update(EVENTS).where(this).values(kind="element:cancelled"))
    auditor, admin = browser(office["auditor"]), browser(office["admin"])
    run = begin(auditor, lingkup="semua")
    assert auditor.get(run).one("progress").get("max") == "2"
    part = auditor.client.get(f"{run}/kemajuan", headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith('<div id="progress"')
    work(app)

    assert auditor.get(f"{run}/kemajuan", headers={"HX-Request": "true"}).headers["HX-Redirect"] == run
    page = auditor.get(run)
    assert f"/audit/kasus/{broken}" in page.links()
    assert f"/audit/kasus/{broken}/putar#e=2" in page.links()
    assert f"/audit/kasus/{whole}" not in page.links()
    assert broken in auditor.get(f"{run}/temuan.csv").html
    assert run in auditor.get("/audit").links(), "the alarm stands on the list of cases"
    assert run in admin.get(RUNS).links()
    assert f"/audit/kasus/{broken}" not in admin.get(run).links(), "who may not open a case is not sent there"
    assert "temuan pada pembuktian terakhir" in admin.get("/pengelolaan/kesehatan").text
    assert "ada temuan" in auditor.get(f"/audit/kasus/{broken}").text
    assert [n.get("value") for n in auditor.get("/audit?simpangan=pembuktian").all("input", name="kasus")] == [broken]


def test_the_chosen_cases_are_proved_and_certified(app, browser, office):
    numbers = [apply_for(app, office["ani"]) for _ in range(3)]
    auditor, admin = browser(office["auditor"]), browser(office["admin"])
    run = begin(auditor, kasus=numbers[:2], jenis="reproduce")
    assert auditor.get(f"{run}/sertifikat.pdf").status == 404
    assert "belum selesai" in auditor.follow(auditor.post(f"{run}/sertifikat")).text
    work(app)

    page = auditor.get(run)
    assert "Tanpa temuan" in page.text
    assert f"/audit/kasus/{numbers[0]}" in page.links()
    assert admin.post(f"{run}/sertifikat").status == 403
    assert auditor.post(f"{run}/sertifikat").location == run
    assert "bukan sertifikat elektronik resmi" in auditor.get(run).text
    certificate = admin.get(f"{run}/sertifikat.pdf")
    assert certificate.headers["Content-Disposition"].startswith('attachment; filename="BP-')
    assert "terbukti" in auditor.get(f"/audit/kasus/{numbers[0]}").text
    assert "belum pernah dibuktikan" in auditor.get(f"/audit/kasus/{numbers[2]}").text


def test_all_that_fit_the_list_are_proved_or_nothing(app, browser, office):
    for _ in range(3):
        apply_for(app, office["ani"])
    auditor = browser(office["auditor"])
    assert auditor.get(begin(auditor, semua="1", keadaan="active")).one("progress").get("max") == "3"
    assert begin(auditor, semua="1", keadaan="completed") == "/audit"
    assert begin(auditor, kasus=["2606-0000-0000"]) == "/audit"


def test_a_run_is_stopped_by_an_auditor(app, browser, office):
    apply_for(app, office["ani"])
    auditor = browser(office["auditor"])
    run = begin(auditor, lingkup="semua")
    assert browser(office["admin"]).post(f"{run}/berhenti").status == 403
    assert auditor.post(f"{run}/berhenti").location == run
    assert "Dihentikan" in auditor.get(run).text
    assert auditor.get(f"{RUNS}/{'0' * 32}").status == 404


def test_the_schedule_is_kept_and_shown(app, browser, office, person):
    admin = browser(office["admin"])
    given = {"verify-setiap": "daily", "verify-hari": "0", "verify-jam": "1", "reproduce-setiap": "weekly",
             "reproduce-hari": "6", "reproduce-jam": "2"}  # fmt: skip
    assert admin.post(f"{RUNS}/jadwal", given).location == f"{RUNS}/jadwal"
    shown = admin.get(RUNS).text
    assert "setiap hari pukul 01.00 WIB" in shown
    assert "setiap hari Minggu pukul 02.00 WIB" in shown
    refused = admin.follow(admin.post(f"{RUNS}/jadwal", {**given, "verify-jam": "25"}))
    assert "tidak dikenal" in refused.text
    assert browser(person("Sri", roles=["auditor_luar"])).get(f"{RUNS}/jadwal").status == 403
