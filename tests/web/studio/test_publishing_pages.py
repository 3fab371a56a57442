"""Publishing in the browser: submitted by one owner, looked at by another, withdrawn again; all of it can be read."""

from datetime import timedelta

import pytest

from engine.studio.publishing import start_due
from tests.web.procedures import KEY, apply_for

NOTE = "Lima hari lebih pantas"


@pytest.fixture
def draft(indah, permits):
    """The address of a draft whose limit is five days."""
    draft = indah.post(f"/studio/proses/{KEY}/draf", {"judul": "Lima hari kerja", "versi": permits}).location
    settings = indah.client.get(f"{draft}/berkas/process.toml")
    body = settings.data.replace(b"value = 3", b"value = 5", 1)
    assert body != settings.data
    headers = {"Origin": "http://localhost", "X-CSRF-Token": indah.token(), "If-Match": settings.headers["ETag"]}
    assert indah.client.put(f"{draft}/berkas/process.toml", data=body, headers=headers).status_code == 200
    return draft


@pytest.fixture
def submitted(indah, draft):
    return indah.post(f"{draft}/terbit", {"note": NOTE}).location


def test_a_second_owner_approves(indah, bayu, app, person, draft, submitted):
    own = indah.get(submitted)
    assert "Pemilik proses lain harus meninjaunya" in own.text
    assert "Setujui" not in own.text
    assert indah.post(f"{submitted}/setuju", {}).status == 403
    assert "Menunggu tinjauan (1)" in bayu.get("/studio").text

    page = bayu.get(bayu.get("/studio/tinjauan").one("a", **{"class": "row-link"}).get("href"))
    assert NOTE in page.text
    assert "3 → 5" in page.text
    done = bayu.follow(bayu.post(f"{submitted}/setuju", {"alasan": "Sudah diuji"}))

    assert "Berlaku. Tercatat dalam riwayat proses." in done.text
    assert "Sudah diterbitkan" in bayu.get(draft).text
    process = bayu.get(f"/studio/proses/{KEY}")
    assert "Riwayat penerbitan" in process.text
    assert "Versi 2: Lima hari kerja" in process.text
    assert "Indah Permata" in process.text
    apply_for(app, person("Sari"))


def test_a_refusal_is_read_by_who_submitted(indah, bayu, draft, submitted):
    assert bayu.post(f"{submitted}/tolak", {"alasan": ""}).status == 422

    bayu.post(f"{submitted}/tolak", {"alasan": "Perlu dasar hukum"})

    page = indah.get(f"{draft}/terbit")
    assert "Perlu dasar hukum" in page.text
    assert page.one("textarea", name="note") is not None


def test_a_reason_is_needed_and_errors_stop_it(indah, draft):
    page = indah.post(f"{draft}/terbit", {"note": ""})
    assert (page.status, "Tuliskan alasannya." in page.text) == (422, True)
    headers = {"Origin": "http://localhost", "X-CSRF-Token": indah.token(), "If-Match": '"2"'}
    assert indah.client.put(f"{draft}/berkas/process.toml", data=b"key = 1", headers=headers).status_code == 200
    page = indah.post(f"{draft}/terbit", {"note": NOTE})
    assert (page.status, "masih mempunyai galat" in page.text) == (422, True)


def test_it_is_scheduled_in_the_owners_own_zone_and_withdrawn(indah, bayu, app, clock, draft, permits):
    day = clock.now().date().isoformat()
    address = indah.post(f"{draft}/terbit", {"note": NOTE, "starts_on": day, "starts_time": "09:10"}).location
    page = bayu.follow(bayu.post(f"{address}/setuju", {}))
    assert "Dijadwalkan" in page.text
    assert "09.10 WIB" in page.text

    clock.move_to(clock.now() + timedelta(minutes=15))
    assert start_due(app.extensions["alur"].runner, clock.now()) == 1
    assert "Berlaku" in bayu.get(address).text
    assert "Ditarik" in bayu.follow(bayu.post(f"{address}/tarik", {"alasan": "Keliru"})).text
    assert app.extensions["alur"].definitions.current_id(KEY) == permits
    assert bayu.post(f"{address}/tarik", {"alasan": "Lagi"}).status == 409


def test_an_earlier_version_holds_again(indah, bayu, app, permits, submitted):
    bayu.post(f"{submitted}/setuju", {})
    page = indah.get(f"/studio/proses/{KEY}/terbit?versi={permits}")
    assert page.one("option", value=permits).get("selected") is not None
    assert indah.post(f"/studio/proses/{KEY}/terbit", {"versi": permits, "note": ""}).status == 422

    again = indah.post(f"/studio/proses/{KEY}/terbit", {"versi": permits, "note": "Kembali ke tiga hari"}).location
    page = bayu.get(again)
    assert "5 → 3" in page.text
    bayu.post(f"{again}/setuju", {})

    assert app.extensions["alur"].definitions.current_id(KEY) == permits


def test_auditors_read_and_do_not_act(browser, person, draft, submitted):
    hendra = browser(person("Hendra", roles=["auditor"]))

    assert NOTE in hendra.get(submitted).text
    assert "Setujui" not in hendra.get(submitted).text
    assert hendra.post(f"{submitted}/setuju", {}).status == 403
    assert hendra.get(f"{draft}/terbit").status == 200


def test_new_cases_are_stopped_with_a_reason(indah, app, permits):
    assert indah.post(f"/studio/proses/{KEY}/hentikan", {"alasan": ""}).status == 422

    page = indah.follow(indah.post(f"/studio/proses/{KEY}/hentikan", {"alasan": "Dasar hukumnya dicabut"}))

    assert "Kasus baru dihentikan" in page.text
    assert "Proses ini ditarik" in indah.get(f"/studio/proses/{KEY}").text
    assert "Hentikan kasus baru" not in indah.get(f"/studio/proses/{KEY}/terbit").text
