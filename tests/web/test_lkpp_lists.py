"""LKPP's lists: by schedule and by instansi, each at the same cost however long, filters in the address, exports."""

# ruff: noqa: F811 -- fixtures

import io
from datetime import timedelta

import openpyxl
import pytest

from tests.web.season import agencies, officer, season, season_database, season_template  # noqa: F401 -- fixtures

VERIFY = {"element": "verify_documents", "role": "verifikator_lkpp"}
TEST = {"element": "record_test", "role": "penguji", "state": "terdaftar"}


@pytest.fixture
def database(season_database):
    """tests/web/test_lkpp_costs.py asks the same lists of both databases."""
    return season_database


def desks(page):
    return [url for url in page.links() if url.startswith("/lkpp/meja/")]


def test_waiting_documents_are_counted_by_schedule_and_by_instansi(season, agencies, browser, officer, clock):
    first = season.schedule("Tes Juli", starts_at=clock.now() + timedelta(days=40))
    second = season.schedule("Tes Agustus", starts_at=clock.now() + timedelta(days=70))
    season.rows(3, agencies[0], schedule=first, **VERIFY)
    season.rows(2, agencies[1], schedule=second, **VERIFY)
    season.rows(1, agencies[1], **VERIFY)
    window = browser(officer("verifikator_lkpp"))

    by_schedule, by_instansi = window.get("/lkpp/verifikasi"), window.get("/lkpp/verifikasi?menurut=instansi")

    names = [a.text for a in by_schedule.all("a", class_="row-link")]
    assert names == ["Tes Juli", "Tes Agustus", "Belum memilih jadwal"]
    assert {a.text for a in by_instansi.all("a", class_="row-link")} == {"Kabupaten Kapuas", "Kota Surabaya"}
    assert len(desks(window.get(f"/lkpp/antrean/verifikasi?jadwal={first}"))) == 3
    assert len(desks(window.get("/lkpp/antrean/verifikasi?jadwal=tanpa"))) == 1
    assert len(desks(window.get(f"/lkpp/antrean/verifikasi?instansi={agencies[1].id}"))) == 3
    assert len(desks(window.get(f"/lkpp/antrean/verifikasi?saring=terlambat&jadwal={second}"))) == 1


def test_walking_the_pages_shows_everybody_once(season, agencies, browser, officer):
    season.rows(61, agencies[0], **VERIFY)
    window = browser(officer("verifikator_lkpp"))

    seen, url = [], "/lkpp/antrean/verifikasi"
    while url:
        page = window.get(url)
        seen += desks(page)
        url = next((a.get("href") for a in page.all("a", rel="next")), None)

    assert len(seen) == len(set(seen)) == 61


def test_a_search_takes_its_words_literally(season, agencies, browser, officer):
    season.rows(12, agencies[0], **VERIFY)
    window = browser(officer("verifikator_lkpp"))

    assert len(desks(window.get("/lkpp/antrean/verifikasi?q=peserta+0003"))) == 1
    assert desks(window.get("/lkpp/antrean/verifikasi?q=%25")) == []
    assert "Tidak ada tugas yang cocok" in window.get("/lkpp/antrean/verifikasi?q=tiada").text


FILES = {
    "/lkpp/antrean/verifikasi/unduh": 2,
    "/lkpp/jadwal/unduh": 2,
    "/lkpp/rekomendasi/unduh": 3,
    "/lkpp/rekomendasi/terbit/unduh": 0,
    "/lkpp/formasi/unduh": 1,
}


def test_lists_can_be_taken_along(season, agencies, browser, officer, clock):
    exam = season.schedule("Tes Juli", starts_at=clock.now() + timedelta(days=40))
    season.schedule("Tes Agustus", starts_at=clock.now() + timedelta(days=70))
    season.rows(2, agencies[0], schedule=exam, **VERIFY)
    season.certified(3, agencies[0])
    season.formasi(agencies[0])
    window = browser(officer("verifikator_lkpp", "admin_lkpp", "pimpinan_lkpp"))

    for url, rows in FILES.items():
        lines = window.get(url).html.strip().splitlines()
        book = openpyxl.load_workbook(io.BytesIO(window.client.get(f"{url}?bentuk=xlsx").data), read_only=True)
        filled = [row for row in book.worksheets[0].iter_rows(values_only=True) if any(row)]
        book.close()
        assert len(lines) == rows + 1
        assert len(filled) >= rows + 1


def test_the_schedules_are_filtered_by_what_the_address_says(season, agencies, browser, officer, clock):
    season.schedule("Tes Juli", starts_at=clock.now() + timedelta(days=40))
    season.schedule("Portofolio Juli", starts_at=clock.now() + timedelta(days=41), method="portofolio")
    season.schedule("Tes Mei", starts_at=clock.now() - timedelta(days=20), state="finished")
    window = browser(officer("verifikator_lkpp"))

    def names(query):
        return [a.text for a in window.get(f"/lkpp/jadwal?{query}").all("a", class_="row-link")]

    assert names("") == ["Tes Juli", "Portofolio Juli"]
    assert names("metode=portofolio") == ["Portofolio Juli"]
    assert names("keadaan=finished") == ["Tes Mei"]
    assert names("keadaan=semua&q=tes") == ["Tes Juli", "Tes Mei"]


def test_a_schedule_shows_its_people_its_seats_and_who_waits(season, agencies, browser, officer, clock):
    exam = season.schedule("Tes Juli", starts_at=clock.now() + timedelta(days=40), quota=2, taken=2)
    season.rows(2, agencies[0], schedule=exam, state="terdaftar")
    season.rows(1, agencies[1], schedule=exam, booking="waiting")
    window = browser(officer("penguji"))

    page = window.get(f"/lkpp/jadwal/{exam}")

    assert page.heading == "Tes Juli"
    assert page.text.count("Peserta 0") == 3
    assert "Daftar tunggu" in page.text
    assert len(window.get(f"/lkpp/jadwal/{exam}/unduh").html.strip().splitlines()) == 4
    assert window.get("/lkpp/jadwal/tiada").status == 404


def test_missing_results_are_told_on_the_front_page_and_in_the_list(season, agencies, browser, officer, clock):
    exam = season.schedule("Tes Mei", starts_at=clock.now() - timedelta(days=2), state="held", taken=3)
    season.rows(3, agencies[0], schedule=exam, **TEST)
    window = browser(officer("penguji"))

    assert "3 peserta sudah ujian dan belum ada hasilnya." in window.get("/lkpp").text
    assert [a.text for a in window.get("/lkpp/hasil").all("a", class_="row-link")] == ["Tes Mei"]


def test_each_role_sees_its_own_areas_only(season, browser, officer, person):
    allowed = {
        "verifikator_lkpp": {"/lkpp", "/lkpp/verifikasi", "/lkpp/jadwal"},
        "penguji": {"/lkpp", "/lkpp/jadwal", "/lkpp/hasil"},
        "admin_lkpp": {"/lkpp", "/lkpp/jadwal", "/lkpp/formasi", "/lkpp/antrean/akun-admin"},
        "pimpinan_lkpp": {"/lkpp", "/lkpp/jadwal", "/lkpp/rekomendasi"},
    }
    every = set().union(*allowed.values())
    for held, open_to in allowed.items():
        window = browser(officer(held))
        front = window.follow(window.get("/"))
        assert front.heading == "Ringkasan LKPP"
        assert {url for url in every if window.get(url).status == 200} == open_to
        assert open_to <= set(front.links())
    stranger = browser(person("Ani Wijaya"))
    assert {stranger.get(url).status for url in every} == {403}
    assert browser(officer("penguji")).get("/lkpp/antrean/verifikasi").status == 404
