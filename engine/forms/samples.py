"""Made-up answers, to show a form with: plainly examples, of the right kind, the same at every showing."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from engine.expressions import read
from engine.expressions.paths import leaves, paths_read
from engine.forms.form import Form
from engine.forms.model import Field, Node, Paragraph, Repeat
from engine.forms.ordering import all_expressions
from engine.identifiers import GOLONGAN

GIVEN = frozenset({"case", "parameters", "programme"})
"""Names that every case has."""
_TEXTS = {
    "nip": "198504172010011003", "nik": "3171014204850001", "npwp": "091234567012000", "nib": "8120001234567",
    "mobile": "+6281234567890", "email": "nama@contoh.go.id",
}  # fmt: skip


def names_wanted(form: Form) -> list[str]:
    """What the form's conditions and words look at and the form itself does not ask: the case has to know it."""
    own = {node.key for node in _flat(form.children) if node.key}
    found = [path for source in all_expressions(form.children) for path in paths_read(read(source).tree)]
    return leaves([path for path in found if path.partition(".")[0] not in own | GIVEN])


def sample_answers(form: Form, now: datetime) -> dict[str, Any]:
    """An answer to every question of the form, typed as the case would hold it."""
    return _record(form.children, now)


def _record(nodes: tuple[Node, ...], now: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for node in nodes:
        if isinstance(node, Paragraph):
            continue
        if isinstance(node, Field):
            values[node.key] = _answer(node, now)
        elif isinstance(node, Repeat):
            values[node.key] = [_record(node.children, now)]
        elif node.key:
            values[node.key] = _record(node.children, now)
        else:
            values |= _record(node.children, now)
    return values


def _answer(field: Field, now: datetime) -> Any:
    if field.kind in _TEXTS:
        return _TEXTS[field.kind]
    make = _MAKERS.get(field.kind)
    return make(field, now) if make else f"({field.label.id.lower()})"


def _document(field: Field, _now: datetime) -> Any:
    file = {"id": "contoh", "filename": f"{field.key}.pdf", "kind": "pdf", "size": 240_000, "digest": ""}
    return [file] if field.multiple else file


_MAKERS: Mapping[str, Callable[[Field, datetime], Any]] = {
    "number": lambda field, _now: int(field.rules.minimum or 1),
    "checkbox": lambda _field, _now: True,
    "choice": lambda field, _now: field.options[0].value if field.options else None,
    "choices": lambda field, _now: [o.value for o in field.options[:1]],
    "golongan": lambda _field, _now: GOLONGAN[0],
    "date": lambda _field, now: now.date(),
    "datetime": lambda _field, now: now,
    "time": lambda _field, _now: "09.00",
    "document": _document,
    "review": lambda field, _now: {o.value: {"ok": True, "note": ""} for o in field.options},
}


def _flat(nodes: tuple[Node, ...]) -> list[Any]:
    """Everything that has a name, at whatever depth."""
    found = []
    for node in nodes:
        if isinstance(node, Paragraph):
            continue
        found.append(node)
        if not isinstance(node, Field):
            found += _flat(node.children)
    return found
