"""Processes as they are drawn: every version can be read, an old one says that it is old."""

import pytest

from engine.definitions import deploy, package_of
from tests.web.procedures import KEY, apply_for, deploy_permit, permit


@pytest.fixture
def versions(app, clock):
    """Two versions, of which the second is in use."""
    first = deploy_permit(app, clock.now())
    files = permit()
    files["process.toml"] = files["process.toml"].replace(b"value = 3", b"value = 5")
    parts = app.extensions["alur"]
    with parts.database.write() as unit:
        second = deploy(unit, package_of(KEY, files), parts.registry, "tests", "lima hari", clock.now()).id
    return first, second


def test_the_list_names_each_process_once(browser, person, versions):
    page = browser(person("Ani Wijaya")).get("/proses")

    assert page.links().count(f"/proses/{KEY}") == 1
    assert "versi 2" in page.text


def test_the_current_version_is_shown_with_its_rules(browser, person, versions):
    page = browser(person("Ani Wijaya")).get(f"/proses/{KEY}")

    assert page.heading == "Izin Kegiatan"
    assert "Peraturan Contoh Nomor 1 Tahun 2026" in page.text
    assert "Batas hari kerja 5" in page.text
    assert "Petugas izin" in page.text
    assert "lima hari" in page.text


def test_an_old_version_says_so(browser, person, versions):
    page = browser(person("Ani Wijaya")).get(f"/proses/{KEY}/versi/1")

    assert "Ini versi lama" in page.text
    assert "Batas hari kerja 3" in page.text


def test_the_steps_stand_in_the_order_of_the_diagram(browser, person, versions):
    page = browser(person("Ani Wijaya")).get(f"/proses/{KEY}")

    found = [e.get("data-element") for e in page.all("li") if e.get("data-element")]
    assert found == ["start", "apply", "decide", "granted", "issued", "refused"]


def test_only_cases_one_may_see_are_counted(app, browser, person, versions):
    ani = person("Ani Wijaya")
    apply_for(app, ani)

    assert "Versi 1" in browser(ani).get(f"/proses/{KEY}").text
    assert _running(browser(ani)) == ["1", "0"]
    assert _running(browser(person("Orang Lain"))) == ["0", "0"]


def _running(window):
    rows = [row for table in window.get(f"/proses/{KEY}").all("table")[-1:] for row in table.iter()]
    return [cell.text for cell in rows if cell.get("class") == "num" and cell.text.isdigit()]


@pytest.mark.parametrize("path", ["tidak_ada", f"{KEY}/versi/9", f"{KEY}/versi/1/diagram/forms/apply.json"])
def test_what_does_not_exist_is_not_found(browser, person, versions, path):
    assert browser(person("Ani Wijaya")).get(f"/proses/{path}").status == 404
