"""The safe expression language: what diagrams, decisions and forms may compute.

Nothing here compiles or runs Python. A source text is read into a checked tree (`syntax`), which is interpreted
(`interpreter`) over plain values (`values`) with a fixed set of functions (`general`, `dates`).
"""

from collections.abc import Mapping
from typing import Any, Literal

import engine.expressions.dates
import engine.expressions.general  # noqa: F401 -- both register their functions
from engine.expressions.cells import matches, read_cell
from engine.expressions.context import EvaluationContext
from engine.expressions.faults import (
    ExpressionError,
    ExpressionLimitError,
    Fault,
    FaultyExpressionError,
    UnknownNameError,
)
from engine.expressions.functions import FUNCTIONS, LAZY, Function
from engine.expressions.interpreter import Interpreter, ScriptInterpreter
from engine.expressions.limits import LIMITS, LITERALS, READ_ONLY, RESERVED, valid_name
from engine.expressions.syntax import Mode, Source, read
from engine.expressions.values import check_value, equal
from engine.texts import Text

__all__ = [
    "FUNCTIONS",
    "LAZY",
    "LIMITS",
    "LITERALS",
    "READ_ONLY",
    "RESERVED",
    "EvaluationContext",
    "ExpressionError",
    "ExpressionLimitError",
    "Fault",
    "FaultyExpressionError",
    "Function",
    "UnknownNameError",
    "assignments",
    "check",
    "check_value",
    "equal",
    "evaluate",
    "execute",
    "is_reserved",
    "matches",
    "names_assigned",
    "names_used",
    "read",
    "valid_name",
]


def evaluate(source: str, names: Mapping[str, Any], context: EvaluationContext) -> Any:
    """The value of an expression. `names` are the data, with `case` and `parameters` added by the engine."""
    tree = _tree(source, "expression")
    return check_value(_guarded(lambda: Interpreter(names, context).value(tree)))


def execute(
    script: str, data: Mapping[str, Any], context: EvaluationContext, externals: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The data as a script leaves them; `data` itself is not changed, so that a failing script leaves nothing."""
    return {**data, **assignments(script, data, context, externals)}


def assignments(
    script: str, data: Mapping[str, Any], context: EvaluationContext, externals: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What a script assigned, by name: also where the name had that very value before."""
    tree = _tree(script, "script")
    interpreter = ScriptInterpreter(data, externals or {}, context)
    _guarded(lambda: interpreter.run(tree.body))
    return interpreter.changed


def check(source: str, mode: Literal["expression", "script", "dmn"] = "expression") -> list[Fault]:
    """Everything wrong with a source text, found without running it; `dmn` is a decision table's input cell."""
    if mode == "dmn":
        return list(read_cell(source).faults)
    return list(read(source, mode).faults)


def names_used(source: str, mode: Mode = "expression") -> frozenset[str]:
    """The names of data that a source reads (`case` and `parameters` among them)."""
    return read(source, mode).reads


def names_assigned(script: str) -> frozenset[str]:
    """The names of data that a script fills."""
    return read(script, "script").assigns


def is_reserved(name: str) -> bool:
    """May no field of a form, output of a handler or data object carry this name?"""
    return not valid_name(name) or name in FUNCTIONS or name in LAZY


def _tree(source: str, mode: Mode) -> Any:
    found: Source = read(source, mode)
    if found.tree is None:
        raise FaultyExpressionError(found.faults)
    return found.tree


def _guarded(compute: Any) -> Any:
    try:
        return compute()
    except RecursionError:
        raise ExpressionLimitError(Text("data bersarang terlalu dalam", "data is nested too deeply")) from None
