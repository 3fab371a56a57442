"""From the fields of a request to a submission in the shape of the form. Reads only what the form asks for."""

import re
from typing import Any

from werkzeug.datastructures import MultiDict

from engine.forms import Field, Form, Node, Paragraph, Repeat
from web.forms.naming import joined

MAX_ANSWERS = 200
_INDEX = re.compile(r"(\d{1,3})(?:-|\Z)", re.ASCII)

Sent = MultiDict[str, str]


def read_submission(form: Form, sent: Sent) -> dict[str, Any]:
    """The answers by field, as typed. Nothing is checked: that is `Form.validate`'s to do."""
    return _record(form.children, sent, "")


def _record(nodes: tuple[Node, ...], sent: Sent, prefix: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for node in nodes:
        if isinstance(node, Paragraph):
            continue
        if isinstance(node, Field):
            values[node.key] = _answer(node, sent, joined(prefix, node.key))
        elif isinstance(node, Repeat):
            name = joined(prefix, node.key)
            rows = row_numbers(sent, name)[: node.rules.max_items + 1]
            values[node.key] = [_record(node.children, sent, f"{name}-{row}") for row in rows]
        elif node.key:
            values[node.key] = _record(node.children, sent, joined(prefix, node.key))
        else:
            values |= _record(node.children, sent, prefix)
    return values


def row_numbers(sent: Sent, name: str) -> list[int]:
    """Which rows of a list were sent, in order; gaps (a row taken out by the page) do not matter."""
    start = f"{name}-"
    matches = (_INDEX.match(key[len(start) :]) for key in sent if key.startswith(start))
    return sorted({int(match[1]) for match in matches if match})


def _answer(field: Field, sent: Sent, name: str) -> Any:
    if field.kind == "checkbox":
        return name in sent
    if field.kind == "choices":
        return sent.getlist(name)[:MAX_ANSWERS]
    if field.kind == "review":
        return _review(sent, name)
    if field.kind == "document":
        removed = set(sent.getlist(f"{name}--remove"))
        ids = [i for i in sent.getlist(name)[:MAX_ANSWERS] if i and i not in removed]
        return ids if field.multiple else next(iter(ids), None)
    return sent.get(name)


def _review(sent: Sent, name: str) -> dict[str, dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for key in sent:
        part = key.removeprefix(f"{name}--")
        row, _, what = part.rpartition("--")
        if part != key and row and what in ("ok", "note") and len(rows) <= MAX_ANSWERS:
            rows.setdefault(row, {})[what] = sent[key]
    return rows
