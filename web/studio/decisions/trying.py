"""A table tried out: what to ask, examples that make a row match, and the answer row by row with the reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from engine.decisions import (
    Asked,
    Domains,
    Table,
    UnreadableValueError,
    asked_by,
    dimensions_of,
    example_of,
    names_from,
    value_of,
)
from engine.expressions import EvaluationContext
from engine.expressions.cells import read_cell
from engine.expressions.paths import paths_read
from engine.forms.words import show_value
from engine.spiff.deciding import Answer, Tried, TriedRow, try_decision
from web.i18n import locale_code

PREFIX = "v:"
MAX_EXAMPLES = 100


@dataclass(frozen=True)
class ShownRow:
    """A row as the try-out shows it: each cell with whether it matches, and the reason in a sentence."""

    number: int
    matches: bool
    decides: bool
    cells: list[tuple[str, bool]]
    results: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class ShownTrial:
    inputs: list[tuple[str, str]]
    rows: list[ShownRow]
    outcome: list[tuple[str, str]]
    refused: str


def asked(table: Table, domains: Domains, parameters: Mapping[str, Any]) -> list[Asked]:
    return asked_by(table, domains, parameters)


def examples(table: Table, domains: Domains, parameters: Mapping[str, Any]) -> dict[int, dict[str, str]]:
    """For every row values that make it match, as they would be typed."""
    dimensions = dimensions_of(table, domains, parameters)
    found = {}
    for index, rule in enumerate(table.rules[:MAX_EXAMPLES]):
        values = example_of(dimensions, index)
        found[rule.number] = {source: typed(value) for source, value in values.items()}
    return found


def typed(value: Any) -> str:
    """A value as it is written into the fields of the try-out."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, Decimal):
        return str(value).replace(".", ",")
    return value.isoformat() if isinstance(value, date) else str(value)


def values_from(
    sent: Mapping[str, str], wanted: list[Asked], context: EvaluationContext
) -> tuple[dict[str, Any], list[str]]:
    """The typed values as the case would hold them, and the names of those that cannot be read."""
    found, unreadable = {}, []
    for one in wanted:
        try:
            found[one.path] = value_of(sent.get(PREFIX + one.path, ""), one.kind, context)
        except UnreadableValueError:
            unreadable.append(one.path)
    return names_from(found), unreadable


def trial(
    body: bytes,
    table: Table,
    names: Mapping[str, Any],
    externals: Mapping[str, Any],
    context: EvaluationContext,
) -> ShownTrial:
    """What the engine says, in words."""
    tried = try_decision(body, names, externals, context)
    teller = _Teller(table, tried, externals, context.zone)
    refused = tried.outcome.refused
    return ShownTrial(
        inputs=teller.inputs,
        rows=[teller.row(row) for row in tried.rows],
        outcome=[] if refused else teller.outcome(tried.outcome.value or {}),
        refused=refused.message(locale_code()) if refused else "",
    )


class _Teller:
    """Puts one try-out into words."""

    def __init__(self, table: Table, tried: Tried, externals: Mapping[str, Any], zone: ZoneInfo) -> None:
        self.table = table
        self.tried = tried
        self.externals = externals
        self.zone = zone
        self.inputs = [(c.title, self._input(a)) for c, a in zip(table.inputs, tried.inputs, strict=True)]
        self.first = next((row.number for row in tried.rows if row.matches), None)

    def outcome(self, value: Mapping[str, Any]) -> list[tuple[str, str]]:
        return [(c.title, said(_inside(value, c.source), self.zone)) for c in self.table.outputs]

    def row(self, row: TriedRow) -> ShownRow:
        rule = self.table.rules[row.number - 1]
        cells = [
            (text or "-", answer.refused is None and bool(answer.value))
            for text, answer in zip(rule.cells, row.cells, strict=True)
        ]
        used = self.tried.outcome.refused is None and (self.table.policy == "COLLECT" or row.number == self.first)
        return ShownRow(row.number, row.matches, row.matches and used, cells, rule.results, self._why(row, cells))

    def _why(self, row: TriedRow, cells: list[tuple[str, bool]]) -> str:
        if row.matches:
            return _("Semua selnya cocok.")
        reasons = []
        for answer, (text, good), (title, value) in zip(row.cells, cells, self.inputs, strict=True):
            if answer.refused is not None:
                reasons.append(_("%(title)s: %(why)s", title=title, why=answer.refused.message(locale_code())))
            elif not good:
                cell = text + self._parameters_in(text)
                reasons.append(_("%(title)s adalah %(value)s, diminta %(cell)s", title=title, value=value, cell=cell))
        return "; ".join(reasons) + "."

    def _parameters_in(self, cell: str) -> str:
        """ " (parameters.passing_score = 70)": what the owner set is not seen in the cell."""
        source = read_cell(cell).source
        paths = paths_read(source.tree) if source is not None else []
        told = [
            f"{path} = {said(_inside(self.externals, path), self.zone)}"
            for path in paths
            if path.startswith("parameters.")
        ]
        return f" ({', '.join(told)})" if told else ""

    def _input(self, answer: Answer) -> str:
        return _("tidak dapat dihitung") if answer.refused else said(answer.value, self.zone)


def _inside(value: Any, path: str) -> Any:
    """`a.b` of a record; None where it is not there."""
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def said(value: Any, zone: ZoneInfo) -> str:
    """A value in words: texts in quotation marks, so that a text of figures is no figure."""
    if value is None:
        return _("kosong")
    if isinstance(value, str):
        return f"“{value}”"
    if isinstance(value, list):
        return "[" + ", ".join(said(item, zone) for item in value) + "]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {said(item, zone)}" for name, item in value.items()) + "}"
    return show_value(value, zone, locale_code())
