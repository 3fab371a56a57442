"""`alur scenario` and `alur demo` as programs read them: exit status and JSON."""

import json
import os
import subprocess
import sys

import pytest

from tests.processes.conftest import PACKAGES, ROOT


@pytest.fixture
def alur(tmp_path):
    """The command, with a data folder of its own."""

    def _run(*arguments):
        environment = {**os.environ, "ALUR_DATA": str(tmp_path / "var"), "PYTHONPATH": str(ROOT)}
        environment.pop("ALUR_DATABASE_URL", None)
        command = [sys.executable, "-m", "web.cli", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, check=False)

    return _run


def test_scenarios_of_packages_as_json(alur):
    done = alur("scenario", PACKAGES / "inaproc_access", PACKAGES / "lkpp_formasi", "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["ok"]
    diagrams = {d["diagram"]: d for d in document["diagrams"]}
    assert {"inaproc_access/process.bpmn", "inaproc_access/diagrams/verification.bpmn"} < set(diagrams)
    assert diagrams["inaproc_access/process.bpmn"]["scenarios"] > 20
    for diagram in diagrams.values():
        assert diagram["passed"] == diagram["scenarios"]
        assert diagram["flows_taken"] == diagram["flows_total"]
        assert (diagram["coverage"], diagram["flows_not_taken"], diagram["failures"]) == (100.0, [], [])


def test_a_failing_scenario_ends_with_status_one_and_says_where(alur, tmp_path):
    package = _copy(tmp_path)
    story = package / "scenarios" / "salah.yaml"
    story.write_text(
        "given: {pada: 2026-06-01 09:00 WIB, orang: {Sari: }}\njudul: Salah\nlangkah:\n"
        "  - when: {siapa: Sari, mulai: ya}\n  - then: {tugas: Detail Informasi}\n"
    )
    done = alur("scenario", package, "--json", "--lang", "en")
    assert done.returncode == 1
    [failure] = json.loads(done.stdout)["diagrams"][0]["failures"]
    assert failure == {
        "scenario": "Salah",
        "file": str(story),
        "line": 5,
        "subject": "open tasks",
        "expected": "Detail Informasi",
        "actual": "Pilih Akses Sebagai Non Penyedia",
    }
    said = alur("scenario", package).stdout
    assert "GAGAL Salah" in said
    assert "seharusnya Detail Informasi, ternyata Pilih Akses Sebagai Non Penyedia" in said


def test_a_mistake_in_a_file_is_explained_without_a_traceback(alur, tmp_path):
    package = _copy(tmp_path)
    (package / "scenarios" / "salah.yaml").write_text("judul: x\nlangkah:\n  - when: {tugsa: Isi}\n")
    done = alur("scenario", package, "--lang", "en")
    assert done.returncode == 1
    assert "salah.yaml, line 3: “tugsa” means nothing here. Use one of: " in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_a_folder_without_a_package_is_a_usage_error(alur, tmp_path):
    done = alur("scenario", tmp_path)
    assert done.returncode == 2
    assert "process.toml" in done.stderr


def test_the_demo_needs_tables_and_says_so(alur):
    done = alur("demo")
    assert done.returncode == 1
    assert "alur migrate" in done.stderr
    assert "Traceback" not in done.stderr


def _copy(tmp_path):
    package = tmp_path / "inaproc_access"
    for path in (PACKAGES / "inaproc_access").rglob("*"):
        if path.is_file() and path.parent.name != "scenarios":
            target = package / path.relative_to(PACKAGES / "inaproc_access")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    (package / "scenarios").mkdir()
    return package


def test_a_season_is_played_and_every_history_of_it_proved(alur):
    alur("migrate")

    done = alur("demo", "--season", "--participants", "6", "--agencies", "2", "--json")

    assert done.returncode == 0, done.stderr
    season = json.loads(done.stdout)
    assert season["ok"]
    assert sum(season["states"].values()) == season["participants"] == 6
    assert season["proved"] == season["cases"] > 6
    assert (season["broken"], season["disagreements"], season["incidents"], season["refused"]) == ([], [], [], {})
    assert season["commands"]["biodata"] == 6
