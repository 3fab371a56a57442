"""Where trials and scenarios of drafts are played: stages and worlds kept warm in this process, made anew from their
steps whenever they are not.

A world follows its story: if the story only grew, the new steps are played on it; else it is played from the start.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import func, select
from sqlmodel import col

from engine.definitions import Package
from engine.registry import Registry
from engine.scenarios.model import Scenario, Step, Then
from engine.scenarios.outcome import Mismatch, StepError
from engine.scenarios.run import FOLDER, impossible, play
from engine.scenarios.stages import IN_MEMORY, Prepare, Stage
from engine.scenarios.world import World
from engine.studio.trials.story import Story
from engine.unit_of_work import Database
from models import HistoryEvent

KEPT_STAGES = 4
KEPT_WORLDS = 8


@dataclass(frozen=True)
class Played:
    """A step that was done, and what came out otherwise than it says."""

    step: Step
    at: datetime
    """The virtual clock after it."""
    mismatches: tuple[Mismatch, ...] = ()


@dataclass
class Rehearsal:
    """A story as far as it can be played on the package as it is now."""

    world: World
    story: Story
    scenario: Scenario
    played: list[Played] = field(default_factory=list)
    stopped: Mismatch | None = None
    """Why it goes no further: a step that cannot be done any more, or is refused now."""
    before: dict[str, int] = field(default_factory=dict)
    """Case → the last event of its record before the last act."""

    @property
    def last(self) -> Played | None:
        return self.played[-1] if self.played else None

    @property
    def refusal(self) -> Mismatch | None:
        """Why the last act was refused, if it was."""
        last = self.last
        return last.mismatches[0] if last and last.mismatches and not isinstance(last.step, Then) else None

    def go_on(self, story: Story, scenario: Scenario) -> None:
        """Play what is new in it. What is only expected may come out otherwise; an act that does stops the story."""
        steps = scenario.steps[len(self.played) :]
        self.story, self.scenario = story, scenario
        if not steps or self.stopped is not None:
            return
        mark, line = _marks(self.world.database), scenario.line
        try:
            for step, found in play(self.world, steps):
                self.played.append(Played(step, self.world.clock.now(), tuple(found)))
                if not isinstance(step, Then):
                    self.before = mark
                    if found:
                        self.stopped = found[0]
                        return
                    mark = _marks(self.world.database)
                line = step.line
        except StepError as error:
            self.stopped = impossible(error, line)


@dataclass
class _Kept:
    """A world between two requests. Whoever uses it holds the lock: a database in memory has one connection."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    ground: Database | None = None
    stage: str = ""
    rehearsal: Rehearsal | None = None


class Theatre:
    """All stages and worlds of this process. Nothing in it is lost that the steps do not bring back."""

    def __init__(self, registry: Registry, prepare: Prepare) -> None:
        self.registry = registry
        """Handlers whose work leaves nothing behind in this installation."""
        self._prepare = prepare
        self._stages: OrderedDict[str, Stage] = OrderedDict()
        self._worlds: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = threading.Lock()
        self._building = threading.RLock()

    @contextmanager
    def rehearsal(
        self, trial_id: str, story: Story, package: Package, companions: Mapping[str, Package]
    ) -> Iterator[Rehearsal]:
        """The story played on the package, its world locked for the block.

        Raises ScenarioFileError for a story that cannot be read, RefusedPackageError for a package with errors.
        """
        scenario = story.scenario()
        kept = self._kept(trial_id)
        with kept.lock:
            name = _named(package, companions, scenario.start)
            warm = kept.rehearsal
            if warm is None or kept.stage != name or not _grew(warm.story, story):
                kept.rehearsal = None
                kept.ground = kept.ground or Database(IN_MEMORY)
                warm = self._begun(name, package, companions, story, kept.ground)
                kept.stage, kept.rehearsal = name, warm
            warm.go_on(story, scenario)
            yield warm

    def forget(self, trial_id: str) -> None:
        """After a step that was refused: its traces are not in the story."""
        with self._lock:
            kept = self._worlds.get(trial_id)
        if kept is not None:
            kept.rehearsal = None

    @contextmanager
    def stage(self, package: Package, companions: Mapping[str, Package], start: datetime) -> Iterator[Stage]:
        """The stage for these packages, for this thread alone. RefusedPackageError where the gate refuses one."""
        with self._building:
            yield self._stage(_named(package, companions, start), package, companions, start)

    def _begun(
        self, name: str, package: Package, companions: Mapping[str, Package], story: Story, ground: Database
    ) -> Rehearsal:
        scenario = story.scenario()
        with self._building:
            stage = self._stage(name, package, companions, scenario.start)
            try:
                world = stage.world(scenario, ground)
            except StepError as error:
                empty = Scenario(scenario.title, scenario.file, scenario.line, scenario.start, (), ())
                stopped = impossible(error, scenario.line)
                return Rehearsal(stage.world(empty, ground), story, scenario, stopped=stopped)
        return Rehearsal(world, story, scenario)

    def _stage(self, name: str, package: Package, companions: Mapping[str, Package], start: datetime) -> Stage:
        if name in self._stages:
            self._stages.move_to_end(name)
            return self._stages[name]
        made = Stage(package, list(companions.values()), self.registry, self._prepare, start)
        self._stages[name] = made
        while len(self._stages) > KEPT_STAGES:
            self._stages.popitem(last=False)  # not closed: a world that plays on it may still be asked for
        return made

    def _kept(self, trial_id: str) -> _Kept:
        with self._lock:
            kept = self._worlds.setdefault(trial_id, _Kept())
            self._worlds.move_to_end(trial_id)
            while len(self._worlds) > KEPT_WORLDS:
                self._worlds.popitem(last=False)
            return kept


def _grew(then: Story, now: Story) -> bool:
    """Is it the same story with more steps, or the same?"""
    return then.up_to(0) == now.up_to(0) and now.steps[: len(then.steps)] == then.steps


def _named(package: Package, companions: Mapping[str, Package], start: datetime) -> str:
    parts = [_played_of(p).digest(p.name) for p in (package, *companions.values())] + [start.isoformat()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _played_of(package: Package) -> Package:
    """Without its scenarios: to write one down changes nothing of what is played."""
    files = {path: body for path, body in package.files.items() if not path.startswith(FOLDER)}
    return replace(package, files=MappingProxyType(files))


def _marks(database: Database) -> dict[str, int]:
    statement = select(col(HistoryEvent.instance_id), func.max(col(HistoryEvent.seq)))
    with database.read() as unit:
        return {row[0]: row[1] for row in unit.session.execute(statement.group_by(col(HistoryEvent.instance_id)))}
