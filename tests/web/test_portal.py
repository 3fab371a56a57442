"""Satu Pintu Akses: what a person's accesses open today, and why the rest is closed."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.actors import SYSTEM
from engine.people import end_membership, memberships_of

STATUSES = ("Terbuka", "Tertutup")


def doors(page):
    """Platform → open or closed, as the page says."""
    found = {}
    for item in page.all("li", class_="door"):
        words = "".join(item.itertext())
        name = "".join(item.find(".//{http://www.w3.org/1999/xhtml}h3").itertext()).strip()
        found[name] = next(s for s in STATUSES if s in words.split())
    return found


def test_without_an_access_every_door_is_closed_and_says_what_is_needed(browser, person):
    page = browser(person("Siti")).get("/akses")
    assert set(doors(page).values()) == {"Tertutup"}
    assert "Diperlukan akses sebagai" in page.text
    assert "Anda belum mempunyai akses" in page.text


def test_an_access_opens_the_doors_of_its_role_only(browser, person, instansi):
    siti = person("Siti", roles=["bendahara"], instansi=instansi("Kabupaten Contoh"))
    client = browser(siti)
    assert doors(client.get("/akses")) == {
        "Manajemen Akun Terpusat": "Terbuka",
        "Katalog Elektronik Versi 6": "Terbuka",
        "Manajemen Penyedia": "Tertutup",
        "Daftar Hitam": "Tertutup",
    }
    opened = client.get("/akses/katalog-elektronik")
    assert opened.status == 200
    assert "Simulasi" in opened.text
    assert "Kabupaten Contoh" in opened.text
    closed = client.get("/akses/daftar-hitam")
    assert closed.status == 403
    assert "Layanan ini tertutup untuk Anda" in closed.text


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])
def test_a_door_closes_at_midnight_after_the_last_day_where_the_instansi_is(browser, person, instansi, clock, zone):
    last = date(2026, 6, 5)
    siti = person("Siti", roles=["bendahara"], instansi=instansi("Kabupaten Contoh", zone=zone), until=last)
    midnight = datetime(2026, 6, 6, tzinfo=ZoneInfo(zone))
    clock.move_to(midnight - timedelta(seconds=1))
    assert browser(siti).get("/akses/katalog-elektronik").status == 200
    assert "Akan Berakhir" in browser(siti).get("/akses").text
    clock.move_to(midnight)
    closed = browser(siti).get("/akses/katalog-elektronik")
    assert closed.status == 403
    assert "Kedaluwarsa" in closed.text
    assert "Jumat, 5 Juni 2026" in closed.text


def test_an_access_ended_by_hand_closes_at_once(browser, person, instansi, database, clock):
    siti = person("Siti", roles=["bendahara"], instansi=instansi("Kabupaten Contoh"))
    client = browser(siti)
    assert client.get("/akses/katalog-elektronik").status == 200
    with database.write() as unit:
        (held,) = memberships_of(unit, siti.id, clock.now())
        end_membership(unit, held.id, by=SYSTEM, reason="pindah tugas", now=clock.now())
    assert client.get("/akses/katalog-elektronik").status == 403
    assert "Nonaktif" in client.get("/akses").text


def test_a_platform_that_does_not_exist_is_not_found(browser, person):
    assert browser(person("Siti")).get("/akses/tidak-ada").status == 404
