"""Kemnaker's packages have the lanes of the source, and its words in their places."""

import re

import pytest

from tests.processes.conftest import PACKAGES

NAMES = ("kemnaker_formasi", "kemnaker_inpassing", "kemnaker_team")
LANES = ("Dinas", "BKD", "Biro Organisasi dan Kepegawaian", "Tim Seleksi Administrasi (SK Sekjen)",
         "Tim Uji Kompetensi (SK Dirjen)", "Sekjen")  # fmt: skip
TERMS = (
    "Berita Acara Lulus Uji Kompetensi", "Berita Acara Tidak Lulus", "Rekomendasi", "Tembusan", "Dikembalikan",
    "tidak mensyaratkan lulus diklat", "legalisasi", "seleksi administrasi", "portofolio", "ketua", "sekretaris",
    "anggota", "pelayanan penempatan tenaga kerja", "tidak rangkap jabatan fungsional", "paling rendah bernilai baik",
    "Pengalaman Kerja", "Riwayat Jabatan", "Sertifikat Pelatihan/Bimtek", "SPT",
)  # fmt: skip
"""As the source says them, where people read them: in forms, diagrams, mails and letters."""


def test_the_main_diagram_has_the_lanes_of_the_source_and_something_in_each():
    text = (PACKAGES / "kemnaker_inpassing/process.bpmn").read_text()
    filled = re.findall(r'<bpmn:lane id="[^"]+" name="([^"]+)">\s*<bpmn:flowNodeRef>', text)
    assert tuple(filled) == LANES


@pytest.mark.parametrize("term", TERMS)
def test_the_words_of_the_source_stand_where_people_read_them(term):
    files = [
        p for kind in ("*.json", "*.bpmn", "*.txt", "*.typ") for p in (PACKAGES / "kemnaker_inpassing").rglob(kind)
    ]
    read = "\n".join(p.read_text() for p in files if p.parent.name != "scenarios")
    assert term.lower() in read.lower()
