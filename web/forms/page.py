"""A form as one page shows it: what to ask, the inputs, the faults and where they link to, notes, files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from wtforms.form import BaseForm

from engine.forms import Fault, Form, FormContext
from engine.forms.model import Shown, ShownField, ShownParagraph, ShownRepeat, ShownSection
from web.forms.fields import attributes, bound, name_of, unbound
from web.forms.naming import TOP, html_id, html_name
from web.forms.values import File, Reader, Value, Values, field_value, files_of, form_values

_SHAPES = {ShownField: "field", ShownSection: "section", ShownRepeat: "repeat", ShownParagraph: "paragraph"}


@dataclass
class FormPage:
    """Made per request by `form_page`; templates ask it, they compute nothing."""

    form: Form
    parts: tuple[Shown, ...]
    context: FormContext
    reader: Reader
    faults: Mapping[str, list[Fault]]
    forms: Mapping[str, Form] = field(default_factory=dict)
    refresh_url: str | None = None
    """Where the form is asked for anew when an answer changes what else is asked (htmx)."""

    @property
    def title(self) -> str:
        return self.form.title.in_locale(self.reader.locale)

    @property
    def submit(self) -> str:
        return self.form.submit.in_locale(self.reader.locale)

    @cached_property
    def inputs(self) -> BaseForm:
        """The WTForms form with every input of this page."""
        shown = {name_of(s): s for s in _fields(self.parts)}
        return bound({name: (s, self._unbound(s)) for name, s in shown.items()}, self.context.zone)

    @cached_property
    def summary(self) -> list[tuple[str, str]]:
        """Every fault once, in reading order, with the id to go to."""
        order = [s.path for s in _fields(self.parts)]
        places = {path: number for number, path in enumerate(order)}
        paths = sorted(self.faults, key=lambda p: places.get(p, -1 if p == "" else len(order)))
        return [(self._anchor(p), f.message(self.reader.locale)) for p in paths for f in self.faults[p]]

    @property
    def has_files(self) -> bool:
        return any(s.field.kind == "document" for s in _fields(self.parts))

    def shape(self, part: Shown) -> str:
        return _SHAPES[type(part)]

    def input(self, shown: ShownField) -> Any:
        return self.inputs[name_of(shown)]

    def name(self, path: str) -> str:
        return html_name(path)

    def id(self, path: str) -> str:
        return html_id(path)

    def attributes(self, shown: ShownField) -> dict[str, Any]:
        return {**attributes(shown, self.described(shown)), **self.asking(shown)}

    def asking(self, shown: ShownField) -> dict[str, str]:
        """Attributes that ask for the form anew when this input changes; and that its answer is faulty."""
        found = {"aria-invalid": "true"} if shown.faults else {}
        if self.refresh_url and self.watched(shown) and not shown.field.readonly:
            found |= {"hx-post": self.refresh_url, "hx-trigger": "change"}
        return found

    def accept(self, shown: ShownField) -> str:
        """For the browser's file chooser."""
        endings = {"pdf": ".pdf", "jpg": ".jpg,.jpeg"}
        return ",".join(endings[kind] for kind in shown.field.rules.accept)

    def described(self, shown: ShownField) -> list[str]:
        """Ids of the texts that belong to an input."""
        base = html_id(shown.path)
        parts = {
            "hint": bool(shown.field.description),
            "note": bool(self.note(shown)),
            "fault": bool(shown.faults),
            "warning": bool(shown.warnings),
        }
        return [f"{base}--{name}" for name, present in parts.items() if present]

    def watched(self, shown: ShownField) -> bool:
        """Does its change change what else is asked? Files are taken at once, so that none is lost."""
        first = shown.path.partition(".")[0].partition("[")[0]
        named = {shown.field.key, first} & (self.form.watched | self._source_dependencies)
        return bool(named) or shown.field.kind == "document"

    def note(self, shown: ShownField) -> str:
        """What a verifier wrote about this field in the round before."""
        return self._notes.get(shown.field.path, "") or self._notes.get(shown.field.key, "")

    def files(self, shown: ShownField) -> tuple[File, ...]:
        """The documents that this field holds by now."""
        raw = shown.raw if isinstance(shown.raw, (list, tuple)) else [shown.raw]
        ids = [v.get("id") if isinstance(v, Mapping) else v for v in raw]
        known = [
            self.context.attachments[i].value() for i in ids if isinstance(i, str) and i in self.context.attachments
        ]
        return files_of(known, self.reader)

    def suggestions(self, shown: ShownField) -> list[str]:
        """What an open source offers; nothing for other fields."""
        is_open = shown.field.kind == "source" and not self._closed(shown)
        return [o.label.in_locale(self.reader.locale) for o in shown.options] if is_open else []

    def answer(self, shown: ShownField, row: str) -> Mapping[str, Any]:
        """What was answered in a row of a review."""
        raw = shown.raw if isinstance(shown.raw, Mapping) else {}
        found = raw.get(row)
        return found if isinstance(found, Mapping) else {}

    def reviewed(self, shown: ShownField, row: str) -> Value | None:
        """The value that a row of a review is about."""
        form = self.forms.get(shown.field.properties.get("of", ""))
        if form is None or self.context.data.get(row) is None:
            return None
        about = next((f for f in form.fields() if f.path == row), None)
        return None if about is None else field_value(about, self.context.data[row], self.reader)

    def listed(self, paragraph: ShownParagraph) -> Values | None:
        """The values of the form that this place is to list."""
        form = self.forms.get(paragraph.values_of or "")
        return None if form is None else form_values(form, self.context.data, self.reader)

    @cached_property
    def _notes(self) -> dict[str, str]:
        return self.form.notes(self.context.data)

    @cached_property
    def _source_dependencies(self) -> frozenset[str]:
        lookups = self.context.lookups
        if lookups is None:
            return frozenset()
        return frozenset(name for s in self.form.sources for name in lookups.source(s).depends_on)

    def _unbound(self, shown: ShownField) -> Any:
        return unbound(shown, self.reader.locale, closed=shown.field.kind == "source" and self._closed(shown))

    def _closed(self, shown: ShownField) -> bool:
        lookups = self.context.lookups
        return lookups is not None and lookups.source(shown.field.source or "").closed

    def _anchor(self, path: str) -> str:
        """The first thing that can be focused for a path; the top of the form for what is not on the page."""
        shown = next((s for s in _fields(self.parts) if s.path == path), None)
        if shown is None:
            return html_id(path) if path in _lists(self.parts) else TOP
        if shown.field.kind == "review":
            return f"{html_id(path)}--0--yes" if shown.options else TOP
        if shown.field.kind == "choices" or shown.field.widget == "radio":
            return f"{html_id(path)}-0" if shown.options else TOP
        return html_id(path)


def form_page(
    form: Form,
    raw: Mapping[str, Any],
    context: FormContext,
    reader: Reader,
    *,
    faults: Mapping[str, list[Fault]] | None = None,
    forms: Mapping[str, Form] | None = None,
    refresh_url: str | None = None,
) -> FormPage:
    """The page for what is typed so far. `raw`: a submission, a draft, or `form.initial(case data)`."""
    faults = faults or {}
    parts = form.present(raw, context, faults)
    return FormPage(form, parts, context, reader, faults, forms or {}, refresh_url)


def _fields(parts: tuple[Shown, ...]) -> list[ShownField]:
    found: list[ShownField] = []
    for part in parts:
        if isinstance(part, ShownField):
            found.append(part)
        elif isinstance(part, ShownSection):
            found += _fields(part.children)
        elif isinstance(part, ShownRepeat):
            for row in part.rows:
                found += _fields(row)
    return found


def _lists(parts: tuple[Shown, ...]) -> set[str]:
    found: set[str] = set()
    for part in parts:
        if isinstance(part, ShownSection):
            found |= _lists(part.children)
        elif isinstance(part, ShownRepeat):
            found |= {part.path} | {p for row in part.rows for p in _lists(row)}
    return found
