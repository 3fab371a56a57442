"""The overview and an import of accesses in a real browser: looked at on every screen, by keyboard, in the dark."""

import shutil

import pytest

from engine.definitions import deploy, read_package
from engine.settings import ROOT
from handlers.demo.accounts import add_accounts
from handlers.demo.overview import load_recaps
from handlers.seeds import prepare
from tests.support.accesses import access_csv, access_rows
from tests.support.live import Site

ADMIN, SPD, VAI = "admin@contoh.go.id", "spd@contoh.go.id", "vai@contoh.go.id"


@pytest.fixture
def site(sqlite_database, clock, tmp_path):
    """The accounts of the demo and the recaps of the source, without its cases."""
    with Site(tmp_path, sqlite_database, clock) as running:
        registry, now = running.parts.registry, clock.now()
        with sqlite_database.write() as unit:
            prepare(unit, now)
            add_accounts(unit, now)
            deploy(unit, read_package(ROOT / "bpmn" / "inaproc_access"), registry, by="tests", note="", now=now)
        load_recaps(sqlite_database, registry, now)
        yield running
    shutil.rmtree(tmp_path / "data", ignore_errors=True)


def test_accesses_are_imported_and_counted_beside_the_recap(site, open_tab):
    tab = open_tab(site, ADMIN)
    tab.go("/impor/baru/inaproc_accounts")
    tab.check(name="impor-akses")
    rows = [*access_rows(640), ("X", "kacau", "Raja", "kota", "Kota Antah", "", "1/1/2020")]
    tab.page.set_input_files("#berkas", {"name": "akses.csv", "mimeType": "text/csv", "buffer": access_csv(iter(rows))})
    tab.press("Unggah dan periksa")
    assert "Sedang diperiksa" in tab.text
    tab.check(name="impor-akses-dibaca")
    site.tick()
    tab.page.get_by_text("640 baris siap, 1 perlu diperbaiki").wait_for()  # the page asked by itself
    tab.check(name="impor-akses-diperiksa")
    tab.press("Jalankan 640 baris")
    site.tick()
    tab.page.get_by_text("640 baris berhasil; 1 tidak").wait_for()

    tab.follow("Overview Akun")
    tab.check(name="overview-nasional")
    assert "110.175" in tab.text
    tab.follow("Kalimantan Tengah")
    assert "Akun INAPROC Wilayah Kalimantan Tengah" in tab.text
    assert "Saat ini menunggu aktivasi" in tab.text
    for words in ("Pejabat Pembuat Komitmen (PPK)", "Pejabat Pengadaan (PP)", "Bendahara", "(VAI)", "5.254", "614"):
        assert words in tab.text
    tab.check(name="overview-wilayah")


def test_a_verifier_chooses_a_day_without_scripts_in_the_dark(site, open_tab):
    tab = open_tab(site, VAI, java_script_enabled=False, color_scheme="dark", looks=False)
    tab.go("/inaproc/overview")
    assert "Akun INAPROC Wilayah Kalimantan Tengah" in tab.text
    tab.page.select_option("#tanggal", "kini")
    tab.page.focus("#tanggal")
    tab.page.keyboard.press("Tab")
    tab.page.keyboard.press("Tab")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url("**tanggal=kini**")
    assert "Per tanggal Rabu" not in tab.text
    tab = open_tab(site, SPD, color_scheme="dark")
    tab.go("/inaproc/overview?wilayah=Kalimantan+Tengah")
    tab.check(name="overview-gelap")
