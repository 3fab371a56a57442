"""Filling in forms as people do: with the keyboard, without scripts, on two devices, two at once, too fast."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.browser.test_inaproc_access import (
    CERTIFICATE,
    LETTER,
    OTHER_VAI,
    VAI,
    answer_all,
    begin,
    fill_first_of_unit,
    fill_place,
    open_task,
)
from tests.support.tabs import PHONE

APPLICANT = "pemohon@contoh.go.id"
UNSEEN_FOCUS = """() => {
  const e = document.activeElement, s = getComputedStyle(e);
  const ring = parseFloat(s.outlineWidth) >= 2 && s.outlineStyle !== "none";
  return ring || s.boxShadow !== "none" ? "" : e.outerHTML.slice(0, 160);
}"""


def test_what_is_typed_while_the_form_asks_anew_is_kept(site, open_tab):
    sari = open_tab(site, APPLICANT)
    begin(sari, "Bendahara")
    unit = sari.page.get_by_label("Satuan kerja", exact=True)
    held = []

    def hold(route):
        held.append(route)

    sari.page.route("**/formulir", hold)

    sari.page.get_by_label("Jenis instansi", exact=True).select_option(label="Kabupaten")
    unit.press_sequentially("Dinas Kebersihan")
    sari.page.get_by_label("Divisi/unit kerja").fill("Sekretariat")
    unit.focus()
    with sari.page.expect_response("**/formulir"):
        held.pop().continue_()
    sari.page.unroute("**/formulir")

    expect(sari.page.get_by_label("Nama instansi", exact=True).locator("option").nth(5)).to_be_attached()
    assert unit.input_value() == "Dinas Kebersihan"
    assert sari.page.get_by_label("Divisi/unit kerja").input_value() == "Sekretariat"
    sari.page.get_by_label("Nama instansi", exact=True).select_option(label="Kabupaten Kapuas")
    expect(sari.page.get_by_label("NPWP satuan kerja")).to_be_visible()
    assert unit.input_value() == "Dinas Kebersihan"


def test_a_file_that_is_chosen_while_the_form_asks_anew_is_kept(site, open_tab):
    sari = open_tab(site, APPLICANT)
    begin(sari, "Bendahara")
    page = sari.page
    held = []

    def hold(route):
        held.append(route)

    page.route("**/formulir", hold)
    page.get_by_label("Satuan kerja", exact=True).press_sequentially("Dinas Kebersihan")

    with page.expect_file_chooser() as chooser:
        page.get_by_label("Surat Keterangan Kerja/Surat Tugas").click()
    with page.expect_response("**/formulir"):
        held.pop().continue_()
    page.unroute("**/formulir")
    with sari.asks_anew():
        chooser.value.set_files(LETTER.payload())

    expect(page.locator(".form-files")).to_contain_text(LETTER.name)


def test_a_form_is_filled_in_and_sent_with_the_keyboard_alone(site, open_tab):
    sari = open_tab(site, APPLICANT)
    keyboard = sari.page.keyboard
    sari.go("/permohonan/baru")
    tab_to(sari, "Ajukan akses Non Penyedia")
    keyboard.press("Enter")
    sari.page.wait_for_url("**/tugas/*")
    keyboard.press("Tab")
    assert sari.focused["text"] == "Langsung ke isi"
    keyboard.press("Enter")
    while sari.focused["name"] != "role":
        keyboard.press("Tab")
    keyboard.press("ArrowDown")
    assert sari.page.get_by_label("Pejabat Pengadaan (PP)").is_checked()
    tab_to(sari, "Selanjutnya")
    keyboard.press("Space")
    sari.page.wait_for_load_state()
    expect(sari.page.locator("h1")).to_have_text("Detail Informasi")


def tab_to(tab, words):
    """Tab from one element to the next; each must show that it has the focus."""
    for _ in range(60):
        tab.page.keyboard.press("Tab")
        assert tab.page.evaluate(UNSEEN_FOCUS) == ""
        if words in tab.focused["text"]:
            return
    raise AssertionError(words)


def test_a_draft_comes_back_on_another_device(site, open_tab):
    desk = open_tab(site, APPLICANT)
    begin(desk, "Bendahara")
    desk.page.get_by_label("Divisi/unit kerja").fill("Bidang Anggaran")
    expect(desk.page.locator("[data-autosave-status]")).to_have_text(re.compile(r"Draf tersimpan \d\d\.\d\d"))

    phone = open_tab(site, APPLICANT, size=PHONE)
    phone.go(urlsplit(desk.page.url).path)

    assert phone.page.get_by_label("Divisi/unit kerja").input_value() == "Bidang Anggaran"
    assert "Draf tersimpan" in phone.text


def test_of_two_people_who_take_a_task_the_second_is_told_who_was_first(site, open_tab):
    budi, maya = open_tab(site, VAI), open_tab(site, OTHER_VAI)
    for tab in (budi, maya):
        tab.go("/kotak-masuk?saring=kelompok")
        tab.page.locator("[data-row-link]").first.click()
    budi.press("Ambil tugas ini")
    assert "milik Anda" in budi.text
    with maya.answers(403, 409):
        maya.press("Ambil tugas ini")
    assert "Budi Santoso" in maya.text
    maya.check(sizes=(PHONE,), name="taken-by-another")


def test_a_decision_sent_twice_counts_once_and_the_second_keeps_what_was_typed(site, open_tab):
    number = waiting_case(open_tab(site, VAI))
    first, second = open_tab(site, VAI), open_tab(site, VAI)
    task = open_task(first, number)
    second.go(task)
    answer_all(second, but="Golongan", note="Belum sesuai.")
    with second.asks_anew():
        second.page.get_by_label("Tidak: Perlu Perbaikan").check()
    second.page.get_by_label("Alasan").fill("Golongan tidak sesuai surat tugas.")
    answer_all(first)
    first.page.get_by_label("Ya, terverifikasi").check()
    first.page.get_by_role("button", name="Kirim keputusan").last.dblclick()
    first.page.wait_for_url("**/kotak-masuk")

    with second.answers(409):
        second.press("Kirim keputusan")

    assert re.search(r"diselesaikan|selesai", second.text)
    assert "Golongan tidak sesuai surat tugas." in second.text
    second.check(sizes=(PHONE,), name="closed-meanwhile")


def waiting_case(tab):
    """The demo's application that waits for a verifier; its number."""
    tab.go("/kotak-masuk?saring=kelompok")
    return re.search(r"\d{4}-\w{4}-\w{4}", tab.page.locator("[data-row]").first.inner_text())[0]


def test_an_application_is_made_without_scripts(site, open_tab):
    sari = open_tab(site, APPLICANT, size=PHONE, java_script_enabled=False)
    page = sari.page
    begin(sari, "Pejabat Pengadaan (PP)")
    page.get_by_label("Golongan", exact=True).select_option("III/b")
    page.get_by_label("Jenis instansi", exact=True).select_option(label="Kabupaten")
    sari.press("Perbarui isian")
    page.get_by_label("Nama instansi", exact=True).select_option(label="Kabupaten Kapuas")
    page.get_by_label("Satuan kerja", exact=True).fill("Kecamatan Basarang")
    page.get_by_label("Surat Keterangan Kerja/Surat Tugas").set_input_files(LETTER.payload())
    sari.press("Simpan draf")
    assert "Draf tersimpan" in sari.text
    page.get_by_label("Masa berlaku jabatan sampai dengan").fill("2026-12-31")
    with sari.answers(422):
        sari.press("Ajukan Akses")
    faults = page.locator("[data-focus] a").all_inner_texts()
    assert len(faults) == 3, faults
    assert LETTER.name in sari.text
    fill_first_of_unit(sari)
    page.get_by_label("Sertifikat PBJ").set_input_files(CERTIFICATE.payload())
    sari.press("Ajukan Akses")
    assert sari.heading == "Tinjau Ulang Data Anda"
    assert "00.123.456.7-891.000" in sari.text
    page.get_by_label("Kirim permohonan").check()
    page.get_by_label("Saya telah meninjau").check()
    page.get_by_role("button", name="Kirim", exact=True).last.click()
    assert "Menunggu verifikasi" in sari.text


def test_the_role_decides_what_is_asked(site, open_tab):
    sari = open_tab(site, APPLICANT)
    begin(sari, "Bendahara")
    assert sari.page.get_by_label("Sertifikat PBJ").count() == 0
    assert sari.page.get_by_label("NPWP satuan kerja").count() == 0
    fill_place(sari, "Dinas Kesehatan")
    expect(sari.page.get_by_label("Alamat satuan kerja")).to_have_count(0)
