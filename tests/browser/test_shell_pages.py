"""The shell in a real browser: accessible on every screen, by light and by dark, by keyboard, and without scripts."""

from playwright.sync_api import expect

from tests.support.tabs import DESK, PHONE


def test_a_closed_door_and_a_missing_page_are_pages_too(site, open_tab):
    tab = open_tab(site, "admin@contoh.go.id")
    for path, status in (("/akses/daftar-hitam", 403), ("/tidak-ada", 404)):
        with tab.answers(status):
            tab.go(path)
        tab.check()


def test_the_whole_way_in_works_with_the_keyboard_alone(site, open_tab):
    tab = open_tab(site)
    tab.go("/")
    tab.page.keyboard.press("Tab")
    assert tab.focused["text"] == "Langsung ke isi"
    tab.page.keyboard.press("Enter")
    tab.page.keyboard.press("Tab")
    assert tab.focused["text"] == "Masuk"
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url("**/masuk")
    assert tab.heading == "Masuk"


def test_a_refused_form_takes_the_focus_to_what_is_wrong(site, open_tab):
    tab = open_tab(site)
    tab.go("/daftar")
    tab.page.get_by_label("Nama lengkap").fill("Siti Rahmawati")
    with tab.answers(422):
        tab.press("Kirim tautan aktivasi")
    assert "4 isian perlu diperbaiki" in tab.focused["text"]
    tab.check()
    tab.page.get_by_role("link", name="Tuliskan alamat surel Anda.").click()
    assert tab.focused["id"] == "email"
    assert tab.page.get_by_label("Nama lengkap").input_value() == "Siti Rahmawati"


def test_the_menu_of_a_phone_opens_and_closes(site, open_tab):
    tab = open_tab(site, "admin@contoh.go.id", size=PHONE)
    tab.go("/akun")
    link = tab.page.get_by_role("link", name="Pengelolaan")
    expect(link).to_be_hidden()
    button = tab.page.get_by_role("button", name="Menu")
    button.click()
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(link).to_be_visible()
    assert tab.axe() == []
    button.click()
    expect(link).to_be_hidden()
    tab.at(DESK)
    expect(button).to_be_hidden()
    expect(link).to_be_visible()


def test_a_password_can_be_looked_at_while_typing(site, open_tab):
    tab = open_tab(site)
    tab.go("/masuk")
    field = tab.page.get_by_label("Kata sandi")
    field.fill("payung merah")
    tab.press("Tampilkan")
    assert field.get_attribute("type") == "text"
    tab.press("Tampilkan")
    assert field.get_attribute("type") == "password"


def test_without_scripts_everything_is_there(site, open_tab):
    tab = open_tab(site, "admin@contoh.go.id", size=PHONE, java_script_enabled=False)
    tab.go("/akun")
    expect(tab.page.get_by_role("link", name="Pengelolaan")).to_be_visible()
    expect(tab.page.get_by_role("button", name="Menu")).to_be_hidden()
    tab.follow("Pengelolaan")
    tab.page.get_by_label("Nama atau surel").fill("auditor")
    tab.press("Cari")
    assert "auditor@contoh.go.id" in tab.text
    tab.press("Keluar")
    assert tab.page.url.rstrip("/") == site.url


def test_the_page_follows_the_readers_light_or_dark(site, open_tab):
    tab = open_tab(site)
    tab.go("/masuk")
    paper = "() => getComputedStyle(document.body).backgroundColor"
    assert tab.page.evaluate(paper) == "rgb(255, 255, 255)"
    tab.dark()
    assert tab.page.evaluate(paper) == "rgb(20, 25, 28)"


SMALL_TARGETS = """() => {
  const targets = document.querySelectorAll("main a.btn, main button, main select, header a, header button");
  const seen = Array.from(targets).filter((e) => e.offsetParent);
  return seen.filter((e) => e.getBoundingClientRect().height < 44).map((e) => e.outerHTML.slice(0, 90));
}"""


def test_targets_are_large_enough_for_a_thumb(site, open_tab):
    tab = open_tab(site, "admin@contoh.go.id", size=PHONE)
    for path in ("/pengelolaan/orang", "/akses", "/akun"):
        tab.go(path)
        assert tab.page.evaluate(SMALL_TARGETS) == [], path
