"""Records from the proposal to their destruction in a real browser, by two people, and what an auditor sees after."""

import shutil

import pytest

from engine import retention
from engine.actors import SYSTEM
from engine.definitions import deploy, read_package
from engine.settings import ROOT
from tests.browser.test_studio_moving import person
from tests.support.live import Site
from tests.web.procedures import KEY, apply_for, by_number, deploy_permit


@pytest.fixture
def site(sqlite_database, clock, tmp_path):
    with Site(tmp_path, sqlite_database, clock) as running:
        yield running
    shutil.rmtree(tmp_path / "data", ignore_errors=True)


@pytest.fixture
def case(site):
    """A case that ended, of a process whose cases are due as soon as they end."""
    parts, now = site.parts, site.clock.now()
    deploy_permit(site.app, now)
    found = by_number(site.app, apply_for(site.app, person(site, "ani")))
    parts.runner.cancel(found.id, SYSTEM, "Ditarik pemohon")
    with parts.database.write() as unit:
        package = read_package(ROOT / "bpmn" / "retention_disposal")
        deploy(unit, package, parts.registry, by="tests", note="", now=now)
        wanted = retention.Schedule(KEY, "", 0, 0, "destroyed", "Keputusan Nomor 1")
        retention.set_schedule(unit, wanted, by="tests", now=now)
    return found


def test_what_is_due_is_proposed_decided_by_another_and_gone(site, case, open_tab):
    person(site, "endang", "arsiparis"), person(site, "darmawan", "kepala_arsip"), person(site, "hendra", "auditor")
    keeper = open_tab(site, "endang@contoh.go.id")
    keeper.go("/audit/retensi")
    keeper.check(name="audit-retensi")
    keeper.press("Usulkan pemusnahan")
    keeper.page.get_by_label("Habis masa simpannya pada").fill(site.clock.now().date().isoformat())
    keeper.page.get_by_label("Alasan usul").fill("Sudah habis masa simpannya")
    keeper.press("Ajukan usul")
    keeper.go("/audit/retensi")
    keeper.page.locator("a.row-link").first.press("Enter")
    keeper.page.get_by_text(case.number).first.wait_for()
    keeper.check(name="audit-usul-musnah")

    officer = open_tab(site, "darmawan@contoh.go.id")
    officer.go("/kotak-masuk")
    officer.follow("Putuskan usul musnah")
    officer.press("Ambil tugas ini")
    assert "Daftar ini memuat 1 kasus" in officer.text
    officer.page.get_by_label("Setuju: musnahkan").press("Space")
    officer.page.get_by_label("Nomor keputusan").fill("12/SK/2026")
    officer.press("Putuskan")
    site.tick()

    auditor = open_tab(site, "hendra@contoh.go.id")
    auditor.go(f"/audit/kasus/{case.number}")
    auditor.page.get_by_text("Isi kasus ini sudah dimusnahkan").wait_for()
    assert "12/SK/2026" in auditor.text
    auditor.check(name="audit-kasus-musnah")
