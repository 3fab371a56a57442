"""A letter is checked by anybody with code and file, withdrawn by its owner, and shown so from then on."""

import pytest
from playwright.sync_api import expect

from tests.support.live import Site
from tests.web.conftest import person  # noqa: F401 -- a fixture
from tests.web.letters import address, office_of

pytestmark = [pytest.mark.browser, pytest.mark.tampers]  # the template is put into the version by hand


@pytest.fixture
def database(sqlite_database):
    """What a browser shows does not depend on the database."""
    return sqlite_database


@pytest.fixture
def site(database, clock, tmp_path):
    with Site(tmp_path, database, clock) as running:
        yield running


def test_a_letter_is_checked_withdrawn_and_checked_again(site, person, open_tab, clock, tmp_path):  # noqa: F811
    office = office_of(site.app, person("Ani Wijaya"), clock.now())
    letter, body = office.written()
    file = tmp_path / "surat.pdf"
    file.write_bytes(body)
    visitor = open_tab(site)

    visitor.go("/")
    visitor.follow("Periksa keaslian surat")
    visitor.check()
    visitor.page.get_by_label("Kode surat").fill(letter["code"].lower())
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.get_by_text("Surat ini asli dan berlaku.")).to_be_visible()
    visitor.check()
    visitor.page.get_by_label("Berkas PDF").set_input_files(file)
    visitor.press("Periksa berkas")
    expect(visitor.page.get_by_text("Berkas ini asli")).to_be_visible()
    visitor.check()

    owner = open_tab(site, person("Olga Owner", roles=["owner"]).email)
    owner.go("/surat")
    owner.check()
    owner.follow(letter["number"])
    owner.check()
    owner.follow("Cabut surat")
    owner.check()
    with owner.answers(422):
        owner.press("Cabut surat")
    expect(owner.page.get_by_role("alert")).to_be_focused()
    owner.page.get_by_label("Alasan").fill("Nilai keliru dicatat")
    owner.press("Cabut surat")
    expect(owner.page.get_by_text("Nilai keliru dicatat").first).to_be_visible()
    owner.go("/pengelolaan/kop-surat")
    owner.check()
    owner.go("/pengelolaan/kop-surat/lkpp")
    owner.check()

    visitor.go(address(letter))
    expect(visitor.page.get_by_text("Surat ini dicabut")).to_be_visible()
    visitor.check()
