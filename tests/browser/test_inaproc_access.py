"""From nothing to an active access and past its end, as the people of the SOP would do it, in the browser."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.support.files import pdf
from tests.support.tabs import PHONE, Tab

PASSWORD = "empat kata yang panjang"
EMAIL = "ayu.lestari@kapuaskab.example"
VAI, OTHER_VAI = "vai@contoh.go.id", "vai2@contoh.go.id"
WRONG_KIND = ("surat-tugas.pdf", "application/pdf", b"bukan PDF sama sekali" * 6000)


@dataclass(frozen=True)
class File:
    name: str
    body: bytes

    def payload(self) -> dict:
        return {"name": self.name, "mimeType": "application/pdf", "buffer": self.body}


LETTER = File("surat-tugas.pdf", pdf(seed=1))
CERTIFICATE = File("sertifikat-pbj.pdf", pdf(seed=2))


def register(tab: Tab) -> None:
    """From the front page to the first screen of the signed-in person, by the mail that the demo's mailbox shows."""
    tab.go("/")
    tab.follow("Daftar", exact=True)
    tab.page.get_by_label("Nama").fill("Ayu Lestari")
    tab.page.get_by_label("Surel", exact=False).first.fill(EMAIL)
    with tab.answers(422):
        tab.press("Kirim tautan aktivasi")
    expect(tab.page.locator("[data-focus]")).to_be_focused()
    assert tab.page.get_by_label("Nama").input_value() == "Ayu Lestari"
    tab.check()
    tab.page.locator("#email_again").fill(EMAIL)
    tab.page.locator("#phone").fill("0812 3456 7890")
    tab.page.locator("#phone_again").fill("0812 3456 7890")
    tab.press("Kirim tautan aktivasi")
    assert tab.heading == "Periksa surel Anda"
    tab.site.tick()
    tab.follow("Buka kotak surat peragaan")
    tab.page.locator("main").get_by_role("link", name=re.compile("aktivasi|aktifkan", re.IGNORECASE)).first.click()
    assert EMAIL in tab.text
    link = tab.page.locator("main .letter a").first
    activation = link.get_attribute("href")
    link.click()
    assert tab.heading == "Aktifkan akun"
    tab.page.locator("#password").fill(PASSWORD)
    tab.page.locator("#password_again").fill(PASSWORD)
    tab.press("Aktifkan dan masuk")
    assert "Permohonan Saya" in tab.heading
    tab.press("Keluar")
    with tab.answers(404, 410):
        tab.go(activation)
    assert tab.page.locator("#password").count() == 0, "an activation link works twice"


def sign_in(tab: Tab, email: str = EMAIL, password: str = PASSWORD) -> None:
    tab.go("/masuk")
    tab.page.locator("#email").fill(email)
    tab.page.locator("#password").fill(password)
    tab.page.locator("main").get_by_role("button", name="Masuk").click()


def begin(tab: Tab, role: str) -> None:
    """To the form *Detail Informasi* for this role."""
    tab.go("/permohonan/baru")
    tab.press("Ajukan akses Non Penyedia")
    tab.page.get_by_label(role).check()
    tab.press("Selanjutnya")
    assert tab.heading == "Detail Informasi"


def fill_place(tab: Tab, unit: str = "Dinas Perhubungan", kind: str = "Kabupaten") -> None:
    page = tab.page
    page.get_by_label("Golongan", exact=True).select_option("III/b")
    with tab.asks_anew():
        page.get_by_label("Jenis instansi", exact=True).select_option(label=kind)
    page.get_by_label("Nama instansi", exact=True).select_option(label="Kabupaten Kapuas")
    with tab.asks_anew():
        page.get_by_label("Satuan kerja", exact=True).fill(unit)
        page.get_by_label("Satuan kerja", exact=True).blur()
    page.get_by_label("Masa berlaku jabatan sampai dengan").fill("2026-12-31")


def fill_first_of_unit(tab: Tab) -> None:
    tab.page.get_by_label("NPWP satuan kerja").fill("00.123.456.7-891.000")
    tab.page.get_by_label("Alamat satuan kerja").fill("Jalan Pemuda Nomor 12, Kuala Kapuas")


def upload(tab: Tab, label: str, file: File) -> None:
    """Files are kept as soon as they are chosen."""
    with tab.asks_anew():
        tab.page.get_by_label(label).set_input_files(file.payload())


def send(tab: Tab) -> str:
    """*Tinjau Ulang*, tick and *Kirim*; the number of the case."""
    assert tab.heading == "Tinjau Ulang Data Anda"
    with tab.asks_anew():
        tab.page.get_by_label("Kirim permohonan").check()
    tab.page.get_by_label("Saya telah meninjau").check()
    tab.page.get_by_role("button", name="Kirim", exact=True).last.click()
    tab.page.wait_for_url("**/permohonan/*")
    return urlsplit(tab.page.url).path.rsplit("/", 1)[-1]


def open_task(tab: Tab, number: str) -> str:
    """From the inbox into the verification of this case, claimed; the task's address."""
    tab.go(f"/kotak-masuk?saring=kelompok&q={number}")
    tab.page.locator("[data-row-link]").first.click()
    tab.press("Ambil tugas ini")
    return urlsplit(tab.page.url).path


def answer_all(tab: Tab, *, but: str = "", note: str = "") -> None:
    """Tick *Ya* in every row of the check-list, *Tidak* with its note in one of them."""
    rows = tab.page.locator("fieldset.review-row")
    for number in range(rows.count()):
        row = rows.nth(number)
        wrong = row.locator("legend").inner_text() == but
        row.get_by_label("Tidak" if wrong else "Ya", exact=True).check()
        if wrong:
            row.get_by_role("textbox").fill(note)


def decide(tab: Tab, decision: str, reason: str = "") -> None:
    if reason:
        with tab.asks_anew():
            tab.page.get_by_label(decision).check()
        tab.page.get_by_label("Alasan").fill(reason)
    else:
        tab.page.get_by_label(decision).check()
    tab.press("Kirim keputusan")
    tab.site.tick()


def test_from_registration_to_an_access_that_ends(site, open_tab):
    ayu = open_tab(site)
    register(ayu)
    sign_in(ayu)
    ayu.go("/akses")
    assert ayu.page.locator(".door-state", has_text="Terbuka").count() == 0
    begin(ayu, "Pejabat Pengadaan (PP)")
    number = apply_without_certificate_then_with_it(ayu)

    budi = open_tab(site, VAI)
    return_with_notes(budi, number)
    repair(ayu, number)
    open_task(budi, number)
    answer_all(budi)
    decide(budi, "Ya, terverifikasi")

    ayu.go(f"/permohonan/{number}")
    assert "Selesai" in ayu.text
    ayu.go("/akses")
    ayu.follow("Katalog Elektronik Versi 6")
    assert ayu.heading == "Katalog Elektronik Versi 6"
    assert "Kabupaten Kapuas" in ayu.text
    ayu.check(name="platform-open")

    site.move_to(datetime(2026, 12, 31, 16, 59, tzinfo=UTC))
    sign_in(ayu)
    assert ayu.go("/akses/katalog-elektronik").status == 200, "the last day counts to its end, 23.59 WIB"
    site.move_to(datetime(2026, 12, 31, 17, 1, tzinfo=UTC))
    with ayu.answers(403):
        ayu.go("/akses/katalog-elektronik")
    assert "Kedaluwarsa" in ayu.text
    ayu.check(name="platform-closed")
    ayu.go("/akses")
    assert ayu.page.locator(".door-state", has_text="Terbuka").count() == 0


def apply_without_certificate_then_with_it(ayu: Tab) -> str:
    page = ayu.page
    fill_place(ayu)
    upload(ayu, "Surat Keterangan Kerja/Surat Tugas", LETTER)
    page.get_by_label("Tanggal berakhir surat tersebut").fill("2026-11-30")
    with ayu.answers(422):
        ayu.press("Ajukan Akses")

    summary = page.locator("[data-focus]")
    expect(summary).to_be_focused()
    faults = summary.get_by_role("link").all_inner_texts()
    assert len(faults) == 4, faults
    for word in ("Sertifikat PBJ", "NPWP", "Alamat", "surat"):
        assert any(word in fault for fault in faults), (word, faults)
    for link in summary.get_by_role("link").all():
        field = page.locator(link.get_attribute("href"))
        assert field.get_attribute("aria-describedby"), "a faulty field does not name its fault"
        link.click()
        expect(field).to_be_focused()
    assert page.get_by_label("Satuan kerja", exact=True).input_value() == "Dinas Perhubungan"
    assert page.get_by_label("Golongan", exact=True).input_value() == "III/b"
    assert page.get_by_label("Nama instansi", exact=True).locator("option:checked").inner_text() == "Kabupaten Kapuas"
    assert LETTER.name in ayu.text, "the uploaded letter is lost"
    ayu.check(name="details-refused")

    fill_first_of_unit(ayu)
    page.get_by_label("Tanggal berakhir surat tersebut").fill("2026-12-31")
    upload(ayu, "Sertifikat PBJ", CERTIFICATE)
    ayu.press("Ajukan Akses")
    for words in ("Pejabat Pengadaan", "III/b", "Dinas Perhubungan", LETTER.name, CERTIFICATE.name):
        assert words in ayu.text
    ayu.check(name="review")
    number = send(ayu)
    assert "Menunggu verifikasi" in ayu.text
    ayu.check(name="application-sent")
    return number


def return_with_notes(budi: Tab, number: str) -> None:
    open_task(budi, number)
    answer_all(budi, but="Golongan", note="Surat tugas menyebut III/c.")
    with budi.answers(422):
        budi.page.get_by_label("Ya, terverifikasi").check()
        budi.press("Kirim keputusan")
    expect(budi.page.locator("[data-focus]")).to_be_focused()
    assert "Perlu Perbaikan atau Ditolak" in budi.text
    budi.check(name="verification-refused")
    decide(budi, "Tidak: Perlu Perbaikan", "Mohon sesuaikan golongan dengan surat tugas.")
    assert budi.heading == "Kotak Masuk"


def repair(ayu: Tab, number: str) -> None:
    ayu.go(f"/permohonan/{number}")
    assert "Perlu Perbaikan" in ayu.text
    ayu.page.locator("main").get_by_role("link", name=re.compile("Lanjutkan")).click()
    field = ayu.page.locator(".field", has=ayu.page.get_by_label("Golongan", exact=True))
    assert "Surat tugas menyebut III/c." in field.inner_text(), "the note does not stand at its field"
    described = ayu.page.get_by_label("Golongan", exact=True).get_attribute("aria-describedby")
    note = next(ident for ident in described.split() if ident.endswith("--note"))
    assert "III/c" in ayu.page.locator(f"#{note}").inner_text()
    assert ayu.page.get_by_label("Golongan", exact=True).input_value() == "III/b", "what was filled in before is kept"
    assert ayu.page.locator(".form-note").count() == 1
    ayu.check(name="repair")
    ayu.page.get_by_label("Golongan", exact=True).select_option("III/c")
    ayu.press("Ajukan Akses")
    assert send(ayu) == number


def test_who_applies_never_verifies(site, open_tab):
    """Not in the inbox, not by address, not by sending the form that a colleague would send."""
    budi = open_tab(site, VAI)
    begin(budi, "Pejabat Pembuat Komitmen (PPK)")
    fill_place(budi, "Badan Perencanaan")
    fill_first_of_unit(budi)
    upload(budi, "Surat Keterangan Kerja/Surat Tugas", LETTER)
    budi.press("Ajukan Akses")
    number = send(budi)

    budi.go(f"/kotak-masuk?saring=kelompok&q={number}")
    assert budi.page.locator("[data-row]").count() == 0

    maya = open_tab(site, OTHER_VAI)
    maya.go(f"/kotak-masuk?saring=kelompok&q={number}")
    task = urlsplit(maya.page.locator("[data-row-link]").get_attribute("href")).path
    with budi.answers(403):
        budi.go(task)
        assert "Anda" in budi.text
        budi.check(name="own-verification-refused")
        token = budi.page.locator("input[name=csrf_token]").first.input_value()
        for address in (task, f"{task}/ambil", f"{task}/draf"):
            form = {"csrf_token": token, "decision": "yes", "task_version": "1"}
            answer = budi.context.request.post(site.url + address, form=form, headers={"Origin": site.url})
            assert answer.status in (403, 404), (address, answer.status)

    open_task(maya, number)
    answer_all(maya)
    decide(maya, "Ya, terverifikasi")
    budi.go("/akses/katalog-elektronik")
    assert budi.heading == "Katalog Elektronik Versi 6"


@pytest.mark.parametrize("size", [PHONE], ids=["phone"])
def test_a_file_that_is_no_document_is_refused_at_its_field_and_nothing_else_is_lost(site, open_tab, size):
    sari = open_tab(site, "pemohon@contoh.go.id", size=size)
    begin(sari, "Bendahara")
    fill_place(sari, "Kecamatan Selat")
    name, kind, body = WRONG_KIND
    with sari.asks_anew():
        sari.page.get_by_label("Surat Keterangan Kerja/Surat Tugas").set_input_files(
            {"name": name, "mimeType": kind, "buffer": body}
        )
    field = sari.page.locator(".field", has=sari.page.get_by_label("Surat Keterangan Kerja/Surat Tugas"))
    expect(field.locator(".fault")).to_be_visible()
    assert sari.page.get_by_label("Satuan kerja", exact=True).input_value() == "Kecamatan Selat"
    sari.check(sizes=(PHONE,), name="wrong-file")
