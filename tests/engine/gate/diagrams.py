"""Diagrams as text for the gate's tests: foreign and broken ones, which no builder would write."""

from engine.gate.check import check_package
from engine.gate.package import package_of
from engine.registry import Field, Handler, Registry

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0" '
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:di="http://www.omg.org/spec/DD/20100524/DI" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="http://alur.test">\n'
)
TAIL = "</bpmn:definitions>"
START = '<bpmn:startEvent id="s"/>'
END = '<bpmn:endEvent id="e"/>'

MANIFEST = b"""
key = "izin"
title = { id = "Izin", en = "Permit" }
owner = "Dinas"
main = "p"
[lanes.Petugas]
role = "petugas"
[lanes.Sistem]
assign = "system"
[roles.petugas]
id = "Petugas"
en = "Officer"
"""


def flows(*pairs, prefix="f"):
    """Sequence flows; a third member of a pair is its condition."""
    found = []
    for number, (source, target, *condition) in enumerate(pairs):
        inner = f"<bpmn:conditionExpression>{condition[0]}</bpmn:conditionExpression>" if condition else ""
        ident = f'id="{prefix}{number}" sourceRef="{source}" targetRef="{target}"'
        found.append(f"<bpmn:sequenceFlow {ident}>{inner}</bpmn:sequenceFlow>")
    return "".join(found)


def process(inner, *, roots="", attributes='isExecutable="true"', ident="p"):
    return f'{HEAD}{roots}<bpmn:process id="{ident}" {attributes}>\n{inner}\n</bpmn:process>\n{TAIL}'


def between(middle, *, node="x", more="", roots=""):
    """start → `node` → end, with `middle` being the node (and whatever else)."""
    return process(START + middle + END + flows(("s", node), (node, "e")) + more, roots=roots)


def extended(tag, extensions, attributes="", ident="x", inner=""):
    return (
        f'<bpmn:{tag} id="{ident}" {attributes}><bpmn:extensionElements>{extensions}</bpmn:extensionElements>'
        f"{inner}</bpmn:{tag}>"
    )


def properties(**values):
    rows = "".join(f'<spiffworkflow:property name="{k}" value="{v}"/>' for k, v in values.items())
    return f"<spiffworkflow:properties>{rows}</spiffworkflow:properties>"


def registry():
    found = Registry()
    found.add(
        Handler(
            "izin.terbit", "inline", lambda _, **__: {}, "Terbitkan", "Issue",
            inputs=(Field("nama", "text", "Nama", "Name"), Field("catatan", "text", "Catatan", "Note", required=False)),
            outputs=(Field("nomor", "text", "Nomor", "Number"),), errors=("habis",),
        )
    )  # fmt: skip
    return found


def findings(body, *, files=None, handlers=None, loose=True):
    """What the gate says about one diagram, or about a package with `files` beside it."""
    body = body.encode() if isinstance(body, str) else body
    package = package_of("izin", {"process.bpmn": body, **(files or {})})
    return check_package(package, handlers, loose=loose)


def packaged(body, **more):
    """As `findings`, with a manifest and the test's handlers."""
    files = {"process.toml": MANIFEST, **more.pop("files", {})}
    return findings(body, files=files, handlers=registry(), loose=False, **more)


def codes(found, severity="error"):
    return {(f.code, f.element) for f in found if f.severity == severity}
