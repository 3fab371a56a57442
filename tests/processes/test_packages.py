"""Every package: its scenarios pass and take every flow, the gate finds nothing, drawings are read without help."""

import shutil

import pytest

from engine.definitions import check_package, read_package
from engine.mail.templates import parse_template
from engine.scenarios import run_package
from handlers.seeds import prepare
from tests.processes.conftest import PACKAGES
from tests.processes.drawings import Drawing
from tests.support.records import findings_of_all

NAMES = sorted(path.parent.name for path in PACKAGES.glob("*/process.toml"))
DIAGRAMS = [path for name in NAMES for path in sorted((PACKAGES / name).rglob("*.bpmn"))]
MAILS = [path for name in NAMES for path in sorted((PACKAGES / name / "mails").glob("*.txt"))]
ONE_PAGE = 75
"""Lines of a README that an owner reads in one go."""


@pytest.mark.parametrize("name", NAMES)
def test_every_scenario_passes_and_together_they_take_every_flow(name, registry):
    broken = {}

    def watch(world):
        """Every record that the scenario left proves itself, and re-executes to where its case stands."""
        broken.update(findings_of_all(world.database, world.definitions))

    report = run_package(PACKAGES / name, registry, prepare, watch=watch)
    assert broken == {}
    assert [r.en for r in report.refusal] == []
    assert report.faults == ()
    assert [f.sentence("en") for d in report.diagrams for r in d.results for f in r.failures] == []
    assert {d.diagram: d.flows - d.taken for d in report.diagrams if d.flows - d.taken} == {}
    assert report.ok


@pytest.mark.parametrize("name", NAMES)
def test_the_gate_finds_nothing_not_even_a_warning(name, registry):
    assert [f.reason.en for f in check_package(read_package(PACKAGES / name), registry)] == []


@pytest.mark.parametrize("name", NAMES)
def test_an_owner_reads_in_one_page_what_it_is(name):
    lines = (PACKAGES / name / "README.md").read_text().splitlines()
    assert 10 < len(lines) <= ONE_PAGE


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_the_drawing_is_read_without_help(path):
    assert list(Drawing(path).faults()) == []


@pytest.mark.parametrize("path", MAILS, ids=lambda p: f"{p.parent.parent.name}/{p.stem}")
def test_every_mail_is_written_in_both_languages(path):
    template = parse_template(path.stem, path.read_bytes())
    assert template.subject.en != template.subject.id
    assert template.body.en != template.body.id


def test_a_given_exam_on_a_day_off_is_refused_in_words(registry, tmp_path):
    package = shutil.copytree(PACKAGES / "lkpp_participant", tmp_path / "lkpp_participant")
    for story in (package / "scenarios").iterdir():
        story.unlink()
    (package / "scenarios" / "libur.yaml").write_text(
        "given:\n  pada: 2026-06-01 09:00 WIB\n  orang: {Sari: {peran: admin_instansi, instansi: Kabupaten Kapuas}}\n"
        "  fakta:\n    - jadwal: {nama: Libur, tanggal: 2026-08-17}\n"
        "judul: Hari libur\nlangkah:\n  - when: {siapa: Sari, mulai: ya}\n"
    )

    report = run_package(package, registry, prepare)

    [failure] = {failure for diagram in report.diagrams for result in diagram.results for failure in result.failures}
    assert "17 Agustus" in failure.actual.in_locale("id")
