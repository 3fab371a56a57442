"""What scenarios are played on: a package and its companions, deployed once, and copied for every scenario."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from engine.clock import VirtualClock
from engine.definitions import Definitions, Finding, LoadedVersion, Package, check_package, deploy, read_package
from engine.registry import Registry
from engine.runner import Runner
from engine.scenarios.model import Scenario
from engine.scenarios.pretending import Understudies
from engine.scenarios.world import World
from engine.texts import Text
from engine.unit_of_work import Database, UnitOfWork
from models import metadata

Prepare = Callable[[UnitOfWork, datetime], None]
"""Fills a fresh database with what every installation has: agencies, the working calendar."""

IN_MEMORY = "sqlite://"


class Stage:
    """A package and its companions deployed once on a fresh database; every scenario begins on a copy of it."""

    def __init__(
        self, package: Package, companions: Sequence[Package], registry: Registry, prepare: Prepare, now: datetime
    ) -> None:
        self.registry = registry
        self._database = Database(IN_MEMORY)
        metadata.create_all(self._database.engine)
        with self._database.write() as unit:
            prepare(unit, now)
            deployed = [
                deploy(unit, one, registry, by="alur scenario", note="", now=now, rehearsal=True).id
                for one in (package, *companions)
            ]
        self._definitions = Definitions(self._database)
        # One engine for all copies: what SQLAlchemy compiled for one scenario serves the next.
        self._playground = Database(IN_MEMORY)
        self.versions = tuple(self._definitions.version(version_id) for version_id in deployed)

    @property
    def version(self) -> LoadedVersion:
        """The package whose scenarios are played."""
        return self.versions[0]

    def world(self, scenario: Scenario, playground: Database | None = None) -> "World":
        """A world of its own for this scenario; the one before it is gone, unless each has a playground of its own."""
        ground = playground or self._playground
        _copy(self._database, ground)
        clock = VirtualClock(scenario.start)
        registry = Understudies.of(self.registry)
        runner = Runner(ground, registry, self._definitions, clock)
        world = World(ground, clock, runner, registry, self._definitions, self.versions)
        for person in scenario.people:
            world.add(person)
        world.give(scenario.facts)
        return world

    def close(self) -> None:
        self._database.dispose()
        self._playground.dispose()


class Stages:
    """A stage for each set of companions that the scenarios of a package name."""

    def __init__(
        self,
        package: Package,
        companions: Mapping[str, Package],
        registry: Registry,
        prepare: Prepare,
        now: datetime,
    ) -> None:
        self._made: dict[tuple[str, ...], Stage] = {}
        self._package = package
        self._companions = companions
        self._means = (registry, prepare, now)

    @property
    def version(self) -> LoadedVersion:
        """The package's own: the same on every stage."""
        stage = next(iter(self._made.values()), None) or self._stage(())
        return stage.version

    def of(self, scenario: Scenario) -> Stage:
        return self._stage(tuple(dict.fromkeys(c.name for c in scenario.companions)))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for stage in self._made.values():
            stage.close()

    def _stage(self, names: tuple[str, ...]) -> Stage:
        if names not in self._made:
            self._made[names] = Stage(self._package, [self._companions[name] for name in names], *self._means)
        return self._made[names]


def find_companions(
    path: Path, scenarios: Sequence[Scenario], registry: Registry
) -> tuple[dict[str, Package], list[Text]]:
    """The packages beside this one that its scenarios name; and why one of them cannot be used."""
    found: dict[str, Package] = {}
    refused: list[Text] = []
    wanted = {c.name: f"{s.file}:{c.line}" for s in scenarios for c in s.companions}
    for name, place in sorted(wanted.items()):
        folder = (path.resolve().parent / name).resolve()
        if folder.parent != path.resolve().parent or not folder.is_dir():
            words = Text(
                "{place}: tidak ada paket “{name}” di sebelah ini", "{place}: no package “{name}” beside this one"
            )
            refused.append(words.filled(place=place, name=name))
            continue
        found[name] = read_package(folder)
        refused += [Text(f"{name}/{said.id}", f"{name}/{said.en}") for said in refusals_of(found[name], registry)]
    return found, refused


def refusals_of(package: Package, registry: Registry) -> list[Text]:
    """Why the gate does not let the package through, one sentence each."""
    return [_sentence(finding) for finding in check_package(package, registry) if finding.is_error]


def _sentence(finding: Finding) -> Text:
    place = f"{finding.file} {finding.element or ''}".strip()
    reason, cure = finding.reason, finding.cure
    return Text(f"{place}: {reason.id} {cure.id}", f"{place}: {reason.in_locale('en')} {cure.in_locale('en')}")


def _copy(source: Database, target: Database) -> None:
    """SQLite's own backup: a copy of everything in a few milliseconds."""
    origin, copy = source.engine.raw_connection(), target.engine.raw_connection()
    try:
        from_, to = origin.driver_connection, copy.driver_connection
        if not isinstance(from_, sqlite3.Connection) or not isinstance(to, sqlite3.Connection):
            raise TypeError(source.url)
        from_.backup(to)
    finally:
        origin.close()
        copy.close()
