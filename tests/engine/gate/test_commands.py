"""`alur lint`, `alur deploy` and `alur expr`: places, exit statuses, and never a traceback."""

import json
import shutil

import pytest
from click.testing import CliRunner

from tests.engine.gate.diagrams import MANIFEST, between
from tests.support.bpmn import Process
from web.cli import cli


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("ALUR_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("ALUR_DATABASE_URL", raising=False)

    def _run(*arguments, stdin=None):
        result = CliRunner().invoke(cli, [str(a) for a in arguments], input=stdin)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return _run


@pytest.fixture
def folder(tmp_path):
    p = Process("p")
    p.chain(p.start(), p.user("u", lane="Petugas"), p.end())
    found = tmp_path / "bpmn" / "izin"
    found.mkdir(parents=True)
    (found / "process.toml").write_bytes(MANIFEST)
    (found / "process.bpmn").write_bytes(p.document())
    return found


def test_lint_tells_every_finding_with_its_place(run, folder):
    (folder / "process.bpmn").write_text(between('<bpmn:userTask id="End"/>', node="End"))

    result = run("lint", folder.parent)

    assert result.exit_code == 1
    assert f"SALAH {folder / 'process.bpmn'}:4 [End] (reserved_id)" in result.output
    assert "  id: " in result.output
    assert "  en: " in result.output


def test_lint_as_json(run, folder):
    result = run("lint", folder, "--json")

    body = json.loads(result.output)
    assert result.exit_code == 0
    assert (body["ok"], body["errors"]) == (True, 0)
    finding = body["findings"][0]
    assert set(finding) >= {"severity", "file", "path", "element", "line", "code", "reason", "cure"}
    assert set(finding["reason"]) == {"id", "en"}


def test_lint_takes_a_folder_of_loose_foreign_diagrams(run, tmp_path):
    foreign = tmp_path / "asing"
    foreign.mkdir()
    (foreign / "a.bpmn").write_text(between('<bpmn:userTask id="x" camunda:formKey="f"/>'))
    (foreign / "b.BPMN").write_bytes(b"\x00")
    (foreign / "c.dmn").write_text("<!DOCTYPE a><a/>")
    (foreign / "notes.txt").write_text("x")

    body = json.loads(run("lint", foreign, "--json").output)

    assert body["checked"] == [str(foreign / n) for n in ("a.bpmn", "b.BPMN", "c.dmn")]
    assert {(f["path"].rsplit("/", 1)[1], f["code"]) for f in body["findings"] if f["severity"] == "error"} == {
        ("a.bpmn", "foreign"), ("b.BPMN", "encoding"), ("c.dmn", "doctype"),
    }  # fmt: skip


def test_lint_of_one_file_of_a_package_sees_the_whole_package(run, folder):
    (folder / "process.bpmn").write_text(between('<bpmn:callActivity id="x" calledElement="q"/>'))
    q = Process("q")
    q.chain(q.start("qs"), q.end("qe"))
    (folder / "called.bpmn").write_bytes(q.document())

    result = run("lint", folder / "process.bpmn")

    assert result.exit_code == 0
    assert "called.bpmn" not in result.output


@pytest.mark.parametrize(
    "arguments", [["lint"], ["lint", "/nowhere"], ["deploy"], ["expr"], ["expr", "1", "--now", "x"]]
)
def test_wrong_use_is_status_two(run, arguments):
    assert run(*arguments).exit_code == 2


def test_nothing_to_check_is_wrong_use(run, tmp_path):
    (tmp_path / "kosong").mkdir()
    assert run("lint", tmp_path / "kosong").exit_code == 2
    assert run("deploy", tmp_path / "kosong").exit_code == 2


def test_deploy_makes_versions_and_says_which(run, folder):
    run("migrate")

    result = run("deploy", folder.parent, "--by", "Ani", "--note", "pertama")

    assert result.exit_code == 0
    assert "izin: versi/version 1" in result.output
    assert run("deploy", folder).output == result.output


def test_deploy_of_a_bad_package_is_status_one_with_findings(run, folder):
    run("migrate")
    (folder / "run.py").write_text("import os")

    result = run("deploy", folder)

    assert result.exit_code == 1
    assert "(unknown_file)" in result.output


def test_deploy_without_tables_is_a_sentence(run, folder):
    result = run("deploy", folder)
    assert result.exit_code == 1
    assert "alur migrate" in result.output


def test_expr_computes_and_explains(run, tmp_path):
    data = tmp_path / "data.json"
    data.write_text('{"ujian": "2026-04-07", "n": 12}')

    result = run("expr", "working_days_before(ujian, n)", "--data", data, "--json")

    body = json.loads(result.output)
    assert (body["value"], body["type"]) == ("2026-03-12", "date")
    assert body["explanations"][0]["steps"]


def test_expr_runs_scripts_and_reads_data_from_standard_input(run):
    result = run("expr", "b = a + 1", "--script", "--data", "-", stdin='{"a": 0.5}')
    assert json.loads(result.output) == {"a": 0.5, "b": 1.5}


def test_expr_at_an_instant(run):
    assert '"2026-06-02"' in run("expr", "today()", "--now", "2026-06-01T18:00+00:00").output


@pytest.mark.parametrize("source", ["1 +", "missing", "a.__class__", "1 / 0", "f(1)"])
def test_expr_refuses_in_both_languages(run, source):
    result = run("expr", source, "--json")
    body = json.loads(result.output)
    assert result.exit_code == 1
    assert body["message"]["id"] != body["message"]["en"]
    assert run("expr", source).exit_code == 1


@pytest.mark.parametrize("data", ["[1]", "x", "{" * 100_000])
def test_expr_with_bad_data_is_wrong_use(run, data):
    assert run("expr", "1", "--data", "-", stdin=data).exit_code == 2


def test_expr_lists_its_functions(run):
    assert "working_days_after(start, n, at)" in run("expr", "--functions").output
    assert json.loads(run("expr", "--functions", "--json").output)[0]["text"]["id"]


def test_a_shared_package_is_passed_over_in_a_folder_and_refused_alone(run, folder):
    shared = folder.parent / "umum"
    shutil.copytree(folder, shared)
    manifest = shared / "process.toml"
    manifest.write_text("shared = true\n" + manifest.read_text(encoding="utf-8"), encoding="utf-8")
    run("migrate")

    whole, alone = run("deploy", folder.parent), run("deploy", shared)

    assert (whole.exit_code, whole.output.count("versi/version")) == (0, 1)
    assert alone.exit_code == 1
    assert "(shared_alone)" in alone.output
