"""What a scenario can be given at its start, and look at in its course, beside cases: rows of an area's tables.

Handlers register providers: one for a formasi, one for an exam schedule. A scenario only knows their names.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from engine.errors import AlurError, DefinitionError
from engine.unit_of_work import UnitOfWork
from models import Instansi

Fields = Mapping[str, Any]
"""As written: whole numbers, Ya/Tidak, texts, lists and records of those."""


class FactError(AlurError):
    """This cannot be given: {why}"""

    indonesian = "Ini tidak dapat menjadi keadaan awal: {why}"
    code = "fact"


class DuplicateFactError(DefinitionError):
    """Two facts are called "{name}"."""

    indonesian = "Ada dua keadaan bernama “{name}”."


class FactWorld(Protocol):
    """What a provider may ask of the scenario it plays in."""

    @property
    def people(self) -> Mapping[str, str]:
        """Name → id of the account."""

    @property
    def cases(self) -> dict[str, str]:
        """Name → id of the case; a provider may name cases it made."""

    @property
    def made(self) -> Mapping[str, Sequence[Fields]]:
        """What earlier facts made, by the provider's name."""

    programme_id: str | None
    """The programme that the story plays in; a provider that opens one says so here."""

    def agency(self, unit: UnitOfWork, name: str) -> Instansi:
        """The instansi of this name; FactError when there is none."""

    def instant(self, text: str) -> datetime:
        """ "2026-06-01 09:00 WIB"; FactError when it is none."""


@dataclass(frozen=True)
class FactProvider:
    """`make` writes the rows and says what it made; `read` says how the thing of this name is now, or None."""

    name: str
    make: Callable[[UnitOfWork, datetime, Fields, FactWorld], Fields | None] | None = None
    read: Callable[[UnitOfWork, str, FactWorld], Fields | None] | None = None
    aliases: tuple[str, ...] = ()
    opens_programme: bool = False
    """A scenario that gives this fact gets no programme by itself."""


@dataclass
class FactProviders:
    """The providers of an installation, by name and alias."""

    _providers: dict[str, FactProvider] = field(default_factory=dict)

    def add(self, provider: FactProvider) -> None:
        for name in (provider.name, *provider.aliases):
            if name in self._providers:
                raise DuplicateFactError(name=name)
            self._providers[name] = provider

    def get(self, name: str) -> FactProvider | None:
        return self._providers.get(name)

    def names(self) -> list[str]:
        return sorted({provider.name for provider in self._providers.values()})
