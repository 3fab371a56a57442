"""`alur export` and `alur draft`: out to Git and in again, without a byte changed."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.definitions import read_package
from engine.people import create_user
from engine.studio.packing import pack
from engine.unit_of_work import Database
from web.cli import cli

ACCESS = Path(__file__).resolve().parents[3] / "bpmn" / "inaproc_access"


@pytest.fixture
def alur(tmp_path, sqlite_template):
    """An installation with one process and one owner."""
    (tmp_path / "var").mkdir()
    shutil.copy(sqlite_template, tmp_path / "var" / "alur.sqlite3")
    environment = {"ALUR_DATA": str(tmp_path / "var"), "ALUR_SECRET_KEY": "for tests only"}

    def run(*arguments):
        return CliRunner(env=environment).invoke(cli, [str(a) for a in arguments], catch_exceptions=False)

    assert run("deploy", ACCESS).exit_code == 0
    return run


def files_in(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_version_leaves_as_the_bytes_that_were_deployed(alur, tmp_path):
    whole = dict(read_package(ACCESS).files)
    assert alur("export", "inaproc_access", tmp_path / "out").exit_code == 0
    assert files_in(tmp_path / "out") == whole

    assert alur("export", "inaproc_access@1", tmp_path / "x.zip").exit_code == 0
    assert (tmp_path / "x.zip").read_bytes() == pack(whole)
    assert "versi/version 1" in alur("deploy", tmp_path / "x.zip").output


def test_a_folder_of_git_becomes_exactly_the_package(alur, tmp_path):
    target = tmp_path / "out"
    (target / ".git").mkdir(parents=True)
    (target / ".git" / "HEAD").write_text("ref")
    (target / "forms").mkdir()
    (target / "forms" / "gone.json").write_text("{}")
    alur("export", "inaproc_access", target)

    assert not (target / "forms" / "gone.json").exists()
    assert (target / ".git" / "HEAD").read_text() == "ref"


def test_what_is_not_there_is_said(alur, tmp_path):
    for name in ("nothing", "inaproc_access@7", "0" * 32, "0" * 64, "../x"):
        result = alur("export", name, tmp_path / "out")
        assert result.exit_code == 2, name
        assert "no such" in result.output


def test_a_folder_becomes_a_draft_and_comes_back_the_same(alur, tmp_path, clock):
    database = Database(f"sqlite:///{tmp_path}/var/alur.sqlite3")
    with database.write() as unit:
        create_user(unit, email="indah@contoh.go.id", name="Indah Permata", now=clock.now())
    database.dispose()

    made = json.loads(alur("draft", ACCESS, "--by", "indah@contoh.go.id", "--title", "Dari Git", "--json").output)
    assert (made["key"], made["title"]) == ("inaproc_access", "Dari Git")

    alur("export", made["id"], tmp_path / "again")
    assert files_in(tmp_path / "again") == dict(read_package(ACCESS).files)
    assert alur("draft", ACCESS, "--by", "nobody@contoh.go.id").exit_code == 2
    (tmp_path / "again" / "run.exe").write_bytes(b"MZ")
    assert alur("draft", tmp_path / "again", "--by", "indah@contoh.go.id").exit_code == 1
