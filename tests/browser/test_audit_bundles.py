"""A bundle's own page in a real browser: from a disk, without a network, with the player the audit has."""

import re
import zipfile

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlmodel import col

from engine.bundles.runs import SUFFIX
from models import Instance
from tests.support.tabs import AXE, PHONE, RUN_AXE, TAGS, WIDEST


@pytest.fixture
def eventful(site) -> str:
    """The number of the demo's case with the most events."""
    with site.database.read() as unit:
        query = select(col(Instance.number)).order_by(col(Instance.event_count).desc(), col(Instance.id)).limit(1)
        return unit.session.scalars(query).one()


def check(tab):
    """Accessible and not too wide. From a disk axe cannot fetch the styles for itself, which it does for two rules."""
    tab.page.evaluate(AXE.read_text(encoding="utf-8"))
    look = RUN_AXE.replace("resultTypes", "preload: false, resultTypes")
    assert tab.page.evaluate(look, {"type": "tag", "values": TAGS}) == []
    assert tab.page.evaluate(WIDEST) == []


def test_an_auditor_takes_a_case_along_and_its_page_plays_it_from_a_disk(site, open_tab, eventful, tmp_path):
    tab = open_tab(site, "auditor@contoh.go.id", accept_downloads=True)
    page = tab.page
    tab.go(f"/audit/kasus/{eventful}/bundel")
    tab.check()
    tab.press("Buat bundel bukti")
    expect(page.get_by_role("progressbar")).to_be_visible()
    (chore,) = [chore for chore in site.parts.registry.chores.all() if chore.name == "exports"]
    while chore.run(site.parts.runner, site.clock.now()):
        pass
    expect(page.get_by_role("link", name=re.compile("^Unduh \\("))).to_be_visible()
    tab.check()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("^Unduh \\(")).click()
    assert download.value.suggested_filename.endswith(SUFFIX["bundle"])
    with zipfile.ZipFile(download.value.path()) as archive:
        archive.extractall(tmp_path / "bundle")

    alone = open_tab(site)
    alone.context.set_offline(True)
    page = alone.page
    page.goto((tmp_path / "bundle" / "index.html").as_uri())
    step, slider = page.locator("[data-event-number]"), page.locator("[data-slider]")
    expect(step).to_contain_text("1 ")
    expect(page.locator("[data-bundle-replay]")).to_have_attribute("data-replaying", "true")
    expect(page.locator("[data-diagram-canvas] .djs-shape").first).to_be_visible()
    page.get_by_role("button", name="Langkah berikutnya").click()
    expect(slider).to_have_value("1")
    slider.focus()
    page.keyboard.press("End")
    assert int(slider.input_value()) == int(slider.get_attribute("max")) > 10
    page.get_by_text("Semua data pada saat ini").click()
    assert page.locator(".replay-all dd").count() > 1
    check(alone)
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.keyboard.press("Home")
    expect(slider).to_have_value("0")
    check(alone)
