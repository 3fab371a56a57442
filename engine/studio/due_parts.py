"""A deadline as people say it, taken out of its expression: so many working days after this, at that hour.

What does not have such a shape stays an expression of its own (`mode` "own"); nothing is lost or rewritten.
"""

import ast
from dataclasses import dataclass
from typing import Literal

from engine.expressions import check, read

DueMode = Literal["none", "after", "before", "days", "hours", "name", "own"]

_WORKING = {"working_days_after": "after", "working_days_before": "before"}
_MOMENTS = frozenset({"now()", "today()"})


@dataclass(frozen=True)
class DueParts:
    """`base` is what is counted from, `amount` a number or a name, `at` an hour, each as it is written."""

    mode: DueMode
    base: str = ""
    amount: str = ""
    at: str = ""


def due_parts(source: str) -> DueParts:
    """The parts of a `due` expression."""
    if not source.strip():
        return DueParts("none")
    tree = None if check(source) else read(source).tree
    if not isinstance(tree, ast.Expression):
        return DueParts("own")
    return _working(tree.body) or _clock(tree.body) or _named(tree.body) or DueParts("own")


def _working(node: ast.AST) -> DueParts | None:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in _WORKING:
        return None
    found: dict[str, ast.expr] = dict(zip(("start", "n", "at"), node.args, strict=False))
    found |= {k.arg: k.value for k in node.keywords if k.arg is not None}
    if "start" not in found or "n" not in found:
        return None
    at = found.get("at")
    mode: DueMode = "after" if _WORKING[node.func.id] == "after" else "before"
    return DueParts(mode, _written(found["start"]), _written(found["n"]), "" if at is None else _hour(at))


def _clock(node: ast.AST) -> DueParts | None:
    """`base + days(n)`, `base + hours(n)`, or the length alone, which counts from the opening."""
    base, length = "now()", node
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        base, length = _written(node.left), node.right
    if not isinstance(length, ast.Call) or not isinstance(length.func, ast.Name) or len(length.args) != 1:
        return None
    if length.func.id == "days":
        return DueParts("days", base, _written(length.args[0]))
    return DueParts("hours", base, _written(length.args[0])) if length.func.id == "hours" else None


def _named(node: ast.AST) -> DueParts | None:
    is_name = isinstance(node, ast.Name) or (isinstance(node, ast.Attribute) and _is_plain(node))
    return DueParts("name", ast.unparse(node)) if is_name else None


def _is_plain(node: ast.AST) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def _hour(node: ast.AST) -> str:
    """16:00 of '16:00'; of anything else, the expression."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return _written(node)


def _written(node: ast.AST) -> str:
    """As it stands, with the double quotes that the studio writes."""
    text = ast.unparse(node)
    return text.replace("'", '"') if '"' not in text else text


@dataclass(frozen=True)
class ReminderParts:
    """The record `reminder` that a preScript gives to the process `pengingat`: each field as it is written."""

    fields: dict[str, str]


def reminder_parts(script: str) -> ReminderParts | None:
    """What a preScript says as `reminder = {…}` when it says nothing else; None for any other script."""
    tree = None if check(script, "script") else read(script, "script").tree
    if not isinstance(tree, ast.Module) or len(tree.body) != 1:
        return None
    statement = tree.body[0]
    if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Dict):
        return None
    target = statement.targets[0]
    if not isinstance(target, ast.Name) or target.id != "reminder":
        return None
    keys = [k.value if isinstance(k, ast.Constant) else None for k in statement.value.keys]
    if not all(isinstance(k, str) for k in keys):
        return None
    return ReminderParts({str(k): _written(v) for k, v in zip(keys, statement.value.values, strict=True)})
