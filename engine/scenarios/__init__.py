"""Scenarios: what must happen with a process, told as given / when / then, played on the real engine."""

from engine.scenarios.findings import FileFault, ScenarioFileError
from engine.scenarios.outcome import DiagramReport, Failure, PackageReport, Result
from engine.scenarios.reader import read_scenarios
from engine.scenarios.run import find_packages, run_package, run_scenario

__all__ = [
    "DiagramReport",
    "Failure",
    "FileFault",
    "PackageReport",
    "Result",
    "ScenarioFileError",
    "find_packages",
    "read_scenarios",
    "run_package",
    "run_scenario",
]
