"""Checks a whole package: every file, and whether the files fit each other. All findings at once."""

from engine.gate.findings import Finding, Findings
from engine.gate.package import Package
from engine.gate.toml import read_manifest
from engine.manifest import FILE
from engine.registry import Registry


def check_package(package: Package, registry: Registry) -> list[Finding]:
    """Everything that keeps this package from being deployed, and what is likely not meant."""
    findings = Findings(package.name, package.findings)
    _, faults = read_manifest(package.files.get(FILE), package.name)
    findings.extend(faults)
    return list(findings)
