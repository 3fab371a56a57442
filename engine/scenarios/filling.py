"""From what a scenario says is filled in to what a browser would send: labels become keys, words become values."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.forms import Field, FieldLookups, Form, Node, Option, Paragraph, Repeat, Section
from engine.scenarios.model import Entry
from engine.scenarios.outcome import StepError
from engine.scenarios.words import YES
from engine.scenarios.yamltree import Mapping as MappingTree
from engine.scenarios.yamltree import Scalar, Sequence, Tree
from engine.texts import Text

ALL_WELL = frozenset({"semua sesuai", "semua ya", "all well", "all yes"})
Attach = Callable[[str, str], str]
"""`(field path, file name)`: the id of an upload of that name for this task."""


@dataclass(frozen=True)
class Filling:
    """One form being filled by one person: what it knows already, and how uploads are made."""

    names: Mapping[str, Any]
    lookups: FieldLookups
    attach: Attach

    def of_form(self, form: Form, entries: tuple[Entry, ...]) -> dict[str, Any]:
        """The submission: what the form shows before anybody types, then the entries over it."""
        return {**form.initial(self.names), **self._record(form.children, entries)}

    def _record(self, nodes: tuple[Node, ...], entries: tuple[Entry, ...]) -> dict[str, Any]:
        answered: dict[str, Any] = {}
        for entry in entries:
            node = _named(nodes, entry)
            answered[node.key or ""] = self._value(node, entry.value, answered)
        return answered

    def _value(self, node: "Field | Section | Repeat", tree: Tree, answered: Mapping[str, Any]) -> Any:
        if isinstance(node, Section):
            return self._record(node.children, _entries(tree))
        if isinstance(node, Repeat):
            rows = tree.items if isinstance(tree, Sequence) else (tree,)
            return [self._record(node.children, _entries(row)) for row in rows]
        if node.kind == "review":
            return _review(node, tree)
        if node.kind == "document":
            return self._documents(node, tree)
        texts = [_text(item) for item in tree] if isinstance(tree, Sequence) else [_text(tree)]
        values = [_chosen(self._options(node, text, answered), text) for text in texts]
        return values if node.multiple or isinstance(tree, Sequence) else values[0]

    def _options(self, field: Field, query: str, answered: Mapping[str, Any]) -> tuple[Option, ...]:
        if field.source is None or not self.lookups.source(field.source).closed:
            return field.options
        return tuple(self.lookups.options(field.source, {**self.names, **answered}, query))

    def _documents(self, field: Field, tree: Tree) -> Any:
        """A file's name stands for an upload of that name; whether bytes are sound is not a scenario's subject."""
        names = [_text(item) for item in tree] if isinstance(tree, Sequence) else [_text(tree)]
        ids = [self.attach(field.path, name) for name in names if name]
        return ids if field.multiple else (ids[0] if ids else "")


def plain(entries: tuple[Entry, ...]) -> dict[str, Any]:
    """Data of a task without a form, or of a message: whole numbers and Ya/Tidak are meant as such."""
    return {entry.name: _plain(entry.value) for entry in entries}


def _plain(tree: Tree) -> Any:
    if isinstance(tree, Sequence):
        return [_plain(item) for item in tree]
    if isinstance(tree, MappingTree):
        return {key.text: _plain(value) for key, value in tree}
    known = {"ya": True, "yes": True, "true": True, "tidak": False, "no": False, "false": False, "": None}
    if tree.text in known:
        return known[tree.text]
    return int(tree.text) if tree.text.lstrip("-").isascii() and tree.text.lstrip("-").isdigit() else tree.text


def _named(nodes: tuple[Node, ...], entry: Entry) -> "Field | Section | Repeat":
    found = [node for node in _flat(nodes) if entry.name == node.key or _is(node.label, entry.name)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(f"“{node.label.id}”" for node in _flat(nodes))
    raise StepError(
        entry.line,
        Text(f"formulir ini tidak menanyakan “{entry.name}”; yang ada: {known}",
             f"this form does not ask for “{entry.name}”; it asks for: {known}"),
    )  # fmt: skip


def _flat(nodes: tuple[Node, ...]) -> "Iterator[Field | Section | Repeat]":
    """What can be named in one record: sections without a name of their own only group."""
    for node in nodes:
        if isinstance(node, Section) and node.key is None:
            yield from _flat(node.children)
        elif not isinstance(node, Paragraph):
            yield node


def _chosen(options: tuple[Option, ...], text: str) -> str:
    """The value of the option so called; any other text is sent as it is, for the form to judge."""
    return next((o.value for o in options if text == o.value or _is(o.label, text)), text)


def _review(field: Field, tree: Tree) -> dict[str, dict[str, Any]]:
    """Only the rows found wrong are written, each with its note; the others are Ya."""
    rows: dict[str, dict[str, Any]] = {option.value: {"ok": True, "note": ""} for option in field.options}
    if isinstance(tree, Scalar):
        if tree.text.lower() in ALL_WELL:
            return rows
        words = Text(
            f"“{tree.text}” tidak terbaca; tulis “semua sesuai”, atau baris yang tidak sesuai dengan keterangannya",
            f"“{tree.text}” cannot be read; write “all well”, or the rows found wrong with a note each",
        )
        raise StepError(tree.line, words)
    for entry in _entries(tree):
        row = _chosen(field.options, entry.name)
        if row not in rows:
            known = ", ".join(f"“{o.label.id}”" for o in field.options)
            words = Text(
                f"tidak ada baris “{entry.name}”; yang ada: {known}", f"no row “{entry.name}”; there are: {known}"
            )
            raise StepError(entry.line, words)
        note = _text(entry.value)
        rows[row] = {"ok": True, "note": ""} if note.lower() in YES else {"ok": False, "note": note}
    return rows


def _entries(tree: Tree) -> tuple[Entry, ...]:
    if isinstance(tree, MappingTree):
        return tuple(Entry(key.text, value, key.line) for key, value in tree)
    words = Text("di sini seharusnya “isian: nilai” per baris", "“field: value” lines belong here")
    raise StepError(tree.line, words)


def _text(tree: Tree) -> str:
    if isinstance(tree, Scalar):
        return tree.text
    raise StepError(tree.line, Text("di sini seharusnya satu nilai", "one value belongs here"))


def _is(label: Text, text: str) -> bool:
    return text.casefold() in (label.id.casefold(), label.en.casefold())
