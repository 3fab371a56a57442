"""The builders of forms and decision tables: by keyboard and by mouse, on a desk and on a phone."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from engine.definitions import read_package
from engine.people import find_by_email
from engine.studio.drafts import create_draft, read_draft
from tests.support.tabs import DESK, PHONE

OWNER = "owner@contoh.go.id"
BPMN = Path(__file__).resolve().parents[2] / "bpmn"
SAVED = re.compile(r"^Draf tersimpan \d\d\.\d\d")
WRITTEN_AGAIN = """([forms, tables]) => [
  ...forms.filter((text) => alurFormModel.write(alurFormModel.parse(text)) !== text),
  ...tables.filter((text) => alurTableModel.write(alurTableModel.parse(text)) !== text),
].map((text) => text.slice(0, 200))"""


@pytest.fixture
def draft(site):
    """A draft of the LKPP participant, with an attribute and a property that nobody here knows."""
    files = dict(read_package(BPMN / "lkpp_participant").files)
    form = json.loads(files["forms/verification.json"])
    form["components"][1] |= {"x-vendor": {"keep": [1, None]}}
    form["components"][1]["properties"]["vendor:note"] = "tetap"
    files["forms/verification.json"] = (json.dumps(form, indent=2, ensure_ascii=False) + "\n").encode()
    with site.database.write() as unit:
        owner = find_by_email(unit, OWNER)
        now = site.clock.now()
        return create_draft(
            unit, key="lkpp_participant", title="Peserta", files=files, based_on=None, by=owner.id, now=now
        ).id


def saved(site, draft, path):
    with site.database.read() as unit:
        return read_draft(unit, draft).files[path].body.decode()


def test_a_form_is_built_by_keyboard_and_by_mouse_and_seen_as_the_officer_will(site, open_tab, draft):
    tab = open_tab(site, OWNER)
    page, press = tab.page, tab.page.keyboard.press
    tab.go(f"/studio/draf/{draft}/formulir/verification")
    inside = page.frame_locator("iframe")
    expect(inside.get_by_role("group", name="KTP")).to_be_visible()
    before = saved(site, draft, "forms/verification.json")

    # By keyboard: a question behind the review, with a name, and shown for a certain answer only.
    page.get_by_role("treeitem").first.focus()
    press("ArrowDown")
    press("ArrowDown")
    press("Insert")
    page.get_by_role("button", name="Centang", exact=True).focus()
    press("Enter")
    page.keyboard.type("Berkas asli dilihat")
    expect(inside.get_by_label("Berkas asli dilihat")).to_be_visible()
    page.get_by_role("treeitem", name="Berkas asli dilihat").focus()
    press("Alt+ArrowDown")
    expect(page.locator("[data-say]")).to_have_text("“Berkas asli dilihat” dipindahkan: 4 dari 5.")
    page.get_by_role("treeitem", name="Catatan untuk Admin Instansi").click()
    press("Alt+ArrowDown")
    page.get_by_label("Tampilkan", exact=True).select_option("rule")
    expect(inside.get_by_label("Catatan untuk Admin Instansi")).to_have_count(0)
    inside.get_by_label("Berkas asli dilihat").check()
    expect(inside.get_by_label("Catatan untuk Admin Instansi")).to_be_visible()

    # What the officer would be refused for, in words.
    page.get_by_role("button", name="Periksa isian").click()
    expect(inside.locator(".notice-bad")).to_contain_text("“Lengkap” wajib diisi.")

    # By mouse: dragged to the top, and back again.
    items = page.get_by_role("treeitem")
    items.filter(has_text="Berkas asli").drag_to(items.nth(1), target_position={"x": 60, "y": 3})
    expect(items.nth(1)).to_contain_text("Berkas asli dilihat")
    page.get_by_role("button", name="Urungkan").click()
    expect(items.nth(1)).not_to_contain_text("Berkas asli dilihat")

    # A finding at once, led to and cured.
    items.filter(has_text="Berkas asli").click()
    page.get_by_label("Nama data").fill("checklist")
    findings = page.locator("[data-findings]")
    expect(findings).to_contain_text("Nama “checklist” dipakai dua kali")
    page.get_by_label("Nama data").fill("original_seen")
    press("Tab")
    expect(page.locator("[data-say]")).to_have_text("1 syarat atau kalimat sekarang memakai nama original_seen.")
    expect(page.locator("[data-draft-status]")).to_have_text(SAVED)

    after = json.loads(saved(site, draft, "forms/verification.json"))
    assert after["components"][1] == json.loads(before)["components"][1]
    assert [c.get("key") for c in after["components"][2:4]] == [
        "original_seen",
        json.loads(before)["components"][2]["key"],
    ]
    assert after["components"][3]["conditional"] == {"hide": "not original_seen"}
    tab.check(sizes=(DESK, PHONE), name="studio-formulir")

    page.get_by_role("button", name="Desktop").click()
    assert page.locator("iframe").bounding_box()["width"] >= 1100
    tab.check(sizes=(PHONE,))


def test_a_table_is_edited_by_keyboard_looked_through_and_tried_out(site, open_tab, draft):
    tab = open_tab(site, OWNER)
    page, press = tab.page, tab.page.keyboard.press
    tab.go(f"/studio/draf/{draft}/keputusan/portfolio_minimum")
    findings = page.locator("[data-findings]")
    expect(findings).to_contain_text("Lengkap: setiap masukan yang mungkin cocok dengan tepat satu baris.")
    before = saved(site, draft, "decisions/portfolio_minimum.dmn")

    page.get_by_label("Baris 1, Jenis Kompetensi").focus()
    press("ArrowDown")
    press("Control+Enter")
    page.keyboard.type('"pemilihan"')
    expect(findings).to_contain_text("Baris 2 dan 3 cocok sekaligus (Jenis Kompetensi: ")
    press("Control+Delete")
    expect(findings).to_contain_text("Lengkap")
    page.get_by_label("Baris 2, Jenjang").fill('"utama"')
    expect(findings).to_contain_text("Tidak ada baris untuk Jenis Kompetensi: ")
    expect(findings).to_contain_text("Baris 2 menyebut “utama”")
    page.get_by_label("Baris 2, Jenjang").fill('"pertama"')
    expect(findings).to_contain_text("Lengkap")

    page.get_by_label("Isi contoh yang cocok dengan").select_option("5")
    tried = page.locator("[data-tried]")
    expect(tried).to_contain_text("Ya, dipakai")
    expect(tried).to_contain_text('Jenjang adalah “muda”, diminta "pertama"')
    expect(page.locator("tr[data-hit=decides] th")).to_have_text("5")
    expect(page.locator("[data-draft-status]")).to_have_text(SAVED)
    assert saved(site, draft, "decisions/portfolio_minimum.dmn") == before
    tab.check(sizes=(DESK, PHONE), name="studio-keputusan")

    # What nobody changed is written as it was, byte for byte.
    page.add_script_tag(url="/static/js/studio/form-model.js")
    forms = [p.read_text("utf-8") for p in BPMN.glob("*/forms/*.json") if "pengingat" not in str(p)]
    tables = [p.read_text("utf-8") for p in BPMN.glob("*/decisions/*.dmn")]
    assert page.evaluate(WRITTEN_AGAIN, [forms, tables]) == []
