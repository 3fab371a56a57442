"""The scenarios of a draft: read, played a few at a time, their results kept until the draft changes."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlmodel import col

from engine.definitions import Definitions, Package, package_of
from engine.errors import NotFoundError
from engine.registry import Registry
from engine.scenarios import DiagramReport, FileFault, PackageReport, Result, ScenarioFileError, read_scenarios
from engine.scenarios.model import Scenario
from engine.scenarios.outcome import Failure
from engine.scenarios.run import FOLDER, by_diagram, first_start, run_scenario, scenarios_of
from engine.scenarios.stages import Prepare, Stages, refusals_of
from engine.studio.trials.theatre import Theatre
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from models import ScenarioResult

AT_A_TIME = 3
"""How many are played before a page hears of them."""


@dataclass(frozen=True)
class Told:
    """One scenario of a draft with its last result; None while it was not played on the draft as it is."""

    scenario: Scenario
    number: int
    result: Result | None

    @property
    def state(self) -> str:
        """todo | passed | failed"""
        return "todo" if self.result is None else "passed" if self.result.passed else "failed"


@dataclass(frozen=True)
class ScenarioFile:
    """A file of scenarios: those it tells, or why it cannot be read."""

    path: str
    told: tuple[Told, ...] = ()
    faults: tuple[FileFault, ...] = ()


@dataclass(frozen=True)
class Overview:
    """All scenarios of a draft, and what they cover of its diagrams."""

    files: tuple[ScenarioFile, ...]
    diagrams: tuple[DiagramReport, ...]

    @property
    def all(self) -> list[Told]:
        return [told for file in self.files for told in file.told]

    @property
    def left(self) -> int:
        return sum(told.result is None for told in self.all)

    def count(self, state: str) -> int:
        return sum(told.state == state for told in self.all)


def run_draft_scenarios(
    key: str, files: Mapping[str, bytes], registry: Registry, prepare: Prepare, companions: Mapping[str, Package]
) -> PackageReport:
    """All scenarios of these files at once: what `alur scenario` does, with bytes instead of a folder."""
    package = package_of(key, files)
    refusal = refusals_of(package, registry)
    if refusal:
        return PackageReport(key, refusal=tuple(refusal))
    scenarios, faults = scenarios_of(package)
    if faults:
        return PackageReport(key, faults=tuple(faults))
    with Stages(package, companions, registry, prepare, first_start(scenarios)) as stages:
        results = tuple(run_scenario(stages.of(scenario), scenario) for scenario in scenarios)
        return PackageReport(key, tuple(by_diagram(key, package, results)))


def overview(unit: UnitOfWork, draft_id: str, package: Package) -> Overview:
    """What the files tell, with the results that were won from just these files."""
    digest = content_of(package)
    rows = select(ScenarioResult).where(col(ScenarioResult.draft_id) == draft_id, col(ScenarioResult.digest) == digest)
    known = {(row.file, row.number): row for row in unit.session.execute(rows).scalars()}
    files = []
    for path, body in sorted(package.files.items()):
        if path.startswith(FOLDER):
            files.append(_file(path, body, known))
    results = tuple(told.result for file in files for told in file.told if told.result is not None)
    return Overview(tuple(files), tuple(by_diagram(package.name, package, results)))


def play_some(
    theatre: Theatre, package: Package, companions: Mapping[str, Package], wanted: Sequence[Told]
) -> list[tuple[Told, Result]]:
    """Play these scenarios, each on a world of its own. RefusedPackageError where the gate refuses the draft."""
    played = []
    for told in wanted:
        own = {c.name: companions[c.name] for c in told.scenario.companions if c.name in companions}
        with theatre.stage(package, own, told.scenario.start) as stage:
            played.append((told, run_scenario(stage, told.scenario)))
    return played


def keep(
    unit: UnitOfWork, draft_id: str, package: Package, played: Iterable[tuple[Told, Result]], now: datetime
) -> None:
    """Keep results; those of the draft as it was before are forgotten."""
    digest = content_of(package)
    unit.session.execute(
        delete(ScenarioResult).where(col(ScenarioResult.draft_id) == draft_id, col(ScenarioResult.digest) != digest)
    )
    for told, result in played:
        unit.session.merge(
            ScenarioResult(
                draft_id=draft_id,
                file=told.scenario.file,
                number=told.number,
                digest=digest,
                failures=[_failure_row(failure) for failure in result.failures],
                taken=sorted(result.taken),
                at=now,
            )
        )


def forget(unit: UnitOfWork, draft_id: str) -> None:
    """All results of a draft, so that all are played again."""
    unit.session.execute(delete(ScenarioResult).where(col(ScenarioResult.draft_id) == draft_id))


def companions_of(
    unit: UnitOfWork, definitions: Definitions, names: Iterable[str]
) -> tuple[dict[str, Package], list[Text]]:
    """The packages that stories name beside their own, as they are in use now; and those that are not."""
    found: dict[str, Package] = {}
    missing: list[Text] = []
    for name in sorted(set(names)):
        try:
            found[name] = package_of(name, definitions.current(name, unit).files)
        except NotFoundError:
            words = Text("Proses “{name}” tidak berlaku di sini; skenario yang memakainya tidak dapat dimainkan.",
                         "No process “{name}” is in use here; scenarios that need it cannot be played.")  # fmt: skip
            missing.append(words.filled(name=name))
    return found, missing


def content_of(package: Package) -> str:
    """What the draft's files are called by, all together."""
    return hashlib.sha256(package.digest(package.name).encode()).hexdigest()


def _file(path: str, body: bytes, known: Mapping[tuple[str, int], ScenarioResult]) -> ScenarioFile:
    try:
        scenarios = read_scenarios(path, body)
    except ScenarioFileError as error:
        return ScenarioFile(path, faults=tuple(error.faults))
    told = (Told(s, number, _result(s, known.get((path, number)))) for number, s in enumerate(scenarios))
    return ScenarioFile(path, tuple(told))


def _result(scenario: Scenario, row: ScenarioResult | None) -> Result | None:
    if row is None:
        return None
    failures = tuple(_failure(scenario, found) for found in row.failures)
    return Result(scenario.title, scenario.file, failures, frozenset(row.taken))


_TEXTS = ("subject", "expected", "actual")


def _failure_row(failure: Failure) -> dict[str, object]:
    return {"line": failure.line} | {name: getattr(failure, name).to_json() for name in _TEXTS}


def _failure(scenario: Scenario, row: dict[str, Any]) -> Failure:
    texts = {name: Text(row[name].get("id", ""), row[name].get("en", "")) for name in _TEXTS}
    return Failure(scenario.title, scenario.file, row["line"], **texts)
