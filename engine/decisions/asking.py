"""What a table has to be told to try it out: every name its expressions read, and how such a value is written."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from engine.decisions.constants import constants_of
from engine.decisions.domains import Domain, Domains
from engine.decisions.points import NUMBER_KINDS
from engine.decisions.table import Table
from engine.expressions import EvaluationContext, ExpressionError, evaluate, read
from engine.expressions.cells import read_cell
from engine.expressions.limits import LITERALS
from engine.expressions.paths import leaves, paths_read
from engine.expressions.values import NUMBERS
from engine.forms.numbers import read_date, read_number

MAX_RAW = 2_000


@dataclass(frozen=True)
class Asked:
    """A name to be given a value. `kind`: text, number, boolean, date, or any (as an expression would write it)."""

    path: str
    kind: str
    title: str = ""
    domain: Domain | None = None


class UnreadableValueError(ValueError):
    """What was typed is no value of that kind."""


def asked_by(table: Table, domains: Domains, parameters: Mapping[str, Any]) -> list[Asked]:
    """The names in the order in which the table reads them; a record by its fields."""
    found = [path for tree in _trees(table) for path in paths_read(tree) if path.partition(".")[0] != "parameters"]
    return [_asked(table, path, domains.get(path), parameters) for path in leaves(found)]


def _asked(table: Table, path: str, domain: Domain | None, parameters: Mapping[str, Any]) -> Asked:
    number = next((n for n, column in enumerate(table.inputs) if column.source == path), None)
    if number is None:
        return Asked(path, "any", "", domain)
    column = table.inputs[number]
    cells = [v for rule in table.rules for v in constants_of(rule.cells[number], parameters) or ()]
    return Asked(path, _kind(column.kind, cells), column.label, domain)


def _kind(declared: str, cells: list[Any]) -> str:
    """By what the cells compare it with; by the file's word where they say nothing."""
    kinds = {"number" if type(v) in NUMBERS else type(v).__name__ for v in cells if v is not None}
    if len(kinds) == 1:
        return {"number": "number", "bool": "boolean", "str": "text", "date": "date"}.get(kinds.pop(), "any")
    if declared in NUMBER_KINDS:
        return "number"
    return {"boolean": "boolean", "string": "text", "date": "date"}.get(declared, "any")


def _trees(table: Table) -> Iterator[ast.AST | None]:
    for column in table.inputs:
        yield read(column.source).tree if column.source else None
    for rule in table.rules:
        for cell in rule.cells:
            source = read_cell(cell).source
            yield source.tree if source is not None else None
        for result in rule.results:
            yield read(result).tree if result else None


def value_of(raw: str, kind: str, context: EvaluationContext) -> Any:
    """What was typed, as the case would hold it; None for nothing. Raises UnreadableValueError."""
    text = raw.strip()
    if len(text) > MAX_RAW:
        raise UnreadableValueError
    if not text:
        return None
    try:
        return _READERS[kind](text, context)
    except (ValueError, KeyError, ExpressionError):
        raise UnreadableValueError from None


def _number(text: str, _context: EvaluationContext) -> int | Decimal:
    number = read_number(text, whole=False)
    return int(number) if number == number.to_integral_value() else number


def _boolean(text: str, _context: EvaluationContext) -> bool:
    return {"ya": True, "yes": True, "true": True, "tidak": False, "no": False, "false": False}[text.lower()]


def _date(text: str, _context: EvaluationContext) -> date:
    return read_date(text)


def _any(text: str, context: EvaluationContext) -> Any:
    """As an expression without names writes it: 12, "teks", ["a"], True; a bare word is text."""
    tree = read(text)
    if tree.tree is None or tree.reads - LITERALS.keys():
        return text
    return evaluate(text, {}, context)


_READERS = {"text": lambda text, _context: text, "number": _number, "boolean": _boolean, "date": _date, "any": _any}


def names_from(values: Mapping[str, Any]) -> dict[str, Any]:
    """`{"a.b": 1}` as the record that an expression reads `a.b` from. Names without a value are there, and empty."""
    found: dict[str, Any] = {}
    for path, value in values.items():
        record = found
        *holders, last = path.split(".")
        for holder in holders:
            record = record.setdefault(holder, {})
        record[last] = value
    return found
