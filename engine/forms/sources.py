"""Field sources: where a field's options come from and what a typed value means (an instansi, a satuan kerja).

Registered by handlers, like handlers; a form names one in a field's `alur:type`, or in `alur:source`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.errors import DefinitionError
from engine.forms.model import Fault, Option
from engine.unit_of_work import UnitOfWork

Values = Mapping[str, Any]
"""The typed values above the field in the form (None where empty), over the case's data."""

Provider = Callable[[UnitOfWork, str, Values], list[Option]]
"""`(unit, query, values)`: options to choose from or to suggest; `query` is what was typed so far, maybe empty."""

Resolver = Callable[[UnitOfWork, str, Values], "dict[str, Any] | str | Fault"]
"""`(unit, raw, values)`: the value for the case (JSON types), or why it cannot be taken. `raw` is never empty."""


@dataclass(frozen=True)
class FieldSource:
    """`closed`: only its options may be chosen (a select); else they are suggestions to free text.

    `depends_on` names the form's fields whose change gives other options: the page asks again for them.
    """

    name: str
    options: Provider
    resolve: Resolver
    title_id: str
    title_en: str
    closed: bool = True
    depends_on: tuple[str, ...] = ()


class DuplicateFieldSourceError(DefinitionError):
    """A field source called "{name}" is registered already."""

    indonesian = "Sumber isian bernama “{name}” sudah terdaftar."


class UnknownFieldSourceError(DefinitionError):
    """No field source is called "{name}"."""

    indonesian = "Tidak ada sumber isian bernama “{name}”."


@dataclass
class FieldSources:
    """All field sources of an installation: `Registry.fields`."""

    _sources: dict[str, FieldSource] = field(default_factory=dict)

    def add(self, source: FieldSource) -> None:
        if source.name in self._sources:
            raise DuplicateFieldSourceError(name=source.name)
        self._sources[source.name] = source

    def get(self, name: str) -> FieldSource:
        try:
            return self._sources[name]
        except KeyError:
            raise UnknownFieldSourceError(name=name) from None

    def __contains__(self, name: str) -> bool:
        return name in self._sources

    def names(self) -> frozenset[str]:
        return frozenset(self._sources)

    def bound(self, unit: UnitOfWork) -> "FieldLookups":
        """The sources answering inside one transaction: what a `FormContext` carries."""
        return FieldLookups(self, unit)


@dataclass(frozen=True)
class FieldLookups:
    """Field sources bound to a transaction."""

    sources: FieldSources
    unit: UnitOfWork

    def source(self, name: str) -> FieldSource:
        return self.sources.get(name)

    def options(self, name: str, values: Values, query: str = "") -> list[Option]:
        return self.sources.get(name).options(self.unit, query, values)

    def resolve(self, name: str, raw: str, values: Values) -> dict[str, Any] | str | Fault:
        return self.sources.get(name).resolve(self.unit, raw, values)
