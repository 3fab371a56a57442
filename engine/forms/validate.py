"""One walk over a form: decides what is asked, types what was answered, and collects every fault.

Rendering and validating share it, so that what a person sees and what is checked cannot differ. Fields are taken in
reading order; a condition sees the case's data and the answers above it.
"""

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.expressions import ExpressionError, check_value, is_reserved
from engine.forms import conditions
from engine.forms.convert import Asking, Refusal, convert
from engine.forms.faults import fault
from engine.forms.interpolation import interpolate
from engine.forms.model import (
    Fault,
    Field,
    FormContext,
    Node,
    Paragraph,
    Repeat,
    Section,
    Shown,
    ShownField,
    ShownParagraph,
    ShownRepeat,
    ShownSection,
    Validated,
)
from engine.forms.rules import missing, rule_faults
from engine.forms.values import blank, within_bounds
from engine.forms.words import show_value
from engine.texts import Text

Names = Mapping[str, Any]


def validate(nodes: tuple[Node, ...], submitted: Any, context: FormContext, *, keeps_hidden: bool = False) -> Validated:
    """Type and check a whole submission. Raises nothing that a person could cause.

    `keeps_hidden`: fields of the form itself that are hidden are no part of the answer, so that the case keeps its own.
    """
    refused = _unreadable(submitted)
    if refused:
        return Validated({}, {"": [refused]})
    walk = Walk(context, shows=False)
    data = walk.form(nodes, submitted)
    if keeps_hidden:
        data = {name: value for name, value in data.items() if name not in walk.hidden}
    if not walk.faults:
        try:
            check_value(data)
        except ExpressionError:
            walk.faults[""] = [fault("too_much")]
    return Validated(data, walk.faults, walk.warnings, tuple(walk.dropped), tuple(walk.attachments))


def present(
    nodes: tuple[Node, ...], raw: Any, context: FormContext, faults: Mapping[str, list[Fault]] | None = None
) -> tuple[Shown, ...]:
    """The form as it is to be shown for what is typed so far, with the given faults beside their fields."""
    walk = Walk(context, shows=True, shown_faults=faults or {})
    walk.form(nodes, {} if _unreadable(raw) else raw)
    return walk.shown


def _unreadable(submitted: Any) -> Fault | None:
    if not isinstance(submitted, Mapping) or not all(isinstance(k, str) for k in submitted):
        return fault("not_a_form")
    return None if within_bounds(submitted) else fault("too_much")


@dataclass(frozen=True)
class Record:
    """One record being filled: the form itself, a section with a name, or a row of a list."""

    raw: Names
    known: Names
    """What the case has here already: the value of fields that this person may not change."""
    values: dict[str, Any]
    names: Names
    path: str = ""

    def at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


class Walk:
    """The state of one pass over a form."""

    def __init__(
        self, context: FormContext, *, shows: bool, shown_faults: Mapping[str, list[Fault]] | None = None
    ) -> None:
        # A form's dates are no deadlines: their explanations are not the act's.
        self.context = replace(context, evaluation=replace(context.evaluation, explanations=[]))
        self.shows = shows
        self.shown_faults = shown_faults or {}
        self.faults: dict[str, list[Fault]] = {}
        self.warnings: dict[str, list[Fault]] = {}
        self.dropped: list[str] = []
        self.attachments: list[str] = []
        self.hidden: set[str] = set()
        """Names that hidden parts of the form itself would have filled."""
        self.shown: tuple[Shown, ...] = ()

    def form(self, nodes: tuple[Node, ...], raw: Names) -> dict[str, Any]:
        values: dict[str, Any] = {}
        names = ChainMap(dict(self.context.externals), values, dict(self.context.data))
        record = Record(raw, self.context.data, values, names)
        self.shown = self._record(nodes, record)
        return values

    def _record(self, nodes: tuple[Node, ...], record: Record) -> tuple[Shown, ...]:
        keys = list(_keys(nodes))
        record.values.update(dict.fromkeys(keys))
        self._note_strangers(record, set(keys))
        return self._nodes(nodes, record)

    def _note_strangers(self, record: Record, keys: set[str]) -> None:
        """What is no field of the form is left out; a reserved name is refused aloud."""
        for name in record.raw:
            if name in keys:
                continue
            self.dropped.append(record.at(name[:80]))
            if is_reserved(name):
                self._fault("", fault("reserved_name", name="".join(c for c in name[:40] if c.isprintable())))

    def _nodes(self, nodes: tuple[Node, ...], record: Record) -> tuple[Shown, ...]:
        shown = (self._node(node, record) for node in nodes)
        return tuple(s for s in shown if s is not None)

    def _node(self, node: Node, record: Record) -> Shown | None:
        if conditions.hidden(node.hide, record.names, self.context.evaluation):
            self._drop(node, record)
            return None
        if isinstance(node, Field):
            return self._field(node, record)
        if isinstance(node, Section):
            return self._section(node, record)
        return self._repeat(node, record) if isinstance(node, Repeat) else self._paragraph(node, record)

    def _drop(self, node: Node, record: Record) -> None:
        """A hidden part keeps None for its fields; what was sent for it is noted, not taken."""
        if not record.path:
            self.hidden.update(_keys((node,)))
        self.dropped += [record.at(k) for k in _keys((node,)) if not blank(record.raw.get(k))]

    def _section(self, node: Section, record: Record) -> Shown:
        if node.key is None:
            return ShownSection(node, self._nodes(node.children, record))
        values: dict[str, Any] = {}
        record.values[node.key] = values
        inner = self._inside(record, record.raw.get(node.key), record.known.get(node.key), values, record.at(node.key))
        return ShownSection(node, self._record(node.children, inner))

    def _inside(self, record: Record, raw: Any, known: Any, values: dict[str, Any], path: str) -> Record:
        if raw is not None and not isinstance(raw, Mapping):
            self._fault(path, fault("not_a_form"))
        raw = raw if isinstance(raw, Mapping) and all(isinstance(k, str) for k in raw) else {}
        known = known if isinstance(known, Mapping) else {}
        names = ChainMap(dict(self.context.externals), values, _mutable(record.names))
        return Record(raw, known, values, names, path)

    def _repeat(self, node: Repeat, record: Record) -> Shown:
        path = record.at(node.key)
        rows, known = self._raw_rows(node, record, path), record.known.get(node.key)
        known = known if isinstance(known, list) else []
        taken: list[dict[str, Any]] = []
        record.values[node.key] = taken
        shown: list[tuple[Shown, ...]] = []
        for index, raw in enumerate(rows):
            if not self.shows and not node.fixed and blank(raw):
                continue
            values: dict[str, Any] = {}
            was = known[index] if index < len(known) else None
            inner = self._inside(record, raw, was, values, f"{path}[{index}]")
            shown.append(self._record(node.children, inner))
            taken.append(values)
        if len(taken) < node.rules.min_items:
            self._fault(path, fault("too_few_items", label=node.label, limit=node.rules.min_items))
        return ShownRepeat(node, path, tuple(shown), tuple(self.shown_faults.get(path, ())))

    def _raw_rows(self, node: Repeat, record: Record, path: str) -> list[Any]:
        raw = record.raw.get(node.key)
        if raw is not None and not isinstance(raw, (list, tuple)):
            self._fault(path, fault("not_a_form"))
        rows = list(raw) if isinstance(raw, (list, tuple)) else []
        if len(rows) > node.rules.max_items:
            self._fault(path, fault("too_many_items", label=node.label, limit=node.rules.max_items))
            rows = rows[: node.rules.max_items]
        known = record.known.get(node.key)
        expected = len(known) if isinstance(known, list) else node.initial_rows
        if node.fixed and not self.shows and len(rows) != expected:
            self._fault(path, fault("fixed_rows", label=node.label))
        return rows

    def _paragraph(self, node: Paragraph, record: Record) -> Shown | None:
        if not self.shows:
            return None
        evaluation, zone = self.context.evaluation, self.context.zone
        indonesian = interpolate(node.text.id, record.names, evaluation, lambda v: show_value(v, zone, "id"))
        english = interpolate(node.text.in_locale("en"), record.names, evaluation, lambda v: show_value(v, zone, "en"))
        return ShownParagraph(Text(indonesian, english), node.level, node.values_of, node.tone)

    def _field(self, field: Field, record: Record) -> Shown:
        path, evaluation = record.at(field.key), self.context.evaluation
        raw = self._answer(field, record)
        options = conditions.options(field, record.names, evaluation)
        asking = Asking(field, self.context, record.names, options, [], self.attachments)
        required = conditions.required(field, record.names, evaluation)
        faults = self._take(asking, raw, record, required=required)
        if asking.warnings:
            self.warnings[path] = asking.warnings
        for found in faults:
            self._fault(path, found)
        if self.shows and field.source:
            asking.options = conditions.offered(field, record.names, self.context.lookups)
        said = tuple(self.shown_faults.get(path, ()))
        return ShownField(field, path, raw, required, asking.options, said, tuple(asking.warnings))

    def _answer(self, field: Field, record: Record) -> Any:
        if not field.readonly:
            return record.raw.get(field.key)
        known = record.known.get(field.key)
        return field.default if known is None else known

    def _take(self, asking: Asking, raw: Any, record: Record, *, required: bool) -> list[Fault]:
        """Put the typed value into the record; all reasons against it."""
        try:
            value = convert(raw, asking)
        except Refusal as refusal:
            return refusal.faults
        record.values[asking.field.key] = value
        if value is None or value is False:
            return [missing(asking)] if required else []
        return rule_faults(value, asking) or self._broken_checks(asking, record)

    def _broken_checks(self, asking: Asking, record: Record) -> list[Fault]:
        evaluation = self.context.evaluation
        found = (conditions.check_fault(c, asking.field, record.names, evaluation) for c in asking.field.checks)
        # Where something above is wrong already, a rule that cannot be computed says nothing new.
        return [f for f in found if f is not None and not (f.code == "check_failed" and self.faults)]

    def _fault(self, path: str, found: Fault) -> None:
        self.faults.setdefault(path, []).append(found)


def _keys(nodes: tuple[Node, ...]) -> list[str]:
    """Names that these components fill in the record they stand in."""
    found: list[str] = []
    for node in nodes:
        if isinstance(node, Section) and node.key is None:
            found += _keys(node.children)
        elif not isinstance(node, Paragraph) and node.key:
            found.append(node.key)
    return found


def _mutable(names: Names) -> dict[str, Any]:
    """ChainMap only reads its later maps; its type asks for more."""
    return names  # type: ignore[return-value]
