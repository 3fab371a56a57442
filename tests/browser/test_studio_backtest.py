"""A back-test in a real browser: begun by the keyboard, followed, read; well on every screen."""

import shutil

import pytest

from engine.studio.drafts import create_draft
from tests.browser.test_studio_moving import person
from tests.support.live import Site
from tests.web.procedures import KEY, OFFICER, acting, apply_for, by_number, deploy_permit, permit, task_of


@pytest.fixture
def site(sqlite_database, clock, tmp_path):
    with Site(tmp_path, sqlite_database, clock) as running:
        yield running
    shutil.rmtree(tmp_path / "data", ignore_errors=True)


def planted(site: Site, owner) -> str:
    """Two permits that were granted, and a draft that would refuse the larger one; the draft's id."""
    version = deploy_permit(site.app, site.clock.now())
    ani, officer = person(site, "ani"), person(site, "budi", OFFICER)
    for people in ("2", "9"):
        task = task_of(site.app, by_number(site.app, apply_for(site.app, ani, f"Rapat {people}", people)).id, "decide")
        site.parts.runner.complete(task.id, acting(site.app, officer), {"decision": "yes"})
    files = permit()
    body = files["process.bpmn"].decode()
    changed = body.replace('decision == "yes"', 'decision == "yes" and people &lt; 5')
    assert changed != body
    with site.database.write() as unit:
        draft = create_draft(unit, key=KEY, title="Rapat kecil saja", files={**files, "process.bpmn": changed.encode()},
                             based_on=version, by=owner.id, now=site.clock.now())  # fmt: skip
        return draft.id


def test_a_planted_condition_is_found_and_followed_to_its_cases(site, open_tab):
    draft = planted(site, person(site, "indah", "owner"))
    tab = open_tab(site, "indah@contoh.go.id")
    tab.go(f"/studio/draf/{draft}/kasus-lama")
    tab.check(name="kasus-lama")

    tab.page.get_by_label("Hanya contoh sebanyak").fill("2")
    tab.page.get_by_label("Hanya contoh sebanyak").press("Enter")
    tab.page.get_by_text("0 dari 2 kasus diperiksa").wait_for()
    site.tick()
    tab.page.get_by_text("Apa jadinya kasus-kasus itu").wait_for()  # the page asked by itself
    tab.page.locator("[data-diagram][data-ready='true'], [data-diagram-failed]:not([hidden])").first.wait_for()
    tab.check(name="kasus-lama-selesai")

    assert "dulu “Ya” ke “Izin terbit”; dengan perubahan ini “Tidak” ke “Ditolak”" in tab.text
    tab.follow("Diterima?")
    assert "putusan=differs" in tab.page.url
