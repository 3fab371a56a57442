"""Imports in a real browser: the file is chosen, looked over, run and followed; the pages are well at every width."""

import shutil

import pytest
from sqlalchemy import select

from models import Participant
from tests.support.files import jpeg, padded, pdf
from tests.support.inpassing import Programme, nip, person_row, workbook
from tests.support.live import Site

ADMIN = "user-ani@contoh.go.id"


@pytest.fixture
def site(sqlite_database, clock, tmp_path):
    """The application with a programme and one Admin Instansi, without the demo."""
    Programme(sqlite_database, tmp_path, clock=clock)
    with Site(tmp_path, sqlite_database, clock) as running:
        yield running
    shutil.rmtree(tmp_path / "data", ignore_errors=True)


def spreadsheet(*rows) -> dict:
    return {"name": "peserta.xlsx", "mimeType": "application/octet-stream", "buffer": workbook(rows)}


def test_participants_from_a_spreadsheet_to_their_documents(site, open_tab):
    tab = open_tab(site, ADMIN)
    tab.go("/impor")
    tab.check(name="impor")
    tab.follow("Daftarkan peserta dari lembar kerja")
    tab.check(name="impor-baru")
    with tab.answers(422):
        tab.page.set_input_files("#berkas", {"name": "a.xlsx", "mimeType": "x/y", "buffer": b"%PDF"})
        tab.press("Unggah dan periksa")
    assert tab.focused["text"].startswith("1 isian perlu diperbaiki")
    tab.check(name="impor-ditolak")

    rows = [person_row(n) for n in range(1, 9)]
    rows += [person_row(1), person_row(20, **{"Tanggal lahir": "31 Februari 1987", "Nomor HP": "12"})]
    tab.page.set_input_files("#berkas", spreadsheet(*rows))
    tab.press("Unggah dan periksa")
    assert "8 baris siap, 2 perlu diperbaiki" in tab.text
    tab.check(name="impor-periksa")
    tab.press("Jalankan 8 baris")
    assert "0 dari 8 baris dikerjakan" in tab.text
    tab.check(name="impor-berjalan")

    site.tick()
    tab.page.get_by_text("8 baris berhasil; 2 tidak").wait_for()  # the page asked by itself
    tab.check(name="impor-selesai")
    tab.follow("Lanjut: Unggah dokumen banyak peserta")
    tab.check(name="impor-dokumen")
    photo, paper = padded(jpeg(), 210_000), padded(pdf(), 160_000)
    tab.page.set_input_files(
        "#berkas",
        [
            {"name": f"{nip(1)}_pas_foto.jpg", "mimeType": "image/jpeg", "buffer": photo},
            {"name": f"{nip(1)}_ktp.pdf", "mimeType": "application/pdf", "buffer": paper},
            {"name": "scan0001.pdf", "mimeType": "application/pdf", "buffer": paper},
        ],
    )
    tab.press("Unggah dan periksa")
    tab.check(name="impor-dokumen-periksa")
    tab.press("Jalankan 2 baris")
    site.tick()
    tab.page.get_by_text("2 baris berhasil; 1 tidak").wait_for()
    tab.follow("Lanjut: Ajukan dokumen banyak peserta")
    assert "Masih kurang 12 dokumen" in tab.text
    tab.check(name="impor-ajukan")


def test_without_scripts_the_progress_is_a_link_away(site, open_tab):
    tab = open_tab(site, ADMIN, java_script_enabled=False, locale="en", looks=False)
    tab.go("/impor/baru/participants")
    tab.page.set_input_files("#berkas", spreadsheet(person_row(1)))
    tab.press("Unggah dan periksa")
    tab.press("Jalankan 1 baris")
    assert "0 dari 1 baris dikerjakan" in tab.text
    site.tick()
    tab.follow("Perbarui")
    assert "Semua 1 baris berhasil" in tab.text
    tab.go("/impor")
    assert "peserta.xlsx" in tab.text
    with site.database.read() as unit:
        assert len(list(unit.session.scalars(select(Participant)))) == 1
