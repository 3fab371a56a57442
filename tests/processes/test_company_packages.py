"""The packages of companies: scenarios pass, every flow is taken, drawings are read, the source's words are there."""

import re

import pytest

from engine.definitions import check_package, read_package
from engine.mail.templates import parse_template
from engine.scenarios import run_package
from handlers.seeds import prepare
from tests.processes.conftest import PACKAGES
from tests.processes.drawings import Drawing

NAMES = ("inaproc_profile", "inaproc_company_admin", "inaproc_branch_admin")
DIAGRAMS = [path for name in NAMES for path in sorted((PACKAGES / name).rglob("*.bpmn"))]
MAILS = [path for name in NAMES for path in sorted((PACKAGES / name / "mails").glob("*.txt"))]
WORDS = {
    "inaproc_company_admin": (
        "Penanggung Jawab/Pengurus/Direksi", "Penerima Kuasa", "Pemberi Kuasa", "Tim LKPP", "Direktur SPD",
        "Ditolak", "Perlu Perbaikan", "WNA", "akses/persona", "Surat kuasa", "Akta perusahaan", "NIB", "simulasi",
        "Pembuatan Akun Admin Perusahaan Non Penanggung Jawab/Pengurus/Direksi", "surat pengajuan",
    ),
    "inaproc_branch_admin": (
        "Perlu Perbaikan", "Lengkap dan sesuai", "Pengajuan Akun Admin Perusahaan Divisi/Cabang Perusahaan",
        "Penanggung Jawab/Pengurus/Direksi", "Divisi atau Cabang", "perusahaan induk",
    ),
    "inaproc_profile": ("identitas digital/akun", "Profil INAPROC", "simulasi", "Perlu Perbaikan"),
}  # fmt: skip


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


@pytest.mark.parametrize("name", NAMES)
def test_the_words_of_the_source_are_what_people_read(name):
    said = "\n".join(
        path.read_text(encoding="utf-8")
        for pattern in ("*.bpmn", "diagrams/*.bpmn", "forms/*.json", "mails/*.txt", "process.toml")
        for path in (PACKAGES / name).glob(pattern)
    )
    assert [word for word in WORDS[name] if not re.search(re.escape(word), said, re.IGNORECASE)] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_owner_reads_one_page(name):
    assert len((PACKAGES / name / "README.md").read_text(encoding="utf-8").splitlines()) <= 60
