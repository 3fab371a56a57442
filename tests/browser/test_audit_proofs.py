"""Finding and proving in a real browser: by the keyboard, on every screen, from the list to the certificate."""

import shutil

import pytest

from tests.browser.test_studio_moving import person
from tests.support.live import Site
from tests.web.procedures import apply_for, deploy_permit


@pytest.fixture
def site(sqlite_database, clock, tmp_path):
    with Site(tmp_path, sqlite_database, clock) as running:
        yield running
    shutil.rmtree(tmp_path / "data", ignore_errors=True)


def test_an_auditor_ticks_cases_proves_them_and_takes_the_certificate(site, open_tab):
    deploy_permit(site.app, site.clock.now())
    ani, _auditor = person(site, "ani"), person(site, "hendra", "auditor")
    numbers = [apply_for(site.app, ani, f"Rapat {n}", "2") for n in range(3)]
    tab = open_tab(site, "hendra@contoh.go.id")
    tab.go("/audit")
    tab.check(name="audit-cari")

    tab.page.get_by_text("Saringan lain").press("Enter")
    tab.page.get_by_label("Simpangan").select_option("belum")
    tab.page.get_by_label("Nomor kasus atau surat").press("Enter")
    tab.page.wait_for_url("**simpangan=belum**")
    for number in numbers[:2]:
        tab.page.get_by_label(f"Pilih {number}").press("Space")
    tab.page.get_by_role("button", name="Ulangi pelaksanaan").press("Enter")
    tab.page.get_by_text("0 dari 2 kasus dibuktikan").wait_for()
    site.tick()
    tab.page.get_by_text("setiap keadaan terulang sama").wait_for()  # the page asked by itself
    tab.page.get_by_role("button", name="Buat sertifikat").press("Enter")
    tab.page.get_by_text("bukan sertifikat elektronik resmi").wait_for()
    tab.check(name="audit-pembuktian")
    with tab.page.expect_download() as taken:
        tab.page.get_by_role("link", name="Unduh sertifikat").click()
    assert taken.value.suggested_filename.startswith("BP-")

    tab.follow(numbers[0])
    tab.check(name="audit-kasus")
    assert "terbukti" in tab.text
    tab.go("/audit/bukti/jadwal")
    tab.check(name="audit-jadwal")
