"""The parts of a package as they are read: each file by itself, before anybody asks whether they fit each other."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from engine.forms import Form, read_form
from engine.gate.catalogue import report
from engine.gate.diagram import Diagram, read_diagram
from engine.gate.dmn import Decision, read_decision
from engine.gate.elements import check_elements
from engine.gate.filling import Filling, filling
from engine.gate.findings import Findings
from engine.gate.graph import fits
from engine.gate.package import Package
from engine.gate.toml import read_manifest
from engine.manifest import FILE, Manifest
from engine.registry import Registry


@dataclass(frozen=True)
class Parts:
    """What of a package can be read, whatever is wrong with the rest."""

    manifest: Manifest | None
    diagrams: list[Diagram]
    decisions: list[Decision]
    forms: dict[str, Form]
    filled: Filling

    def diagram(self, file: str) -> Diagram | None:
        return next((d for d in self.diagrams if d.file == file), None)


def read_parts(package: Package, registry: Registry) -> Parts:
    """For who asks questions of a package instead of judging it."""
    manifest, _ = read_manifest(package.files.get(FILE), package.name)
    decisions, _ = read_decisions(package)
    forms, _, _ = read_forms(package, registry)
    diagrams, _ = read_diagrams(package)
    return Parts(manifest, diagrams, decisions, forms, filling(diagrams, forms, decisions, registry))


def read_decisions(package: Package) -> tuple[list[Decision], list[Findings]]:
    """Decision tables that can be read, and what is wrong with them."""
    decisions: list[Decision] = []
    about = []
    for path, body in package.of_kind(".dmn").items():
        findings = Findings(path)
        decision = read_decision(body, findings)
        if decision is not None:
            if decision.id in {d.id for d in decisions}:
                report(findings, "duplicate_id", decision.id, id=decision.id)
            decisions.append(decision)
        about.append(findings)
    return decisions, about


def read_forms(package: Package, registry: Registry | None) -> tuple[dict[str, Form], list[str], list[Findings]]:
    """Forms that can be read, the names of all, and what is wrong with them."""
    sources = None if registry is None else frozenset(registry.fields.names())
    forms, names, about = {}, [], []
    for path, body in package.of_kind(".json").items():
        findings, name = Findings(path), PurePosixPath(path).stem
        names.append(name)
        read = read_form(body, name, sources)
        if read.form is not None:
            forms[name] = read.form
        for fault in read.faults:
            add = findings.error if fault.severity == "error" else findings.warning
            add(fault.where, f"form_{fault.code}", fault.reason, fault.cure)
        about.append(findings)
    return forms, names, about


def read_diagrams(package: Package) -> tuple[list[Diagram], list[Findings]]:
    """Diagrams that are small enough to be looked into, and what is wrong with the elements of all."""
    diagrams, about = [], []
    for path, body in package.of_kind(".bpmn").items():
        findings = Findings(path)
        diagram = read_diagram(path, body, findings)
        if diagram is not None:
            check_elements(diagram)
            if fits(diagram):
                diagrams.append(diagram)
        about.append(findings)
    return diagrams, about
