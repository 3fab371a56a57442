"""A person's recorded answer, as the changed procedure would take it: who may give it, and what its form asks.

Only forms that changed are looked at: what the same form took then, it takes now.
"""

from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.acts.command import Command
from engine.acts.facts import Facts
from engine.backtest import words
from engine.backtest.candidate import Candidate
from engine.backtest.verdict import Difference
from engine.backtest.waits import Wait
from engine.definitions import LoadedVersion
from engine.expressions import EvaluationContext
from engine.forms import Form, conditions
from engine.forms.model import Field, Node, Paragraph, Repeat, Section
from engine.human_tasks import excluded_from
from engine.texts import Text

Names = Mapping[str, Any]


@dataclass(frozen=True)
class Unanswered:
    """A field that must be answered and was not (`refused`: was answered with what cannot be chosen any more)."""

    label: Text
    refused: bool = False


class Desk:
    """Takes the recorded answers of one case."""

    def __init__(self, candidate: Candidate, versions: Mapping[str, LoadedVersion]) -> None:
        self.candidate = candidate
        self.versions = versions

    def answer(
        self, command: Command, wait: Wait, known: Names, facts: Facts, context: EvaluationContext
    ) -> tuple[Names, Difference | None]:
        """The inputs as the changed form would have them, or why they will not do."""
        element, manifest = self.candidate.elements[wait.element_id], self.candidate.version.manifest
        by = command.inputs.get("by")
        if by is not None and by in excluded_from(element, manifest, facts):
            return command.inputs, words.four_eyes(self.candidate, wait.element_id)
        name = element.properties.get("form")
        form = self.candidate.version.forms.get(name) if name else None
        if form is None or name is None or self._asks_the_same(wait.element_id, name):
            return command.inputs, None
        data = kept(form, command.inputs["data"])
        for field in unanswered(form, data, known, facts.externals(manifest), context):
            make = words.refused_by_form if field.refused else words.asks_field
            return command.inputs, make(self.candidate, wait.element_id, field.label)
        return {**command.inputs, "data": data}, None

    def _asks_the_same(self, element_id: str, name: str) -> bool:
        """Did every version of the record ask by this very form there?"""
        for version in self.versions.values():
            element = version.specs.elements.get(element_id)
            asked = element is not None and element.properties.get("form") == name
            if not asked or name not in self.candidate.beside(version).same_forms:
                return False
        return True


def unanswered(
    form: Form, given: Names, known: Names, externals: Names, context: EvaluationContext
) -> Iterator[Unanswered]:
    """What the form wants and `given` (an answer of then) does not have, in reading order."""
    names = ChainMap(dict(externals), dict(given), dict(known))
    yield from _of_nodes(form.children, given, names, context)


def kept(form: Form, given: Names) -> dict[str, Any]:
    """Of an answer of then, what the form asks for: a field that is gone gives the case nothing."""
    keys = dict.fromkeys(_keys(form.children))
    asked = {name: value for name, value in given.items() if name in keys}
    return asked if form.keeps_hidden else {**keys, **asked}


def _of_nodes(nodes: tuple[Node, ...], given: Names, names: Names, context: EvaluationContext) -> Iterator[Unanswered]:
    for node in nodes:
        if isinstance(node, Paragraph) or conditions.hidden(node.hide, names, context):
            continue
        if isinstance(node, Field):
            yield from _of_field(node, given, names, context)
        elif isinstance(node, Repeat):
            rows = given.get(node.key)
            for row in rows if isinstance(rows, list) else ():
                if isinstance(row, Mapping):
                    yield from _of_nodes(node.children, row, ChainMap(dict(row), dict(names)), context)
        else:
            yield from _of_section(node, given, names, context)


def _of_section(node: Section, given: Names, names: Names, context: EvaluationContext) -> Iterator[Unanswered]:
    if node.key is None:
        yield from _of_nodes(node.children, given, names, context)
        return
    inner = given.get(node.key)
    inner = inner if isinstance(inner, Mapping) else {}
    yield from _of_nodes(node.children, inner, ChainMap(dict(inner), dict(names)), context)


def _of_field(field: Field, given: Names, names: Names, context: EvaluationContext) -> Iterator[Unanswered]:
    if field.readonly:
        return
    value = given.get(field.key)
    if value is None or value is False or value in ("", []):  # a number may well be 0
        if conditions.required(field, names, context):
            yield Unanswered(field.label)
    elif field.kind == "choice" and field.source is None:
        allowed = {option.value for option in conditions.options(field, names, context)}
        if allowed and value not in allowed:
            yield Unanswered(field.label, refused=True)


def _keys(nodes: tuple[Node, ...]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Section) and node.key is None:
            yield from _keys(node.children)
        elif not isinstance(node, Paragraph) and node.key:
            yield node.key
