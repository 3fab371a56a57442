"""Packages become versions by their content, are loaded once, and are refused whole."""

import zipfile
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from engine.definitions import Definitions, RefusedPackageError, deploy, package_of, read_package, withdraw
from engine.errors import NotFoundError
from models import Definition, DefinitionVersion
from tests.engine.gate.diagrams import MANIFEST, registry
from tests.support.bpmn import Process
from tests.support.databases import counting

NOW = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
FORM = b'{"type": "default", "components": [{"type": "textfield", "key": "nama", "label": "Nama"}]}'


def package(name="Periksa"):
    p = Process("p", name="Izin")
    p.chain(p.start(), p.user("u", name=name, form="f", lane="Petugas"), p.end())
    return package_of("izin", {"process.toml": MANIFEST, "process.bpmn": p.document(), "forms/f.json": FORM})


def put(database, found, note="", now=NOW):
    with database.write() as unit:
        return deploy(unit, found, registry(), "Ani", note, now).id


def test_a_deployed_package_can_be_run(database):
    version_id = put(database, package(), "pertama")

    loaded = Definitions(database).current("izin")

    assert loaded.id == version_id
    assert (loaded.key, loaded.number, loaded.manifest.title.en) == ("izin", 1, "Permit")
    assert loaded.specs.elements["u"].properties["form"] == "f"
    assert loaded.forms["f"].name == "f"
    assert loaded.files["process.toml"] == MANIFEST
    with database.read() as unit:
        row = unit.session.get(DefinitionVersion, version_id)
        assert (row.deployed_by, row.note, row.deployed_at) == ("Ani", "pertama", NOW)
        assert row.manifest["lanes"]["Petugas"]["role"] == "petugas"


def test_the_same_content_is_the_same_version(database):
    first = put(database, package())
    again = put(database, package())
    other = put(database, package("Periksa berkas"))

    assert first == again != other
    with database.read() as unit:
        assert unit.session.execute(select(func.count()).select_from(DefinitionVersion)).scalar() == 2
    assert Definitions(database).current("izin").number == 2


def test_deploying_an_old_content_again_makes_it_current(database):
    first = put(database, package())
    put(database, package("Lain"))
    assert put(database, package()) == first
    assert Definitions(database).current_id("izin") == first


def test_every_byte_counts():
    digests = {
        package().digest("izin"),
        package("Lain").digest("izin"),
        package().digest("izin2"),
        package_of("izin", {**package().files, "mails/a.txt": b""}).digest("izin"),
        package_of("izin", {**package().files, "README.md": b"x"}).digest("izin"),
    }
    assert len(digests) == 5


def test_a_refused_package_leaves_nothing_and_says_all(database):
    broken = package_of("izin", {**package().files, "forms/f.json": b"{", "decisions/d.dmn": b"<a/>"})

    with pytest.raises(RefusedPackageError) as caught:
        put(database, broken)

    assert {f.file for f in caught.value.findings if f.is_error} == {"forms/f.json", "decisions/d.dmn"}
    assert "2" in caught.value.message("id")
    with database.read() as unit:
        assert unit.session.execute(select(func.count()).select_from(Definition)).scalar() == 0


def test_a_version_is_read_and_parsed_once(database):
    version_id = put(database, package())
    definitions = Definitions(database)

    first = definitions.version(version_id)
    with counting(database) as seen:
        again = definitions.version(version_id)

    assert again is first
    assert seen == []


def test_a_version_can_be_loaded_inside_a_transaction(database):
    version_id = put(database, package())
    with database.write() as unit:
        assert Definitions(database).version(version_id, unit).id == version_id
        assert Definitions(database).current("izin", unit).id == version_id


def test_a_withdrawn_process_starts_nothing_and_keeps_its_versions(database):
    version_id = put(database, package())
    definitions = Definitions(database)
    with database.write() as unit:
        withdraw(unit, "izin")

    with pytest.raises(NotFoundError):
        definitions.current("izin")
    assert definitions.version(version_id).number == 1


@pytest.mark.parametrize("ask", [lambda d: d.current("tak_ada"), lambda d: d.version("0" * 64)])
def test_what_is_not_there_is_not_found(database, ask):
    with pytest.raises(NotFoundError):
        ask(Definitions(database))


def test_a_folder_and_a_zip_of_it_are_the_same_package(tmp_path):
    folder = tmp_path / "izin"
    for path, body in package().files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(body)
    with zipfile.ZipFile(tmp_path / "izin.zip", "w") as archive:
        for path in package().files:
            archive.write(folder / path, f"izin/{path}")

    assert read_package(folder).digest("izin") == package().digest("izin")
    assert read_package(tmp_path / "izin.zip").digest("izin") == package().digest("izin")
