"""From what was typed into a form to what a scenario says is filled in: the way back of `engine.scenarios.filling`.

Keys become labels and option values their words, where a reader of scenarios finds them again; what the form showed
before anybody typed is left out.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from engine.forms import Field, Form, Node, Option, Paragraph, Repeat, Section
from engine.forms.values import blank, raw_text
from engine.scenarios.words import ALIASES
from engine.texts import Text

_YES = frozenset({"on", "true", "1", "ya", "yes"})
_DIGITS = frozenset({"nip", "nik", "npwp", "nib"})
Named = Field | Section | Repeat
Options = Callable[[Field, Mapping[str, Any]], Iterable[Option]]
"""What can be chosen, given the answers above the field."""


@dataclass(frozen=True)
class Telling:
    """How one form is told: what its options are, and what its uploads are called."""

    zone: ZoneInfo
    options: Options
    filenames: Mapping[str, str]

    def of_form(self, form: Form, raw: Mapping[str, Any], shown: Mapping[str, Any]) -> dict[str, Any]:
        """The entries that make `raw` of a form that shows `shown`."""
        told: dict[str, Any] = {}
        nodes = list(_flat(form.children))
        for node in nodes:
            value, before = raw.get(node.key or ""), shown.get(node.key or "")
            if not self._is_said(node, value, before):
                continue
            said = self._value(node, value, raw)
            if said is not None:
                told[_name(node, nodes)] = said
        return told

    def _is_said(self, node: Named, value: Any, before: Any) -> bool:
        """Does it differ from what was there already? Hidden and fixed fields are sent as nothing."""
        if value is None or (isinstance(node, Field) and node.readonly):
            return False
        if not isinstance(node, Field):
            return not blank(value) or not blank(before)
        if node.kind in ("checkbox", "choices"):
            return bool(value) != bool(before) or (node.kind == "choices" and list(value) != list(before or []))
        if node.kind == "review":
            return any(str((row or {}).get("ok", "")) for row in value.values())
        if node.kind == "document":
            return _ids(value) != _ids(before)
        return _plain(node, value) != _plain(node, raw_text(node, before, self.zone))

    def _value(self, node: Named, value: Any, names: Mapping[str, Any]) -> Any:
        if isinstance(node, Section):
            return self._record(node.children, value if isinstance(value, Mapping) else {}, names)
        if isinstance(node, Repeat):
            rows = value if isinstance(value, list) else []
            return [self._record(node.children, row, {**names, **row}) for row in rows]
        return self._answer(node, value, names)

    def _answer(self, node: Field, value: Any, names: Mapping[str, Any]) -> Any:
        if node.kind == "review":
            return _review(node, value)
        if node.kind == "checkbox":
            return "ya" if value is True or str(value) in _YES else "tidak"
        if node.kind == "document":
            called = [self.filenames.get(i, "") for i in _ids(value)]
            return called if node.multiple else (called[0] if called else "")
        options = tuple(self.options(node, names))
        if isinstance(value, list):
            return [_chosen(options, str(v)) for v in value]
        return _chosen(options, _plain(node, value))

    def _record(self, children: tuple[Node, ...], row: Mapping[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
        """A record replaces what was there, so all of it is said but what is empty."""
        nodes = list(_flat(children))
        said = {}
        for node in nodes:
            value = row.get(node.key or "")
            if blank(value) or (isinstance(node, Field) and node.readonly):
                continue
            said[_name(node, nodes)] = self._value(node, value, names)
        return said


def _flat(nodes: tuple[Node, ...]) -> Iterator[Named]:
    """What can be named in one record: sections without a name of their own only group."""
    for node in nodes:
        if isinstance(node, Section) and node.key is None:
            yield from _flat(node.children)
        elif not isinstance(node, Paragraph):
            yield node


def _name(node: Named, beside: list[Named]) -> str:
    """Its label where that means nothing else, else its key."""
    label = node.label.id.strip()
    meant = [n for n in beside if label == n.key or _is(n.label, label)]
    return label if label and meant == [node] and label not in ALIASES["based_on"] else node.key or ""


def _chosen(options: tuple[Option, ...], value: str) -> str:
    """The words of an option where they lead back to it."""
    for option in options:
        words = option.label.id
        if option.value == value:
            found = next((o.value for o in options if words == o.value or _is(o.label, words)), None)
            return words if words and found == value else value
    return value


def _review(field: Field, value: Mapping[str, Any]) -> Any:
    """Only the rows found wrong, each with its note."""
    wrong: dict[str, str] = {}
    for option in field.options:
        row = value.get(option.value) or {}
        answer = row.get("ok")
        if answer in (None, "") or answer is True or str(answer).lower() in _YES:
            continue
        wrong[_chosen(field.options, option.value)] = str(row.get("note") or "")
    return wrong or "semua sesuai"


def _ids(value: Any) -> list[str]:
    entries = value if isinstance(value, list | tuple) else [value]
    return [str(e.get("id")) if isinstance(e, Mapping) else str(e) for e in entries if e]


def _plain(field: Field, value: Any) -> str:
    """Numbers of people are shown in groups and kept without."""
    text = str(value if value is not None else "").replace("\r\n", "\n")
    return "".join(c for c in text if c.isalnum()) if field.kind in _DIGITS else text


def _is(label: Text, text: str) -> bool:
    return text.casefold() in (label.id.casefold(), label.en.casefold())
