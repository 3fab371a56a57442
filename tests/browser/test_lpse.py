"""The standards of an LPSE as its people do them: PICs named, evidence submitted and reviewed, the board."""

from playwright.sync_api import expect

from tests.support.files import pdf
from tests.support.tabs import PHONE, Tab

COORDINATOR, PIC, OTHER_PIC, REVIEWER = (
    f"{who}.lpse2@contoh.go.id" for who in ("koordinator", "pic", "pic2", "reviewer")
)
EVIDENCE = {"name": "kebijakan-aset.pdf", "mimeType": "application/pdf", "buffer": pdf(seed=17)}
ITEM = "Standar 3: Pengelolaan Aset Layanan, Policy"
REASON = "Paula Sinaga pindah tugas mulai bulan ini."


def test_an_item_from_its_pic_to_terpenuhi_and_what_a_coordinator_decides(site, open_tab):
    kirana = open_tab(site, COORDINATOR)
    name_pics(kirana)
    paula = open_tab(site, PIC, size=PHONE)
    submit(paula)
    ruth = open_tab(site, REVIEWER)
    review(ruth)
    paula.go("/lpse")
    row = paula.page.locator("tr", has_text="Standar 3: Pengelolaan Aset Layanan")
    expect(row.get_by_role("link", name="Standar 3, Policy: Terpenuhi")).to_be_visible()
    paula.check()
    override(kirana)
    change_pics(kirana)
    spd = open_tab(site, "spd@contoh.go.id")
    spd.go("/lpse")
    assert "LPSE Kota Palangka Raya" in spd.text
    spd.check()


def name_pics(tab: Tab) -> None:
    """The phase that opened when Standar Dasar was fulfilled."""
    tab.go("/lpse")
    assert tab.heading == "LPSE Kota Palangka Raya"
    tab.check()
    tab.follow("Tetapkan PIC/Tim")
    tab.press("Ambil tugas ini")
    tab.page.get_by_label("PIC/Tim Policy", exact=True).select_option(label="Paula Sinaga")
    tab.page.get_by_label("PIC/Tim Tahap Perencanaan", exact=True).select_option(label="Paulus Tarigan")
    tab.page.get_by_label("PIC/Tim Tahap Pelaksanaan", exact=True).select_option(label="Paulus Tarigan")
    tab.check()
    tab.press("Tetapkan", exact=True)
    tab.site.tick()
    tab.go("/mailbox")
    assert "Anda PIC 5 butir Standar Menengah" in tab.text


def submit(tab: Tab) -> None:
    """Belum → Berjalan → Diajukan, on a phone."""
    tab.go("/lpse?milik=saya")
    assert tab.heading == "LPSE Kota Palangka Raya"
    tab.follow(ITEM)
    assert "Kebijakan pengelolaan aset layanan" in tab.text
    tab.press("Mulai", exact=True)
    tab.go("/lpse")
    tab.follow(ITEM)
    tab.page.get_by_label("Nama bukti").fill("Kebijakan aset 2026")
    with tab.asks_anew():
        tab.page.locator('input[type="file"]').set_input_files(EVIDENCE)
    tab.check()
    tab.press("Ajukan", exact=True)
    tab.go("/lpse")
    expect(tab.page.get_by_role("link", name="Standar 3, Policy: Diajukan")).to_be_visible()


def review(tab: Tab) -> None:
    tab.go("/lpse")
    tab.page.get_by_role("link", name="Kerjakan Standar 3, Policy").click()
    tab.press("Ambil tugas ini")
    assert "kebijakan-aset.pdf" in tab.text
    tab.page.get_by_label("Terpenuhi", exact=True).check()
    tab.check()
    tab.press("Kirim hasil tinjauan")
    tab.site.tick()


def override(tab: Tab) -> None:
    """Standar Atas before its turn, with a reason that everybody reads."""
    tab.go("/lpse")
    tab.page.get_by_role("link", name="Buka lebih awal Standar Atas").click()
    tab.check()
    with tab.answers(422):
        tab.press("Buka lebih awal")
    tab.page.get_by_label("Alasan").fill("Penilaian LKPP dimajukan ke bulan ini.")
    tab.press("Buka lebih awal")
    assert "Standar Atas dibuka lebih awal." in tab.text
    assert "Penilaian LKPP dimajukan ke bulan ini." in tab.text
    tab.check()


def change_pics(tab: Tab) -> None:
    """All of one PIC's items of a phase pass to another; each tells why."""
    tab.follow("Ganti PIC")
    tab.page.get_by_label("Tahap", exact=True).select_option(label="Standar Menengah")
    tab.page.get_by_label("PIC sekarang").select_option(label="Paula Sinaga")
    tab.page.get_by_label("PIC yang baru").select_option(label="Paulus Tarigan")
    tab.page.get_by_label("Alasan").fill(REASON)
    tab.check()
    tab.press("Ganti PIC")
    assert "PIC 4 butir diganti." in tab.text
    tab.page.get_by_role("link", name="Standar 4, Policy: Belum").click()
    assert REASON in tab.text
    assert "PIC: Paulus Tarigan" in tab.text
    tab.check()
