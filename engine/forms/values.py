"""Values of a form outside of validation: what to show first, what a reviewer noted, and what counts as empty."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.forms.model import Field, Node, Paragraph, Repeat

MAX_NODES = 20_000
MAX_DEPTH = 8
MAX_CHARACTERS = 262_144


def initial_values(nodes: tuple[Node, ...], data: Mapping[str, Any]) -> dict[str, Any]:
    """The case's values of the same names, else the file's defaults, in the shape of a submission."""
    values: dict[str, Any] = {}
    for node in nodes:
        if isinstance(node, Paragraph):
            continue
        if isinstance(node, Field):
            known = data.get(node.key)
            values[node.key] = node.default if known is None else known
        elif isinstance(node, Repeat):
            values[node.key] = _rows(node, data.get(node.key))
        elif node.key:
            inner = data.get(node.key)
            values[node.key] = initial_values(node.children, inner if isinstance(inner, Mapping) else {})
        else:
            values |= initial_values(node.children, data)
    return values


def _rows(node: Repeat, known: Any) -> list[dict[str, Any]]:
    rows = [r for r in known if isinstance(r, Mapping)] if isinstance(known, list) else [{}] * node.initial_rows
    return [initial_values(node.children, row) for row in rows]


def review_notes(review: str | None, data: Mapping[str, Any]) -> dict[str, str]:
    """Note by row, of the rows that were answered No."""
    found = data.get(review) if review else None
    if not isinstance(found, Mapping):
        return {}
    return {
        row: str(answer.get("note", ""))
        for row, answer in found.items()
        if isinstance(answer, Mapping) and answer.get("ok") is False
    }


def blank(raw: Any) -> bool:
    """Nothing was answered: empty text, no choice, an unticked box, or a record of such."""
    if isinstance(raw, str):
        return not raw.strip()
    if isinstance(raw, Mapping):
        return all(blank(v) for v in raw.values())
    if isinstance(raw, (list, tuple)):
        return all(blank(v) for v in raw)
    return raw is None or raw is False


def within_bounds(submitted: Any) -> bool:
    """Is it small enough to look at? Walks without recursion, and stops early."""
    stack, nodes, characters = [(submitted, 0)], 0, 0
    while stack:
        value, depth = stack.pop()
        nodes += 1
        if isinstance(value, str):
            characters += len(value)
        elif isinstance(value, Mapping):
            characters += sum(len(k) for k in value if isinstance(k, str))
            stack.extend((v, depth + 1) for v in value.values())
        elif isinstance(value, (list, tuple)):
            stack.extend((v, depth + 1) for v in value)
        if depth > MAX_DEPTH or nodes + len(stack) > MAX_NODES or characters > MAX_CHARACTERS:
            return False
    return True


def raw_text(field: Field, raw: Any, zone: ZoneInfo) -> str:
    """A value in the words in which it would be typed, to fill an input: dates as ISO, a record by its id or name."""
    if raw is None or isinstance(raw, (bool, list, tuple)):
        return ""
    if isinstance(raw, Mapping):
        first, second = ("name", "id") if field.widget == "textfield" else ("id", "name")
        return str(raw.get(first) or raw.get(second) or "")
    if isinstance(raw, datetime):
        return raw.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if raw.tzinfo else raw.strftime("%Y-%m-%dT%H:%M")
    if isinstance(raw, date):
        return raw.isoformat()
    return str(raw).replace(".", ",") if isinstance(raw, (float, Decimal)) else str(raw)
