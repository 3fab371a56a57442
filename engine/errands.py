"""Errands: work of the installation itself that leaves the system and may fail, done by jobs of the kind `errand`.

Like a mail it is tried again, later each time, and becomes an incident in the end; unlike a handler it has no case.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.errors import DefinitionError
from engine.unit_of_work import Database, UnitOfWork

KIND = "errand"
Finish = Callable[[UnitOfWork], None]
Run = Callable[[Database, Mapping[str, Any], datetime], Finish]
"""Does the work outside of any transaction, and gives what is to be written once it is done.

It may be asked to do the same again: a process that dies after the work and before the commit leaves it to be done."""


class DuplicateErrandError(DefinitionError):
    """An errand called "{name}" is registered already."""

    indonesian = "Tugas keluar bernama “{name}” sudah terdaftar."


@dataclass
class Errands:
    """All errands of an installation: `Registry.errands`."""

    _errands: dict[str, Run] = field(default_factory=dict)

    def add(self, name: str, run: Run) -> None:
        if name in self._errands:
            raise DuplicateErrandError(name=name)
        self._errands[name] = run

    def get(self, name: str) -> Run | None:
        """None: the installation does not do this (any more)."""
        return self._errands.get(name)
