"""Deadlines that can fall before they start: tried at hours when people really open tasks, or counted back from a day
that a case brings along.
"""

import ast
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from calendars.seed import seed_calendar
from calendars.words import full_instant
from calendars.zones import DEFAULT_ZONE, zone_of
from engine.due import due_of
from engine.errors import AlurError
from engine.expressions import FUNCTIONS, LAZY, EvaluationContext, check, evaluate, read
from engine.gate.diagram import Diagram, local
from engine.gate.sources import Computed, sources
from engine.gate.timers import is_written_out
from engine.manifest import BY_INSTANSI, Manifest
from engine.texts import Text

_OPENED = (
    "2026-06-03T16:30", "2026-06-03T08:00", "2026-06-05T23:30", "2026-06-06T10:00", "2026-08-17T09:00",
    "2026-12-31T23:30",
)  # fmt: skip
"""An evening after office hours, a morning, a late Friday, a Saturday, a holiday, the last hour of a year."""
_MOVING = frozenset({"now", "today"})
_LENGTHS = frozenset({"days", "hours", "minutes", "duration"})


def check_deadlines(diagrams: list[Diagram], manifest: Manifest | None) -> None:
    """Errors for what is past whenever it opens in such an hour, warnings for what a case's own dates may make so."""
    tried = _Tried(manifest)
    for diagram in diagrams:
        for computed in sources(diagram):
            tag = local(computed.element)
            is_due = tag == "property" and computed.element.get("name") == "due"
            if check(computed.source, computed.mode) or not (is_due or tag in ("timeDate", "timeDuration")):
                continue
            if is_due:
                _check_due(diagram, computed, tried)
            elif not is_written_out(computed.source):
                _check_closed(diagram, computed, computed.source, tried, is_due=False)


class _Tried:
    """Evaluates at each of the hours, with the manifest's own parameters and the national calendar."""

    def __init__(self, manifest: Manifest | None) -> None:
        name = DEFAULT_ZONE if manifest is None or manifest.zone == BY_INSTANSI else manifest.zone
        self.zone = zone_of(name)
        self.calendar = seed_calendar(name)
        self.names: dict[str, Any] = {"parameters": {} if manifest is None else manifest.parameter_values()}

    def early(self, source: str, *, is_due: bool) -> tuple[datetime, datetime] | None:
        """An hour at which it gives an instant that is over already, with that instant."""
        for text in _OPENED:
            now = datetime.fromisoformat(text).replace(tzinfo=self.zone)
            context = EvaluationContext(now=now, calendar=self.calendar)
            try:
                at = self._at(source, context, is_due=is_due)
            except (AlurError, ValueError, ArithmeticError, LookupError):
                return None
            if at is not None and (at <= now if is_due else at < now):
                return now, at
        return None

    def _at(self, source: str, context: EvaluationContext, *, is_due: bool) -> datetime | None:
        if is_due:
            due = due_of(source, self.names, context)
            return None if due is None else due.at
        value = evaluate(source, self.names, context)
        if isinstance(value, timedelta):
            return context.now + value
        return value if isinstance(value, datetime) else None


def _check_due(diagram: Diagram, computed: Computed, tried: _Tried) -> None:
    for source in _meanings(diagram, computed):
        if _check_closed(diagram, computed, source, tried, is_due=True):
            return
        tree = read(source).tree
        if isinstance(tree, ast.Expression) and (from_ := _counted_back(tree.body)):
            diagram.say("due_counted_back", computed.element, where=computed.where, name=from_)
            return


def _check_closed(diagram: Diagram, computed: Computed, source: str, tried: _Tried, *, is_due: bool) -> bool:
    """Of a source that reads nothing of a case, all can be said."""
    tree = read(source).tree
    if tree is None or _first_name(tree):
        return False
    if not _calls(tree) & _MOVING and not _gives_length(tree):
        fixed = is_due and not any(isinstance(n, ast.Name) and n.id == "parameters" for n in ast.walk(tree))
        if fixed:
            diagram.say("due_fixed", computed.element, where=computed.where)
        return fixed
    found = tried.early(source, is_due=is_due)
    if found is None:
        return False
    opened, at = found
    words = [Text(full_instant(i, "id"), full_instant(i, "en")) for i in (opened, at)]
    diagram.say("due_before_start", computed.element, where=computed.where, opened=words[0], due=words[1])
    return True


def _calls(tree: ast.AST) -> set[str]:
    return {n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}


def _gives_length(tree: ast.AST) -> bool:
    return isinstance(tree, ast.Expression) and _is_length(tree.body)


def _is_length(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _LENGTHS


# --- what is counted back from a case's own date --------------------------------------------------------------------


def _counted_back(node: ast.AST) -> str:
    """The name of the date that this is counted back from; nothing when it is not."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and _is_length(node.right):
        return _first_name(node.left)
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or not node.args:
        return ""
    name, first = node.func.id, node.args[0]
    # max(…) and default(…) are how one guards against it
    if name == "working_days_before" and not _is_zero(node):
        return _first_name(first)
    if name == "add_months" and len(node.args) > 1 and isinstance(node.args[1], ast.UnaryOp):
        return _first_name(first)
    inner = node.args if name == "min" else [first] if name == "at" else []
    return next((found for arg in inner if (found := _counted_back(arg))), "")


def _is_zero(call: ast.Call) -> bool:
    return len(call.args) > 1 and isinstance(call.args[1], ast.Constant) and call.args[1].value == 0


def _first_name(node: ast.AST) -> str:
    """A date of the case that is read here; none when it is counted from the moment itself."""
    found = (inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name))
    return next((name for name in found if name not in FUNCTIONS and name not in LAZY and name != "parameters"), "")


# --- what a name stands for -----------------------------------------------------------------------------------------


def _meanings(diagram: Diagram, computed: Computed) -> Iterator[str]:
    """The source itself, and what the preScripts say that run when the task opens."""
    yield computed.source
    tree = read(computed.source).tree
    body = tree.body if isinstance(tree, ast.Expression) else None
    for scripted in _scripts_around(diagram, computed):
        given = _assigned(scripted, body)
        if given is not None:
            yield given
            return


def _scripts_around(diagram: Diagram, computed: Computed) -> Iterator[str]:
    """The preScript of the task, then those of the sub-processes around it that begin with it."""
    found = diagram.place_of(computed.element)
    while found is not None:
        scope, node = found
        element = node.extension("preScript")
        if element is not None and not check(element.text or "", "script"):
            yield element.text or ""
        found = None if scope.owner is None or scope.parent is None else (scope.parent, scope.owner)


def _assigned(script: str, wanted: ast.AST | None) -> str | None:
    """The source that a script gives to `name` or, of `name = {"key": …}`, to `name.key`; plain assignments only."""
    name, key = _name_and_key(wanted)
    tree = read(script, "script").tree
    for statement in tree.body if isinstance(tree, ast.Module) else ():
        if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
            continue
        if statement.targets[0].id != name:
            continue
        if key is None:
            return ast.unparse(statement.value)
        if isinstance(statement.value, ast.Dict):
            for k, value in zip(statement.value.keys, statement.value.values, strict=True):
                if isinstance(k, ast.Constant) and k.value == key:
                    return ast.unparse(value)
    return None


def _name_and_key(node: ast.AST | None) -> tuple[str, str | None]:
    if isinstance(node, ast.Name):
        return node.id, None
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.value.id, node.attr
    return "", None
