"""The player of a replay in a real browser: a case of the demo that was moved to a new version, by keyboard."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlmodel import col

from engine.definitions import deploy, package_of, read_package
from engine.people import actor_for
from models import Instance, UserTask
from tests.support.tabs import PHONE

BPMN = Path(__file__).resolve().parents[2] / "bpmn"
KEY, STEP = "lpse_standards", "assign_pics"
SMALLEST = """() => Array.from(document.querySelectorAll(".replay-controls button, .replay-controls select, [data-do]"))
  .map((e) => e.getBoundingClientRect()).filter((box) => box.width && Math.min(box.width, box.height) < 43.9).length"""
CONTROLS_BOTTOM = "() => window.innerHeight - document.querySelector('.replay-controls').getBoundingClientRect().bottom"

DISAGREE = """async () => {
  const story = await (await fetch(document.querySelector("[data-story]").dataset.story)).json();
  const work = alurReplayWork.read(story), told = [];
  story.events.forEach((event) => (event.deadlines || []).forEach((touch) => {
    const {calendar, set, due} = story.deadlines[touch.d];
    const used = work.between(calendar, set, event.at), left = work.between(calendar, event.at, due);
    told.push([[used, work.text(used), left], [touch.used || 0, touch.used_text, touch.left || 0]]);
  }));
  return told.length ? told.filter(([here, there]) => here.join() !== there.join()) : ["no deadline is told"];
}"""


def called_otherwise(body: bytes) -> bytes:
    """The same diagram with the step under another id and name."""
    return re.sub(rb'(?<=["> ])assign_pics(?=["< ])', b"assign_pics_new", body).replace(b"Tetapkan PIC", b"Tunjuk PIC")


@pytest.fixture
def moved(site) -> str:
    """The number of a case that waits at a step, which the version it was moved to calls otherwise."""
    files = {path: called_otherwise(body) for path, body in read_package(BPMN / KEY).files.items()}
    now, runner = site.clock.now(), site.parts.runner
    with site.database.write() as unit:
        version = deploy(unit, package_of(KEY, files), site.parts.registry, "tests", "nama baru", now)
        waiting = select(col(UserTask.instance_id)).where(col(UserTask.element_id) == STEP)
        case = unit.session.execute(
            select(Instance).where(col(Instance.definition_key) == KEY, col(Instance.id).in_(waiting))
        ).scalars().first()  # fmt: skip
        owner = actor_for(unit, site.person("owner@contoh.go.id").id, now)
        found = case.id, case.number
    assert runner.migrate(found[0], version.id, owner, mapping={STEP: f"{STEP}_new"}, reason="Aturan baru", now=now)
    return found[1]


def test_an_auditor_plays_a_moved_case_by_keyboard_on_a_desk_and_a_phone(site, open_tab, moved):  # noqa: PLR0915 -- one walk
    tab = open_tab(site, "auditor@contoh.go.id")
    page, press = tab.page, tab.page.keyboard.press
    number, figure = page.locator("[data-event-number]"), page.locator("[data-replay-figure]")
    slider, said = page.locator("[data-slider]"), page.locator("[data-said]")

    def at(step: int) -> None:
        expect(number).to_have_text(re.compile(rf"^Langkah {step} dari "))

    tab.go(f"/audit/kasus/{moved}/putar")
    expect(figure).to_have_attribute("data-ready", "true")
    at(1)

    # Steps, deeds and ends by the keys; each step is said, and the slider says it where it has the focus.
    press("ArrowRight")
    press("ArrowRight")
    at(3)
    expect(said).to_contain_text("Langkah 3 dari")
    slider.focus()
    press("PageDown")
    at(4)
    expect(slider).to_have_attribute("aria-valuetext", re.compile("^Langkah 4 dari .*: selesai"))
    expect(page.locator("[data-data-changes] li").first).to_contain_text("tidak ada →")
    press("PageDown")
    expect(page.locator("[data-event-facts]")).to_contain_text("Siapa")
    press("ArrowLeft")
    press("Home")
    at(1)
    press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    press("Escape")

    # A called process opens inside, and the way back is the breadcrumb.
    page.evaluate("location.hash = '#e=60'")
    trail = page.locator("[data-trail]")
    expect(trail.locator("li")).to_have_count(2)
    expect(figure).to_have_attribute("data-ready", "true")
    trail.get_by_role("button").first.press("Enter")
    expect(trail.locator("li")).to_have_count(1)
    page.locator("[data-tokens]").get_by_role("button", name=re.compile("^Buka isi")).first.press("Enter")
    expect(trail.locator("li")).to_have_count(2)

    # It plays until somebody intervened: the case was moved, the drawing is that of the new version.
    page.get_by_text("Pilihan dan tombol papan ketik").click()
    page.get_by_label("Berhenti pada campur tangan").check()
    page.get_by_label("Laju").select_option("100×")
    page.get_by_role("button", name="Putar", exact=True).press("Space")
    expect(page.locator("[data-event-group]")).to_have_text("Campur tangan")
    expect(page.get_by_role("button", name="Putar", exact=True)).to_be_visible()
    assert page.locator(".replay-moving circle").count() == 0, "whoever wants less motion sees none"
    expect(page.locator("[data-migration]")).to_contain_text("“Tetapkan PIC/Tim” sekarang “Tunjuk PIC/Tim”")
    expect(trail).to_contain_text("versi 2")
    expect(figure).to_have_attribute("data-ready", "true")
    expect(page.locator(f'[data-element-id="{STEP}_new"].replay-renamed')).to_have_count(1)
    expect(page.locator("[data-event-facts]")).to_contain_text("Aturan baru")

    # The step is in the address, and the choices are kept.
    step = int(re.search(r"\d+", number.inner_text()).group())
    page.wait_for_url(f"**#e={step}")
    page.reload()
    at(step)
    expect(page.get_by_label("Laju")).to_have_value("100")

    # By time: what lies between two events is an instant as well.
    page.get_by_text("Pilihan dan tombol papan ketik").click()
    page.get_by_label("Penggeser menurut").select_option("time")
    slider.fill("99000")
    expect(page.locator("[data-time]")).to_have_text(re.compile(r"\d\d\.\d\d WIB$"))
    expect(page.locator("[data-deadlines]")).to_contain_text(re.compile("Terpakai .*(sisa|terlambat) "))
    page.get_by_label("Penggeser menurut").select_option("events")
    assert page.evaluate(DISAGREE) == [], "working time is reckoned here as the server does"

    # Tokens walk for whoever does not mind.
    page.emulate_media(reduced_motion="no-preference")
    page.get_by_label("Laju").select_option("¼×")
    page.evaluate("location.hash = '#e=4'")
    at(4)
    page.get_by_role("button", name="Putar", exact=True).click()
    expect(page.locator(".replay-moving circle").first).to_be_attached()
    page.get_by_role("button", name="Jeda", exact=True).click()
    page.emulate_media(reduced_motion="reduce")

    tab.check(name="putar")
    tab.at(PHONE)
    assert page.evaluate(SMALLEST) == 0, "targets are at least 44 px"
    assert abs(page.evaluate(CONTROLS_BOTTOM)) < 1, "the controls are at the thumb"


def test_what_cannot_be_loaded_is_said_and_the_rest_still_plays(site, open_tab, moved):
    tab = open_tab(site, "auditor.luar@contoh.go.id")
    page = tab.page
    with tab.answers(503):
        page.route("**/cerita.json", lambda route: route.fulfill(status=503))
        tab.go(f"/audit/kasus/{moved}/putar")
        expect(page.get_by_text("Riwayat kasus tidak dapat dimuat.")).to_be_visible()
        page.unroute("**/cerita.json")
        page.route("**/process.bpmn", lambda route: route.fulfill(status=503))
        page.route("**/data.json*", lambda route: route.fulfill(status=503))
        page.get_by_role("button", name="Coba lagi").press("Enter")
        expect(page.get_by_text("Gambar diagram tidak dapat dimuat.")).to_be_visible()
        expect(page.get_by_text("Data langkah ini tidak dapat disusun kembali.")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-list] [aria-current]")).to_contain_text("2. ")
    tab.check(name="putar-tanpa-gambar")
    page.emulate_media(media="print")
    expect(page.get_by_text("Untuk kertas, cetak putar ulang sebagai teks:")).to_be_visible()
    expect(page.locator("[data-replay-player]")).to_be_hidden()
    page.emulate_media(media="screen")
    page.route("**/cerita.json", lambda route: route.fulfill(json={"events": []}))
    page.reload()
    expect(page.get_by_text("Belum ada yang dapat diputar")).to_be_visible()
