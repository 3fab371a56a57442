"""Buttons inside a form that do not complete the task: add a row, remove a row, ask anew. No script needed."""

from typing import Any

from engine.forms import Field, Form, Node, Paragraph, Repeat
from web.forms.naming import joined
from web.forms.reading import Sent

ACTION = "form-action"
"""Name of those buttons; no field can be called so. Values: `refresh`, `add:<list>`, `remove:<list>-<row>`."""


def edited(form: Form, sent: Sent, submission: dict[str, Any]) -> bool:
    """Was one of those buttons pressed? Then the submission is changed in place and the form is to be shown again."""
    action = sent.get(ACTION)
    if action is None:
        return False
    verb, _, target = action.partition(":")
    if verb == "add":
        _add(form, submission, target)
    elif verb == "remove":
        name, _, row = target.rpartition("-")
        _remove(form, submission, name, row)
    return True


def _add(form: Form, submission: dict[str, Any], name: str) -> None:
    found = _find(form.children, submission, "", name)
    if found is not None and len(found[1]) < found[0].rules.max_items:
        found[1].append({})


def _remove(form: Form, submission: dict[str, Any], name: str, row: str) -> None:
    found = _find(form.children, submission, "", name)
    if found is not None and row.isascii() and row.isdigit() and int(row[:4]) < len(found[1]):
        del found[1][int(row[:4])]


def _find(
    nodes: tuple[Node, ...], record: dict[str, Any], prefix: str, wanted: str
) -> tuple[Repeat, list[dict[str, Any]]] | None:
    """The list of that HTML name (unless its rows are fixed) with its rows in the submission."""
    for node in nodes:
        if isinstance(node, (Field, Paragraph)):
            continue
        name = joined(prefix, node.key) if node.key else prefix
        if not isinstance(node, Repeat):
            inner = record.setdefault(node.key, {}) if node.key else record
            found = _find(node.children, inner, name, wanted)
        elif name == wanted:
            return None if node.fixed else (node, record.setdefault(node.key, []))
        else:
            rows = enumerate(record.get(node.key) or [])
            inside = (_find(node.children, row, f"{name}-{number}", wanted) for number, row in rows)
            found = next((f for f in inside if f is not None), None)
        if found is not None:
            return found
    return None
