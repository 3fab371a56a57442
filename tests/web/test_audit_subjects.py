"""The report to a person about their data: everything that is held, who worked with it, who saw it, in time."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from sqlmodel import select

from engine.ledger import Kind
from models import LedgerEntry
from tests.web.privacy import PERSONAL, apply_with_data, deploy_personal
from tests.web.procedures import OFFICER, acting, by_number, task_of


@pytest.fixture
def database(sqlite_database):
    """Pages of one desk; what they read is tried on both databases in tests/engine."""
    return sqlite_database


@pytest.fixture
def office(app, person, clock):
    deploy_personal(app, clock.now())
    return {
        "siti": person("Siti Aminah"),
        "budi": person("Budi Santoso", roles=[OFFICER]),
        "officer": person("Ratna Dewi", roles=["data_officer"]),
    }


@pytest.fixture
def number(app, browser, office):
    """Applied for by Siti, read and refused by Budi."""
    number = apply_with_data(app, office["siti"])
    browser(office["budi"]).get(f"/kasus/{number}", buffered=True)
    runner, budi = app.extensions["alur"].runner, acting(app, office["budi"])
    task = task_of(app, by_number(app, number).id, "decide")
    runner.claim(task.id, budi)
    runner.complete(task.id, budi, {"decision": "no", "reason": "Kurang lengkap"})
    return number


def ledger_of(app, kind):
    with app.extensions["alur"].database.read() as unit:
        return unit.session.exec(select(LedgerEntry).where(LedgerEntry.kind == kind)).all()


def test_the_data_officer_finds_a_person_by_what_the_person_has(app, browser, office, number):
    officer = browser(office["officer"])

    found = officer.post("/audit/subjek", {"siapa": "siti aminah"})

    assert f"/audit/subjek/u-{office['siti'].id}" in found.links()
    [entry] = ledger_of(app, Kind.PERSON_SEARCHED)
    assert entry.detail["by"] == "name"
    assert "siti" not in json.dumps(entry.detail).lower()
    assert officer.post("/audit/subjek", {"siapa": "ab"}).status == 422


def test_the_page_tells_what_is_held_why_and_how_long_and_who_had_it(app, browser, office, number):
    page = browser(office["officer"]).get(f"/audit/subjek/u-{office['siti'].id}")

    for words in (number, "Peraturan Contoh Nomor 1 Tahun 2026", "2 tahun sejak kasus selesai", PERSONAL["nik"],
                  "Budi Santoso", "membuka halaman kasus", "Akun", office["siti"].email):  # fmt: skip
        assert words in page.text
    [entry] = ledger_of(app, Kind.REPORT_MADE)
    assert (entry.ref, entry.actor_id) == (f"u-{office['siti'].id}", office["officer"].id)


def test_what_is_handed_over_names_offices_and_no_officer(app, browser, office, number):
    officer = browser(office["officer"])
    address = f"/audit/subjek/u-{office['siti'].id}"

    pdf = officer.client.get(f"{address}/laporan.pdf")
    archive = zipfile.ZipFile(io.BytesIO(officer.client.get(f"{address}/laporan.zip").data))

    assert pdf.data.startswith(b"%PDF")
    assert b"/ByteRange" in pdf.data, "it is sealed"
    report = json.loads(archive.read("laporan.json"))
    [case] = report["cases"]
    assert (case["number"], case["as"]) == (number, "Pemohon")
    assert {h["path"]: h["value"] for h in case["held"]}.items() >= {
        "nik": PERSONAL["nik"],
        "email": PERSONAL["email"],
    }.items()
    assert [p["office"] for p in case["processed"]] == ["Petugas"]
    assert [(s["office"], s["what"]) for s in case["seen"]] == [("Petugas izin", "membuka halaman kasus")]
    everything = b"".join(archive.read(name) for name in archive.namelist() if not name.endswith(".pdf"))
    assert b"Budi" not in everything
    assert number.encode() in archive.read("akses.csv")


def test_somebody_else_in_the_same_case_stays_masked(app, browser, office, number, person):
    """Joko is named in nobody's case: his report knows of his account alone. Of Siti's case nothing is his."""
    joko = person("Joko Susilo")

    page = browser(office["officer"]).get(f"/audit/subjek/u-{joko.id}")

    assert number not in page.text
    assert PERSONAL["nik"] not in page.text
    assert joko.email in page.text


def test_a_request_is_owed_an_answer_within_three_times_24_hours(app, browser, office, number, clock):
    officer = browser(office["officer"])
    address = f"/audit/subjek/u-{office['siti'].id}"
    officer.post(f"{address}/permintaan", {"diterima": ""})
    officer.post(f"{address}/permintaan", {"diterima": ""})

    desk = officer.get("/audit/subjek")
    assert desk.text.count("menunggu jawaban") == 1
    assert "4 Juni 2026" in desk.text
    clock.move_to(clock.now() + timedelta(hours=73))
    late = browser(office["officer"]).get("/audit/subjek")
    assert "terlambat" in late.text

    form = next(f for f in late.all("form") if (f.get("action") or "").endswith("/dijawab"))
    again = browser(office["officer"])
    done = again.follow(again.post(form.get("action")))
    assert "sudah dijawab" in done.text


def test_nobody_else_makes_reports(browser, person):
    for role in ("auditor", "auditor_luar", "owner", "admin"):
        client = browser(person("Seseorang", roles=[role]))
        assert client.get("/audit/subjek").status == 403
        assert client.get("/audit/subjek/u-1/laporan.pdf").status == 403
