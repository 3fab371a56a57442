"""What a form is once read: frozen records that validation walks and the web renders.

A form-js file becomes a tree of `Node`s. Only a `Field` (or a `Repeat` of them) brings a value to the case.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from engine.texts import NO_TEXT, Text

if TYPE_CHECKING:
    from engine.expressions import EvaluationContext
    from engine.forms.sources import FieldLookups

Kind = Literal[
    "text", "textarea", "number", "checkbox", "choice", "choices", "date", "datetime", "time",
    "document", "review", "source",
    "nip", "nik", "npwp", "nib", "golongan", "mobile", "email",
]  # fmt: skip
"""What a value is. `choice` is one of options, `choices` several; `source` is resolved by a registered field source."""


@dataclass(frozen=True)
class Option:
    """One thing that can be chosen. `hide` removes a row of a review (an expression, as for a field)."""

    value: str
    label: Text
    hide: str | None = None


@dataclass(frozen=True)
class Rules:
    """`validate` of form-js, and our bounds. `least` and `most` of dates are expressions; of numbers, figures."""

    required: bool = False
    required_when: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    pattern_text: Text = NO_TEXT
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    decimals: int | None = None
    """0 for whole numbers; None for any number of decimals up to 10."""
    earliest: str | None = None
    latest: str | None = None
    accept: tuple[str, ...] = ("pdf", "jpg")
    min_bytes: int = 100_000
    max_bytes: int = 2_097_152
    min_items: int = 0
    max_items: int = 100


@dataclass(frozen=True)
class Check:
    """A rule over several values: an expression that must be true, else `text` is shown at the field."""

    expression: str
    text: Text


@dataclass(frozen=True)
class Field:
    """One question. `path` names it inside the form (`group.key`, `list.key`: no row numbers)."""

    kind: Kind
    key: str
    path: str
    label: Text
    description: Text = NO_TEXT
    widget: str = ""
    """How it is asked: the form-js type (textfield, radio, select, checklist, …)."""
    rules: Rules = Rules()
    options: tuple[Option, ...] = ()
    options_from: str | None = None
    """Expression that gives the options from the case's data."""
    source: str | None = None
    """Name of a registered field source that offers options or resolves what was typed."""
    multiple: bool = False
    hide: str | None = None
    readonly: bool = False
    default: Any = None
    checks: tuple[Check, ...] = ()
    columns: int = 16
    """Width in form-js's grid of 16."""
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Section:
    """Fields under one heading. With a `key` their values are a record of that name, else they lie beside
    the others."""

    label: Text
    children: tuple["Node", ...]
    key: str | None = None
    path: str = ""
    hide: str | None = None
    description: Text = NO_TEXT


@dataclass(frozen=True)
class Repeat:
    """The same fields any number of times: the value is a list of records."""

    key: str
    path: str
    label: Text
    children: tuple["Node", ...]
    rules: Rules = Rules()
    hide: str | None = None
    fixed: bool = False
    """Rows can be neither added nor removed."""
    initial_rows: int = 1
    row_label: Text = NO_TEXT
    description: Text = NO_TEXT


@dataclass(frozen=True)
class Paragraph:
    """Words between the fields: plain text with `{{ expression }}` in it, never HTML."""

    text: Text
    hide: str | None = None
    level: int = 0
    """0 a paragraph; 1–3 a heading; -1 a rule across the page."""
    values_of: str | None = None
    """Name of a form of the package whose values are listed here, for reading."""
    tone: str = ""
    """"warn" or "info": words that must not be overlooked."""


Node = Field | Section | Repeat | Paragraph


@dataclass(frozen=True)
class Fault:
    """Why a value cannot be taken, for the person who typed it. `code` is stable, for programs."""

    code: str
    text: Text

    def message(self, locale: str = "id") -> str:
        return self.text.in_locale(locale)


@dataclass(frozen=True)
class AttachedFile:
    """A checked upload that this task may use; what a document field puts into the case."""

    id: str
    field: str
    filename: str
    kind: str
    size: int
    digest: str
    proof: str = ""
    """Digest of the upload as it is kept, with who brought it when and where: what the record says of it."""

    def value(self) -> dict[str, Any]:
        return {"id": self.id, "filename": self.filename, "kind": self.kind, "size": self.size, "digest": self.digest}


@dataclass(frozen=True)
class FormContext:
    """All that validation may look at besides the submission itself.

    `data` is the case's data; `externals` the read-only names (`parameters`, `case`); `lookups` answers for field
    sources; `attachments` are the uploads of this task and the documents already in this case, by id.
    """

    now: datetime
    zone: ZoneInfo
    evaluation: "EvaluationContext"
    data: Mapping[str, Any] = field(default_factory=dict)
    externals: Mapping[str, Any] = field(default_factory=dict)
    lookups: "FieldLookups | None" = None
    attachments: Mapping[str, AttachedFile] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()


@dataclass(frozen=True)
class Validated:
    """The outcome for a whole form. `data` holds every field of the form, typed; hidden and empty ones are None.

    `faults` is by path with row numbers (`members[2].nip`; "" is the form as a whole). `data` may only be used when
    there are none. `dropped` names what was sent but is no field of the form, or was hidden: it is not in `data`.
    """

    data: dict[str, Any]
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    warnings: dict[str, list[Fault]] = field(default_factory=dict)
    """Worth a second look (a check digit that does not fit), but no reason to refuse."""
    dropped: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    """Ids of the uploads that `data` refers to: they belong to the case now."""

    @property
    def ok(self) -> bool:
        return not self.faults


@dataclass(frozen=True)
class ShownField:
    """A field as it is to be asked now. `path` carries row numbers; `raw` is what was typed, or the value so far."""

    field: Field
    path: str
    raw: Any
    required: bool
    options: tuple[Option, ...]
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class ShownSection:
    section: Section
    children: tuple["Shown", ...]


@dataclass(frozen=True)
class ShownRepeat:
    repeat: Repeat
    path: str
    rows: tuple[tuple["Shown", ...], ...]
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class ShownParagraph:
    """Words with their values put in, by language."""

    text: Text
    level: int = 0
    values_of: str | None = None
    tone: str = ""


Shown = ShownField | ShownSection | ShownRepeat | ShownParagraph
