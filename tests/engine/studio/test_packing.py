"""Packages in and out: byte for byte, whatever the machine; what is hostile or foreign is refused with a reason."""

import hashlib
import io
import zipfile
from pathlib import Path

import pytest

from engine.definitions import package_of, read_package
from engine.gate.check import check_package
from engine.manifest import FILE
from engine.studio.beginning import (
    STARTERS,
    KeyTakenError,
    check_key,
    from_copy,
    from_starter,
    from_upload,
    key_of,
    replacement,
)
from engine.studio.blanks import PLACES, blank, kind_of
from engine.studio.errors import BadFileError, BadPackageError
from engine.studio.packing import pack, unpack
from engine.studio.settings import read_settings

KNOWN = "72c52a4091107d2564f4a4a152293922fbb56b5fc5701192c7153fb05f3f8f8d"
BPMN = Path(__file__).resolve().parents[3] / "bpmn"
FILES = {"process.toml": b"# h\xc3\xa9\r\n", "process.bpmn": b"<a/>", "forms/b.json": b"{}\r\n", "forms/a.json": b""}


def zipped(entries):
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return body.getvalue()


def test_the_same_files_are_the_same_zip_in_whatever_order():
    assert pack(FILES) == pack(dict(reversed(FILES.items())))


def test_a_zip_gives_back_the_same_files_and_the_same_zip():
    package, left_out = unpack("x", pack(FILES))

    assert dict(package.files) == FILES
    assert left_out == []
    assert pack(package.files) == pack(FILES)


def test_a_known_zip_is_these_very_bytes():
    """So that a machine with another zlib, or another day, is noticed."""
    assert hashlib.sha256(pack({"a.md": b"x", "process.toml": b"y"})).hexdigest() == KNOWN


@pytest.mark.parametrize("name", sorted(p.name for p in BPMN.iterdir() if p.is_dir()))
def test_every_package_of_ours_survives_the_round_trip(name, tmp_path):
    package = read_package(BPMN / name)
    target = tmp_path / "there.zip"
    target.write_bytes(pack(package.files))

    assert dict(read_package(target).files) == dict(package.files)
    assert package_of(name, read_package(target).files).digest(name) == package.digest(name)


def test_what_is_no_zip_is_refused():
    with pytest.raises(BadPackageError):
        unpack("x", b"PK\x03\x04 and nothing more")


def test_files_that_are_no_part_of_a_process_are_left_out_and_named():
    package, left_out = unpack("x", zipped({**FILES, "run.exe": b"MZ", "../evil.json": b"{}"}))

    assert dict(package.files) == FILES
    assert sorted(f.file for f in left_out) == ["../evil.json", "run.exe"]


def test_a_zip_that_unpacks_to_far_too_much_is_refused():
    bomb = zipped({f"forms/f{n}.json": b"0" * 1_000_000 for n in range(20)})
    with pytest.raises(BadPackageError):
        unpack("x", bomb)


@pytest.mark.parametrize("name", STARTERS)
def test_a_starter_has_no_findings(name):
    made = from_starter(name, "pinjam_aula", "Pinjam aula", "Bagian Umum")

    assert check_package(package_of(made.key, made.files), None) == []
    settings = read_settings(made.files[FILE])
    assert (settings["title"]["id"], settings["owner"], settings["main"]) == ("Pinjam aula", "Bagian Umum", made.key)
    assert b"new_process" not in b"".join(made.files.values())


def test_a_copy_of_a_process_has_a_name_of_its_own():
    files = read_package(BPMN / "inaproc_access").files
    made = from_copy(files, "akses_lain", "Akses lain", "")

    assert check_package(package_of(made.key, made.files), None) == []
    assert read_settings(made.files[FILE])["title"] == {"id": "Akses lain", "en": ""}
    assert made.files["process.bpmn"] == files["process.bpmn"]
    assert b"# Siapa mengerjakan apa" in made.files[FILE]


def test_a_diagram_of_another_tool_is_taken_byte_for_byte_and_says_what_is_missing():
    body = (BPMN / "bps_operator/process.bpmn").read_bytes()
    body = body.replace(b"http://spiffworkflow.org/bpmn/schema/1.0/core", b"http://example.com/another/tool")
    made = from_upload("C:\\Unduhan\\Alur Cuti.bpmn", body, "", "", "Bagian Umum")

    assert (made.key, made.files["process.bpmn"]) == ("alur_cuti", body)
    assert read_settings(made.files[FILE])["main"] == "bps_operator"
    codes = {f.code for f in check_package(package_of(made.key, made.files), None)}
    assert {"lane_unknown", "form_missing"} <= codes


@pytest.mark.parametrize(
    "body", [b"", b"hello", b"<a/>", b'<!DOCTYPE x [<!ENTITY y "z">]><x>&y;</x>', b"\xff\xfe<\x00"]
)
def test_what_is_no_diagram_is_refused_with_a_reason(body):
    with pytest.raises(BadPackageError) as refused:
        from_upload("x.bpmn", body, "", "", "")
    assert len(refused.value.message("id")) > 40


def test_a_package_keeps_its_own_key_unless_another_is_wanted():
    files = dict(read_package(BPMN / "bps_formasi").files)
    made = from_upload("unduhan.zip", pack(files), "", "", "")
    assert (made.key, made.files) == ("bps_formasi", files)
    assert made.title == "Formasi Statistisi dan Pranata Komputer"

    other = from_upload("unduhan.zip", pack(files), "bps_lain", "", "")
    assert read_settings(other.files[FILE]) == read_settings(files[FILE]) | {}
    assert b'key = "bps_lain"' in other.files[FILE]


def test_an_upload_into_a_draft_is_of_the_same_process():
    files = dict(read_package(BPMN / "bps_formasi").files)
    with pytest.raises(BadPackageError):
        replacement("bps_operator", {}, "x.zip", pack(files))
    assert replacement("bps_formasi", {}, "x.zip", pack(files)).files == files

    other = (BPMN / "bps_operator/process.bpmn").read_bytes()
    assert replacement("bps_formasi", files, "x.bpmn", other).files == files | {"process.bpmn": other}


def test_a_zip_of_diagrams_alone_keeps_the_settings_of_the_draft():
    files = dict(read_package(BPMN / "bps_formasi").files)
    made = replacement("bps_formasi", files, "x.zip", pack({"process.bpmn": files["process.bpmn"]}))
    assert made.files == {k: files[k] for k in ("process.bpmn", FILE)}


def test_keys():
    assert key_of("  Izin Kegiatan (2026) ") == "izin_kegiatan_2026"
    assert key_of("Évaluasi") == "evaluasi"
    assert key_of("2026") == key_of("") == ""
    check_key("izin", taken=False)
    with pytest.raises(BadPackageError):
        check_key("Izin", taken=False)
    with pytest.raises(KeyTakenError):
        check_key("izin", taken=True)


@pytest.mark.parametrize("kind", PLACES)
def test_a_new_file_is_of_its_kind_and_may_stand_in_a_package(kind):
    path, body = blank(kind, "baru")

    assert package_of("x", {path: body}).findings == ()
    assert kind_of(path) == kind
    for bad in ("", "a b", "../x", "a<b", 'a"b', "1a"):
        with pytest.raises(BadFileError):
            blank(kind, bad)
