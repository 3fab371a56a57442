"""The viewer in a real browser: pages turn where they stand, by keys too, without scripts as well, on a phone."""

import re

import pytest
from playwright.sync_api import expect

from engine.letters import render_letter
from tests.support.live import Site
from tests.web.conftest import person  # noqa: F401 -- a fixture
from tests.web.procedures import OFFICER, apply_for, by_number, deploy_permit

pytestmark = pytest.mark.browser

PAGES = b"""#import "alur.typ": *
#show: halaman.with(judul: "Surat izin", nomor: "12/2026")
#kop(lembaga: ("LEMBAGA",), alamat: ("Jakarta",))
#lorem(700)"""


@pytest.fixture
def database(sqlite_database):
    """What a browser shows does not depend on the database."""
    return sqlite_database


@pytest.fixture
def site(database, clock, tmp_path):
    with Site(tmp_path, database, clock) as running:
        deploy_permit(running.app, clock.now())
        yield running


@pytest.fixture
def shown(site, person, clock):  # noqa: F811 -- the fixture above
    """An officer, and where a letter of two pages is shown to them."""
    number = apply_for(site.app, person("Ani Wijaya"))
    body = render_letter(PAGES, {}, at=clock.now())
    with site.database.write() as unit:
        kept = site.parts.documents.keep_generated(
            unit,
            instance_id=by_number(site.app, number).id,
            name="surat",
            filename="Surat izin.pdf",
            body=body,
            now=clock.now(),
        )
    return person("Siti Rahma", roles=[OFFICER]), f"/kasus/{number}/dokumen/{kept.id}/lihat"


def loaded(tab):
    """The picture that is shown has arrived."""
    image = tab.page.locator(".viewer-image")
    image.evaluate("image => image.decode()")
    return image


def test_it_has_no_accessibility_fault_and_fits_the_screen(site, shown, open_tab):
    siti, url = shown
    tab = open_tab(site, siti.email)
    tab.go(url)
    assert loaded(tab).evaluate("image => image.naturalWidth") == 1000
    tab.check(name="viewer")
    tab.go(url.removesuffix("/lihat").partition("/dokumen")[0])
    tab.check(name="case-with-documents")


def test_it_works_without_scripts(site, shown, open_tab):
    siti, url = shown
    tab = open_tab(site, siti.email, java_script_enabled=False)
    tab.go(url)
    tab.follow("Halaman berikutnya")
    expect(tab.page.locator(".viewer-image")).to_have_attribute("alt", re.compile("Halaman 2 dari 2"))
    tab.page.get_by_label("Halaman", exact=True).fill("1")
    tab.press("Buka")
    expect(tab.page.locator(".viewer-image")).to_have_attribute("alt", re.compile("Halaman 1 dari 2"))


def test_pages_turn_in_place_and_the_focus_stays(site, shown, open_tab):
    siti, url = shown
    tab = open_tab(site, siti.email)
    tab.go(url)
    page = tab.page
    page.evaluate("window.stayed = true")
    forward = page.get_by_role("link", name="Halaman berikutnya")
    forward.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".viewer-image")).to_have_attribute("alt", re.compile("Halaman 2 dari 2"))
    loaded(tab)
    expect(forward).to_be_focused()
    assert page.evaluate("window.stayed"), "the page around it was not loaded anew"
    page.locator(".viewer-paper").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".viewer-image")).to_have_attribute("alt", re.compile("Halaman 1 dari 2"))
    page.locator(".viewer-paper").focus()
    page.keyboard.press("+")
    expect(page.locator(".viewer-image-150")).to_be_visible()
    page.get_by_label("Halaman", exact=True).fill("2")
    page.keyboard.press("Enter")
    expect(page.locator(".viewer-image")).to_have_attribute("alt", re.compile("Halaman 2 dari 2"))
