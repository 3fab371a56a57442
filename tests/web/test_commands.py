"""`alur migrate`, `alur doctor` and `alur serve`, as a person types them."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.support.postgresql import free_port
from web.cli import cli

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def environment(tmp_path):
    return {"ALUR_DATA": str(tmp_path / "var"), "ALUR_SECRET_KEY": "for tests only"}


@pytest.fixture
def alur(environment):
    """`alur("doctor", "--json")` → the result, in an installation of the test's own."""

    def run(*arguments):
        return CliRunner(env=environment).invoke(cli, list(arguments))

    return run


def test_migrating_makes_the_tables_and_again_changes_nothing(alur):
    first = alur("migrate")
    assert first.exit_code == 0, first.output
    again = alur("migrate")
    assert again.exit_code == 0
    assert "up to date" in again.output


def test_a_migrated_installation_is_well(alur):
    alur("migrate")
    result = alur("doctor", "--json")
    report = json.loads(result.output)
    names = {check["name"]: check["verdict"] for check in report["checks"]}
    assert names["schema"] == names["calendar"] == names["jobs"] == names["deadlines"] == "ok"
    assert result.exit_code == 0


def test_the_doctor_reads_well_to_a_person(alur):
    alur("migrate")
    lines = alur("doctor").output.splitlines()
    assert all(re.match(r"\s+(ok|care|BAD)\s+\S", line) for line in lines)


def test_an_unmigrated_database_is_named_by_the_doctor_and_refused_by_the_server(alur):
    result = alur("doctor", "--json")
    checks = {check["name"]: check for check in json.loads(result.output)["checks"]}
    assert checks["schema"]["verdict"] == "bad"
    assert "alur migrate" in checks["schema"]["answer"]["en"]
    assert result.exit_code == 1
    served = alur("serve", "--port", str(free_port()))
    assert served.exit_code == 1
    assert "alur migrate" in served.output


def test_an_unreachable_database_is_a_finding_not_a_traceback(environment):
    environment["ALUR_DATABASE_URL"] = f"postgresql://nobody@127.0.0.1:{free_port()}/none"
    result = CliRunner(env=environment).invoke(cli, ["doctor", "--json"])
    checks = {check["name"]: check["verdict"] for check in json.loads(result.output)["checks"]}
    assert checks["database"] == "bad"
    assert result.exit_code == 1


def test_a_public_address_without_tls_is_named(environment):
    environment["ALUR_BASE_URL"] = "http://alur.contoh.go.id"
    result = CliRunner(env=environment).invoke(cli, ["doctor", "--json"])
    checks = {check["name"]: check["verdict"] for check in json.loads(result.output)["checks"]}
    assert checks["address"] == "bad"


def test_the_server_serves_and_stops_when_told(alur, environment):
    alur("migrate")
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "web.cli", "serve", "--port", str(port)],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert f"http://127.0.0.1:{port}" in server.stdout.readline()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/masuk", timeout=20) as answer:
            body = answer.read().decode()
            assert answer.headers["Server"] is None
        assert "Kata sandi" in body
        server.send_signal(signal.SIGTERM)
        assert server.wait(20) == 0
    finally:
        server.kill()
        server.stdout.close()
        server.wait()


# --- mistakes --------------------------------------------------------------------------------------------------------

_NEED_TABLES = [("verify", "--all"), ("worker", "--once"), ("deploy", str(ROOT / "bpmn")), ("demo",), ("serve",)]


@pytest.mark.parametrize("words", _NEED_TABLES, ids=lambda words: words[0])
def test_without_tables_every_command_says_what_to_do_in_both_languages(alur, words):
    result = alur(*words)
    assert result.exit_code == 1
    assert result.stderr.count("alur migrate") == 2
    assert isinstance(result.exception, SystemExit)


@pytest.mark.parametrize(
    ("url", "data"),
    [
        ("nonsense", "var"),
        ("mysql://x/y", "var"),
        ("postgresql://127.0.0.1:1/x", "var"),
        ("sqlite:///{here}/file", "var"),
        (None, "file/var"),
    ],
)
def test_a_database_that_cannot_be_used_is_a_sentence(tmp_path, url, data):
    (tmp_path / "file").write_text("no database")
    environment = {"ALUR_DATA": str(tmp_path / data), "ALUR_SECRET_KEY": "for tests only"}
    if url:
        environment["ALUR_DATABASE_URL"] = url.format(here=tmp_path)
    result = CliRunner(env=environment).invoke(cli, ["verify", "--all", "--json"])
    assert result.exit_code == 1
    assert json.loads(result.stdout)["ok"] is False
    assert isinstance(result.exception, SystemExit)


@pytest.mark.parametrize("words", [("lint", "nosuch"), ("nosuch",), ("expr",), ("verify",), ("deploy", "nosuch")])
def test_a_program_is_told_of_misuse_in_json(alur, words):
    result = alur(*words, "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["error"]


def test_deploying_answers_a_program(alur, tmp_path):
    alur("migrate")
    (tmp_path / "bad.bpmn").write_text("<no/>")
    result = alur("deploy", str(ROOT / "bpmn" / "inaproc_access"), str(tmp_path / "bad.bpmn"), "--json")
    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["ok"]) == (1, False)
    good, bad = answer["packages"]
    assert (good["version"]["number"], good["findings"]) == (1, [])
    assert bad["version"] is None
    assert bad["findings"]
