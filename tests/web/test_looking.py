"""Pages of analyses: every picture with its table, its file and the cases behind its lines, for who may see them."""

import csv
import io

import pytest

from engine.looking import reckon
from models import Instance, PaperRule
from tests.engine.test_looking import office_on, people_of, play

PICTURES = ("", "/jalan", "/hambatan", "/ulang", "/terlambat", "/masa", "/aturan")


@pytest.fixture
def database(sqlite_database):
    """One is enough: what the two databases answer differently is tested beside the figures."""
    return sqlite_database


@pytest.fixture
def office(database, clock):
    made = office_on(database)
    people = people_of(made)
    play(made, people)
    play(made, people, returned=2)
    clock.move_to(made.clock.now())
    return made


def rows_of(page):
    return list(csv.reader(io.StringIO(page.text.removeprefix("\ufeff"))))


def test_an_auditor_reads_every_picture_its_table_and_the_cases_behind(browser, person, office):
    auditor = browser(person("Hendra", roles=["auditor"]))
    assert "/audit/analisis/permit" in auditor.get("/audit/analisis").links()
    for picture in PICTURES:
        page = auditor.get(f"/audit/analisis/permit{picture}")
        assert page.status == 200
    heat = auditor.get("/audit/analisis/permit?ukuran=kerja")
    assert heat.one("li", **{"data-element": "check"}).get("data-heat") == "4"
    ways = rows_of(auditor.get("/audit/analisis/permit/tabel/jalan.csv"))
    assert [row[2:4] for row in ways[1:]] == [["1", "50.0"], ["1", "50.0"]]
    rework = auditor.get("/audit/analisis/permit/ulang")
    assert "Perlu perbaikan (2×)" in rework.text
    behind = next(link for link in rework.links() if "/kasus/ulang/" in link)
    assert any("/audit/kasus/" in link for link in auditor.get(behind).links())
    assert len(rows_of(auditor.get(f"{behind}.csv"))) == 2
    assert auditor.get("/audit/analisis/permit/tabel/ulang.xlsx").status == 200


def test_filters_narrow_what_is_counted_and_stay_in_every_address(browser, person, office):
    auditor = browser(person("Hendra", roles=["auditor"]))
    page = auditor.get("/audit/analisis/permit/jalan?lipat=1&panggilan=tutup")
    assert "1 jalan berbeda." in page.text
    assert "lipat=1" in next(link for link in page.links() if "/tabel/jalan.csv" in link)
    empty = auditor.get("/audit/analisis/permit?dari=2031-01-01&sampai=bukan-tanggal")
    assert "Tidak ada kasus dalam pilihan ini." in empty.text
    assert auditor.get("/audit/analisis/nowhere").status == 404
    assert auditor.get("/audit/analisis/permit/nowhere").status == 404
    assert auditor.get("/audit/analisis/permit/tabel/nowhere.csv").status == 404
    assert auditor.get("/audit/analisis/permit/kasus/jalan/nowhere").status == 404


def test_from_outside_nobody_is_named(browser, person, office):
    inside, outside = (browser(person("Hendra", roles=[role])) for role in ("auditor", "auditor_luar"))
    assert "Budi" in inside.get("/audit/analisis/permit/hambatan").text
    page = outside.get("/audit/analisis/permit/hambatan")
    assert "Verifikator" in page.text
    assert "Budi" not in page.text
    assert outside.get("/audit/analisis/permit/tabel/hambatan-orang.csv").status == 404


def test_an_auditor_of_one_instansi_counts_its_cases_alone(browser, person, office, instansi):
    auditor = browser(person("Rina", roles=["auditor"], instansi=instansi("Kabupaten Kapuas")))
    assert "Tidak ada kasus dalam pilihan ini." in auditor.get("/audit/analisis/permit").text


def test_who_runs_the_installation_sees_figures_without_a_way_into_the_cases(browser, person, office):
    admin = browser(person("Sari", roles=["admin"]))
    page = admin.get("/audit/analisis/permit/jalan")
    behind = next(link for link in page.links() if "/kasus/jalan/" in link)
    numbers = {case.number for case in office.rows(Instance)}
    assert not [link for link in admin.get(behind).links() if link.rpartition("/")[2] in numbers]


def test_a_process_owner_keeps_rules_and_sees_who_broke_them(browser, person, office, database):
    owner, auditor = browser(person("Indah", roles=["owner"])), browser(person("Hendra", roles=["auditor"]))
    here = "/audit/analisis/permit/aturan"
    # given a rule that is not complete: every fault is named, and what was typed stays
    refused = owner.post(here, {"jenis": "most", "judul": "Satu kali", "langkah": "check"})
    assert refused.status == 422
    assert "Isi jumlah hari atau kali" in refused.text
    assert refused.one("input", id="judul").get("value") == "Satu kali"
    # when
    kept = owner.post(
        here, {"jenis": "most", "judul": "Satu kali", "dasar": "SOP 1", "langkah": "check", "jumlah": "1"}
    )
    assert kept.status == 303
    # then
    page = auditor.get(here)
    assert "Satu kali: “check” paling banyak 1 kali" in page.text
    [line] = [row for row in rows_of(auditor.get("/audit/analisis/permit/tabel/aturan-pemilik.csv")) if row[1] == "2"]
    assert line[2:] == ["1", "50.0"]
    assert "Tulis aturan baru" not in page.text
    assert auditor.post(here, {}).status == 403
    # and a change is a new wording
    rule = office.rows(PaperRule)[0].id
    assert owner.get(f"{here}/{rule}").one("input", id="judul").get("value") == "Satu kali"
    changed = {"jenis": "most", "judul": "Tiga kali", "langkah": "check", "jumlah": "3", "alasan": "SOP 2"}
    assert owner.post(f"{here}/{rule}", changed).status == 303
    assert "Alasan: SOP 2" in auditor.get(here).text
    assert owner.post(f"{here}/{rule}", changed | {"langkah": ""}).status == 422
    # and withdrawn it needs a reason
    owner.post(f"{here}/{rule}/cabut", {"alasan": ""})
    assert "Dicabut" not in auditor.get(here).text
    owner.post(f"{here}/{rule}/cabut", {"alasan": "tidak dipakai"})
    assert "Dicabut" in auditor.get(here).text
    assert owner.get(f"{here}/{rule}").status == 404


def test_a_page_waits_for_no_more_than_a_few_cases(browser, person, office, monkeypatch):
    auditor = browser(person("Hendra", roles=["auditor"]))
    monkeypatch.setattr("web.audit.looking.frame.AT_ONCE", 1)
    page = auditor.get("/audit/analisis/permit")
    assert "1 kasus sedang dihitung kembali" in page.text
    assert "1 kasus dilihat." in page.text
    reckon(office.database, office.definitions)
    assert "sedang dihitung" not in auditor.get("/audit/analisis/permit").text
