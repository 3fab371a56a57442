"""Spreadsheets as people send them: every dialect is read alike, nothing lost is guessed, nothing hostile is opened."""

import io
import zipfile
from datetime import UTC, date, datetime, time

import openpyxl
import pytest

from engine.forms.model import Option
from engine.imports import Column, ImportKind, errors
from engine.imports.limits import MAX_BYTES, MAX_COLUMNS, MAX_ROWS
from engine.imports.runs import values_in
from engine.imports.table import read_table
from engine.imports.template import template_csv, template_xlsx
from engine.texts import Text

NOW = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
NIP = "198703122010121003"
COLUMNS = (
    Column("nip", Text("NIP", "NIP"), "nip", required=True, example=NIP),
    Column("name", Text("Nama", "Name"), required=True, example="Budi", max_length=40),
    Column("born", Text("Tanggal lahir", "Birth date"), "date", example="12/03/1987"),
    Column("score", Text("Nilai", "Score"), "number", decimals=2),
    Column("phone", Text("Nomor HP", "Mobile number"), "mobile"),
    Column("outcome", Text("Hasil", "Outcome"), "choice", example="ya",
           options=(Option("ya", Text("Lulus", "Passed")), Option("tidak", Text("Tidak Lulus", "Failed")))),
)  # fmt: skip
KIND = ImportKind("test", Text("Uji", "Test"), Text(), Text("baris"), (), COLUMNS, None, None, None, unique=("nip",))
HEADING = ["NIP", "Nama", "Tanggal lahir", "Nilai", "Nomor HP", "Hasil"]
ROW = [NIP, "Wahyu, S.E.", "12/03/1987", "78,5", "0812 3456 7890", "Tidak Lulus"]
VALUES = {"nip": NIP, "name": "Wahyu, S.E.", "born": "1987-03-12", "score": "78,5", "phone": "+6281234567890",
          "outcome": "tidak"}  # fmt: skip


def book(*rows, heading=HEADING, change=None) -> bytes:
    made = openpyxl.Workbook()
    for row in (heading, *rows):
        made.active.append(list(row))
    if change:
        change(made)
    body = io.BytesIO()
    made.save(body)
    return body.getvalue()


def repacked(body: bytes, change) -> bytes:
    """The same archive after `change(parts: dict)`."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return made.getvalue()


def checked(filename, body):
    return values_in(read_table(filename, body, COLUMNS), KIND, NOW)


def faults(filename, body) -> dict[int, list[str]]:
    return {row.number: [f"{fault.column}: {fault.text.id}" for fault in row.faults] for row in checked(filename, body)}


def csv_body(delimiter, encoding, *, row=ROW, heading=HEADING):
    quoted = [[f'"{cell}"' if delimiter in cell else cell for cell in cells] for cells in (heading, row)]
    return "\r\n".join(delimiter.join(cells) for cells in quoted).encode(encoding)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_every_dialect_of_csv_is_the_same_table(delimiter, encoding):
    [row] = checked("peserta.csv", csv_body(delimiter, encoding))
    assert (row.number, row.values, row.faults) == (2, VALUES, ())


def test_letters_of_windows_are_read():
    [row] = checked("a.csv", csv_body(";", "cp1252", row=[NIP, "André “Dé” – Müller", *ROW[2:]]))
    assert row.values["name"] == "André “Dé” – Müller"


def test_a_first_line_that_names_the_delimiter_is_no_row():
    [row] = checked("a.csv", b"sep=;\r\n" + csv_body(";", "utf-8"))
    assert row.values == VALUES


def test_a_workbook_with_text_is_the_same_table():
    [row] = checked("peserta.xlsx", book(ROW))
    assert (row.number, row.values, row.faults) == (2, VALUES, ())


def test_what_excel_made_of_dates_and_figures_is_read_back():
    typed = [NIP, "Wahyu, S.E.", datetime(1987, 3, 12), 78.5, 81234567890, "tidak lulus"]  # noqa: DTZ001 -- as Excel has it
    [row] = checked("peserta.xlsx", book(typed))
    assert (row.values, row.faults) == (VALUES, ())


@pytest.mark.parametrize(
    "written", ["1987-03-12", "12/03/1987", "12-3-1987", "12.03.1987", "12 Maret 1987", "12 march 1987", "12-Mar-1987",
                "12  MAR.  1987"]
)  # fmt: skip
def test_dates_are_read_day_first_and_by_the_names_of_months(written):
    [row] = checked("a.csv", csv_body(";", "utf-8", row=[NIP, "Budi", written]))
    assert row.values["born"] == "1987-03-12"


@pytest.mark.parametrize("written", ["31 Februari 1987", "03/25/1987", "12/03/87", "Maret 1987", "kemarin"])
def test_a_date_that_is_none_is_refused(written):
    assert "bukan tanggal" in faults("a.csv", csv_body(";", "utf-8", row=[NIP, "Budi", written]))[2][0]


def test_a_bare_figure_is_no_date():
    assert "angka 31848, bukan tanggal" in faults("a.xlsx", book([NIP, "Budi", 31848]))[2][0]


def test_a_nip_that_became_a_number_lost_its_last_digits():
    lost = [198703122010121003, 1.98703122010121e17, "1,98703E+17", "1.98703122010121E+17"]
    found = faults("a.xlsx", book(*([nip, "Budi"] for nip in lost)))
    assert len(found) == 4
    for said in (said for of_row in found.values() for said in of_row if "sudah ada" not in said):
        assert "angka terakhirnya hilang" in said
        assert "format kolom menjadi Teks" in said


@pytest.mark.parametrize("kept", [f'=""{NIP}""', f"'{NIP}", "19870312 201012 1 003", f" {NIP}\u00a0"])
def test_a_nip_that_was_kept_as_text_is_read(kept):
    [row] = checked("a.csv", f'NIP;Nama\n"{kept}";Budi\n'.encode())
    assert (row.values["nip"], row.faults) == (NIP, ())


def test_formulas_and_errors_of_cells_are_named_and_not_computed():
    found = faults("a.xlsx", book([NIP, "=A2&1"], ["=1+1", "Budi", None, "#N/A"], [NIP[:-1] + "4", "Ani"]))
    assert "name: “Nama” berisi rumus" in found[2][0]
    assert "nip: “NIP” berisi rumus" in found[3][0]
    assert found[4] == []


def test_a_formula_in_csv_is_refused_too():
    assert "berisi rumus" in faults("a.csv", csv_body(";", "utf-8", row=[NIP, "=HYPERLINK(1)", *ROW[2:]]))[2][0]


def test_all_faults_of_a_row_are_told_at_once():
    found = faults("a.xlsx", book(["123", None, "x", "y", "z", "mungkin"]))[2]
    assert [said.partition(":")[0] for said in found] == ["nip", "name", "born", "score", "phone", "outcome"]
    assert "salah satu: Lulus, Tidak Lulus" in found[5]


def test_a_value_that_may_stand_once_is_refused_the_second_time():
    rows = checked("a.xlsx", book([NIP, "Budi"], [NIP[:-1] + "4", "Ani"], [f"{NIP[:8]} {NIP[8:]}", "Budi lagi"]))
    assert [bool(row.faults) for row in rows] == [False, False, True]
    assert "sudah ada di baris 2" in rows[2].faults[0].text.id


def test_headings_may_be_in_english_and_in_any_order():
    heading = ["Outcome", "name (required)", " nip * ", "Catatan"]
    table = read_table("a.xlsx", book(["Passed", "Budi", NIP, "x"], heading=heading), COLUMNS)
    [row] = values_in(table, KIND, NOW)
    assert (row.values["nip"], row.values["outcome"], table.ignored) == (NIP, "ya", ("Catatan",))


def test_empty_rows_count_as_the_spreadsheet_counts():
    assert [row.number for row in checked("a.xlsx", book([], ROW, [None, ""], [NIP[:-1] + "4", "Ani"]))] == [3, 5]
    body = b"NIP;Nama\n;\n" + NIP.encode() + b";Budi\n"
    assert [row.number for row in checked("a.csv", body)] == [3]


def test_a_sheet_called_data_goes_before_the_others():
    def second_sheet(made):
        made.active.title = "Petunjuk"
        sheet = made.create_sheet("DATA")
        sheet.append(HEADING)
        sheet.append(ROW)

    assert [row.values for row in checked("a.xlsx", book(["x"], change=second_sheet))] == [VALUES]


# --- templates -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", ["id", "en"])
def test_the_template_is_read_back_with_its_own_headings(locale):
    made = openpyxl.load_workbook(io.BytesIO(template_xlsx(KIND, locale)))
    sheet = made["Data"]
    assert sheet["A2"].number_format == "@"
    assert "18" in sheet["A1"].comment.text or sheet["A1"].comment.text
    for column, value in enumerate([NIP, "Budi"], start=1):
        sheet.cell(2, column, value)
    body = io.BytesIO()
    made.save(body)
    [row] = checked("templat.xlsx", body.getvalue())
    assert (row.values["nip"], row.faults) == (NIP, ())


@pytest.mark.parametrize("locale", ["id", "en"])
def test_the_example_row_of_the_csv_template_is_not_imported(locale):
    assert "baris contoh" in faults("templat.csv", template_csv(KIND, locale).encode())[2][0]


def test_a_template_without_rows_is_empty():
    with pytest.raises(errors.EmptyTableError):
        checked("templat.xlsx", template_xlsx(KIND, "id"))


# --- hostile and hopeless files --------------------------------------------------------------------------------------


def zip_bomb() -> bytes:
    return repacked(book(ROW), lambda parts: parts.update({"xl/worksheets/sheet9.xml": b"\0" * (90 << 20)}))


def entity_bomb() -> bytes:
    layers = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
    head = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{layers}]>'.encode()

    def poison(parts):
        sheet = parts["xl/worksheets/sheet1.xml"]
        parts["xl/worksheets/sheet1.xml"] = head + sheet[sheet.index(b"<worksheet") :].replace(b"Wahyu", b"&a8;")

    return repacked(book(ROW), poison)


def with_macros() -> bytes:
    return repacked(book(ROW), lambda parts: parts.update({"xl/vbaProject.bin": b"Sub Auto_Open()"}))


def locked() -> bytes:
    return bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 500


def deep_row() -> bytes:
    """Claims a cell in the last row and column there can be."""
    return book(ROW, change=lambda made: made.active.cell(1_048_576, 16_384, "x"))


HOPELESS = {
    "zip bomb": ("a.xlsx", zip_bomb, errors.TooBigInsideError),
    "entity bomb": ("a.xlsx", entity_bomb, errors.UnreadableError),
    "macros": ("a.xlsx", with_macros, errors.MacroError),
    "macros by name": ("a.xlsm", lambda: book(ROW), errors.MacroError),
    "password": ("a.xlsx", locked, errors.LockedWorkbookError),
    "old form": ("a.xls", lambda: bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 900, errors.OldExcelError),
    "cut off": ("a.xlsx", lambda: book(ROW)[:-900], errors.FileKindError),
    "another archive": ("a.xlsx", lambda: repacked(book(ROW), lambda p: p.pop("xl/workbook.xml")),
                        errors.FileKindError),
    "no XML": ("a.xlsx", lambda: repacked(book(ROW), lambda p: p.update({"xl/worksheets/sheet1.xml": b"<x"})),
               errors.UnreadableError),
    "a picture": ("a.csv", lambda: b"\xff\xd8\xff\xe0" + b"\0" * 99, errors.FileKindError),
    "a PDF called csv": ("a.csv", lambda: b"%PDF-1.7 ", errors.FileKindError),
    "bytes": ("a.csv", lambda: b"NIP;Nama\n\x00\x01;x\n", errors.FileKindError),
    "no encoding": ("a.csv", lambda: b"NIP;Nama\n\x81\x8d\xff;x\n", errors.EncodingError),
    "open quotation": ("a.csv", lambda: b'NIP;Nama\n1;"Budi', errors.QuotingError),
    "too many rows": ("a.csv", lambda: b"NIP;Nama\n" + b"1;x\n" * (MAX_ROWS + 1), errors.TooManyRowsError),
    "too many rows in a workbook": ("a.xlsx", lambda: book(*[[NIP]] * (MAX_ROWS + 1)), errors.TooManyRowsError),
    "too many columns": ("a.csv", lambda: b";".join(b"k%d" % n for n in range(MAX_COLUMNS + 1)) + b"\n1;2\n",
                         errors.TooManyColumnsError),
    "the furthest cell": ("a.xlsx", deep_row, errors.TooManyColumnsError),
    "too large": ("a.csv", lambda: b"x" * (MAX_BYTES + 1), errors.TooLargeError),
    "nothing": ("", lambda: b"", errors.NoFileError),
    "empty": ("a.csv", lambda: b" \n \n", errors.EmptyTableError),
    "headings only": ("a.csv", lambda: b"NIP;Nama\n", errors.EmptyTableError),
    "no column of ours": ("a.csv", lambda: b"x;y\n1;2\n", errors.MissingColumnsError),
    "a column twice": ("a.csv", lambda: b"NIP;Nama;nip\n1;2;3\n", errors.DoubleColumnError),
}  # fmt: skip


@pytest.mark.parametrize("case", HOPELESS)
def test_a_file_that_cannot_be_imported_is_refused_in_words(case):
    filename, make, error = HOPELESS[case]
    with pytest.raises(error) as refused:
        checked(filename, make())
    for locale in ("id", "en"):
        assert "…" not in refused.value.message(locale)
        assert "{" not in refused.value.message(locale)


def test_a_cell_of_a_megabyte_is_one_fault_not_a_memory_problem():
    assert "paling banyak 2000 karakter" in faults("a.xlsx", book([NIP, "x" * 32_000]))[2][0]
    assert "paling banyak 40 karakter" in faults("a.xlsx", book([NIP, "x" * 41]))[2][0]


def test_a_time_of_day_or_a_truth_value_is_refused_as_what_it_is():
    found = faults("a.xlsx", book([NIP, True, time(8, 30)], [NIP[:-1] + "4", date(2026, 1, 2)]))
    assert "bukan tanggal" in found[2][0]
    assert found[3] == []
