"""Shared folders: what a package uses becomes part of it, once and for all; what only lends is never deployed alone."""

import zipfile

import pytest

from engine.definitions import RefusedPackageError, check_package, deploy, is_shared, package_of, read_package
from engine.registry import Registry
from tests.engine.gate.diagrams import MANIFEST, between, process
from tests.support.office import START

CALL = between('<bpmn:callActivity id="x" calledElement="lent"/>').encode()
LENT = process('<bpmn:startEvent id="ls"/><bpmn:endEvent id="le"/>'
               '<bpmn:sequenceFlow id="lf" sourceRef="ls" targetRef="le"/>', ident="lent").encode()  # fmt: skip
USING = b'uses = ["umum"]\n' + MANIFEST.split(b"[lanes.")[0]
SHARED = b"shared = true\n" + MANIFEST.split(b"[lanes.")[0]


def folder(place, files):
    for path, body in files.items():
        target = place / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(body)
    return place


@pytest.fixture
def packages(tmp_path):
    folder(tmp_path / "umum", {
        "process.toml": SHARED, "process.bpmn": CALL, "README.md": b"-",
        "diagrams/lent.bpmn": LENT, "mails/reminder.txt": b"Subjek: a\n\nb\n--- en\nSubject: a\n\nb\n",
    })  # fmt: skip
    folder(tmp_path / "izin", {"process.toml": USING, "process.bpmn": CALL})
    return tmp_path


def errors(package):
    return [f.code for f in check_package(package, Registry()) if f.is_error]


def test_a_package_is_whole_when_it_is_read(packages):
    package = read_package(packages / "izin")

    assert set(package.files) == {"process.toml", "process.bpmn", "diagrams/lent.bpmn", "mails/reminder.txt"}
    assert package.lent == {"diagrams/lent.bpmn": "umum", "mails/reminder.txt": "umum"}
    assert errors(package) == []


def test_what_is_lent_belongs_to_the_version(packages):
    before = read_package(packages / "izin").digest("izin")
    (packages / "umum/mails/reminder.txt").write_bytes(b"Subjek: lain\n\nb\n--- en\nSubject: other\n\nb\n")

    assert read_package(packages / "izin").digest("izin") != before


def test_an_export_is_the_same_version_without_the_shared_folder(packages, tmp_path):
    package = read_package(packages / "izin")
    exported = tmp_path / "elsewhere" / "izin.zip"
    exported.parent.mkdir()
    with zipfile.ZipFile(exported, "w") as archive:
        for path, body in package.files.items():
            archive.writestr(path, body)

    assert errors(read_package(exported)) == []
    assert read_package(exported).digest("izin") == package.digest("izin")


def test_an_export_unpacked_beside_the_shared_folder_is_the_same_version(packages):
    package = read_package(packages / "izin")
    again = read_package(folder(packages / "izin_lagi", package.files))

    assert again.digest("izin") == package.digest("izin")


def test_two_files_of_one_name_and_different_content_clash(packages):
    folder(packages / "izin", {"mails/reminder.txt": b"Subjek: x\n\ny\n--- en\nSubject: x\n\ny\n"})

    assert "uses_clash" in errors(read_package(packages / "izin"))


@pytest.mark.parametrize("name", ["tak_ada", "izin", "../umum", "."])
def test_only_a_shared_folder_beside_it_is_used(packages, name):
    manifest = USING.replace(b"umum", name.encode())
    folder(packages / "izin", {"process.toml": manifest})

    package = read_package(packages / "izin")
    assert "diagrams/lent.bpmn" not in package.files
    assert "uses_unknown" in errors(package)


def test_a_link_is_no_shared_folder(packages):
    (packages / "palsu").symlink_to(packages / "umum")

    assert not is_shared(packages / "palsu")


def test_a_shared_package_uses_no_other(packages):
    folder(packages / "umum", {"process.toml": b'uses = ["izin"]\n' + SHARED})

    assert "manifest" in errors(read_package(packages / "umum"))


def test_a_shared_package_is_checked_and_not_deployed(packages, database):
    package = read_package(packages / "umum")
    assert errors(package) == []

    with pytest.raises(RefusedPackageError), database.write() as unit:
        deploy(unit, package, Registry(), "test", "", START)


def test_an_unreadable_manifest_stays_a_finding():
    assert "toml" in errors(package_of("izin", {"process.toml": b"uses = [", "process.bpmn": CALL}))
