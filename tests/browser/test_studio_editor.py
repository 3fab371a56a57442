"""The diagram editor in a real browser: by keyboard alone, without losing anything of a file, in the reader's words."""

import shutil
from collections import Counter

import pytest
from lxml import etree

from engine.gate.package import read_package
from engine.settings import ROOT
from engine.studio.drafts import create_draft, read_draft
from handlers.demo.accounts import add_accounts
from handlers.seeds import prepare
from tests.support.interchange import contents, interchange_files, read
from tests.support.live import Site

OWNER = "owner@contoh.go.id"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
KEPT = 3
"""What adding a note to a diagram adds to its file: the note, its shape, the shape's bounds."""

EDIT = """async (xml) => {
  const editor = window.alurEditor;
  await editor.open(xml);
  const root = editor.modeler.get("canvas").getRootElement();
  editor.modeler.get("modeling").createShape({type: "bpmn:TextAnnotation"}, {x: -500, y: -500}, root);
  return editor.written();
}"""
MENUS = """() => {
  const modeler = window.alurEditor.modeler, menu = modeler.get("popupMenu");
  window.alurOrder(modeler).forEach((element) => ["bpmn-append", "bpmn-replace", "bpmn-create"].forEach((provider) => {
    if (!menu.isEmpty(element, provider)) { menu.open(element, provider, {x: 10, y: 10}, {}); menu.close(); }
    modeler.get("contextPad").getEntries(element);
  }));
  return Array.from(window.alurUntranslated);
}"""

LANES = "window.alurEditor.modeler.get('elementRegistry').filter((e) => e.type === 'bpmn:Lane').length"


@pytest.fixture
def site(sqlite_database, clock, tmp_path):
    with Site(tmp_path, sqlite_database, clock) as running:
        with sqlite_database.write() as unit:
            prepare(unit, clock.now())
            add_accounts(unit, clock.now())
        yield running
    shutil.rmtree(tmp_path / "data", ignore_errors=True)


@pytest.fixture
def draft(site):
    """A draft of the participant flow."""
    package, now = read_package(ROOT / "bpmn" / "lkpp_participant"), site.clock.now()
    with site.database.write() as unit:
        by = site.person(OWNER).id
        made = create_draft(
            unit, key=package.name, title="Uji", files=dict(package.files), based_on=None, by=by, now=now
        )
    return made.id


def saved(site, draft):
    with site.database.read() as unit:
        return etree.fromstring(read_draft(unit, draft).files["process.bpmn"].body)


def opened(tab, draft, path="process.bpmn"):
    tab.go(f"/studio/draf/{draft}/diagram/{path}")
    tab.page.wait_for_selector("[data-editor][data-ready=true]")


def chosen(tab):
    return tab.page.evaluate("() => window.alurEditor.modeler.get('selection').get().map((e) => e.id)")


def said(tab):
    return tab.page.locator("[data-editor-said]").text_content()


def asked(tab, key):
    """Once the focus is back on the canvas, press a key after which the editor asks something, and wait for that."""
    tab.page.wait_for_function("() => document.activeElement.closest('#canvas')")
    tab.page.keyboard.press(key)
    tab.page.wait_for_selector("[data-choose][open], .djs-popup")


def test_a_task_is_put_between_two_by_keyboard_alone(site, draft, open_tab):
    tab = open_tab(site, OWNER)
    opened(tab, draft)
    keys = tab.page.keyboard
    tab.page.focus("#canvas svg[tabindex]")

    keys.press("Control+f")
    keys.type("Daftarkan peserta")
    keys.press("Enter")
    assert "Tugas sistem “Daftarkan peserta”. Jalur Sistem Inpassing" in said(tab)
    asked(tab, "i")
    keys.type("tugas orang")
    keys.press("Enter")
    tab.page.wait_for_selector(".djs-direct-editing-content")
    keys.type("Periksa ulang berkas")
    keys.press("Enter")
    (made,) = chosen(tab)
    asked(tab, "m")
    keys.type("admin")
    keys.press("Enter")
    assert said(tab) == "Dipindahkan ke Jalur “Admin Instansi”"
    tab.check(name="studio-editor")  # while it saves itself
    tab.page.wait_for_function("() => window.alurEditor.handle.state === 'saved'")

    root = saved(site, draft)
    (task,) = [t for t in root.iter(f"{BPMN}userTask") if t.get("id") == made]
    flows = {f.get("id"): (f.get("sourceRef"), f.get("targetRef")) for f in root.iter(f"{BPMN}sequenceFlow")}
    assert task.get("name") == "Periksa ulang berkas"
    assert [source for source, target in flows.values() if target == made] == ["register"]
    assert [target for source, target in flows.values() if source == made] == ["qualify"]
    (lane,) = [n for n in root.iter(f"{BPMN}lane") if made in [r.text for r in n.iter(f"{BPMN}flowNodeRef")]]
    assert lane.get("name") == "Admin Instansi"


def test_joining_lanes_and_loose_elements_by_keyboard_and_all_of_it_undone(site, draft, open_tab):
    tab = open_tab(site, OWNER, looks=False)
    opened(tab, draft)
    before = (ROOT / "bpmn/lkpp_participant/process.bpmn").read_bytes()
    keys, page = tab.page.keyboard, tab.page
    lanes = page.evaluate(f"() => {LANES}")
    page.evaluate("() => { window.alurEditor.select('register'); window.alurEditor.modeler.get('canvas').focus(); }")

    asked(tab, "c")
    keys.type("gugur")
    keys.press("Enter")
    assert said(tab) == "Alir → Nyatakan Gugur, lepaskan kursi"
    keys.press("Control+f")
    keys.type("Admin Instansi")
    keys.press("Enter")
    tab.page.wait_for_function(
        "() => document.querySelector('[data-editor-said]').textContent.includes('“Admin Instansi”')"
    )
    asked(tab, "t")
    keys.type("jalur di bawah")
    keys.press("Enter")
    page.wait_for_function(f"() => {LANES} > {lanes}")
    asked(tab, "n")
    keys.type("pilih satu")
    keys.press("Enter")
    page.wait_for_selector(".djs-direct-editing-content")
    keys.press("Escape")
    assert "Gerbang pilih satu" in said(tab)
    added = contents(page.evaluate("() => window.alurEditor.written()").encode()) - contents(before)
    assert {f"{BPMN}sequenceFlow", f"{BPMN}lane", f"{BPMN}exclusiveGateway"} <= {what[1] for what in added}
    while page.evaluate("() => window.alurEditor.modeler.get('commandStack').canUndo()"):
        keys.press("Control+z")
    keys.press("?")
    assert "sisipkan unsur sesudah ini" in page.locator("[data-editor-help]").inner_text()
    keys.press("Escape")
    page.evaluate("() => window.alurEditor.flush()")

    lost = contents(before) - contents(etree.tostring(saved(site, draft)))
    assert [what for what in lost if not str(what[0]).endswith("BPMNLabel")] == []  # names are measured anew


def test_a_task_dropped_on_a_flow_by_mouse_finds_room_there(site, draft, open_tab):
    tab = open_tab(site, OWNER, looks=False)
    opened(tab, draft)
    mouse, page = tab.page.mouse, tab.page
    x, y = page.evaluate(
        """() => { const modeler = window.alurEditor.modeler;
        const flow = modeler.get("elementRegistry").get("register").outgoing[0];
        const box = modeler.get("canvas").getGraphics(flow).getBoundingClientRect();
        return [box.x + box.width / 2, box.y + box.height / 2]; }"""
    )

    page.click('.djs-palette [data-action="create.task"]')
    mouse.move(x - 40, y)
    mouse.move(x, y, steps=5)
    mouse.click(x, y)
    page.wait_for_selector(".djs-direct-editing-content")
    page.keyboard.press("Escape")

    there = page.evaluate(
        """() => { const task = window.alurEditor.modeler.get("selection").get()[0];
        const before = task.incoming[0].source, after = task.outgoing[0].target;
        return [task.type, before.id, after.id, task.x - before.x - before.width, after.x - task.x - task.width]; }"""
    )
    assert there[:3] == ["bpmn:UserTask", "register", "qualify"]
    assert min(there[3:]) >= 40
    page.keyboard.press("Control+z")
    assert not page.evaluate("() => window.alurEditor.modeler.get('commandStack').canUndo()")


def test_nothing_of_a_file_is_lost_and_nothing_is_said_in_english(site, draft, open_tab):
    tab = open_tab(site, OWNER, looks=False)
    opened(tab, draft)
    assert tab.page.evaluate(MENUS) == []
    tab.page.evaluate("() => { window.alurEditor.handle.save = () => {}; }")  # these are not this draft's files
    ours = [ROOT / "bpmn/lkpp_participant/process.bpmn", ROOT / "bpmn/kemnaker_team/process.bpmn"]
    for file in [*interchange_files(), *ours]:
        body = read(file)

        written = tab.page.evaluate(EDIT, body.decode()).encode()

        assert contents(body) - contents(written) == Counter(), file.name
        if b"BPMNShape" in body:
            assert (contents(written) - contents(body)).total() == KEPT, file.name
        assert contents(tab.page.evaluate("() => window.alurEditor.written()").encode()) == contents(written)


def test_a_draft_that_is_read_only_shows_its_diagram(site, draft, open_tab):
    tab = open_tab(site, "auditor@contoh.go.id")
    opened(tab, draft)
    tab.page.focus("#canvas svg[tabindex]")
    tab.page.keyboard.press("j")
    tab.page.keyboard.press("j")
    assert "Kejadian mulai" in said(tab)
    assert tab.page.locator(".djs-palette").count() == 0
    tab.check(name="studio-editor-read")
