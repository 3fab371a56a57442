"""Overview Akun INAPROC: the source's figures and words, what is so now beside them, and who sees what."""

import io

import openpyxl
import pytest

from handlers.demo.overview import FILES, WHO, load_recaps
from handlers.seeds import instansi_id, prepare
from models import Instansi
from tests.support.accesses import COUNTS, KALIMANTAN_TENGAH, access_csv, access_rows
from tests.support.databases import counting
from tests.support.importer import Importer

PAGE = "/inaproc/overview"
WORDS = (
    "Overview Akun INAPROC", "Non Penyedia Nasional", "Akun INAPROC Wilayah Kalimantan Tengah", "Instansi",
    "Jumlah VAI",
    "Jumlah Akun", "Jumlah Akun Pengguna", "Per tanggal Rabu, 27 Agustus 2025", "43.112", "37.256", "28.446", "1.361",
)  # fmt: skip
REGION = f"{PAGE}?wilayah=Kalimantan+Tengah"


@pytest.fixture
def database(sqlite_database):
    """What the databases count differently is tried in tests/processes."""
    return sqlite_database


@pytest.fixture
def prepared(database, app, clock):
    """The agencies, and the recaps of the source."""
    with database.write() as unit:
        prepare(unit, clock.now())
    importer = Importer(database, app.extensions["alur"].settings.data_folder, clock=clock, prepare=False)
    importer.person(WHO.partition("@")[0], "spd")
    load_recaps(database, app.extensions["alur"].registry, clock.now())
    return importer


def agency(database, name, kind="kabupaten") -> Instansi:
    with database.read() as unit:
        return unit.session.get_one(Instansi, instansi_id(kind, name))


def table(page, number) -> list[list[str]]:
    rows = page.all("table")[number].iter("{http://www.w3.org/1999/xhtml}tr")
    return [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in rows]


def test_the_figures_and_words_of_the_source(prepared, browser, person):
    page = browser(person("Dewi", roles=["spd"])).get(REGION)
    for words in WORDS:
        assert words in page.text
    rows = table(page, 1)
    assert len(rows) == 1 + 15 + 1
    assert {row[0]: (int(row[1]), int(row[2].replace(".", ""))) for row in rows[1:-1]} == KALIMANTAN_TENGAH
    assert rows[-1][:3] == ["Jumlah", "41", "5.254"]
    assert rows[1][0] == "Provinsi Kalimantan Tengah"
    assert table(page, 0)[-1][:2] == ["Jumlah", "110.175"]


def test_what_is_so_now_stands_beside_the_recap(prepared, browser, person):
    prepared.person("Lina", "admin")
    run = prepared.run("inaproc_accounts", "a.csv", access_csv(access_rows(700)))
    assert prepared.run_of(run).done == 700
    page = browser(person("Indah", roles=["owner"])).get(REGION)
    by_name = {row[0]: row[1:] for row in table(page, 1)}
    assert by_name["Provinsi Kalimantan Tengah"] == ["2", "614", "2", "614", "0"]
    assert by_name["Kota Palangka Raya"] == ["2", "510", "2", "86", "-424"]
    assert "Pada 14 baris angka saat ini berbeda dari rekap" in page.text
    assert "Saat ini menunggu aktivasi700" in page.text
    now = browser(person("Budi", roles=["auditor"])).get(f"{REGION}&tanggal=kini&urut=jumlah")
    assert table(now, 1)[1] == ["Provinsi Kalimantan Tengah", "2", "614"]
    assert table(now, 1)[-1] == ["Jumlah", "4", "700"]
    assert "Per tanggal Rabu" not in now.text


def test_the_country_is_shown_by_region(prepared, browser, person):
    page = browser(person("Lina", roles=["admin"])).get(PAGE)
    rows = table(page, 1)
    assert len(rows) == 1 + 38 + 1 + 1
    assert rows[-2][0] == "Kementerian dan Lembaga"
    assert ["Kalimantan Tengah", "41", "5.254"] in [row[:3] for row in rows]
    assert "memuat 1 dari 39 baris" in page.text
    assert "38 baris tanpa angka tidak digambar" in page.text
    assert any("wilayah=Kalimantan+Tengah" in link or "wilayah=Kalimantan%20Tengah" in link for link in page.links())


def test_a_verifier_sees_its_own_region_alone(prepared, database, browser, person):
    kapuas = browser(person("Budi", roles=["vai"], instansi=agency(database, "Kabupaten Kapuas")))
    page = kapuas.get(PAGE)
    assert "Akun INAPROC Wilayah Kalimantan Tengah" in page.text
    assert [o.get("value") for o in page.one("select", id="wilayah")] == ["Kalimantan Tengah"]
    assert kapuas.get(f"{PAGE}?wilayah=Bali").status == 404
    assert kapuas.get(f"{PAGE}?wilayah=semua").status == 404
    ministry = browser(person("Rini", roles=["vai"], instansi=agency(database, "Kementerian Agama", "kementerian")))
    assert [row[0] for row in table(ministry.get(PAGE), 1)] == ["Instansi", "Kementerian Agama", "Jumlah"]
    assert ministry.get(f"{PAGE}?wilayah=pusat").status == 404


def test_nobody_else_sees_it(prepared, browser, person):
    for address in (PAGE, f"{PAGE}/peran.csv", f"{PAGE}/wilayah.xlsx"):
        assert browser(person("Joko", roles=["pejabat_pengadaan"])).get(address).status == 403
    assert "Overview Akun" not in browser(person("Joko")).get("/akun").text
    assert "Overview Akun" in browser(person("Anton", roles=["telkom"])).get("/akun").text


def test_both_tables_are_files(prepared, browser, person):
    opened = browser(person("Dewi", roles=["spd"]))
    text = opened.client.get(f"{PAGE}/peran.csv").get_data(as_text=True)
    assert "43112" in text
    assert "110175" in text
    body = opened.client.get(f"{PAGE}/wilayah.xlsx?wilayah=Kalimantan+Tengah").data
    rows = list(openpyxl.load_workbook(io.BytesIO(body)).active.values)
    assert len(rows) == 17
    assert rows[-1][2:4] == (41, 5254)
    assert opened.client.get(f"{PAGE}/wilayah.csv?tanggal=kini").status_code == 200


def test_in_english_too(prepared, browser, person):
    page = browser(person("Ann", roles=["spd"], locale="en")).get(REGION)
    assert "INAPROC accounts in Kalimantan Tengah" in page.text
    assert "5,254" in page.text


def test_without_a_recap_the_present_is_shown(database, clock, browser, person):
    with database.write() as unit:
        prepare(unit, clock.now())
    page = browser(person("Dewi", roles=["spd"])).get(REGION)
    assert table(page, 1)[0] == ["Instansi", "Jumlah VAI", "Jumlah Akun"]
    assert table(page, 1)[-1] == ["Jumlah", "0", "0"]


def test_the_page_costs_the_same_for_few_and_many(prepared, database, browser, person):
    prepared.person("Lina", "admin")
    opened = browser(person("Dewi", roles=["spd"]))

    def cost():
        with counting(database) as statements:
            assert opened.get(PAGE).status == 200
        return len(statements)

    cost()
    few = cost()
    prepared.run("inaproc_accounts", "a.csv", access_csv(access_rows(400)))
    assert cost() == few <= 18


def test_the_demo_brings_the_sources_figures(prepared):
    assert set(FILES) == {"inaproc_totals", "inaproc_role_totals"}
    assert sum(COUNTS.values()) == 110_175
    assert tuple(map(sum, zip(*KALIMANTAN_TENGAH.values(), strict=True))) == (41, 5_254)
