"""LKPP's pages in a real browser: axe finds nothing, the documents follow the rows, keys work, drafts survive."""

# ruff: noqa: F811 -- fixtures

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.support.live import Site
from tests.web.conftest import person  # noqa: F401 -- a fixture
from tests.web.season import Season, agencies, officer, season_database, season_template  # noqa: F401 -- fixtures

pytestmark = pytest.mark.browser
ROLES = ("verifikator_lkpp", "penguji", "admin_lkpp", "pimpinan_lkpp")


@pytest.fixture
def database(season_database):
    return season_database


@pytest.fixture
def site(database, clock, tmp_path):
    with Site(tmp_path, database, clock) as running:
        yield running


@pytest.fixture
def season(site, season_template):
    return Season(site.app, season_template[1])


@pytest.fixture
def admin(person, season, agencies):
    season.formasi(agencies[0])
    return person("Ani Wijaya", roles=["admin_instansi"], instansi=agencies[0])


@pytest.fixture
def cases(season, admin, agencies, clock):
    made = []
    for name in ("Budi Santoso", "Citra Dewi"):
        made.append(season.participant(admin, agencies[0], name))
        clock.move_to(clock.now() + timedelta(minutes=1))
    return made


def test_no_page_has_an_accessibility_fault_or_scrolls_sideways(
    season, site, cases, agencies, officer, clock, open_tab
):
    ahead = season.schedule("Tes Tertulis Juli 2026 Gelombang II", starts_at=clock.now() + timedelta(days=40), taken=12)
    past = season.schedule("Tes Mei", starts_at=clock.now() - timedelta(days=1), state="held", taken=4)
    season.rows(12, agencies[0], schedule=ahead, element="verify_documents", role="verifikator_lkpp")
    season.rows(4, agencies[1], schedule=past, element="record_test", role="penguji", state="terdaftar")
    season.certified(3, agencies[0])
    user = officer(*ROLES)
    task = season.task(cases[0], "verify_documents")
    season.runner.claim(task.id, season.acting(user))
    tab = open_tab(site, user.email)

    pages = {
        "ringkasan": "", "verifikasi": "/verifikasi", "instansi": "/verifikasi?menurut=instansi",
        "antrean": "/antrean/verifikasi", "jadwal": "/jadwal", "satu-jadwal": f"/jadwal/{ahead}", "hasil": "/hasil",
        "isi-hasil": f"/hasil/{past}", "rekomendasi": "/rekomendasi", "terbit": "/rekomendasi/terbit",
        "formasi": "/formasi", "meja": f"/meja/{task.id}",
    }  # fmt: skip
    for name, url in pages.items():
        tab.go(f"/lkpp{url}")
        tab.check(name=f"lkpp-{name}")


def test_the_documents_follow_the_rows_and_the_keys(season, site, cases, officer, open_tab):
    user = officer("verifikator_lkpp")
    tab = open_tab(site, user.email)
    keyboard, shown = tab.page.keyboard, tab.page.locator("[data-paper-shown]")

    tab.go("/lkpp/verifikasi")
    tab.press("Mulai verifikasi")
    tab.page.locator('input[name="checklist--ktp--ok"][value="tidak"]').check()
    expect(shown).to_have_text("KTP")
    keyboard.press("n")
    expect(shown).to_have_text("Pas foto")
    keyboard.press("p")
    expect(shown).to_have_text("KTP")
    tab.page.locator('textarea[name="checklist--ktp--note"]').fill("npl tidak terbaca")
    expect(shown).to_have_text("KTP")
    expect(tab.page.locator("[data-autosave-status]")).to_contain_text("Draf tersimpan")
    tab.page.reload()
    assert tab.page.locator('textarea[name="checklist--ktp--note"]').input_value() == "npl tidak terbaca"


def test_a_whole_batch_is_done_by_keys(season, site, cases, officer, open_tab):
    tab = open_tab(site, officer("verifikator_lkpp").email)

    tab.go("/lkpp/antrean/verifikasi")
    tab.press("Kerjakan satu per satu")
    for name in ("Budi Santoso", "Citra Dewi"):
        assert name in tab.heading
        tab.page.keyboard.press("l")
        address = tab.page.url
        tab.page.keyboard.press("Control+Enter")
        tab.page.wait_for_url(lambda url, before=address: url != before)

    assert "Tidak ada lagi yang menunggu dalam daftar ini." in tab.text
    assert season.task(cases[1], "verify_documents") is None


def test_a_batch_needs_no_scripts(season, site, cases, officer, open_tab):
    tab = open_tab(site, officer("verifikator_lkpp").email, java_script_enabled=False)

    tab.go("/lkpp/antrean/verifikasi")
    tab.press("Kerjakan satu per satu")
    tab.press("Semua lengkap")
    tab.follow("Dokumen berikutnya")
    assert "Dokumen 2 dari 14" in tab.text
    tab.press("Semua lengkap")
    tab.press("Simpan dan berikutnya")

    assert "Citra Dewi" in tab.heading
