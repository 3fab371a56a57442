"""Cells of decision tables: `-`, a value, several values, `> 5`, `not("a")`, `[1..5]`, or a condition on `?`.

One reader serves the gate (are the cells allowed?) and the engine (does the cell match?).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from engine.expressions.context import EvaluationContext
from engine.expressions.faults import Fault, FaultyExpressionError
from engine.expressions.interpreter import Interpreter
from engine.expressions.syntax import Source, read
from engine.texts import Text

INPUT = "dmninputexpr"

_COMPARISON = re.compile(r"(==|!=|<=|>=|<|>|=|in\b|not\s+in\b)")
_INTERVAL = re.compile(r"([\[(\]])(?P<low>.+?)\.\.(?P<high>.+)([\])\[])\Z", re.DOTALL)
_NOT = re.compile(r"not\s*\((?P<inner>.*)\)\Z", re.DOTALL)


@dataclass(frozen=True)
class Cell:
    """A cell as one condition on its input, or (no source) one that always matches."""

    source: Source | None
    faults: tuple[Fault, ...]


@lru_cache(maxsize=4096)
def read_cell(text: str | None) -> Cell:
    """Understand a cell; its faults if it cannot be."""
    stripped = (text or "").strip()
    if stripped in ("", "-"):
        return Cell(None, ())
    condition = _condition(stripped)
    if condition is None:
        fault = Fault(
            "syntax",
            Text(f"sel “{stripped[:60]}” tidak terbaca", f'the cell "{stripped[:60]}" cannot be read'),
            Text(
                'Tulis nilai ("Ya"), beberapa nilai ("a", "b"), > 5, [1..5], not("a"), atau syarat dengan ?.',
                'Write a value ("Yes"), several ("a", "b"), > 5, [1..5], not("a"), or a condition on ?.',
            ),
        )
        return Cell(None, (fault,))
    source = read(condition, cell=True)
    return Cell(source, source.faults)


def matches(text: str | None, value: Any, names: Mapping[str, Any], context: EvaluationContext) -> bool:
    """Does a cell match its column's input value?"""
    cell = read_cell(text)
    if cell.faults:
        raise FaultyExpressionError(cell.faults)
    if cell.source is None or cell.source.tree is None:
        return True
    return bool(Interpreter({**names, INPUT: value}, context).value(cell.source.tree))


def _condition(cell: str) -> str | None:
    """The cell as a Python-shaped condition on INPUT; None when its brackets and quotes do not fit."""
    if "?" in _without_text(cell):
        return _replace_input(cell)
    negated = _NOT.match(cell)
    if negated and _split(negated["inner"]) is not None:
        inner = _condition(negated["inner"].strip())
        return None if inner is None else f"not ({inner})"
    parts = _split(cell)
    if parts is None or any(not part for part in parts):
        return None
    tests = [_test(part) for part in parts]
    if None in tests:
        return None
    return " or ".join(f"({test})" for test in tests)


def _test(part: str) -> str | None:
    interval = _INTERVAL.match(_without_text(part)) and _INTERVAL.match(part)
    if interval:
        low = "<=" if part[0] == "[" else "<"
        high = "<=" if part[-1] == "]" else "<"
        return f"({interval['low'].strip()}) {low} {INPUT} {high} ({interval['high'].strip()})"
    comparison = _COMPARISON.match(part)
    if comparison:
        operator = "==" if comparison[1] == "=" else comparison[1]
        operand = part[comparison.end() :].strip()
        return f"{INPUT} {operator} ({operand})" if operand else None
    return f"{INPUT} == ({part})"


def _without_text(cell: str) -> str:
    """The cell with its quoted texts blanked, as long as it was."""
    return re.sub(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'", lambda m: "_" * len(m[0]), cell)


def _replace_input(cell: str) -> str:
    blank = _without_text(cell)
    return "".join(INPUT if b == "?" else c for b, c in zip(blank, cell, strict=True))


def _split(cell: str) -> list[str] | None:
    """The parts between commas that stand outside brackets and quotes; None for unbalanced brackets."""
    blank, depth, start, parts = _without_text(cell), 0, 0, []
    if "," not in blank and _INTERVAL.match(blank):
        return [cell]  # half-open intervals such as (1..5] do not balance
    for position, character in enumerate(blank):
        if character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == "," and depth == 0:
            parts.append(cell[start:position].strip())
            start = position + 1
        if depth < 0:
            return None
    return [*parts, cell[start:].strip()] if depth == 0 else None
