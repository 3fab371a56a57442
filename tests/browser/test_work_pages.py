"""The pages of work in a real browser: axe finds nothing, keys and drafts work, the drawing says what the list says."""

import re

import pytest
from playwright.sync_api import expect

from engine.definitions import deploy, read_package
from engine.settings import ROOT
from tests.support.live import Site
from tests.support.tabs import DESK, PHONE
from tests.web.conftest import person  # noqa: F401 -- a fixture
from tests.web.procedures import OFFICER, acting, apply_for, by_number, case_of, deploy_permit, many_tasks, task_of

pytestmark = pytest.mark.browser


@pytest.fixture
def database(sqlite_database):
    """What a browser shows does not depend on the database."""
    return sqlite_database


@pytest.fixture
def office(database, clock, tmp_path):
    """A site with the small procedure and nobody in it yet."""
    with Site(tmp_path, database, clock) as site:
        deploy_permit(site.app, clock.now())
        yield site


@pytest.fixture
def people(office, person):  # noqa: F811 -- the fixture above
    return {"ani": person("Ani Wijaya"), "siti": person("Siti Rahma", roles=[OFFICER])}


@pytest.fixture
def window(office, people, open_tab):
    """`window("siti")`: a tab in which she is signed in."""

    def make(name, **more):
        return open_tab(office, people[name].email, **more)

    return make


def inaproc_case(site, user):
    """A case of the real procedure, whose diagram is drawn; returns its number."""
    with site.database.write() as unit:
        package = read_package(ROOT / "bpmn/inaproc_access")
        deploy(unit, package, site.parts.registry, "tests", "", site.clock.now())
    return case_of(site.app, site.parts.runner.start("inaproc_access", acting(site.app, user))).number


def test_no_page_has_an_accessibility_fault_or_scrolls_sideways(office, people, window):
    app, runner = office.app, office.parts.runner
    number = inaproc_case(office, people["ani"])
    decide = task_of(app, by_number(app, apply_for(app, people["ani"])).id, "decide")
    runner.claim(decide.id, acting(app, people["siti"]))
    apply_for(app, people["ani"], purpose="Pameran")
    own = task_of(app, by_number(app, number).id, "choose_role")
    pages = {
        "siti": ["/kotak-masuk", "/kotak-masuk?saring=kelompok", f"/tugas/{decide.id}", "/kasus", "/proses/izin"],
        "ani": ["/permohonan", "/permohonan/baru", f"/permohonan/{number}", f"/kasus/{number}", f"/tugas/{own.id}"],
    }

    for name, urls in pages.items():
        tab = window(name)
        for url in urls:
            tab.go(url)
            for drawing in tab.page.locator("[data-diagram]:visible").all():
                drawing.and_(tab.page.locator("[data-ready]")).or_(
                    tab.page.locator("[data-diagram-failed]:visible")
                ).wait_for()
            tab.check()


def test_the_drawing_shows_what_the_list_says(office, people, window):
    number = inaproc_case(office, people["ani"])
    tab = window("ani")

    tab.go(f"/kasus/{number}")
    tab.page.locator("[data-diagram][data-ready]").first.wait_for()
    listed = tab.page.locator("li[data-state=active]").get_attribute("data-element")
    drawn = tab.page.locator(".djs-element.step-active")

    assert drawn.count() == 1
    assert drawn.get_attribute("data-element-id") == listed
    assert tab.page.locator(".step-note-active").inner_text().startswith("sedang berjalan")
    tab.press("Tunjukkan Mulai")
    first = tab.page.locator("li[data-element]").first.get_attribute("data-element")
    assert tab.page.locator(".djs-element.step-picked").get_attribute("data-element-id") == first


MARK_IS_SEEN = """() => {
    document.querySelector('.bjs-powered-by').scrollIntoView({block: 'center'});
    const seen = document.querySelector('.bjs-powered-by').getBoundingClientRect();
    const top = document.elementFromPoint(seen.left + seen.width / 2, seen.top + seen.height / 2);
    return seen.width > 0 && top.closest('.bjs-powered-by') !== null;
}"""


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_the_mark_of_the_drawing_tool_stays_uncovered(office, people, window, size):
    number = inaproc_case(office, people["ani"])
    tab = window("ani", size=size)

    tab.go(f"/kasus/{number}")
    tab.page.locator("[data-diagram][data-ready]").first.wait_for()

    assert tab.page.evaluate(MARK_IS_SEEN)


PLACE = "() => document.querySelector('.viewport').getAttribute('transform')"


def test_the_drawing_moves_by_keys_and_leaves_the_wheel_to_the_page(office, people, window):
    number = inaproc_case(office, people["ani"])
    tab = window("ani")
    tab.go(f"/kasus/{number}")
    tab.page.locator("[data-diagram][data-ready]").first.wait_for()

    tab.page.locator("[data-diagram-canvas] svg").first.focus()
    places = [tab.page.evaluate(PLACE)]
    for key in ("ArrowRight", "ArrowDown", "+", "0"):
        tab.page.keyboard.press(key)
        places.append(tab.page.evaluate(PLACE))
    tab.page.locator("[data-diagram-canvas]").first.hover()
    top = tab.page.evaluate("window.scrollY")
    tab.page.mouse.wheel(0, 300)
    tab.page.wait_for_function("top => window.scrollY > top", arg=top)

    assert len(set(places[:4])) == 4
    assert places[4] != places[3]
    assert tab.page.evaluate(PLACE) == places[-1]


FINGERS = """(at) => {
    const box = document.querySelector('[data-diagram-canvas]');
    for (const [kind, id, x, y] of at) {
        const finger = {pointerId: id, pointerType: 'touch', clientX: x, clientY: y, bubbles: true};
        box.dispatchEvent(new PointerEvent(kind, finger));
    }
    return document.querySelector('.viewport').getAttribute('transform');
}"""


def test_fingers_move_and_zoom_the_drawing(office, people, window):
    number = inaproc_case(office, people["ani"])
    tab = window("ani", size=PHONE)
    tab.go(f"/kasus/{number}")
    tab.page.locator("[data-diagram][data-ready]").first.wait_for()

    start = tab.page.evaluate(PLACE)
    moved = tab.page.evaluate(FINGERS, [["pointerdown", 1, 100, 100], ["pointermove", 1, 60, 100]])
    zoomed = tab.page.evaluate(FINGERS, [["pointerdown", 2, 100, 100], ["pointermove", 2, 200, 200]])

    assert scale(moved) == scale(start)
    assert moved != start
    assert scale(zoomed) > scale(start)


def scale(transform):
    return float(re.match(r"matrix\(([\d.]+)", transform)[1])


def test_a_draft_saves_itself_and_survives_a_refusal_and_a_reload(office, people, window):
    instance_id = office.parts.runner.start("izin", acting(office.app, people["ani"]))
    tab = window("ani")

    tab.go(f"/tugas/{task_of(office.app, instance_id, 'apply').id}")
    with tab.answers(422):
        tab.page.locator("button.btn-primary", has_text="Ajukan").click()
        expect(tab.page.locator("[data-focus]")).to_be_focused()
    tab.page.get_by_label("Maksud kegiatan").fill("Bazar buku")
    expect(tab.page.locator("[data-autosave-status]")).to_have_text("Draf tersimpan 09.00")
    tab.page.reload()

    assert tab.page.get_by_label("Maksud kegiatan").input_value() == "Bazar buku"


def test_the_inbox_is_worked_by_keys_that_can_be_switched_off(office, people, window):
    number = apply_for(office.app, people["ani"])
    tab = window("siti")
    keyboard = tab.page.keyboard

    tab.go("/kotak-masuk?saring=kelompok")
    keyboard.press("/")
    assert tab.focused["id"] == "q"
    keyboard.press("Escape")
    keyboard.press("j")
    keyboard.press("Enter")
    tab.page.wait_for_url("**/tugas/*")
    keyboard.press("c")
    tab.page.locator("form[data-autosave]").wait_for()
    tab.go("/kotak-masuk")
    keyboard.press("?")
    tab.page.get_by_label("Aktifkan pintasan satu huruf").uncheck()
    keyboard.press("Escape")
    keyboard.press("/")

    assert tab.focused["id"] != "q"
    assert task_of(office.app, by_number(office.app, number).id, "decide").assignee_id == people["siti"].id


def test_everything_works_without_scripts(office, people, window):
    number = apply_for(office.app, people["ani"])
    tab = window("siti", java_script_enabled=False)

    tab.go("/kotak-masuk")
    tab.press("Ambil")
    tab.page.get_by_label("Tolak").check()
    tab.press("Perbarui isian")
    tab.page.get_by_label("Alasan").fill("Belum lengkap")
    tab.page.locator("button.btn-primary", has_text="Putuskan").click()
    tab.go(f"/kasus/{number}")

    assert tab.page.locator("li[data-element=refused]").get_attribute("data-state") == "done"
    assert tab.page.locator("[data-diagram-canvas]").is_hidden()
    assert by_number(office.app, number).outcome == "refused"


def test_a_long_list_stays_small(office, people, window):
    version = by_number(office.app, apply_for(office.app, people["ani"])).version_id
    many_tasks(office.app, 300, now=office.clock.now(), version_id=version)
    tab = window("siti", size=PHONE)

    tab.go("/kotak-masuk?saring=kelompok")

    assert tab.page.locator("[data-row]").count() == 25
    assert tab.page.evaluate("performance.getEntriesByType('navigation')[0].encodedBodySize") < 30_000
