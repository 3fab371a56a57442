"""Kinds of imports: what a file must hold, who may import it for whom, how a row is checked, and what is done with it.

Registered by handlers (`registry.imports.add`), like handlers; pages and the worker reach them only through there.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from engine.actors import Actor
from engine.errors import DefinitionError
from engine.forms.model import Field, Kind, Option, Rules
from engine.imports.limits import SMALL, Limits
from engine.texts import NO_TEXT, Text
from engine.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from engine.definitions import Definitions
    from engine.documents import Documents
    from engine.imports.incoming import Incoming
    from engine.registry import Registry
    from engine.runner import Runner

Values = Mapping[str, Any]
"""A row's values by column key: as a form would be sent (text, dates in ISO form), None where empty."""
Source = Literal["spreadsheet", "files", "list"]
NAMESPACE = uuid.UUID("5a3f8a4e-3f0e-4b39-9a7c-6d1f1f0b8f43")


@dataclass(frozen=True)
class Column:
    """A column of the file. `kind` is a form's kind of value, read and refused in the same way."""

    key: str
    heading: Text
    kind: Kind = "text"
    required: bool = False
    example: str = ""
    explanation: Text = NO_TEXT
    options: tuple[Option, ...] = ()
    max_length: int = 300
    decimals: int | None = None
    nip_kind: str = "pns"
    telling: bool = False
    """By this a person knows a row again: shown in lists of rows, where the others are left to the report."""

    def example_in(self, locale: str) -> str:
        """The example as it is typed: an option by its words."""
        return next((o.label.in_locale(locale) for o in self.options if o.value == self.example), self.example)

    @property
    def field(self) -> Field:
        """The column as a form's field."""
        rules = Rules(required=self.required, max_length=self.max_length, decimals=self.decimals)
        properties = {"nip_kind": self.nip_kind}
        return Field(
            self.kind, self.key, self.key, self.heading, rules=rules, options=self.options, properties=properties
        )


@dataclass(frozen=True)
class RowFault:
    """What is wrong with a row, and in which column ("" for the row as a whole)."""

    column: str
    text: Text

    def to_json(self) -> dict[str, str]:
        return {"column": self.column, "id": self.text.id, "en": self.text.en}


@dataclass(frozen=True)
class Scope:
    """For whom a person may run a kind: an instansi in a programme, a schedule. `shared` is what all rows share."""

    key: str
    title: Text
    instansi_id: str | None = None
    shared: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ImportContext:
    """What checks and acts of one run may look at."""

    run_id: str
    actor: Actor
    scope: Scope
    now: datetime
    registry: "Registry"
    definitions: "Definitions"
    started_at: datetime | None = None


@dataclass(frozen=True)
class Row:
    """One row to be done. `attempt` is above 1 when a worker died at it: look first what is done already."""

    number: int
    values: Values
    run_id: str
    attempt: int = 1

    @property
    def case_id(self) -> str:
        """The id of the case that this row starts: always the same, so that a repeated start is recognised."""
        return uuid.uuid5(NAMESPACE, f"{self.run_id}:{self.number}").hex


@dataclass(frozen=True)
class Together:
    """What became of rows that were done in one transaction: what is said of each, or why it was refused."""

    done: Mapping[int, Text]
    refused: Mapping[int, Text] = field(default_factory=dict)


@dataclass(frozen=True)
class Candidate:
    """Something that may be ticked, in a kind that works on a list of ours instead of on a file."""

    key: str
    title: str
    note: Text
    values: Values
    ready: bool


Checked = Mapping[int, Sequence[RowFault]]


@dataclass(frozen=True)
class ImportKind:
    """`scopes` decides who may import what: asked at the upload, at the start, and by the worker at every batch.

    `check` gets all rows at once (row number → values), for few statements; of a large file, some hundreds at a time.
    `apply` does one row, through the runner only, as the run's owner; it may be called again for a row that it did
    (`Row.attempt`), and must do it once. What is administration, not an act in a case, has `apply_many` instead: some
    hundreds of rows in one transaction, which also notes them done, so that none is done twice.
    """

    name: str
    title: Text
    description: Text
    noun: Text
    """What a row is: peserta, hasil."""
    roles: tuple[str, ...]
    columns: tuple[Column, ...]
    scopes: Callable[[UnitOfWork, Actor, datetime], list[Scope]]
    check: Callable[[UnitOfWork, ImportContext, Mapping[int, Values]], Checked]
    apply: "Callable[[Runner, ImportContext, Row], Mapping[str, Any]] | None" = None
    unique: tuple[str | tuple[str, ...], ...] = ()
    """Columns, or columns together, whose values may stand in one row only."""
    apply_many: Callable[[UnitOfWork, ImportContext, Sequence[Row]], Together] | None = None
    limits: Limits = SMALL
    """Beyond the usual ones the file is read in the background."""
    source: Source = "spreadsheet"
    candidates: Callable[[UnitOfWork, ImportContext], list[Candidate]] | None = None
    """For a list: what may be ticked."""
    follows: str = ""
    """The kind by which the work goes on."""

    @property
    def is_large(self) -> bool:
        return self.limits != SMALL

    def offered_to(self, actor: Actor) -> bool:
        """Does the actor hold a role that runs this at all?"""
        return any(grant.role in self.roles for grant in actor.grants)

    def scope(self, unit: UnitOfWork, actor: Actor, key: str, now: datetime) -> Scope | None:
        """The scope of this key, if this person may run the kind on it now."""
        if not self.offered_to(actor):
            return None
        return next((scope for scope in self.scopes(unit, actor, now) if scope.key == key), None)


class DuplicateImportError(DefinitionError):
    """An import called "{name}" is registered already."""

    indonesian = "Impor bernama “{name}” sudah terdaftar."


class UnknownImportError(DefinitionError):
    """There is no import called "{name}"."""

    indonesian = "Tidak ada impor bernama “{name}”."
    code = "unknown_import"
    http_status = 404


@dataclass
class ImportKinds:
    """All imports of an installation: `Registry.imports`. Documents and the folder of incoming files are handed in by
    the composition root."""

    documents: "Documents | None" = None
    incoming: "Incoming | None" = None
    _kinds: dict[str, ImportKind] = field(default_factory=dict)

    def add(self, kind: ImportKind) -> None:
        if kind.name in self._kinds:
            raise DuplicateImportError(name=kind.name)
        self._kinds[kind.name] = kind

    def get(self, name: str) -> ImportKind:
        try:
            return self._kinds[name]
        except KeyError:
            raise UnknownImportError(name=name) from None

    def __contains__(self, name: str) -> bool:
        return name in self._kinds

    def all(self) -> list[ImportKind]:
        """In the order in which they were registered."""
        return list(self._kinds.values())
