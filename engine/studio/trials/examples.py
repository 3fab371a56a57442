"""Answers to try a form with: sound ones for whatever is still empty, so that a trial need not be typed out."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from engine.forms.model import Field, Shown, ShownField, ShownRepeat, ShownSection
from engine.forms.values import blank

Attach = Callable[[str, str], str]
"""`(field path, file name)`: the id of an upload of that name."""

_TYPED = {
    "nip": "198703142011012004",
    "nik": "3173025403870001",
    "npwp": "001234566891000",
    "nib": "8120000000000",
    "golongan": "III/c",
    "mobile": "081234567890",
    "email": "contoh@contoh.go.id",
    "time": "09:00",
}


def with_examples(parts: Iterable[Shown], raw: Mapping[str, Any], *, today: date, attach: Attach) -> dict[str, Any]:
    """What was typed so far, with an answer for each empty field that must be answered."""
    return _record(parts, dict(raw), today, attach)


def _record(parts: Iterable[Shown], values: dict[str, Any], today: date, attach: Attach) -> dict[str, Any]:
    for part in parts:
        if isinstance(part, ShownSection):
            key = part.section.key
            inner = dict(values.get(key) or {}) if key else values
            filled = _record(part.children, inner, today, attach)
            if key:
                values[key] = filled
        elif isinstance(part, ShownRepeat):
            rows = values.get(part.repeat.key) or []
            values[part.repeat.key] = [
                _record(shown, dict(row), today, attach) for shown, row in zip(part.rows, rows, strict=False)
            ]
        elif isinstance(part, ShownField) and _asks(part, values.get(part.field.key)):
            values[part.field.key] = _answer(part, today, attach)
    return values


def _asks(shown: ShownField, value: Any) -> bool:
    wanted = shown.required or bool(shown.faults) or shown.field.kind == "review"
    return wanted and not shown.field.readonly and blank(value)


def _answer(shown: ShownField, today: date, attach: Attach) -> Any:
    field = shown.field
    if field.kind == "document":
        found = attach(field.path, "contoh.pdf" if "pdf" in field.rules.accept else "contoh.jpg")
        return [found] if field.multiple else found
    return _chosen(shown) if shown.options else _typed(field, today)


def _chosen(shown: ShownField) -> Any:
    if shown.field.kind == "review":
        return {option.value: {"ok": "true", "note": ""} for option in shown.options}
    if shown.field.kind == "choices":
        return [option.value for option in shown.options[: max(1, shown.field.rules.min_items)]]
    return shown.options[0].value


def _typed(field: Field, today: date) -> Any:
    if field.kind == "checkbox":
        return True
    if field.kind == "date":
        return today.isoformat()
    if field.kind == "datetime":
        return f"{today.isoformat()}T09:00"
    return _number(field) if field.kind == "number" else _TYPED.get(field.kind) or _words(field)


def _number(field: Field) -> str:
    least = field.rules.minimum
    most = field.rules.maximum
    return str(least if least is not None else most if most is not None and most < 1 else 1).replace(".", ",")


def _words(field: Field) -> str:
    text = f"Contoh {field.label.id or field.key}"
    while field.rules.min_length and len(text) < field.rules.min_length:
        text += " contoh"
    return text[: field.rules.max_length] if field.rules.max_length else text
