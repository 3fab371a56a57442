"""Checks a whole package: every file, and whether the files fit each other. All findings at once, nothing is run."""

from engine.errors import DefinitionError
from engine.gate.activities import check_activities
from engine.gate.catalogue import report
from engine.gate.coverage import check_coverage
from engine.gate.deadlines import check_deadlines
from engine.gate.diagram import Diagram, Scope
from engine.gate.elements import check_across
from engine.gate.errors import check_errors
from engine.gate.events import check_events
from engine.gate.filling import filling
from engine.gate.findings import Finding, Findings
from engine.gate.graph import check_graph, reached
from engine.gate.layout import check_layout
from engine.gate.letters import check_letters
from engine.gate.loops import check_calls, check_loops
from engine.gate.mails import check_mails
from engine.gate.names import check_names, check_parameters
from engine.gate.package import Package
from engine.gate.parts import read_decisions, read_diagrams, read_forms
from engine.gate.payloads import check_payloads
from engine.gate.people import check_people
from engine.gate.reading import check_reading
from engine.gate.soundness import check_soundness
from engine.gate.sources import check_sources
from engine.gate.toml import read_manifest
from engine.gate.vocabulary import BPMN
from engine.manifest import FILE, Manifest
from engine.registry import Registry
from engine.spiff import parse

_ORDER = {"error": 0, "warning": 1}


def check_package(package: Package, registry: Registry | None, *, loose: bool = False) -> list[Finding]:
    """Everything that keeps this package from being deployed, and what is likely not meant.

    `loose`: single files that are no package; then process.toml and its roles are not asked for.
    """
    found = Findings(package.name, package.findings)
    manifest: Manifest | None = None
    if not loose or FILE in package.files:
        manifest, faults = read_manifest(package.files.get(FILE), package.name)
        found.extend(faults)
    decisions, about_decisions = read_decisions(package)
    forms, names, about_forms = read_forms(package, registry)
    diagrams, about_diagrams = read_diagrams(package)
    for diagram in diagrams:
        check_sources(diagram)
        check_events(diagram)
        check_activities(diagram, registry, frozenset(d.id for d in decisions))
        check_graph(diagram)
        check_soundness(diagram)
        check_layout(diagram)
    check_across(diagrams)
    check_calls(diagrams)
    check_loops(diagrams)
    check_errors(diagrams, registry)
    check_payloads(diagrams)
    about_people = check_people(diagrams, manifest, names)
    filled = filling(diagrams, forms, decisions, registry)
    check_names(diagrams, decisions, filled)
    check_reading(diagrams, filled)
    check_parameters(diagrams, manifest)
    check_deadlines(diagrams, manifest)
    about_tables = check_coverage(package, forms, manifest)
    about_mails = check_mails(package, diagrams, registry)
    mains = _mains(diagrams, manifest, loose=loose)
    found.extend(_check_main(diagrams, manifest, mains))
    about = (*about_diagrams, *about_decisions, *about_tables, *about_forms, *about_people, *about_mails)
    for part in (*about, *check_letters(package)):
        found.extend(part)
    if not any(f.is_error for f in found):
        found.extend(finding for main in mains for finding in _ask_engine(package, main))
    return sorted(set(found), key=lambda f: (_ORDER[f.severity], f.file, f.line or 0, f.element, f.code))


def _calls(diagrams: list[Diagram]) -> dict[str, list[str]]:
    return {
        scope.id: [e.get("calledElement") or "" for e in scope.element.iter(f"{BPMN}callActivity")]
        for diagram in diagrams
        for scope in diagram.processes
    }


def _mains(diagrams: list[Diagram], manifest: Manifest | None, *, loose: bool) -> list[str]:
    """The processes that cases start on: the manifest's main one; of loose files, those that nobody calls."""
    if manifest is not None:
        return [manifest.main]
    calls = _calls(diagrams)
    called = {c for targets in calls.values() for c in targets}
    return [ident for ident in calls if ident not in called] if loose else []


def _check_main(diagrams: list[Diagram], manifest: Manifest | None, mains: list[str]) -> Findings:
    """The main process is there, and whatever is run may be run."""
    processes: dict[str, tuple[Diagram, Scope]] = {s.id: (d, s) for d in diagrams for s in d.processes}
    findings = Findings(FILE)
    if manifest is not None and manifest.main not in processes:
        report(findings, "main_unknown", "main", name=manifest.main, known=", ".join(processes) or "-")
    run = reached(mains, _calls(diagrams))
    for ident, (diagram, scope) in processes.items():
        if ident in run and scope.element.get("isExecutable") == "false":
            diagram.say("not_executable", scope.element)
        elif ident not in run and manifest is not None and manifest.main in processes:
            diagram.say("never_run", scope.element)
    return findings


def _ask_engine(package: Package, main: str) -> Findings:
    """The last word: the engine itself reads what the gate let through. It runs nothing."""
    findings = Findings(FILE)
    try:
        parse({**package.of_kind(".bpmn"), **package.of_kind(".dmn")}, main)
    except DefinitionError as error:
        report(findings, "engine_refused", main, why=error.message("en"))
    except (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError) as error:
        # whatever the library stumbles over in a foreign file is a finding
        report(findings, "engine_refused", main, why=f"{type(error).__name__}: {error}")
    return findings
