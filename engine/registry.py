"""Handlers by name: what a service task may call, what each needs, and how it runs.

A handler is a plain function `(context: HandlerContext, **inputs) -> dict`. Names are stored in databases:
a handler that is renamed keeps its old name as an alias.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from calendars import WorkingCalendar
from calendars.zones import DEFAULT_ZONE
from engine.actors import Actor
from engine.calendar import load_calendar
from engine.chores import Chores
from engine.errands import Errands
from engine.errors import AlurError, DefinitionError, UnknownHandlerError
from engine.facts import FactProviders
from engine.forms.sources import FieldSources
from engine.imports.kinds import ImportKinds
from engine.unit_of_work import UnitOfWork

Mode = Literal["inline", "async"]


@dataclass(frozen=True)
class HandlerContext:
    """What a handler may use. `now` is the act's frozen instant; `idempotency_key` is equal at every retry."""

    unit: UnitOfWork
    now: datetime
    instance_id: str
    element_id: str
    token_id: str
    idempotency_key: str
    starter_id: str | None
    instansi_id: str | None
    actor: Actor
    data: Mapping[str, Any]
    programme_id: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """The manifest's, as the programme set them when the case began."""
    zone: str = DEFAULT_ZONE
    calendar_of: str | None = None
    """The instansi whose working week and closing days count for the case."""
    number: str = ""
    """Of the case, as people say it."""
    version_id: str = ""
    """Of the process, on which the case runs."""
    prepared: Any = None
    """What the handler's own `prepare` gave."""

    @property
    def calendar(self) -> WorkingCalendar:
        """The working calendar of the case, in its zone."""
        return load_calendar(self.unit, self.calendar_of, self.zone, now=self.now)


class BusinessError(AlurError):
    """A handler says no: caught by an error event with `error_code` in the diagram.

    A subclass says why in its docstring and `indonesian`; an event with a variable gets code and words in both.
    """

    def __init__(self, error_code: str, **context: Any) -> None:
        self.error_code = error_code
        super().__init__(**context)

    @property
    def words(self) -> dict[str, str]:
        """Why, for people, by locale; empty when nothing but the code is known."""
        return {} if type(self) is BusinessError else {"id": self.message("id"), "en": self.message("en")}


class RecordedRefusalError(BusinessError):
    """A refusal as it was recorded: its code, and the words it had then."""

    def __init__(self, error_code: str, words: Mapping[str, str]) -> None:
        self._words = dict(words)
        super().__init__(error_code)

    @property
    def words(self) -> dict[str, str]:
        return self._words


@dataclass(frozen=True)
class Field:
    """One input or output, for the process owner: `type` is text, number, date, boolean, list or record; or what a text
    names: a "mail" or a "letter" of the package.
    """

    name: str
    type: str
    description_id: str
    description_en: str
    required: bool = True


@dataclass(frozen=True)
class Handler:
    """`inline` runs in the act's own transaction and may only touch our tables; `async` runs as a job after it."""

    name: str
    mode: Mode
    function: Callable[..., dict[str, Any]]
    title_id: str
    title_en: str
    inputs: tuple[Field, ...] = ()
    outputs: tuple[Field, ...] = ()
    errors: tuple[str, ...] = ()
    """Error codes it may raise as BusinessError."""
    idempotent: bool = True
    max_attempts: int = 5
    aliases: tuple[str, ...] = ()
    prepare: Callable[..., Any] | None = None
    """Of an async handler: what takes long and writes nothing. Called first, with a context that can only read, and the
    same inputs; what it gives is `context.prepared` for the function, so that no lock is held meanwhile."""


class DuplicateHandlerError(DefinitionError):
    """A handler called "{name}" is registered already."""

    indonesian = "Penangan bernama “{name}” sudah terdaftar."


class NotIdempotentError(DefinitionError):
    """Handler "{name}" must be idempotent: a job is done at least once."""

    indonesian = "Penangan “{name}” harus idempoten: sebuah pekerjaan dapat dijalankan lebih dari sekali."


@dataclass
class Registry:
    """All handlers of an installation; made fresh by the composition root and by each test."""

    fields: FieldSources = field(default_factory=FieldSources)
    """Where forms get options from and what typed values mean."""
    imports: ImportKinds = field(default_factory=ImportKinds)
    """What may be imported from spreadsheets and files."""
    facts: FactProviders = field(default_factory=FactProviders)
    """What scenarios may give at their start, and look at."""
    chores: Chores = field(default_factory=Chores)
    """What is to be done from time to time beside the cases."""
    errands: Errands = field(default_factory=Errands)
    """What the installation itself sends out of the system."""
    _handlers: dict[str, Handler] = field(default_factory=dict)

    def add(self, handler: Handler) -> None:
        if handler.mode == "async" and not handler.idempotent:
            raise NotIdempotentError(name=handler.name)
        for name in (handler.name, *handler.aliases):
            if name in self._handlers:
                raise DuplicateHandlerError(name=name)
        for name in (handler.name, *handler.aliases):
            self._handlers[name] = handler

    def get(self, name: str) -> Handler:
        try:
            return self._handlers[name]
        except KeyError:
            raise UnknownHandlerError(name=name) from None

    def __contains__(self, name: str) -> bool:
        return name in self._handlers

    def all(self) -> list[Handler]:
        """Each handler once, by name."""
        return sorted({h.name: h for h in self._handlers.values()}.values(), key=lambda h: h.name)
