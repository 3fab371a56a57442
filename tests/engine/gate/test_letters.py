"""The gate sets every letter once with its own sample, so that a fault is told before a case meets it."""

from pathlib import Path

import pytest

from engine.gate.letters import check_letters, is_letter
from engine.gate.package import package_of, read_package

HEAD = '/* contoh {"name": "Siti"} */\n#import "alur.typ": *\n'
PACKAGES = sorted({path.parent.parent for path in Path("bpmn").glob("*/letters/*.typ")})


def found(files):
    package = package_of("p", {f"letters/{name}": body.encode() for name, body in files.items()})
    return [(f.code, f.file, f.line) for findings in check_letters(package) for f in findings]


def test_a_letter_with_pieces_of_its_own_is_in_order():
    files = {
        "surat.typ": HEAD + '#import "_kop.typ": kepala\n#kepala\n#image("logo.svg", alt: "x")\n#data.name',
        "_kop.typ": "#let kepala = [Kepala surat]",
        "logo.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    }
    assert found(files) == []


def test_a_fault_is_told_with_the_line_of_the_file_it_is_in():
    assert found({"surat.typ": HEAD + "\n#data.umur"}) == [("letter_fault", "letters/surat.typ", 4)]
    assert found({"surat.typ": HEAD + "#tanggal("}) == [("letter_fault", "letters/surat.typ", 3)]
    (fault,) = found({"surat.typ": HEAD + '#import "_kop.typ": *', "_kop.typ": "\n\n#let x = y"})
    assert fault == ("letter_fault", "letters/surat.typ", 3)


@pytest.mark.parametrize("sample", ["{", "[1]", '{"name": }'])
def test_a_sample_that_is_no_record_is_told(sample):
    ((code, _, line),) = found({"surat.typ": f"/* contoh\n{sample}\n*/\nYth."})
    assert code == "letter_fault"
    assert 1 <= line <= 4


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ('#import "@preview/cetz:0.3.0": canvas', "letter_package"),
        ('#include "@local/rumah:1.0.0"', "letter_package"),
        ('#eval(data.name, mode: "markup")', "letter_power"),
        ('#plugin("x.wasm")', "letter_power"),
    ],
)
def test_what_letters_must_not_use_is_told_by_line(words, code):
    assert found({"surat.typ": HEAD + words}) == [(code, "letters/surat.typ", 3)]
    assert found({"surat.typ": HEAD, "_kop.typ": words}) == [(code, "letters/_kop.typ", 1)]


def test_a_comment_may_name_what_is_forbidden():
    assert found({"surat.typ": HEAD + '// #eval("1") #import "@preview/x"\n/* #plugin("x") */'}) == []


def test_an_unreadable_template_is_told():
    package = package_of("p", {"letters/surat.typ": b"\xff\xfe"})
    assert [f.code for findings in check_letters(package) for f in findings] == ["encoding"]


@pytest.mark.parametrize("folder", PACKAGES, ids=lambda p: p.name)
def test_the_letters_of_our_own_packages_are_in_order(folder):
    package = read_package(folder)
    assert any(is_letter(Path(path).name) for path in package.files if path.startswith("letters/"))
    assert [f.sentence() for findings in check_letters(package) for f in findings] == []
