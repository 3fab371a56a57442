"""`alur diff`, as a person types it: two folders, a zip, versions and drafts."""

import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from web.cli import cli

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def alur(tmp_path):
    environment = {"ALUR_DATA": str(tmp_path / "var"), "ALUR_SECRET_KEY": "for tests only"}

    def run(*arguments):
        return CliRunner(env=environment).invoke(cli, [str(a) for a in arguments])

    return run


@pytest.fixture
def folders(tmp_path):
    """A package, and the same with one more working day to verify, as a zip."""
    package = ROOT / "bpmn" / "inaproc_access"
    changed = tmp_path / "inaproc_access.zip"
    with zipfile.ZipFile(changed, "w") as archive:
        for path in sorted(p for p in package.rglob("*") if p.is_file()):
            body = path.read_bytes()
            if path.name == "process.toml":
                body = body.replace(b'id = "', b'id = "Ubah: ', 1)
            archive.writestr(path.relative_to(package).as_posix(), body)
    return package, changed


def test_equal_packages_do_not_differ(alur, folders):
    result = alur("diff", folders[0], folders[0])

    assert (result.exit_code, result.output) == (0, "Tidak ada perbedaan. / No difference.\n")


def test_what_differs_is_said_in_both_languages_and_as_json(alur, folders):
    result = alur("diff", *folders)
    assert result.exit_code == 1
    assert "process.toml\n  ~ id: Nama proses: " in result.output
    assert "en: Name of the process: " in result.output

    report = json.loads(alur("diff", *folders, "--json").output)
    assert (report["same"], [c["file"] for c in report["changes"]]) == (False, ["process.toml"])


def test_versions_are_named_by_their_process_and_number(alur, folders):
    alur("migrate")
    assert alur("deploy", folders[0]).exit_code == 0
    assert alur("deploy", folders[1]).exit_code == 0

    assert alur("diff", "inaproc_access@1", "inaproc_access@2").exit_code == 1
    assert alur("diff", "inaproc_access@1", folders[0]).exit_code == 0
    for name in ("nowhere", "inaproc_access@7", "0" * 32):
        result = alur("diff", folders[0], name)
        assert result.exit_code == 2
        assert "There is no" in result.output
