"""BPS inpassing: its scenarios pass and take every flow, its drawings are read without help, its words are there."""

import pytest

from engine.definitions import check_package, read_package
from engine.mail.templates import parse_template
from engine.scenarios import run_package
from handlers.seeds import prepare
from tests.processes.conftest import PACKAGES
from tests.processes.drawings import Drawing

NAMES = ("bps_operator", "bps_formasi", "bps_inpassing", "bps_recommendation")
DIAGRAMS = [path for name in NAMES for path in sorted((PACKAGES / name).rglob("*.bpmn"))]
MAILS = [path for name in NAMES for path in sorted((PACKAGES / name / "mails").glob("*.txt"))]
WORDS = (
    "Penyampaian Daftar Usulan", "tidak memenuhi syarat", "pejabat pengusul", "Operator", "Verifikasi dan Validasi",
    "Uji Kompetensi", "Penetapan Rekomendasi", "Perangkat Daerah", "Tabel Formasi", "orasi ilmiah", "tes tertulis",
    "portofolio", "SK CPNS", "SK PNS", "SK pangkat terakhir", "Surat pernyataan kompeten",
    "bersedia mengundurkan diri", "SK jabatan terakhir", "Pejabat struktural", "kantor BPS terdekat",
    "Statistisi", "Pranata Komputer", "Terampil", "Penyelia", "Ahli Utama",
)  # fmt: skip


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


def test_the_words_of_the_source_stand_where_people_read_them():
    read = [path for name in NAMES for kind in ("*.bpmn", "*.json") for path in (PACKAGES / name).rglob(kind)]
    read += [PACKAGES / name / "process.toml" for name in NAMES]
    words = "\n".join(path.read_text(encoding="utf-8") for path in read)
    assert [term for term in WORDS if term.lower() not in words.lower()] == []
