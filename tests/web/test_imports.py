"""Pages of imports: what is offered to whom, the dry run, the run, the report; and every list as XLSX."""

# ruff: noqa: F811 -- fixtures

import io

import openpyxl
import pytest
from sqlmodel import select

from engine.imports.work import work_off
from models import BulkRun, Participant
from tests.support.inpassing import nip, person_row, workbook
from tests.web.season import agencies, officer, season, season_database, season_template  # noqa: F401 -- fixtures

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def database(season_database):
    """What the databases do differently is tried in tests/processes."""
    return season_database


@pytest.fixture
def admin(season, person):
    """An Admin Instansi with three Muda approved."""
    agency = season.agency("Kabupaten Kapuas")
    season.formasi(agency, approved=3)
    return person("Ani Wijaya", roles=["admin_instansi"], instansi=agency)


@pytest.fixture
def opened(browser, admin):
    return browser(admin)


def scope_of(page) -> str:
    return page.one("input", name="lingkup").get("value")


def upload(opened, body, *, filename="peserta.xlsx"):
    page = opened.get("/impor/baru/participants")
    fields = {"lingkup": scope_of(page), "berkas": [(io.BytesIO(body), filename)]}
    return opened.post("/impor/baru/participants", fields)


def uploaded(opened, *rows) -> str:
    """The address of the dry run."""
    return upload(opened, workbook(rows)).location


def work(app) -> None:
    while work_off(app.extensions["alur"].runner, process="tests"):
        pass


def test_a_person_without_a_role_is_offered_nothing(browser, person):
    page = browser(person("Joko")).get("/impor")
    assert "Tidak ada impor untuk peran Anda" in page.text
    assert browser(person("Joko")).get("/impor/baru/participants").status == 403
    assert browser(person("Joko")).get("/impor/templat/participants.xlsx").status == 403


def test_each_role_is_offered_its_imports(opened, browser, officer):
    text = opened.get("/impor").text
    assert "Daftarkan peserta dari lembar kerja" in text
    assert "Hasil tes tertulis" not in text
    assert "Hasil tes tertulis dari CAT" in browser(officer("penguji")).get("/impor").text


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_template_is_a_download(opened, form):
    answer = opened.client.get(f"/impor/templat/participants.{form}")
    assert answer.status_code == 200
    assert f'filename="participants.{form}"' in answer.headers["Content-Disposition"]
    if form == "xlsx":
        assert openpyxl.load_workbook(io.BytesIO(answer.data)).sheetnames == ["Data", "Penjelasan"]
    assert opened.get(f"/impor/templat/participant_documents.{form}").status == 404


def test_from_the_upload_to_the_report(app, opened):
    address = uploaded(opened, person_row(1), person_row(2), person_row(3, NIP="1"))
    page = opened.get(address)
    assert "Ini baru pemeriksaan; belum ada yang dijalankan" in page.text
    assert "Jalankan 2 baris" in page.text
    assert "NIP terdiri atas 18 angka" in page.text
    assert [a for a in opened.get(f"{address}?baris=salah").links() if "baris=salah" in a]

    running = opened.follow(opened.post(f"{address}/jalankan"))
    assert "0 dari 2 baris dikerjakan" in running.text
    part = opened.client.get(f"{address}/kemajuan", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert 'hx-trigger="every 2s"' in part
    assert opened.get(f"{address}/kemajuan").location.endswith(address)

    work(app)
    ended = opened.get(f"{address}/kemajuan", headers={"HX-Request": "true"})
    assert (ended.status, ended.headers["HX-Redirect"]) == (204, address)
    page = opened.get(address)
    assert "2 baris berhasil; 1 tidak" in page.text
    assert "Lanjut: Unggah dokumen banyak peserta" in page.text
    assert len(people(app)) == 2
    assert "Daftarkan peserta" in opened.get("/impor").text

    report = opened.client.get(f"{address}/laporan.xlsx")
    assert report.content_type == XLSX
    rows = list(openpyxl.load_workbook(io.BytesIO(report.data)).active.values)
    assert (rows[0][0], rows[0][-1], rows[1][1]) == ("Baris", "Keterangan", nip(1))
    assert "18 angka" in rows[3][-1]
    assert "Terdaftar" in opened.client.get(f"{address}/laporan.csv").get_data(as_text=True)


def people(app) -> list:
    with app.extensions["alur"].database.read() as unit:
        return list(unit.session.exec(select(Participant)))


def test_in_english_too(app, browser, season, person):
    agency = season.agency("Kabupaten Kapuas")
    season.formasi(agency, approved=3)
    opened = browser(person("Ann", roles=["admin_instansi"], instansi=agency, locale="en"))
    page = opened.get(uploaded(opened, person_row(1), person_row(2, NIP="1")))
    assert "This is only a check; nothing was done yet" in page.text
    assert "A NIP has 18 digits" in page.text
    assert "Register participants from a spreadsheet" in opened.get("/impor").text


def test_a_refused_file_is_told_on_the_page_it_was_chosen_on(app, opened):
    page = upload(opened, b"%PDF-1.7", filename="peserta.pdf")
    assert page.status == 422
    assert "Hanya berkas .xlsx dan .csv" in page.text
    nothing = opened.post("/impor/baru/participants", {"lingkup": "x.y"})
    assert (nothing.status, "Pilih untuk apa" in nothing.text) == (422, True)
    with app.extensions["alur"].database.read() as unit:
        assert unit.session.exec(select(BulkRun)).all() == []


def test_anothers_import_is_not_there(app, opened, browser, person, season):
    address = uploaded(opened, person_row(1))
    other = browser(person("Budi", roles=["admin_instansi"], instansi=season.agency("Kota Surabaya")))
    for url in (address, f"{address}/kemajuan", f"{address}/laporan.csv"):
        assert other.get(url).status == 404
    for url in (f"{address}/jalankan", f"{address}/batal"):
        assert other.post(url).status == 404
    assert (
        other.post("/impor/baru/participants", {"lingkup": scope_of(opened.get("/impor/baru/participants"))}).status
        == 422
    )


def test_it_can_be_cancelled_and_not_started_after(app, opened):
    address = uploaded(opened, person_row(1))
    page = opened.follow(opened.post(f"{address}/batal"))
    assert "Dibatalkan" in page.text
    assert "Tidak dijalankan" in page.text
    assert opened.post(f"{address}/jalankan").status == 409
    assert opened.post(f"{address}/batal").status == 409


def test_what_people_typed_computes_in_no_report(app, opened):
    evil = person_row(1, **{"Nama lengkap": "@SUM(1)", "Tempat lahir": "+cmd|' /C calc'!A0"})
    address = uploaded(opened, evil)
    text = opened.client.get(f"{address}/laporan.csv").get_data(as_text=True)
    assert "'@SUM(1)" in text
    cells = openpyxl.load_workbook(io.BytesIO(opened.client.get(f"{address}/laporan.xlsx").data)).active[2]
    assert {cell.value: cell.data_type for cell in cells if cell.value in ("@SUM(1)", "+cmd|' /C calc'!A0")} == {
        "@SUM(1)": "s", "+cmd|' /C calc'!A0": "s"
    }  # fmt: skip


@pytest.mark.parametrize("address", ["/kotak-masuk", "/kasus"])
def test_lists_are_workbooks_too(opened, address):
    assert f"{address}.xlsx" in " ".join(opened.get(address).links())
    answer = opened.client.get(f"{address}.xlsx")
    assert answer.content_type == XLSX
    assert openpyxl.load_workbook(io.BytesIO(answer.data)).active.max_column > 5


def test_documents_are_ticked_and_submitted_together(app, opened, season, admin):
    opened.post(f"{uploaded(opened, person_row(1))}/jalankan")
    work(app)
    [participant] = people(app)
    page = opened.get("/impor/baru/submit_documents")
    assert "Masih kurang 14 dokumen" in page.text
    assert "Belum ada yang lengkap" in page.text

    task = season.task(participant.id, "documents")
    season.runner.save_draft(task.id, season.acting(admin), season.papers(task.id, admin))
    page = opened.get("/impor/baru/submit_documents")
    assert "Semua dokumen sudah ada" in page.text
    assert opened.post("/impor/baru/submit_documents", {"lingkup": scope_of(page)}).status == 422
    run = opened.post("/impor/baru/submit_documents", {"lingkup": scope_of(page), "pilih": task.id}).location
    opened.post(f"{run}/jalankan")
    work(app)
    assert people(app)[0].state == "diajukan"
