"""The properties of an element and the findings of a draft, in a real browser, by keyboard alone."""

import pytest

from engine.gate.package import read_package
from engine.settings import ROOT
from engine.studio.drafts import create_draft, read_draft
from tests.browser.test_studio_editor import BPMN, OWNER, draft, opened, said, saved, site
from tests.support.tabs import DESK, PHONE

__all__ = ["draft", "site"]
SPIFF = "{http://spiffworkflow.org/bpmn/schema/1.0/core}"
ON_CANVAS = (
    """() => window.alurPanel.element?.id === "biodata" && document.activeElement.closest("#canvas .djs-container")"""
)
READY = "[data-panel][data-ready=true]"


@pytest.fixture
def reminded(site):
    """A draft whose tasks have reminders beside them, one of them written within a longer script."""
    package, now = read_package(ROOT / "bpmn" / "bps_operator"), site.clock.now()
    with site.database.write() as unit:
        made = create_draft(unit, key=package.name, title="Uji", files=dict(package.files), based_on=None,
                            by=site.person(OWNER).id, now=now)  # fmt: skip
    return made.id


def at(tab, draft, element, path="process.bpmn"):
    tab.go(f"/studio/draf/{draft}/diagram/{path}?unsur={element}")
    tab.page.wait_for_selector(READY)


def tab_to(tab, ident, key="Tab"):
    """Press Tab until the field has the focus, as somebody without a mouse would."""
    for _ in range(60):
        if tab.focused["id"] == ident:
            return
        tab.page.keyboard.press(key)
    pytest.fail(f"{ident} is not reached by {key}")


def value(tab, bind):
    return tab.page.evaluate("(bind) => window.alurPanel.model.get(window.alurPanel.element, bind)", bind)


def properties(site, draft, element):
    root = saved(site, draft)
    [node] = [n for n in root.iter(f"{BPMN}*") if n.get("id") == element]
    return {p.get("name"): p.get("value") for p in node.iter(f"{SPIFF}property")}


def wait_until_saved(tab):
    tab.page.wait_for_function("() => window.alurEditor.handle.state === 'saved'")


def test_a_deadline_is_set_a_finding_is_seen_and_cured_by_keyboard_alone(site, draft, open_tab):
    tab = open_tab(site, OWNER)
    opened(tab, draft)
    tab.page.wait_for_selector(READY)
    keys, page = tab.page.keyboard, tab.page
    page.focus("#canvas svg[tabindex]")
    keys.press("Control+f")
    keys.type("Biodata Peserta")
    keys.press("Enter")
    page.wait_for_function(ON_CANVAS)
    keys.press("Enter")  # into the panel
    assert tab.focused["id"] == "p-name"

    tab_to(tab, "p-due-mode")
    keys.type("Hari kerja ses")
    tab_to(tab, "p-due-amount")
    keys.press("Control+a")
    keys.type("3")
    tab_to(tab, "p-due-at")
    keys.type("16.00")
    keys.press("Tab")
    page.wait_for_function(
        "() => document.querySelector('.panel-date')?.textContent.includes('4 Juni 2026 pukul 16.00')"
    )
    assert "Kamis, 4 Juni 2026 pukul 16.00 WIB" in page.inner_text(".panel-date")
    assert "3 hari kerja setelah Senin, 1 Juni 2026" in page.inner_text(".panel-why")
    assert value(tab, "prop:due") == 'working_days_after(now(), 3, at="16:00")'

    tab_to(tab, "p-due-mode", "Shift+Tab")
    keys.type("Ekspresi")
    page.wait_for_function("() => document.activeElement.id === 'p-due'")
    keys.press("Control+a")
    keys.type("at(tod")
    keys.press("ArrowDown")
    keys.press("Enter")  # takes today(
    keys.type('), "07:00")')
    page.wait_for_selector(".panel-preview .caution")
    keys.press("Tab")
    page.wait_for_selector("[data-findings-list] .finding-error")
    assert "1 galat" in page.inner_text("[data-findings-count]")
    tab.check(sizes=(DESK, PHONE), name="studio-panel")
    keys.press("F8")
    assert "Tenggat jatuh sebelum dimulai" in said(tab)
    assert page.locator(".has-error[data-element-id=biodata]").count() == 1

    tab_to(tab, "p-due-mode", "Shift+Tab")
    keys.type("Tanpa")
    page.wait_for_function("() => !document.querySelector('[data-findings-list] li')")
    assert page.locator(".has-error").count() == 0
    wait_until_saved(tab)
    assert "due" not in properties(site, draft, "biodata")


def test_who_may_not_what_the_system_does_and_where_it_goes_on(site, draft, open_tab):
    tab = open_tab(site, OWNER, looks=False)
    at(tab, draft, "biodata")
    page, keys = tab.page, tab.page.keyboard
    page.click("[data-exclusions] summary")
    page.check("#p-exclude-starter")
    page.check("#p-exclude-completer-verify_documents")
    assert value(tab, "prop:exclude") == "starter, completer:verify_documents"
    page.click("summary:has-text('Penjelasan dan pengenal')")
    page.fill("#p-id", "passed")
    keys.press("Tab")
    assert page.is_visible("[data-id-fault]")

    page.evaluate("() => window.alurEditor.select('tell_dropped')")
    assert page.input_value("#p-handler") == "send_notice"
    page.select_option("#p-input-0", label="withdrawn")
    assert value(tab, "param:template") == '"withdrawn"'
    assert page.get_attribute(".panel-lead", "href").endswith("/email/withdrawn")
    page.fill("#p-input-1", "starter +")
    page.wait_for_selector("[data-inputs] .fault")
    assert page.get_attribute("#p-input-1", "aria-invalid") == "true"
    page.fill("#p-input-1", "['starter']")
    page.wait_for_function("() => !document.querySelector('[data-inputs] .fault')")

    page.select_option("#p-handler", "withdraw_participant")
    page.wait_for_selector("text=reason")
    page.evaluate("() => window.alurEditor.select('passed')")
    page.fill("#p-way-0", "passd")
    page.wait_for_selector("[data-ways] .caution")
    assert "Maksud Anda “passed”?" in page.inner_text("[data-ways]")
    page.check("[data-ways] .field:nth-child(1) input[type=radio]")
    assert page.evaluate("() => window.alurPanel.element.businessObject.default.id") == "flow_passed"
    page.focus("#canvas svg[tabindex]")
    while page.evaluate("() => window.alurEditor.modeler.get('commandStack').canUndo()"):
        keys.press("Control+z")
    assert page.evaluate("() => window.alurPanel.element.businessObject.default.id") == "flow_failed"


def test_reminders_are_put_beside_a_task_and_taken_back_in_one_step(site, reminded, open_tab):
    tab = open_tab(site, OWNER, looks=False)
    at(tab, reminded, "verify_operator")
    page = tab.page
    page.wait_for_selector("#p-rem-role:visible")
    page.fill("#p-due-amount", "7")
    page.keyboard.press("Tab")
    script = "() => window.alurPanel.model.get(window.alurPanel.element.parent, 'text:preScript')"
    page.wait_for_function(f"() => ({script})().includes(', 7, at=')")
    assert page.evaluate(script).startswith("decision = None\nreason = None\nreminder = {")

    page.evaluate("() => window.alurEditor.select('appoint')")
    page.click("[data-reminder-add]")
    page.wait_for_function("() => window.alurPanel.element.parent.id === 'appoint_reminded_plane'")
    assert value(tab, "prop:due") == "reminder.due"
    page.evaluate("() => window.alurEditor.flush()")
    with site.database.read() as unit:
        files = read_draft(unit, reminded).files
    assert b'<bpmn:subProcess id="appoint_reminded"' in files["process.bpmn"].body
    assert page.evaluate("() => window.alurDraft.findings()") == []
    page.evaluate("() => window.alurEditor.modeler.get('commandStack').undo()")
    assert page.evaluate("() => window.alurEditor.modeler.get('elementRegistry').get('appoint').parent.type") != (
        "bpmn:SubProcess"
    )
