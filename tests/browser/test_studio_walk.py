"""A process owner changes the participant flow from the first key to the last case moved, and an officer loses nothing.

By keyboard alone until the change is tried; by mouse from then on. The draft of an Admin Instansi, typed in the middle
of a task, is there after the case has gone over to the new version.
"""

from datetime import timedelta

from sqlmodel import select

from models import Instance, UserTask
from tests.browser.test_studio_panel import READY, tab_to, wait_until_saved
from tests.support.tabs import Tab

OWNER, REVIEWER, ADMIN = "owner@contoh.go.id", "pemilik2@contoh.go.id", "admin.instansi@contoh.go.id"
TYPED = "821.29/1042/BKD"
PROCESS = "Peserta Inpassing JF PPBJ"
TASK = "Periksa ulang berkas"


def press_link(tab: Tab, name: str) -> None:
    """Follow a link as somebody without a mouse does: focus, then Enter."""
    link = tab.page.get_by_role("link", name=name, exact=True).first
    with tab.page.expect_navigation():
        link.press("Enter")


def press_button(tab: Tab, name: str) -> None:
    with tab.page.expect_navigation():
        tab.page.get_by_role("button", name=name).first.press("Enter")


def click_button(tab: Tab, name: str) -> None:
    with tab.page.expect_navigation():
        tab.page.get_by_role("button", name=name).first.click()


def begin_draft(tab: Tab) -> str:
    """From the library into the editor; the draft's address."""
    tab.go("/studio")
    press_link(tab, PROCESS)
    tab.page.get_by_label("Apa yang akan diubah").press_sequentially("Periksa ulang sebelum uji")
    press_button(tab, "Mulai draf")
    address = tab.page.url.removeprefix(tab.site.url)
    press_link(tab, "Diagram")
    tab.page.wait_for_selector("[data-editor][data-ready=true]")
    tab.page.wait_for_selector(READY)
    return address


def add_task(tab: Tab) -> None:
    """Between “Daftarkan peserta” and what follows it, in the Admin Instansi's lane."""
    keys = tab.page.keyboard
    tab.page.focus("#canvas svg[tabindex]")
    keys.press("Control+f")
    keys.type("Daftarkan peserta")
    keys.press("Enter")
    said = "() => document.querySelector('[data-editor-said]').textContent.includes('“Daftarkan peserta”')"
    tab.page.wait_for_function(said)
    keys.press("i")
    tab.page.wait_for_selector(".djs-popup")
    keys.type("tugas orang")
    keys.press("Enter")
    tab.page.wait_for_selector(".djs-direct-editing-content")
    keys.type(TASK)
    keys.press("Enter")
    tab.page.wait_for_selector(".djs-direct-editing-content", state="detached")
    tab.page.wait_for_function("() => document.activeElement.closest('#canvas')")
    keys.press("m")
    tab.page.wait_for_selector("[data-choose][open]")
    keys.type("admin")
    keys.press("Enter")
    tab.page.wait_for_function(
        "() => document.querySelector('[data-editor-said]').textContent.includes('Jalur “Admin Instansi”')"
    )


def see_and_cure(tab: Tab) -> None:
    """A task without a form is found wanting; then it has one, and three working days."""
    page, keys = tab.page, tab.page.keyboard
    found = "(name) => document.querySelector('[data-findings-list]').textContent.includes(name)"
    page.wait_for_function(found, arg=TASK)
    assert "tidak punya formulir" in page.inner_text("[data-findings-list]")
    page.focus("#canvas svg[tabindex]")
    keys.press("Enter")
    tab_to(tab, "p-form")
    keys.type("recheck")
    tab_to(tab, "p-due-mode")
    keys.type("Hari kerja ses")
    tab_to(tab, "p-due-amount")
    keys.press("Control+a")
    keys.type("3")
    keys.press("Tab")
    page.wait_for_selector(".panel-date")
    page.wait_for_function("() => !document.querySelector('[data-findings-list] li')")
    wait_until_saved(tab)


def build_form(tab: Tab, draft: str) -> None:
    """One tick: that the files were looked at again."""
    tab.go(f"{draft}/formulir/biodata")
    tab.page.get_by_text("Formulir baru").press("Enter")
    tab.page.get_by_label("Nama berkas").press_sequentially("recheck")
    press_button(tab, "Buat")
    tab.page.wait_for_selector("[data-outline] [role=treeitem]")
    keys = tab.page.keyboard
    tab.page.get_by_role("button", name="Tambah", exact=True).first.press("Enter")
    tab.page.get_by_role("button", name="Centang", exact=True).press("Enter")
    keys.press("Control+a")
    keys.type("Berkas sudah diperiksa ulang")
    keys.press("Tab")
    tab.page.wait_for_function("() => document.querySelector('[data-draft-status]').dataset.kind === 'saved'")


def record_scenario(tab: Tab, draft: str) -> None:
    """In a world as one of the scenarios begins, a case is started; that becomes a scenario of its own."""
    tab.go(f"{draft}/uji-coba")
    tab.page.get_by_label("Judul", exact=True).fill("Mulai sesudah perubahan")
    tab.page.get_by_label("Skenario").select_option(label="NIP yang sama dua kali")
    click_button(tab, "Mulai uji coba")
    if not tab.page.get_by_role("button", name="Mulai", exact=True).is_visible():
        tab.page.locator("summary", has_text="Mulai kasus").click()
    with tab.page.expect_navigation():
        tab.page.get_by_role("button", name="Mulai", exact=True).click()
    assert "Biodata Peserta" in tab.text
    tab.page.get_by_label("Nama berkas").fill("40_periksa_ulang")
    click_button(tab, "Rekam sebagai skenario")
    tab.go(f"{draft}/skenario")
    assert "Mulai sesudah perubahan" in tab.text


def compare(tab: Tab, draft: str) -> None:
    tab.go(draft)
    tab.follow("Bandingkan")
    assert f"“{TASK}”" in tab.text
    assert "40_periksa_ulang" in tab.text


def worked_off(tab: Tab, words: str) -> None:
    """Some seconds pass, in which the worker goes on, until the page says so."""
    for _ in range(30):
        tab.site.move_to(tab.site.clock.now() + timedelta(seconds=2))
        tab.page.reload()
        if words in tab.text:
            return
    assert words in tab.text


def look_at_past_cases(tab: Tab, draft: str) -> None:
    """Those that went past the new task would need an answer that nobody gave then."""
    tab.go(f"{draft}/kasus-lama")
    click_button(tab, "Mulai uji")
    worked_off(tab, f"“{TASK}” adalah langkah baru: catatan tidak punya jawabannya.")


def publish(tab: Tab, other: Tab, draft: str) -> None:
    """One owner hands it in, another agrees."""
    tab.go(f"{draft}/terbit")
    tab.page.get_by_label("Mengapa diterbitkan").fill("Berkas diperiksa ulang sebelum uji kompetensi")
    click_button(tab, "Ajukan untuk ditinjau")
    other.go("/studio")
    other.follow("Menunggu tinjauan")
    other.page.locator("main").get_by_role("link", name="Periksa ulang sebelum uji").first.click()
    other.page.wait_for_load_state()
    click_button(other, "Setujui")
    assert "Berlaku" in other.text


def move_cases(tab: Tab) -> None:
    """All running cases are looked at before any is moved."""
    tab.go("/studio/proses/lkpp_participant")
    tab.follow("Pindahkan kasus")
    click_button(tab, "Periksa semua kasus")
    worked_off(tab, "Mengapa kasus-kasus ini dipindahkan")
    tab.page.get_by_label("Mengapa kasus-kasus ini dipindahkan").fill("Aturan baru tentang pemeriksaan ulang")
    tab.page.get_by_role("button", name="Pindahkan").last.click()
    tab.page.wait_for_load_state()
    worked_off(tab, "Selesai")


def type_a_number(tab: Tab) -> str:
    """In the middle of a task: an appointment is being reported. The task's address."""
    with tab.site.database.read() as unit:
        task = unit.session.scalars(
            select(UserTask).where(UserTask.element_id == "report_appointment", UserTask.state == "open")
        ).first()
    address = f"/inpassing/tugas/{task.id}"
    tab.go(address)
    tab.page.get_by_label("Nomor SK pengangkatan").press_sequentially(TYPED)
    tab.page.wait_for_function("() => document.querySelector('[data-autosave-status]').textContent.includes('.')")
    return address


def test_from_a_new_task_to_the_last_case_moved(site, open_tab):
    site.load_demo("lkpp")
    owner, reviewer, officer = (open_tab(site, who, looks=False) for who in (OWNER, REVIEWER, ADMIN))
    draft = begin_draft(owner)
    build_form(owner, draft)
    owner.go(draft)
    press_link(owner, "Diagram")
    owner.page.wait_for_selector("[data-editor][data-ready=true]")
    owner.page.wait_for_selector(READY)
    add_task(owner)
    see_and_cure(owner)

    record_scenario(owner, draft)
    compare(owner, draft)
    look_at_past_cases(owner, draft)
    publish(owner, reviewer, draft)
    task = type_a_number(officer)
    move_cases(owner)

    officer.go(task)
    assert officer.page.get_by_label("Nomor SK pengangkatan").input_value() == TYPED
    with site.database.read() as unit:
        cases = unit.session.scalars(select(Instance).where(Instance.definition_key == "lkpp_participant")).all()
    assert len({case.version_id for case in cases if case.status == "active"}) == 1
