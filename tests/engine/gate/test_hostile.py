"""Files that want to do harm: every one ends in findings that name file, element, reason and cure."""

import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.gate.check import check_package
from engine.gate.package import MAX_FILE_BYTES, package_of, read_package
from tests.engine.gate.diagrams import END, HEAD, MANIFEST, START, TAIL, between, codes, findings, flows, process

BOMB = (
    '<?xml version="1.0"?>\n<!DOCTYPE lolz [<!ENTITY lol "lol">'
    + "".join(f'<!ENTITY l{n} "&l{n - 1 or ""};&l{n - 1 or ""};">' for n in range(1, 12))
    + "]>\n<lolz>&l11;</lolz>"
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + HEAD[39:] + "&f;" + TAIL

FILES = {
    "billion laughs": (BOMB, "doctype"),
    "external entity": (OUTSIDE, "doctype"),
    "doctype after a comment": ("<!-- x --><?y?> <!DOCTYPE a SYSTEM 'http://x/'><a/>", "doctype"),
    "parameter entity": ("<!DOCTYPE a [<!ENTITY % p SYSTEM 'file:///x'>%p;]><a/>", "doctype"),
    "lower case doctype": ("<!doctype html><html/>", "doctype"),
    "undeclared entity": (process("&nope;"), "xml"),
    "utf-16": (process(START).replace("UTF-8", "UTF-16").encode("utf-16"), "encoding"),
    "utf-32": (process(START).encode("utf-32"), "encoding"),
    "latin-1 declared": (process(START).replace("UTF-8", "ISO-8859-1").encode("latin-1"), "encoding"),
    "latin-1 undeclared": (process("<bpmn:documentation>é</bpmn:documentation>").encode("latin-1"), "encoding"),
    "utf-7": (process(START).replace("UTF-8", "UTF-7"), "encoding"),
    "ebcdic": (process(START).encode("cp500"), "encoding"),
    "null bytes": (b"\x00\x01\x02", "encoding"),
    "binary": (bytes(range(128, 256)), "encoding"),
    "empty": (b"", "empty"),
    "blank": (b" \n ", "empty"),
    "no xml": ("hello", "xml"),
    "cut off": (process(START)[:-30], "xml"),
    "html": ("<html><body/></html>", "not_bpmn"),
    "dmn as bpmn": ('<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>', "not_bpmn"),
    "bpmn 1": ('<definitions xmlns="http://schema.omg.org/spec/BPMN/2.0"/>', "not_bpmn"),
    "no process": (HEAD + TAIL, "no_process"),
    "too large": ("<x>" + "a" * 1_100_000 + "</x>", "too_large"),
    "nested 2,000 deep": (process("<bpmn:subProcess>" * 2000 + "</bpmn:subProcess>" * 2000), "xml"),
    "nested 100 deep": (process("<bpmn:subProcess>" * 100 + "</bpmn:subProcess>" * 100), "too_many"),
    "60,000 attributes": (process("<bpmn:task " + " ".join(f'a{n}="1"' for n in range(60_000)) + "/>"), "too_many"),
    "12,000 elements": (process('<bpmn:association id="a"/>' * 12_000), "too_many"),
    "instruction inside": (process(START + "<?php system('id') ?>" + END), "instruction"),
    "surrogate": (process('<bpmn:userTask id="u" name="&#xD800;"/>'), "xml"),
    "twice declared prefix": (process('<bpmn:task xmlns:a="u" xmlns:b="u" a:x="1" b:x="1"/>'), "xml"),
    "import": (process(START + END, roots='<bpmn:import location="file:///etc/passwd" namespace="n" importType="x"/>'),
               "unsupported"),
    "xinclude": (between('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'
                         '<bpmn:manualTask id="x"/>'), "foreign"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_refused_with_a_reason_and_a_cure(name):
    body, code = FILES[name]

    found = findings(body)

    assert code in {f.code for f in found if f.is_error}
    for finding in found:
        assert finding.file == "process.bpmn"
        assert all((finding.reason.id, finding.reason.en, finding.cure.id, finding.cure.en))
        assert "{" not in finding.reason.en


def test_a_bom_and_a_declaration_in_small_letters_are_harmless():
    body = between('<bpmn:manualTask id="x"/>').replace("UTF-8", "utf-8").encode("utf-8-sig")
    assert codes(findings(body)) == set()


def test_the_word_doctype_in_a_text_is_no_doctype():
    body = between(
        '<bpmn:manualTask id="x"><bpmn:documentation><![CDATA[<!DOCTYPE x>]]></bpmn:documentation></bpmn:manualTask>'
    )
    assert codes(findings(body)) == set()


ATTACKS = [
    "().__class__.__bases__[0].__subclasses__()", "__import__('os').system('id')", "open('/etc/passwd')",
    "[x for x in (1).__class__.__mro__]", "a.__dict__", "eval('1')", "(lambda: 1)()",
]  # fmt: skip
PLACES = {
    "script": lambda e: between(f'<bpmn:scriptTask id="x"><bpmn:script>y = {e}</bpmn:script></bpmn:scriptTask>'),
    "preScript": lambda e: between(
        '<bpmn:manualTask id="x"><bpmn:extensionElements><spiffworkflow:preScript>y = '
        f"{e}</spiffworkflow:preScript></bpmn:extensionElements></bpmn:manualTask>"
    ),
    "condition": lambda e: process(
        START + '<bpmn:exclusiveGateway id="x" default="f1"/><bpmn:manualTask id="y"/>' + END
        + flows(("s", "x"), ("x", "e"), ("x", "y", e), ("y", "e"))
    ),
    "timer": lambda e: between(
        '<bpmn:intermediateCatchEvent id="x"><bpmn:timerEventDefinition><bpmn:timeDate>'
        f"{e}</bpmn:timeDate></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    ),
    "cardinality": lambda e: between(
        '<bpmn:manualTask id="x"><bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>'
        f"{e}</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics></bpmn:manualTask>"
    ),
    "due": lambda e: between(
        '<bpmn:userTask id="x"><bpmn:extensionElements><spiffworkflow:properties><spiffworkflow:property name="due" '
        f'value="{e}"/></spiffworkflow:properties></bpmn:extensionElements></bpmn:userTask>'
    ),
    "parameter": lambda e: between(
        '<bpmn:serviceTask id="x"><bpmn:extensionElements><spiffworkflow:serviceTaskOperator id="h">'
        f'<spiffworkflow:parameters><spiffworkflow:parameter id="i" type="str" value="{e}"/></spiffworkflow:parameters>'
        "</spiffworkflow:serviceTaskOperator></bpmn:extensionElements></bpmn:serviceTask>"
    ),
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("place", PLACES)
def test_python_in_a_diagram_is_refused_wherever_it_stands(place, attack):
    found = findings(PLACES[place](attack))

    guilty = [f for f in found if f.code == "expression"]
    assert guilty
    assert all(f.element.startswith(("x", "f")) for f in guilty)
    assert all(f.line for f in guilty)


SAMPLE = between(
    '<bpmn:userTask id="x" name="Periksa"><bpmn:extensionElements><spiffworkflow:properties><spiffworkflow:property '
    'name="due" value="now() + hours(72)"/></spiffworkflow:properties></bpmn:extensionElements></bpmn:userTask>'
    '<bpmn:boundaryEvent id="b" attachedToRef="x"><bpmn:timerEventDefinition><bpmn:timeDuration>"PT72H"'
    "</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>",
    more='<bpmn:sequenceFlow id="g" sourceRef="b" targetRef="e"/>',
)
PIECES = SAMPLE.replace(">", ">\x00").replace('"', '"\x00').split("\x00")


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_diagram_with_anything_moved_dropped_or_doubled_ends_in_findings(data):
    pieces = list(PIECES)
    for _ in range(data.draw(st.integers(1, 6))):
        here = data.draw(st.integers(0, len(pieces) - 1))
        act = data.draw(st.sampled_from(("drop", "double", "swap", "put")))
        if act == "drop":
            del pieces[here]
        elif act == "double":
            pieces.insert(here, pieces[here])
        elif act == "swap":
            there = data.draw(st.integers(0, len(pieces) - 1))
            pieces[here], pieces[there] = pieces[there], pieces[here]
        else:
            pieces.insert(here, data.draw(st.text(max_size=5)))

    for finding in findings("".join(pieces).encode("utf-8", "surrogatepass")):
        assert finding.reason.in_locale("id")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_at_all_end_in_findings(body):
    files = {"process.bpmn": body, "process.toml": body, "decisions/d.dmn": body, "forms/f.json": body}
    assert any(f.is_error for f in check_package(package_of("x", files), None))


# packages --------------------------------------------------------------------------------------------------------


def test_a_zip_cannot_reach_outside_or_swell(tmp_path):
    path = tmp_path / "izin.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("process.toml", MANIFEST)
        archive.writestr("../outside.bpmn", "x")
        archive.writestr("/etc/passwd", "x")
        archive.writestr("forms/big.json", b" " * (MAX_FILE_BYTES + 1))
        link = zipfile.ZipInfo("forms/link.json")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")

    package = read_package(path)

    assert set(package.files) == {"process.toml"}
    assert {f.code for f in package.findings} == {"file_name", "too_large", "link"}


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04 broken", b"hello", b"PK\x05\x06" + b"\x00" * 18])
def test_a_broken_zip_is_a_finding(tmp_path, body):
    path = tmp_path / "izin.zip"
    path.write_bytes(body)
    assert any(f.is_error for f in check_package(read_package(path), None))


def test_a_zip_of_a_folder_is_the_folder(tmp_path):
    path = tmp_path / "izin.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("izin/process.toml", MANIFEST)
        archive.writestr("__MACOSX/._process.toml", "x")
    assert set(read_package(path).files) == {"process.toml"}


def test_links_and_strange_files_in_a_folder_are_findings(tmp_path):
    (tmp_path / "process.toml").write_bytes(MANIFEST)
    (tmp_path / "evil.py").write_text("import os")
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "f.json").symlink_to("/etc/passwd")
    (tmp_path / ".DS_Store").write_text("x")

    package = read_package(tmp_path)

    assert set(package.files) == {"process.toml"}
    assert {(f.code, f.file) for f in package.findings} == {("link", "forms/f.json"), ("unknown_file", "evil.py")}


def test_too_many_files_are_a_finding():
    found = check_package(package_of("x", {f"forms/f{n}.json": b"{}" for n in range(301)}), None)
    assert "too_large" in {f.code for f in found}
