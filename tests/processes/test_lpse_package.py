"""The 17 standards as the source names them, in the decision table and where a reader looks."""

from pathlib import Path

import pytest

from tests.processes.conftest import PACKAGES

WEB = Path(__file__).resolve().parents[2] / "web"
STANDARDS = {
    1: "Kebijakan Layanan", 2: "Pengorganisasian Layanan", 3: "Pengelolaan Aset Layanan",
    4: "Pengelolaan Risiko Layanan", 5: "Pengelolaan Layanan Helpdesk", 6: "Pengelolaan Perubahan",
    7: "Pengelolaan Kapasitas", 8: "Pengelolaan SDM", 9: "Pengelolaan Keamanan Perangkat",
    10: "Pengelolaan Keamanan Operasional Layanan", 11: "Pengelolaan Keamanan Server dan Jaringan",
    12: "Pengelolaan Kelangsungan Layanan", 13: "Pengelolaan Anggaran Layanan", 14: "Pengelolaan Pendukung Layanan",
    15: "Pengelolaan Hubungan dengan Pengguna Layanan", 16: "Pengelolaan Kepatuhan", 17: "Penilaian Internal",
}  # fmt: skip
PHASES = {
    "dasar": (1, 2, 8, 13),
    "menengah": (3, 4, 5, 6, 7),
    "atas": (12, 14, 15),
    "faktual": (9, 10, 11, 16, 17),
}
FIRST = (
    "Kebijakan Mutu, Layanan dan Keamanan Informasi",
    "Daftar harapan pihak-pihak berkepentingan",
    "Sosialisasi/awareness internal LPSE, daftar isu internal dan eksternal",
)
ON_PAGES = (
    "Pemenuhan Standar secara Bertahap", "Standar Dasar", "Standar Menengah", "Standar Atas", "Standar Faktual",
    "Policy", "Perencanaan", "Pelaksanaan", "PIC/Tim Policy", "PIC/Tim Tahap Perencanaan",
    "PIC/Tim Tahap Pelaksanaan", "Belum", "Berjalan", "Diajukan", "Perlu Perbaikan", "Terpenuhi",
)  # fmt: skip


def test_the_table_has_the_17_standards_of_the_source_in_their_phases():
    table = (PACKAGES / "lpse_standards" / "decisions" / "standards.dmn").read_text(encoding="utf-8")
    rules = {int(part.split('"')[0]): part for part in table.split('<rule id="standard_')[1:]}
    assert sorted(rules) == sorted(STANDARDS)
    for phase, numbers in PHASES.items():
        for number in numbers:
            assert f'<text>"{phase}"</text>' in rules[number]
            assert f'<text>"{STANDARDS[number]}"</text>' in rules[number]
    assert [words for words in FIRST if words not in rules[1]] == []


@pytest.mark.parametrize("term", ON_PAGES)
def test_a_term_of_the_source_stands_on_the_pages(term):
    pages = [*(WEB / "lpse").glob("*.py"), *(WEB / "templates" / "lpse").glob("*.html")]
    assert any(f'"{term}"' in page.read_text(encoding="utf-8") for page in pages)
