"""Answers to try a form with: sound ones for whatever is still empty, so that a trial need not be typed out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from engine.forms.model import Field, Shown, ShownField, ShownRepeat, ShownSection
from engine.forms.values import blank

Attach = Callable[[str, str], str]
"""`(field path, file name)`: the id of an upload of that name."""

_LISTS = frozenset({"select", "radio", "checklist", "taglist"})
_DAYS = (0, 1, 14, 90, 400, -1, -14, -400, -10_000)
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


@dataclass(frozen=True)
class Examples:
    """What examples are made of. `preferred` are words of the story: its agencies are chosen before others."""

    today: date
    attach: Attach
    preferred: frozenset[str] = frozenset()
    attempt: int = 0
    """Counts the rounds: a date that was refused is tried otherwise in the next one."""

    def fill(self, parts: Iterable[Shown], raw: Mapping[str, Any]) -> dict[str, Any]:
        """What was typed so far, with an answer for each empty field that must be answered."""
        values = dict(raw)
        for part in parts:
            if isinstance(part, ShownSection):
                key = part.section.key
                filled = self.fill(part.children, (values.get(key) or {}) if key else values)
                values = {**values, key: filled} if key else filled
            elif isinstance(part, ShownRepeat):
                rows = values.get(part.repeat.key) or []
                values[part.repeat.key] = [self.fill(*pair) for pair in zip(part.rows, rows, strict=False)]
            elif isinstance(part, ShownField) and self._asks(part, values.get(part.field.key)):
                answer = self._answer(part)
                values[part.field.key] = values.get(part.field.key) if answer is None else answer
        return values

    def _asks(self, shown: ShownField, value: Any) -> bool:
        if shown.field.readonly:
            return False
        if shown.faults and shown.field.kind in ("date", "datetime"):
            return self.attempt > 0
        return blank(value) and (shown.required or bool(shown.faults) or shown.field.kind == "review")

    def _answer(self, shown: ShownField) -> Any:
        """None where there is nothing to choose from yet: another answer may bring the options."""
        field = shown.field
        if field.kind == "document":
            found = self.attach(field.path, "contoh.pdf" if "pdf" in field.rules.accept else "contoh.jpg")
            return [found] if field.multiple else found
        if shown.options:
            return self._chosen(shown)
        return None if field.kind in ("choice", "choices", "source") and field.widget in _LISTS else self._typed(field)

    def _chosen(self, shown: ShownField) -> Any:
        if shown.field.kind == "review":
            return {option.value: {"ok": "ya", "note": ""} for option in shown.options}
        if shown.field.kind == "choices":
            return [option.value for option in shown.options[: max(1, shown.field.rules.min_items)]]
        liked = (o for o in shown.options if {o.value.casefold(), o.label.id.casefold()} & self.preferred)
        return next(liked, shown.options[0]).value

    def _typed(self, field: Field) -> Any:
        if field.kind == "checkbox":
            return True
        if field.kind in ("date", "datetime"):
            day = self.today + timedelta(days=_DAYS[min(self.attempt, len(_DAYS) - 1)])
            return day.isoformat() if field.kind == "date" else f"{day.isoformat()}T09:00"
        return _number(field) if field.kind == "number" else _TYPED.get(field.kind) or _words(field)


def with_examples(parts: Iterable[Shown], raw: Mapping[str, Any], *, today: date, attach: Attach) -> dict[str, Any]:
    """One round of examples, for who only wants to see a form filled."""
    return Examples(today, attach).fill(parts, raw)


def _number(field: Field) -> str:
    least = field.rules.minimum
    most = field.rules.maximum
    return str(least if least is not None else most if most is not None and most < 1 else 1).replace(".", ",")


def _words(field: Field) -> str:
    text = f"Contoh {field.label.id or field.key}"
    while field.rules.min_length and len(text) < field.rules.min_length:
        text += " contoh"
    return text[: field.rules.max_length] if field.rules.max_length else text
