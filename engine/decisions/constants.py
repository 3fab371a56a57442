"""Which values a cell tells apart, found without running it: the ones it compares its input with.

A cell that does more than compare its input with fixed values (`starts_with(?, "III/")`, `< due`) has none to name;
what it covers is then not claimed.
"""

import ast
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from engine.expressions import EvaluationContext, ExpressionError
from engine.expressions.cells import INPUT, read_cell
from engine.expressions.interpreter import Interpreter
from engine.expressions.values import NUMBERS

TIMELESS = frozenset({"date"})
"""Functions whose value depends on their arguments alone and which owners use for fixed values."""
CONTEXT = EvaluationContext(now=datetime(2000, 1, 1, tzinfo=UTC))
"""Nothing that is computed here may depend on the instant."""
_ORDER = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


def constants_of(cell: str, parameters: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """The fixed values in a cell, in order; None where it cannot be said what the cell covers."""
    read = read_cell(cell)
    if read.faults:
        return None
    if read.source is None or not isinstance(read.source.tree, ast.Expression):
        return ()
    found: list[Any] = []
    return tuple(found) if _Collector({"parameters": dict(parameters)}, found).test(read.source.tree.body) else None


class _Collector:
    """Walks the condition of one cell; every method answers whether it understood."""

    def __init__(self, names: Mapping[str, Any], found: list[Any]) -> None:
        self.names = names
        self.found = found

    def test(self, node: ast.expr) -> bool:
        if isinstance(node, ast.BoolOp):
            return all(self.test(value) for value in node.values)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return self.test(node.operand)
        if isinstance(node, ast.Compare):
            return self._compare(node)
        return isinstance(node, ast.Constant) and isinstance(node.value, bool)

    def _compare(self, node: ast.Compare) -> bool:
        sides = [node.left, *node.comparators]
        for left, operator, right in zip(sides, node.ops, sides[1:], strict=False):
            if not self._pair(left, operator, right):
                return False
        return True

    def _pair(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> bool:
        if _is_input(left) == _is_input(right):
            return False
        value = self._fixed(right if _is_input(left) else left)
        if value is None:
            return False
        if isinstance(operator, (ast.In, ast.NotIn)):
            return _is_input(left) and isinstance(value[0], list) and all(self._take(v) for v in value[0])
        if isinstance(operator, _ORDER) and not isinstance(value[0], (int, float, Decimal, date)):
            return False
        return self._take(value[0])

    def _take(self, value: Any) -> bool:
        plain = type(value) in NUMBERS or type(value) in (bool, str, date) or value is None
        if plain:
            self.found.append(value)
        return plain

    def _fixed(self, node: ast.expr) -> tuple[Any] | None:
        """The value of a side that does not look at the input, the data or the clock."""
        for part in ast.walk(node):
            if isinstance(part, ast.Call):
                if not (isinstance(part.func, ast.Name) and part.func.id in TIMELESS):
                    return None
            elif isinstance(part, ast.Name) and part.id not in {"parameters", "true", "false", "null", *TIMELESS}:
                return None
        try:
            return (Interpreter(self.names, CONTEXT).value(node),)
        except ExpressionError:
            return None


def _is_input(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == INPUT
