"""An owner plays a draft by the keyboard, writes it down as a scenario, runs it, and finds the line that fails."""

from playwright.sync_api import expect

INDAH = "owner@contoh.go.id"


def begin_draft(tab, key):
    tab.go(f"/studio/proses/{key}")
    tab.press("Mulai draf")


def press(tab, name):
    """By the keyboard: the button is reached, then pressed."""
    enter(tab, tab.page.get_by_role("button", name=name).first)


def enter(tab, target):
    with tab.page.expect_navigation():
        target.press("Enter")


def do(tab, who, *, looks=False):
    """The task that is open, as this person, with examples for all that is empty."""
    enter(tab, tab.page.get_by_role("link", name=f"Kerjakan sebagai {who}").first)
    press(tab, "Isi yang kosong dengan contoh")
    if looks:
        tab.check()
    enter(tab, tab.page.locator(".save-bar .btn-primary"))
    tab.page.get_by_text("Baru saja:").wait_for()


def test_a_draft_is_played_written_down_and_run(site, open_tab):
    tab = open_tab(site, INDAH)
    begin_draft(tab, "inaproc_access")
    tab.follow("Uji coba")
    tab.check()
    press(tab, "Mulai uji coba")
    press(tab, "Mulai")
    do(tab, "Pemohon")
    do(tab, "Pemohon", looks=True)
    do(tab, "Pemohon")
    press(tab, "Maju ke tenggat berikutnya")
    tab.page.locator(".trial-now", has_text="pukul 09.00 WIB").wait_for()
    expect(tab.page.locator("figure[data-ready]")).to_have_count(2)
    tab.page.locator(".step-active, .step-late").first.wait_for(state="attached")
    tab.check()
    press(tab, "Batalkan langkah terakhir")
    do(tab, "Verifikator Akun INAPROC (VAI)")
    tab.page.get_by_label("Nama berkas").fill("90_uji_coba")
    press(tab, "Rekam sebagai skenario")

    # What is expected is changed into what does not come: the line is told, with what came instead.
    text = tab.page.get_by_label("Isi (YAML)")
    written = text.input_value()
    assert "Nama instansi: Kabupaten Kapuas" in written
    end = "selesai: Selamat! Registrasi Anda Telah Diverifikasi"
    line = written[: written.index(end)].count("\n") + 1
    text.fill(written.replace(end, "selesai: Ditolak"))
    press(tab, "Simpan dan kembali ke daftar")
    enter(tab, tab.page.locator(".scenario-list button").last)
    tab.page.locator("figure[data-ready] .flow-untaken").first.wait_for(state="attached")
    told = tab.page.locator(".otherwise").first.inner_text()
    assert f"baris {line}" in told
    assert "Ditolak" in told
    assert "Selamat! Registrasi Anda Telah Diverifikasi" in told
    tab.check()
    tab.follow(f"baris {line}")
    assert tab.page.evaluate("document.getSelection().toString().trim()") == "selesai: Ditolak"
    tab.check()
