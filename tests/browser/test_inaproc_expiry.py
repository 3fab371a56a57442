"""An access is given up, asked back, verified, and expires, as its holder and the VAI would do it in the browser."""

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.browser.test_inaproc_access import File, answer_all, decide
from tests.support.files import pdf
from tests.support.tabs import PHONE

HOLDER, VAI = "akses.berakhir@contoh.go.id", "vai@contoh.go.id"
SETTINGS = "/akses/pengaturan"
LETTER = File("surat-tugas-baru.pdf", pdf(seed=7))


def test_given_up_asked_back_verified_and_expired(site, open_tab):
    holder = open_tab(site, HOLDER)
    holder.go("/akses")
    holder.follow("Pengaturan Akun INAPROC")
    assert "Akan Berakhir" in holder.text
    assert "6 hari lagi" in holder.text
    holder.check()
    holder.at(PHONE)
    holder.check()

    give_up(holder)
    assert "Nonaktif" in holder.text
    with holder.answers(403):
        holder.go("/akses/katalog-elektronik")
    assert "ajukan reaktivasi" in holder.text
    holder.check()

    number = ask_back(holder)
    site.tick()
    verify(open_tab(site, VAI), number)

    holder.go(SETTINGS)
    assert "31 Desember 2026" in holder.text
    holder.go("/akses/katalog-elektronik")

    site.move_to(datetime(2026, 12, 31, 17, 0, tzinfo=UTC))
    late = open_tab(site, HOLDER)
    late.go(SETTINGS)
    assert "Kedaluwarsa" in late.text
    assert "Masa berlakunya habis" in late.text
    late.check()


def give_up(tab) -> None:
    tab.press("Nonaktifkan", exact=False)
    assert tab.heading == "Nonaktifkan akses"
    with tab.asks_anew():
        tab.page.get_by_label("Nonaktifkan akses ini").check()
    tab.page.get_by_label("Alasan").fill("Cuti melahirkan")
    tab.page.get_by_label("Nama pengganti").fill("Rahmat Hidayat, Kepala Subbagian")
    tab.page.get_by_label("Saya telah menyerahterimakan").check()
    tab.check()
    tab.page.get_by_role("button", name="Nonaktifkan", exact=True).click()
    tab.page.wait_for_url(re.compile("/permohonan/|/kotak-masuk|/akses"))
    tab.site.tick()
    tab.go(SETTINGS)


def ask_back(tab) -> str:
    """The number of the case."""
    tab.go(SETTINGS)
    tab.press("Ajukan Reaktivasi", exact=False)
    assert tab.heading == "Ajukan Reaktivasi"
    with tab.asks_anew():
        tab.page.get_by_label("Ajukan reaktivasi").check()
    tab.page.get_by_label("Masa berlaku sampai dengan").fill("2026-12-31")
    with tab.asks_anew():
        tab.page.get_by_label("SK/Surat Tugas yang baru").set_input_files(LETTER.payload())
    tab.check()
    tab.page.get_by_role("button", name="Kirim", exact=True).last.click()
    tab.page.wait_for_url("**/permohonan/*")
    return urlsplit(tab.page.url).path.rsplit("/", 1)[-1]


def verify(tab, number: str) -> None:
    tab.go(f"/kotak-masuk?saring=kelompok&q={number}")
    tab.page.locator("[data-row-link]").first.click()
    tab.press("Ambil tugas ini")
    expect(tab.page.locator("main")).to_contain_text("Fitri Handayani")
    answer_all(tab)
    tab.check()
    decide(tab, "Ya, aktifkan kembali")
