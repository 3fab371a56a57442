"""The agency's pages in a browser: accessible, and nothing runs out of the screen."""

from datetime import date

import pytest

from tests.support.databases import copy_sqlite
from tests.support.live import Site
from tests.web.agency import make_agency


@pytest.fixture
def agency(sqlite_template, clock, tmp_path):
    """The application with an agency, on SQLite."""
    database = copy_sqlite(sqlite_template, tmp_path)
    with Site(tmp_path, database, clock) as site:
        found = make_agency(site.app)
        found.site = site
        yield found
    database.dispose()


@pytest.fixture
def season(agency):
    """Formasi, a schedule of each method, participants at each step."""
    agency.formasi(pertama=8, muda=2, madya=1)
    agency.opened("Reguler Juli", date(2026, 7, 21), quota=3)
    agency.opened("Portofolio Agustus", date(2026, 8, 11), method="portofolio", place="Gedung LKPP, Jakarta Selatan")
    cases = {
        name: agency.applied(name, n) for n, name in enumerate(("Ayu Lestari", "Bayu Pratama Wirawan", "Citra"), 1)
    }
    agency.verified(cases["Ayu Lestari"], "ijazah", "ktp")
    agency.verified(cases["Citra"])
    return cases


def test_every_page_of_an_agency_is_in_order(agency, season, open_tab):
    tab = open_tab(agency.site, agency.admin.email)
    number = agency.number(season["Ayu Lestari"])
    pages = {
        "peserta": "/inpassing/peserta",
        "tambah": "/inpassing/peserta/tambah",
        "riwayat": f"/inpassing/peserta/{number}",
        "mundur": f"/inpassing/peserta/{number}/mengundurkan-diri",
        "formasi": "/inpassing/formasi",
        "reguler": "/inpassing/jadwal/reguler",
        "instansi": "/inpassing/jadwal/instansi",
        "ulang": f"/inpassing/tugas/{agency.task(season['Ayu Lestari'], 'reupload').id}",
    }
    for name, path in pages.items():
        tab.go(path)
        tab.check(name=f"inpassing-{name}")
    tab.go("/inpassing/jadwal/reguler")
    tab.follow("Reguler Juli")
    tab.check(name="inpassing-jadwal")
    for label in tab.page.locator(".tick input").all():
        label.check()
    tab.press("Simpan")
    tab.check(name="inpassing-jadwal-hasil")
    tab.go("/inpassing/peserta")
    tab.page.locator(".row-menu summary").first.click()
    tab.check(name="inpassing-menu")


def test_the_registration_is_in_order(agency, open_tab):
    tab = open_tab(agency.site)
    for name, path in {
        "depan": "/inpassing/",
        "daftar": "/inpassing/daftar",
        "data": "/inpassing/daftar/data-diri",
        "terkirim": "/inpassing/daftar/terkirim",
    }.items():
        tab.go(path)
        tab.check(name=f"inpassing-{name}")
