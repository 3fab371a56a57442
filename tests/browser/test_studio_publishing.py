"""Compared on the drawing, submitted by one owner and approved by another: by the keyboard, on every screen."""

import re

from sqlalchemy import select
from sqlmodel import col

from engine.studio.drafts import create_draft
from models import User

INDAH, BAYU = "owner@contoh.go.id", "pemilik2@contoh.go.id"
KEY = "inaproc_access"
NOTE = '<bpmn:textAnnotation id="catatan"><bpmn:text>Periksa NIK</bpmn:text></bpmn:textAnnotation>'
DRAWN = '<bpmndi:BPMNShape id="catatan_di" bpmnElement="catatan"><dc:Bounds x="9" y="9" width="90" height="40"/>'

LEFT = """() => Array.from(document.querySelectorAll('.djs-container .viewport')).map(
  (e) => Math.round(e.transform.baseVal.consolidate().matrix.e))"""
"""How far to the left each drawing is moved."""


def changed(site):
    """A draft in which one step has another name and a note was drawn: (version, draft, step)."""
    with site.parts.database.write() as unit:
        version = site.parts.definitions.current(KEY, unit)
        owner = unit.session.scalars(select(User).where(col(User.email) == INDAH)).one()
        body = version.files["process.bpmn"].decode()
        step = re.search(r'<bpmn:userTask id="(\w+)" name="([^"]*)"', body)
        body = body.replace(f'name="{step[2]}"', 'name="Lengkapi data diri"', 1)
        body = body.replace("</bpmn:process>", f"{NOTE}</bpmn:process>", 1)
        body = body.replace("</bpmndi:BPMNPlane>", f"{DRAWN}</bpmndi:BPMNShape></bpmndi:BPMNPlane>", 1)
        files = {**version.files, "process.bpmn": body.encode()}
        draft = create_draft(unit, key=KEY, title="Kata yang lebih jelas", files=files, based_on=version.id,
                             by=owner.id, now=site.clock.now())  # fmt: skip
        return version.id, draft.id, step[1]


def marked(tab, element, kind, side=0):
    tab.page.locator("[data-diagram]").nth(side).locator(f'[data-element-id="{element}"].step-{kind}').first.wait_for(
        state="attached"
    )


def press_by_keyboard(tab, name):
    tab.page.get_by_role("button", name=name, exact=True).focus()
    with tab.page.expect_navigation():
        tab.page.keyboard.press("Enter")
    tab.page.wait_for_load_state()


def test_compared_submitted_and_approved(site, open_tab):
    version, draft, step = changed(site)
    indah = open_tab(site, INDAH)

    # One drawing with its marks, and the same two beside each other, the way round in which one of them went.
    indah.go(f"/studio/bandingkan?dari={version}&ke={draft}")
    marked(indah, step, "renamed")
    marked(indah, "catatan", "added")
    indah.check(name="studio-compare")
    indah.page.get_by_role("button", name="Tunjukkan Lengkapi data diri pada diagram").press("Enter")
    indah.page.locator(f'[data-element-id="{step}"].step-picked').first.wait_for(state="attached")
    indah.go(f"/studio/bandingkan?dari={draft}&ke={version}")
    marked(indah, "catatan", "removed")
    indah.page.get_by_role("link", name="Berdampingan").press("Enter")
    marked(indah, "catatan", "removed", side=0)
    marked(indah, step, "renamed", side=1)
    before = indah.page.evaluate(LEFT)
    indah.page.locator("[data-diagram-canvas] svg").first.focus()
    indah.page.keyboard.press("ArrowRight")
    moved = f"(before) => {{ const now = ({LEFT})(); return now[0] !== before[0] && now[0] === now[1]; }}"
    indah.page.wait_for_function(moved, arg=before)
    indah.check()

    # Submitted with a reason, looked at by the other owner, who finds it in the library.
    indah.go(f"/studio/draf/{draft}/terbit")
    indah.check(name="studio-publish")
    indah.page.get_by_label("Mengapa diterbitkan").fill("Pemohon sering bertanya artinya")
    press_by_keyboard(indah, "Ajukan untuk ditinjau")
    assert "Pemilik proses lain harus meninjaunya" in indah.text
    bayu = open_tab(site, BAYU)
    bayu.go("/studio")
    bayu.follow("Menunggu tinjauan (1)")
    bayu.check()
    bayu.follow("Draf “Kata yang lebih jelas”")
    bayu.check(name="studio-review")
    press_by_keyboard(bayu, "Setujui")
    assert "Berlaku. Tercatat dalam riwayat proses." in bayu.text
    bayu.go(f"/studio/proses/{KEY}")
    assert "Versi 2: Kata yang lebih jelas" in bayu.text
    bayu.check(name="studio-process")
