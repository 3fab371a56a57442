"""Two owners in one draft: each knows of the other, nobody overwrites anybody, and nothing typed is ever lost."""

import re

INDAH, BAYU = "owner@contoh.go.id", "pemilik2@contoh.go.id"
TEXT = "#teks"


def saved(tab):
    tab.page.locator("[data-draft-status]", has_text=re.compile("^Draf tersimpan")).wait_for()


def write(tab, words):
    """By the keyboard, at the end of what is there."""
    tab.page.locator(TEXT).press("Control+End")
    tab.page.keyboard.type(words)


def words(tab):
    return tab.page.locator(TEXT).input_value()


def begin(tab):
    """A draft of a process, found in the library, by mouse; its address."""
    tab.go("/")
    assert tab.heading == "Studio"
    tab.check()
    tab.follow("Registrasi dan Verifikasi Akses INAPROC Non Penyedia")
    tab.check()
    tab.page.get_by_label("Apa yang akan diubah").fill("Verifikasi dipercepat")
    tab.press("Mulai draf")
    tab.check()
    return tab.page.url


def test_two_owners_in_one_draft(site, open_tab):
    indah = open_tab(site, INDAH)
    draft = begin(indah)
    indah.go(f"{draft}/teks/README.md")
    bayu = open_tab(site, BAYU)
    bayu.go(f"{draft}/teks/README.md")
    before = words(bayu)
    bayu.page.get_by_text("Indah Permata juga membuka berkas ini.").wait_for()

    # Indah writes; it saves itself. Bayu, who opened it before, writes too: he is told, and has overwritten nothing.
    write(indah, "Indah was here.")
    saved(indah)
    with bayu.answers(409):
        write(bayu, "Bayu was here.")
        bayu.page.get_by_role("alert").get_by_text("Indah Permata menyimpan berkas ini pukul").wait_for()
    assert bayu.focused["text"].startswith("Ada yang menyimpan lebih dulu")
    bayu.check()
    indah.page.reload()
    assert words(indah) == before + "Indah was here."

    # He leaves and comes back: his words are still there, and so is the conflict. He keeps them as another draft.
    with bayu.answers(409):
        bayu.page.reload()
        bayu.page.get_by_role("alert").wait_for()
    assert words(bayu) == before + "Bayu was here."
    bayu.press("Simpan versi saya sebagai draf lain")
    bayu.page.get_by_role("link", name="Verifikasi dipercepat (Bayu Pratama)").click()
    bayu.page.wait_for_load_state()
    bayu.page.goto(f"{bayu.page.url}/teks/README.md")
    assert words(bayu) == before + "Bayu was here."

    # In the first draft he finds hers, and goes on from there.
    bayu.go(f"{draft}/teks/README.md")
    assert words(bayu) == before + "Indah was here."
    write(bayu, " Bayu, too.")
    saved(bayu)

    # Now it is Indah who comes late; she loads his.
    with indah.answers(409):
        write(indah, " Late.")
        indah.page.get_by_role("alert").wait_for()
    indah.press("Muat versi mereka")
    indah.page.wait_for_function("(all) => document.querySelector('#teks').value === all",
                                 arg=before + "Indah was here. Bayu, too.")  # fmt: skip

    # An earlier save is brought back; the later ones stay.
    indah.go(f"{draft}/riwayat")
    indah.check()
    indah.press("Kembalikan seluruh draf ke simpanan 1")
    indah.page.get_by_text("Draf dikembalikan ke simpanan 1.").wait_for()
    indah.go(f"{draft}/teks/README.md")
    assert words(indah) == before

    indah.go(f"{draft}/pengaturan")
    indah.check()
    indah.go("/studio/baru")
    indah.check()


def test_what_was_typed_without_a_network_is_there_when_one_comes_back(site, open_tab):
    tab = open_tab(site, INDAH, looks=False)
    draft = begin(tab)
    tab.go(f"{draft}/teks/README.md")
    before = words(tab)

    tab.page.route("**/berkas/**", lambda route: route.abort() if route.request.method == "PUT" else route.continue_())
    write(tab, "Typed on a train.")
    tab.page.get_by_text("Belum tersimpan: server tidak dapat dicapai.").wait_for()
    tab.go("/studio")
    tab.page.unroute("**/berkas/**")
    tab.problems.clear()

    tab.go(f"{draft}/teks/README.md")
    saved(tab)
    assert words(tab) == before + "Typed on a train."
    tab.page.reload()
    assert words(tab) == before + "Typed on a train."
