"""The calendar's pages: a month as it is in force, and a date that explains itself in both languages."""

from datetime import date

import pytest

from calendars import Holiday, Kind
from engine.calendar import Revision, new_version, seed_calendar


@pytest.fixture
def siti(person):
    return person("Siti Rahma")


@pytest.fixture
def seeded(database, clock):
    with database.write() as unit:
        seed_calendar(unit, clock.now())
    return database


def test_a_visitor_must_sign_in(browser):
    assert browser().get("/kalender").status in (302, 303)


def test_the_month_of_today_is_shown_first(browser, siti, seeded):
    page = browser(siti).get("/kalender")
    assert page.heading == "Juni 2026"
    today = page.one("td", aria_current="date")
    assert "1" in "".join(today.itertext())
    assert "Hari Lahir Pancasila" in page.text
    assert "20 hari kerja di bulan ini" in page.text


def test_a_month_names_its_days_off_with_their_decree(browser, siti, seeded):
    page = browser(siti).get("/kalender/2026/3")
    assert page.heading == "Maret 2026"
    assert "17 hari kerja di bulan ini" in page.text
    assert "Cuti Bersama Hari Suci Nyepi" in page.text
    assert "Nomor 1497 Tahun 2025" in page.text
    assert "/kalender/2026/2" in page.links()
    assert "/kalender/2026/4" in page.links()


def test_december_is_followed_by_january(browser, siti, seeded):
    links = browser(siti).get("/kalender/2026/12").links()
    assert "/kalender/2027/1" in links
    assert "/kalender/2026/11" in links


def test_a_year_without_a_decree_warns_and_counts_nothing(browser, siti, seeded):
    page = browser(siti).get("/kalender/2028/2")
    assert "tahun 2028 belum tercatat" in page.text
    assert "hari kerja di bulan ini" not in page.text


@pytest.mark.parametrize("url", ["/kalender/2026/13", "/kalender/2026/0", "/kalender/9999/1", "/kalender?instansi=x"])
def test_what_is_not_there_is_not_found(browser, siti, url):
    assert browser(siti).get(url).status == 404


def test_an_instansi_s_own_closing_days_are_shown_to_its_people(browser, person, instansi, seeded, clock):
    ntt = instansi("Nusa Tenggara Timur", kind="provinsi", zone="Asia/Makassar")
    hut = Holiday(date(2026, 6, 10), "HUT Provinsi", Kind.CLOSING)
    with seeded.write() as unit:
        new_version(unit, Revision(note="SK Gubernur", close=((ntt.id, hut),)), by="Admin", now=clock.now())
    vai = browser(person("Maria", roles=["vai"], instansi=ntt))

    assert "HUT Provinsi" not in vai.get("/kalender").text
    page = vai.get(f"/kalender?instansi={ntt.id}")
    assert "HUT Provinsi" in page.text
    assert "19 hari kerja" in page.text
    assert "SK Gubernur" in page.text


def test_before_the_seed_the_delivered_calendar_is_shown(browser, siti):
    assert "Kalender bawaan Alur" in browser(siti).get("/kalender/2026/3").text


# --- computing -----------------------------------------------------------------------------------------------------


def test_the_empty_question_asks_nothing(browser, siti, seeded):
    page = browser(siti).get("/kalender/hitung")
    assert page.status == 200
    assert not page.all("p", class_="answer")


def test_h_12_is_computed_and_explained(browser, siti, seeded):
    page = browser(siti).get("/kalender/hitung?aturan=sebelum&jumlah=12&tanggal=2026-04-07&jam=16.00")
    assert "".join(page.one("p", class_="answer").itertext()) == "Kamis, 12 Maret 2026 pukul 16.00 WIB"
    assert "12 hari kerja sebelum Selasa, 7 April 2026" in page.text
    assert len(page.one("tbody").findall("{*}tr")) == 26
    assert "Cuti Bersama Hari Suci Nyepi" in page.text


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("aturan=setelah&jumlah=3&tanggal=2026-06-02", "Jumat, 5 Juni 2026"),
        ("aturan=bulan&jumlah=1&tanggal=2026-10-31", "Senin, 30 November 2026"),
        ("aturan=antara&tanggal=2026-06-02&sampai=2026-06-05", "3 hari kerja"),
    ],
)
def test_the_other_rules(browser, siti, seeded, query, answer):
    page = browser(siti).get(f"/kalender/hitung?{query}")
    assert "".join(page.one("p", class_="answer").itertext()) == answer


def test_all_faults_are_told_at_once_beside_their_fields(browser, siti, seeded):
    page = browser(siti).get("/kalender/hitung?aturan=sebelum&jumlah=-3&tanggal=kemarin&jam=25.00")
    for name in ("jumlah", "tanggal", "jam"):
        assert page.one("input", id=name).get("aria-invalid") == "true"
        assert page.one("p", id=f"{name}-fault").text
        assert f"#{name}" in page.links()
    assert page.one("input", id="tanggal").get("value") == "kemarin"


def test_a_refusal_is_a_sentence(browser, siti, seeded):
    page = browser(siti).get("/kalender/hitung?aturan=setelah&jumlah=30&tanggal=2027-12-20")
    assert page.status == 200
    assert "tahun 2028 belum tercatat" in page.text


@pytest.mark.parametrize("jumlah", ["²", "١٢", "1e3", "601", "", "9" * 400])
def test_strange_numbers_are_faults_not_crashes(browser, siti, seeded, jumlah):
    page = browser(siti).get("/kalender/hitung", query_string={"jumlah": jumlah, "tanggal": "2026-06-02"})
    assert page.status == 200
    assert page.one("p", id="jumlah-fault").text


def test_everything_is_there_in_english(browser, siti, seeded):
    english = browser(siti)
    english.post("/bahasa", {"locale": "en"})
    page = english.get("/kalender/hitung?aturan=sebelum&jumlah=12&tanggal=2026-04-07&jam=16.00")
    assert page.heading == "Compute working days"
    assert "Thursday, 12 March 2026 at 16:00 WIB is 12 working days before" in page.text
    assert "Day of Silence Joint Leave" in page.text
    assert english.get("/kalender/2026/3").heading == "March 2026"
