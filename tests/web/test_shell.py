"""The shell around every page: menu by role, both languages, weight, icons, the strict look of the page client."""

import ast
import gzip
import re
from dataclasses import replace

import pytest

from tests.support.pages import PageClient
from web.app import create_app
from web.catalogs import WEB, untranslated
from web.i18n import LOCALES
from web.static_files import FOLDER

PUBLIC = ["/", "/masuk", "/daftar", "/lupa-sandi", "/surel-terkirim", "/surel-terkirim?untuk=aktivasi", "/mailbox"]
SIGNED_IN = ["/akun", "/akses", "/akses/katalog-elektronik"]
ADMIN = ["/pengelolaan/orang", "/pengelolaan/orang/baru", "/pengelolaan/insiden", "/pengelolaan/kesehatan"]
OUR_ICONS = re.compile(r"""icon\(\s*["']([a-z0-9-]+)["']|icon_name=["']([a-z0-9-]+)["']""")
PHONE_LIMIT = 100 * 1024


@pytest.fixture
def database(sqlite_database):
    """The look of a page does not depend on the kind of database."""
    return sqlite_database


@pytest.mark.parametrize("locale", LOCALES)
def test_every_page_of_the_shell_opens_in_both_languages(browser, person, locale):
    visitor = browser()
    visitor.client.set_cookie("bahasa", locale)
    siti = browser(person("Siti", locale=locale))
    dewi = browser(person("Dewi", roles=["admin"], locale=locale))
    for client, urls in ((visitor, PUBLIC), (siti, SIGNED_IN), (dewi, ADMIN)):
        for url in urls:
            page = client.get(url)
            assert page.status == (403 if "katalog" in url else 200), url
            assert page.tree.get("lang") == locale


def test_a_page_that_is_not_there_says_so(browser):
    page = browser().get("/tidak-ada")
    assert page.status == 404
    assert page.heading == "Halaman tidak ditemukan"


def test_a_visitor_chooses_the_language_and_stays_on_the_page(browser):
    visitor = browser()
    page = visitor.post("/bahasa", {"locale": "en", "next": "/masuk?next=/akun"})
    assert page.location == "/masuk?next=/akun"
    assert visitor.follow(page).heading == "Sign in"


def test_the_language_of_a_person_is_kept_with_the_account(browser, person):
    siti = person("Siti")
    browser(siti).post("/bahasa", {"locale": "en", "next": "/akun"})
    assert browser(siti).get("/akun").heading == "My account"


def test_a_made_up_language_changes_nothing(browser):
    visitor = browser()
    visitor.post("/bahasa", {"locale": "xx", "next": "/masuk"})
    assert visitor.get("/masuk").heading == "Masuk"


def hook(name):
    """A literal of the build hook, which cannot be imported: hatchling is there only while building."""
    for node in ast.parse((WEB / "vendor_build.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == name:
            return ast.literal_eval(node.value.func.value if isinstance(node.value, ast.Call) else node.value)
    raise LookupError(name)


def menu(page):
    nav = page.one("nav", aria_label="Menu utama")
    return [a.text for a in nav.iter("{http://www.w3.org/1999/xhtml}a")]


def test_the_menu_shows_a_persons_work_and_nothing_else(browser, person):
    assert menu(browser(person("Siti")).get("/akun")) == ["Permohonan Saya", "Akses", "Proses", "Kalender"]
    assert menu(browser(person("Dewi", roles=["admin"])).get("/akun")) == [
        "Audit", "Kasus", "Surat", "Impor", "Overview Akun", "Studio", "Proses", "Kalender", "Pengelolaan",
    ]  # fmt: skip
    assert menu(browser(person("Adi", roles=["auditor"])).get("/akun")) == [
        "Audit", "Overview Akun", "Program", "Studio", "Proses", "Kalender",
    ]  # fmt: skip
    assert menu(browser(person("Wati", roles=["owner"])).get("/akun")) == [
        "Audit", "Kotak Masuk", "Kasus", "Surat", "Impor", "Overview Akun", "Program", "Studio", "Proses", "Kalender",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("roles", "landing"),
    [
        ((), "/permohonan"),
        (("admin",), "/pengelolaan/"),
        (("auditor",), "/audit"),
        (("auditor_luar",), "/audit"),
        (("data_officer",), "/audit"),
        (("owner",), "/studio"),
    ],
)
def test_every_person_lands_on_their_work(browser, person, roles, landing):
    assert browser(person("Siti", roles=roles)).get("/").location == landing


def test_the_menu_says_where_one_is(browser, person):
    page = browser(person("Siti")).get("/akses")
    nav = page.one("nav", aria_label="Menu utama")
    current = [a for a in nav.iter("{http://www.w3.org/1999/xhtml}a") if a.get("aria-current")]
    assert [(a.text, a.get("aria-current")) for a in current] == [("Akses", "page")]


def test_without_the_demo_there_is_no_mailbox(settings, database, clock):

    client = PageClient(create_app(replace(settings, demo=False), clock=clock, database=database))
    assert client.get("/mailbox").status == 404
    assert "Kotak surat" not in client.get("/masuk").text


def test_no_message_is_without_its_english():
    missing = {area: sorted(map(str, found)) for area, found in untranslated("en").items()}
    assert missing == {}, "run `python -m web.catalogs` and fill in the empty lines"


def test_every_icon_in_a_template_is_in_the_sprite():
    used = set()
    for template in (WEB / "templates").rglob("*.html"):
        used |= {a or b for a, b in OUR_ICONS.findall(template.read_text(encoding="utf-8"))}
    assert used
    assert used <= set(hook("ICONS").split())


def test_a_page_weighs_under_100_kilobytes_on_the_way_to_a_phone(app, browser, person):
    """Compressed, with everything it loads before pictures."""
    client = browser(person("Siti"))
    for url in ("/akses", "/permohonan", "/permohonan/baru"):
        page = client.get(url)
        loaded = [e.get("href") for e in page.all("link", rel="stylesheet")] + [
            s.get("src") for s in page.all("script")
        ]
        weight = len(gzip.compress(page.html.encode()))
        for address in loaded:
            answer = client.client.get(address, headers={"Accept-Encoding": "gzip"})
            assert answer.content_encoding == "gzip"
            weight += len(answer.data)
        assert weight < PHONE_LIMIT, f"{url}: {weight}"


def test_a_page_leaves_compressed_and_reads_the_same(app):
    plain = app.test_client().get("/masuk")
    packed = app.test_client().get("/masuk", headers={"Accept-Encoding": "gzip"})
    assert packed.content_encoding == "gzip"
    assert "Lupa kata sandi" in gzip.decompress(packed.data).decode()
    assert len(packed.data) < len(plain.data) / 2
    assert "Accept-Encoding" in packed.headers["Vary"]


@pytest.mark.parametrize("name", ["../app.py", "..%2fapp.py", "vendor/.stamp", "css/", "", "css/../../app.py"])
def test_nothing_but_assets_is_served_as_an_asset(app, name):
    assert app.test_client().get(f"/static/{name}").status_code == 404


def test_an_asset_is_not_sent_twice(app):
    client = app.test_client()
    first = client.get("/static/css/alur.css")
    again = client.get("/static/css/alur.css", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_vendor_folder_is_complete():
    for source, folder in hook("COPIES").items():
        assert (FOLDER / "vendor" / folder / source.rsplit("/", 1)[-1]).is_file()
