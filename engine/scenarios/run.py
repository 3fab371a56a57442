"""Runs the scenarios of packages and reports per diagram. The gate goes first: what it refuses is not run."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlmodel import col

from engine.definitions import Package, read_package
from engine.errors import AlurError
from engine.gate.findings import Findings
from engine.gate.xml import read_xml
from engine.history import Kind
from engine.registry import Registry
from engine.scenarios.expectations import judge
from engine.scenarios.findings import FileFault, ScenarioFileError
from engine.scenarios.model import AtOnce, Scenario, Step, Then, When
from engine.scenarios.outcome import DiagramReport, Failure, Mismatch, PackageReport, Result, StepError
from engine.scenarios.reader import read_scenarios
from engine.scenarios.refusals import ACCEPTED, describe, judge_refusal
from engine.scenarios.stages import Prepare, Stage, Stages, find_companions, refusals_of
from engine.scenarios.steps import perform, perform_at_once
from engine.scenarios.world import World
from engine.texts import Text
from models import HistoryEvent, Instance

_FLOW = "{http://www.omg.org/spec/BPMN/20100524/MODEL}sequenceFlow"
MANIFEST = "process.toml"
FOLDER = "scenarios/"
STEP = Text("langkah", "step")
POSSIBLE = Text("dapat dijalankan", "can be done")
Watch = Callable[[World], None]


def find_packages(paths: Iterable[Path]) -> list[Path]:
    """Package folders at or below the given folders, a zip, or the package that a given file lies in."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_file() and path.suffix != ".zip":
            owner = next((p for p in path.resolve().parents if (p / MANIFEST).is_file()), None)
            found |= {owner: None} if owner else {}
        elif path.is_file() or (path / MANIFEST).is_file():
            found[path] = None
        else:
            found |= dict.fromkeys(sorted(p.parent for p in path.rglob(MANIFEST)))
    return list(found)


def run_package(path: Path, registry: Registry, prepare: Prepare, *, watch: Watch = lambda _: None) -> PackageReport:
    """Check the package, run all its scenarios, and say what came of it. `watch` sees the world that each left."""
    package = read_package(path)
    refusal = refusals_of(package, registry)
    if refusal:
        return PackageReport(str(path), refusal=tuple(refusal))
    scenarios, faults = scenarios_of(package, f"{path}/")
    if faults:
        return PackageReport(str(path), faults=tuple(faults))
    companions, refusal = find_companions(path, scenarios, registry)
    if refusal:
        return PackageReport(str(path), refusal=tuple(refusal))
    with Stages(package, companions, registry, prepare, first_start(scenarios)) as stages:
        results = tuple(run_scenario(stages.of(scenario), scenario, watch) for scenario in scenarios)
        return PackageReport(str(path), tuple(by_diagram(stages.version.key, package, results)))


def scenarios_of(package: Package, place: str = "") -> tuple[list[Scenario], list[FileFault]]:
    """All scenarios of a package in the order of its files, and what is wrong with files of them.

    `place` goes before the names of the files.
    """
    scenarios: list[Scenario] = []
    faults: list[FileFault] = []
    for name, body in sorted(package.files.items()):
        if name.startswith(FOLDER):
            try:
                scenarios += read_scenarios(place + name, body)
            except ScenarioFileError as error:
                faults += error.faults
    return scenarios, faults


def first_start(scenarios: Sequence[Scenario]) -> datetime:
    """When their packages are deployed: before any of them begins."""
    return min((s.start for s in scenarios), default=datetime(2026, 1, 1, tzinfo=UTC))


def run_scenario(stage: Stage, scenario: Scenario, watch: Watch = lambda _: None) -> Result:
    """Play it to its end, or to the first step that goes otherwise."""
    world: World | None = None
    failures: list[Mismatch] = []
    try:
        world = stage.world(scenario)
        failures = next((found for _step, found in play(world, scenario.steps) if found), [])
        taken = flows_taken(world)
    except StepError as error:
        failures = [impossible(error, scenario.line)]
        taken = flows_taken(world) if world else frozenset()
    if world is not None:
        watch(world)
    named = tuple(Failure(scenario.title, scenario.file, m.line, m.subject, m.expected, m.actual) for m in failures)
    return Result(scenario.title, scenario.file, named, taken)


def impossible(error: StepError, line: int) -> Mismatch:
    """A step that could not be done, told as what was expected of it."""
    return Mismatch(error.line or line, STEP, POSSIBLE, error.words)


def play(world: World, steps: Sequence[Step]) -> Iterator[tuple[Step, list[Mismatch]]]:
    """Do one step after the other, each with what came out otherwise. StepError where one cannot be done."""
    for number, step in enumerate(steps):
        following = steps[number + 1] if number + 1 < len(steps) else None
        expects = following.refusal if isinstance(following, Then) else None
        if isinstance(step, AtOnce):
            found = _all_judged(world, step)
        elif isinstance(step, When):
            refusal = perform(world, step)
            found = judge_refusal(expects, refusal) if expects is not None else _unexpected(step, refusal)
        else:
            found = _judged(world, step)
        yield step, found


def _all_judged(world: World, step: AtOnce) -> list[Mismatch]:
    """Each of the steps at once says itself whether it is refused."""
    found = []
    for one, refusal in perform_at_once(world, step.steps):
        found += judge_refusal(one.refused, refusal) if one.refused is not None else _unexpected(one, refusal)
    return found


def _unexpected(step: When, refusal: AlurError | None) -> list[Mismatch]:
    return [] if refusal is None else [Mismatch(step.line, STEP, ACCEPTED, describe(refusal))]


def _judged(world: World, step: Then) -> list[Mismatch]:
    if step.case is not None:
        world.chosen_case(step.case, step.line)
    return [m for e in step.expectations if e.kind != "refused" for m in judge(world, e)]


def flows_taken(world: World) -> frozenset[str]:
    """From the record itself: every completed element names the flows its tokens left by."""
    statement = (
        select(col(HistoryEvent.detail))
        .join(Instance, col(Instance.id) == col(HistoryEvent.instance_id))
        .where(col(HistoryEvent.kind) == Kind.ELEMENT_COMPLETED, col(Instance.version_id) == world.versions[0].id)
    )
    with world.database.read() as unit:
        return frozenset(flow for detail in unit.session.execute(statement).scalars() for flow in detail["flows"])


def by_diagram(key: str, package: Package, results: tuple[Result, ...]) -> Iterator[DiagramReport]:
    """The package's own diagrams; a shared one is proven once, by the scenarios of the package that lends it."""
    taken = frozenset().union(*(r.taken for r in results))
    for name, body in sorted(package.files.items()):
        if name.endswith(".bpmn") and name not in package.lent:
            root = read_xml(body, Findings(name))  # of a draft it may be anything; the gate says what
            flows = frozenset() if root is None else frozenset(str(flow.get("id")) for flow in root.iter(_FLOW))
            yield DiagramReport(f"{key}/{name}", flows, taken & flows, results)
