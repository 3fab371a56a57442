"""A deadline as people say it, taken out of its expression: so many working days after this, at that hour.

What does not have such a shape stays an expression of its own (`mode` "own"); nothing is lost or rewritten.
"""

import ast
import re
from dataclasses import dataclass
from typing import Literal

from engine.expressions import check, read

DueMode = Literal["none", "after", "before", "days", "hours", "date", "name", "own"]

_WORKING = {"working_days_after": "after", "working_days_before": "before"}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


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
    return _working(tree.body) or _clock(tree.body) or _fixed(tree.body) or _named(tree.body) or DueParts("own")


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


def _fixed(node: ast.AST) -> DueParts | None:
    """A day of the calendar: `date("2026-12-31")`, or at("2026-12-31", "16:00")."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in ("date", "at"):
        return None
    texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    if len(texts) != len(node.args) or not texts or not _DAY.match(texts[0]):
        return None
    return DueParts("date", base=texts[0], at="".join(texts[1:]))


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
    """The record `reminder` that a preScript gives to the process `pengingat`: each field as it is written.

    The assignment stands in the script from `start` to `end`; what is around it is not looked at.
    """

    fields: dict[str, str]
    start: int
    end: int


def reminder_parts(script: str) -> ReminderParts | None:
    """What a preScript says as `reminder = {…}`; None when it does not, or says it in another way."""
    tree = None if check(script, "script") else read(script, "script").tree
    found = [s for s in tree.body if _tells(s)] if isinstance(tree, ast.Module) else []
    if len(found) != 1 or not isinstance(found[0], ast.Assign) or not isinstance(found[0].value, ast.Dict):
        return None
    record = found[0].value
    keys = [k.value if isinstance(k, ast.Constant) else None for k in record.keys]
    start, end = _position(script, found[0])
    if not all(isinstance(k, str) for k in keys) or not script[start:end].startswith("reminder"):
        return None
    return ReminderParts({str(k): _written(v) for k, v in zip(keys, record.values, strict=True)}, start, end)


def _tells(statement: ast.stmt) -> bool:
    return any(
        isinstance(n, ast.Name) and n.id == "reminder" and isinstance(n.ctx, ast.Store) for n in ast.walk(statement)
    )


def _position(script: str, statement: ast.stmt) -> tuple[int, int]:
    """From where to where it stands, in characters; the parser counts lines and bytes."""
    lines = script.splitlines(keepends=True)

    def at(line: int, column: int) -> int:
        return len("".join(lines[: line - 1])) + len(lines[line - 1].encode()[:column].decode("utf-8", "ignore"))

    last = statement.end_lineno or statement.lineno
    return at(statement.lineno, statement.col_offset), at(last, statement.end_col_offset or 0)
