"""Chores: small periodic work that handlers register and the ticker does, beside the cases.

A chore is resumable and idempotent: it finds what is left to do in the tables, does some of it in short transactions,
and says how much; killed in the middle, it goes on at the next tick. Several workers may do it at once.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from engine.errors import DefinitionError

if TYPE_CHECKING:
    from engine.runner import Runner

SOME = 100
"""How much a chore does at a time. One that did so much is asked again at once."""


@dataclass(frozen=True)
class Chore:
    """`run(runner, now)` does up to SOME pieces of work and says how many; then it rests for `every`."""

    name: str
    run: "Callable[[Runner, datetime], int]"
    every: timedelta = timedelta(minutes=1)


class DuplicateChoreError(DefinitionError):
    """A chore called "{name}" is registered already."""

    indonesian = "Pekerjaan berkala bernama “{name}” sudah terdaftar."


@dataclass
class Chores:
    """All chores of an installation: `Registry.chores`."""

    _chores: dict[str, Chore] = field(default_factory=dict)

    def add(self, chore: Chore) -> None:
        if chore.name in self._chores:
            raise DuplicateChoreError(name=chore.name)
        self._chores[chore.name] = chore

    def all(self) -> list[Chore]:
        return list(self._chores.values())


@dataclass
class Rota:
    """When a ticker last found nothing left to do for a chore; it looks again when the chore has rested."""

    _again_at: dict[str, datetime] = field(default_factory=dict)

    def run(self, chore: Chore, runner: "Runner", now: datetime) -> int:
        if now < self._again_at.get(chore.name, now):
            return 0
        did = chore.run(runner, now)
        if did < SOME:
            self._again_at[chore.name] = now + chore.every
        return did
