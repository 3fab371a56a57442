"""The auditor's list of cases: found by what is asked, persons by right only, searches kept and shared."""

from datetime import timedelta

import pytest
from sqlmodel import select

from engine.ledger import Kind
from models import LedgerEntry, SavedSearch
from tests.web.procedures import OFFICER, acting, apply_for, by_number, deploy_permit, task_of


@pytest.fixture
def database(sqlite_database):
    """Rules of pages; the statements are tried on both databases by `test_every_filter_…`."""
    return sqlite_database


@pytest.fixture
def office(app, person, clock):
    return peopled(app, person, clock)


def peopled(app, person, clock):
    deploy_permit(app, clock.now())
    return {
        "ani": person("Ani Wijaya"),
        "siti": person("Siti Rahma", roles=[OFFICER]),
        "auditor": person("Hendra Gunawan", roles=["auditor"]),
        "outside": person("Sri Rahayu", roles=["auditor_luar"]),
    }


def decide(app, office, number):
    task = task_of(app, by_number(app, number).id, "decide")
    runner, siti = app.extensions["alur"].runner, acting(app, office["siti"])
    runner.claim(task.id, siti)
    runner.complete(task.id, siti, {"decision": "yes", "reason": "Lengkap"})


def found(page):
    assert page.status == 200, page.text[:300]
    return [tick.get("value") for tick in page.all("input", name="kasus")]


def searches(app):
    with app.extensions["alur"].database.read() as unit:
        return [(e.ref, e.detail) for e in unit.session.exec(
            select(LedgerEntry).where(LedgerEntry.kind == Kind.PERSON_SEARCHED).order_by(LedgerEntry.seq))]  # fmt: skip


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_every_filter_finds_what_it_says_on_both_databases(request, settings, person, clock, browser, app):
    office = peopled(app, person, clock)
    late, done = apply_for(app, office["ani"]), apply_for(app, office["ani"])
    decide(app, office, done)
    clock.move_to(clock.now() + timedelta(days=20))
    fresh = apply_for(app, office["ani"])
    auditor = browser(office["auditor"])
    asked = {
        "": {late, done, fresh},
        f"q={late}": {late},
        f"q={late[:5]}": {late, done, fresh},
        "proses=izin&keadaan=completed": {done},
        "proses=lain": set(),
        "terlambat=0": {late},
        "terlambat=7": {late},
        "terlambat=30": set(),
        f"sejak={clock.now():%Y-%m-%d}": {fresh},
        f"sampai={clock.now():%Y-%m-%d}&urut=terlama": {late, done, fresh},
        "simpangan=intervensi": set(),
        "simpangan=aturan": set(),
        "simpangan=pembuktian": set(),
        "simpangan=belum&urut=nomor": {late, done, fresh},
        "urut=selesai": {done},
        "terlambat=lama&keadaan=aneh&sejak=besok": {late, done, fresh},
    }
    for query, cases in asked.items():
        assert set(found(auditor.get(f"/audit?{query}"))) == cases, query
    assert "terlambat" in auditor.get("/audit?terlambat=0").text


def test_an_auditor_of_one_instansi_sees_its_cases_alone(app, browser, office, person, instansi):
    apply_for(app, office["ani"])
    local = browser(person("Lokal", roles=["auditor"], instansi=instansi("Kabupaten Kapuas")))
    assert found(local.get("/audit")) == []


def test_a_person_is_looked_for_by_right_and_that_is_noted(app, browser, office):
    number = apply_for(app, office["ani"])
    auditor = browser(office["auditor"])
    assert auditor.post("/audit/orang", {"siapa": "an"}).status == 422
    page = auditor.post("/audit/orang", {"siapa": "Ani Wij"})
    assert "Ani Wijaya" in page.text
    [link] = [u for u in page.links() if "orang=" in u]
    assert "Ani" not in link

    assert found(auditor.get(link)) == [number]
    assert found(auditor.get("/audit?orang=u-nobody")) == []
    (first, second, third) = searches(app)
    assert first[1]["by"] == "name"
    assert "Ani" not in str(searches(app))
    assert (second[0], third[0]) == (f"u-{office['ani'].id}", "u-nobody")


def test_an_auditor_from_outside_asks_for_nobody(app, browser, office):
    number = apply_for(app, office["ani"])
    outside = browser(office["outside"])
    assert outside.get("/audit/orang").status == outside.post("/audit/orang", {"siapa": "Ani Wijaya"}).status == 403
    assert found(outside.get("/audit?orang=u-nobody")) == [number], "the filter is not theirs, and asks for nothing"
    assert "Ani" not in outside.get("/audit").text
    assert "Ani" not in outside.get(f"/audit/kasus/{number}").text
    assert searches(app) == []


def test_the_list_is_taken_away_masked(app, browser, office):
    number = apply_for(app, office["ani"])
    taken = browser(office["auditor"]).get("/audit.csv?proses=izin")
    assert number in taken.html
    assert "Ani" not in taken.html
    assert "audit.xlsx" in browser(office["auditor"]).get("/audit.xlsx").headers["Content-Disposition"]


def test_a_search_is_kept_shared_and_removed_by_its_owner_alone(app, browser, office, person):
    apply_for(app, office["ani"])
    auditor, other = browser(office["auditor"]), browser(person("Rina Wijaya", roles=["auditor"]))
    asked = {"proses": "izin", "keadaan": "active"}
    auditor.post("/audit/pencarian", {**asked, "nama": "Izin berjalan"})
    auditor.post("/audit/pencarian", {**asked, "nama": "Bersama", "bagikan": "1"})
    auditor.post("/audit/pencarian", {**asked, "nama": " "})

    mine, theirs = auditor.get("/audit"), other.get("/audit")
    assert "/audit?proses=izin&keadaan=active" in mine.links()
    assert "Izin berjalan" in mine.text
    assert "Izin berjalan" not in theirs.text
    assert "Bersama dari Hendra Gunawan" in theirs.text
    with app.extensions["alur"].database.read() as unit:
        kept = {s.name: s.id for s in unit.session.exec(select(SavedSearch))}
    assert sorted(kept) == ["Bersama", "Izin berjalan"]
    assert other.post(f"/audit/pencarian/{kept['Bersama']}/hapus").status == 404
    assert auditor.post(f"/audit/pencarian/{kept['Bersama']}/hapus").status == 303
    assert "Bersama" not in other.get("/audit").text


def test_who_sees_only_results_is_led_to_them(app, browser, person):
    for role in ("owner", "admin"):
        window = browser(person("Wati", roles=[role]))
        assert window.get("/audit").location.startswith("/audit/")
        assert window.get("/audit.csv").status == 403
