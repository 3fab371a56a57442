"""Pages of retention: from the proposal to the decision, a schedule with its law, a case that is held."""

import pytest

from engine import retention
from engine.definitions import deploy, read_package
from engine.settings import ROOT
from models import Disposal, Instance, RetentionHold
from tests.web.procedures import apply_for, by_number, deploy_permit

FLOW = "retention_disposal"


@pytest.fixture
def database(sqlite_database):
    """Rules of pages; what they write is the engine's, and tried on both databases there."""
    return sqlite_database


@pytest.fixture
def parts(app, clock):
    parts = app.extensions["alur"]
    deploy_permit(app, clock.now())
    with parts.database.write() as unit:
        package = read_package(ROOT / "bpmn" / FLOW)
        deploy(unit, package, parts.registry, by="tests", note="", now=clock.now())
    return parts


@pytest.fixture
def case(app, parts, person, clock):
    """A case that ended, and that a schedule of its own makes due at once."""
    found = by_number(app, apply_for(app, person("Siti Aminah")))
    with parts.database.write() as unit:
        row = unit.session.get_one(Instance, found.id)
        row.status, row.ended_at = "cancelled", clock.now()
        wanted = retention.Schedule(row.definition_key, "", 0, 0, "destroyed", "Keputusan Nomor 1")
        retention.set_schedule(unit, wanted, by="tests", now=clock.now())
    return found


@pytest.fixture
def keeper(browser, person):
    return browser(person("Endang Suryani", roles=["arsiparis"]))


@pytest.mark.tampers
def test_a_list_is_read_shortened_and_taken_along(parts, case, keeper, browser, person, clock):
    with parts.database.write() as unit:
        retention.compose(
            unit,
            Disposal(id="d" * 32, instance_id="d" * 32, number="2606-AAAA-BBBB", until=clock.now().date(),
                     made_at=clock.now()),
            reviewed=False,
        )  # fmt: skip

    page = keeper.get("/audit/retensi")
    assert "2606-AAAA-BBBB" in page.text
    assert "Usulkan pemusnahan" in page.text
    page = keeper.get("/audit/retensi/daftar/2606-AAAA-BBBB")
    assert case.number in page.text
    assert case.number in keeper.client.get("/audit/retensi/daftar/2606-AAAA-BBBB.csv").text
    keeper.post(f"/audit/retensi/daftar/2606-AAAA-BBBB/simpan/{case.number}", {"alasan": "Sengketa"})
    assert "Sengketa" in keeper.get("/audit/retensi/daftar/2606-AAAA-BBBB").text

    outside = browser(person("Sri Rahayu", roles=["auditor_luar"]))
    page = outside.get("/audit/retensi/daftar/2606-AAAA-BBBB")
    assert page.tree.xpath('//input[@name="alasan"]') == []


@pytest.mark.tampers
def test_a_schedule_needs_its_law_and_a_case_can_be_held(parts, case, keeper):
    address = f"/audit/retensi/jadwal/{case.definition_key}"
    answer = keeper.post(address, {"aktif": "2", "inaktif": "x", "nasib": "destroyed", "dasar": "UU"})
    assert answer.status == 422
    assert answer.tree.xpath('//*[@id="aktif"]/@value') == ["2"]
    keeper.post(address, {"aktif": "2", "inaktif": "3", "nasib": "permanent", "dasar": "Keputusan Nomor 2"})
    assert "Keputusan Nomor 2" in keeper.get("/audit/retensi").text

    keeper.post("/audit/retensi/tahan", {"kasus": case.number, "alasan": "Diperiksa"})
    with parts.database.read() as unit:
        assert unit.session.get(RetentionHold, case.id).reason == "Diperiksa"
    assert "Diperiksa" in keeper.get("/audit/retensi").text
    keeper.post(f"/audit/retensi/tahan/{case.id}/lepas", {})
    assert "Diperiksa" not in keeper.get("/audit/retensi").text
