"""Kemnaker's packages: all scenarios and flows, drawings read without help, the words of the source in their places."""

import re

import pytest

from engine.definitions import check_package, read_package
from engine.mail.templates import parse_template
from engine.scenarios import run_package
from handlers.seeds import prepare
from tests.processes.conftest import PACKAGES
from tests.processes.drawings import Drawing

NAMES = ("kemnaker_formasi", "kemnaker_inpassing", "kemnaker_team")
DIAGRAMS = [path for name in NAMES for path in sorted((PACKAGES / name).rglob("*.bpmn"))]
MAILS = [path for name in NAMES for path in sorted((PACKAGES / name / "mails").glob("*.txt"))]
LANES = ("Dinas", "BKD", "Biro Organisasi dan Kepegawaian", "Tim Seleksi Administrasi (SK Sekjen)",
         "Tim Uji Kompetensi (SK Dirjen)", "Sekjen")  # fmt: skip
TERMS = (
    "Berita Acara Lulus Uji Kompetensi", "Berita Acara Tidak Lulus", "Rekomendasi", "Tembusan", "Dikembalikan",
    "tidak mensyaratkan lulus diklat", "legalisasi", "seleksi administrasi", "portofolio", "ketua", "sekretaris",
    "anggota", "pelayanan penempatan tenaga kerja", "tidak rangkap jabatan fungsional", "paling rendah bernilai baik",
    "Pengalaman Kerja", "Riwayat Jabatan", "Sertifikat Pelatihan/Bimtek", "SPT",
)  # fmt: skip
"""As the source says them, where people read them: in forms, diagrams, mails and letters."""


@pytest.mark.parametrize("name", NAMES)
def test_every_scenario_passes_and_together_they_take_every_flow(name, registry):
    report = run_package(PACKAGES / name, registry, prepare)
    assert [r.en for r in report.refusal] == []
    assert report.faults == ()
    assert [f.sentence("en") for d in report.diagrams for r in d.results for f in r.failures] == []
    assert {d.diagram: d.flows - d.taken for d in report.diagrams if d.flows - d.taken} == {}
    assert report.ok


@pytest.mark.parametrize("name", NAMES)
def test_the_gate_finds_nothing_not_even_a_warning(name, registry):
    assert [f.reason.en for f in check_package(read_package(PACKAGES / name), registry)] == []


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_the_drawing_is_read_without_help(path):
    assert list(Drawing(path).faults()) == []


@pytest.mark.parametrize("path", MAILS, ids=lambda p: f"{p.parent.parent.name}/{p.stem}")
def test_every_mail_is_written_in_both_languages(path):
    template = parse_template(path.stem, path.read_bytes())
    assert template.subject.en != template.subject.id
    assert template.body.en != template.body.id


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
