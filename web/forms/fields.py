"""One WTForms field per question: it holds what was typed and draws the input; the engine decides what is valid."""

from typing import Any
from zoneinfo import ZoneInfo

from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.form import BaseForm
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from engine.forms.model import ShownField
from engine.forms.values import raw_text
from engine.identifiers import format_mobile, format_nip, format_npwp
from web.forms.naming import html_id, html_name

_INPUT_TYPES = {"date": "date", "datetime": "datetime-local", "time": "time", "email": "email", "mobile": "tel"}
_NUMERIC = frozenset({"nip", "nik", "npwp", "nib"})
_FORMATS = {"nip": format_nip, "npwp": format_npwp, "mobile": format_mobile}
_AUTOCOMPLETE = {"email": "email", "mobile": "tel"}
SUGGESTIONS = "--suggestions"


class TypedInput(TextInput):
    """A text input of a given HTML type."""

    def __init__(self, input_type: str) -> None:
        super().__init__(input_type=input_type)


def unbound(shown: ShownField, locale: str, *, closed: bool) -> Any:
    """The WTForms field that asks it. `closed`: a source of which only the offered options may be chosen."""
    field = shown.field
    common: dict[str, Any] = {"label": field.label.in_locale(locale), "id": html_id(shown.path)}
    if field.kind in ("choice", "choices", "golongan") or closed:
        return _chooser(shown, locale, common)
    if field.kind == "checkbox":
        return BooleanField(**common)
    if field.kind in ("document", "review"):
        return HiddenField(**common)
    if field.widget == "textarea":
        return TextAreaField(**common)
    return StringField(**common, widget=TypedInput(_INPUT_TYPES.get(field.kind, "text")))


def _chooser(shown: ShownField, locale: str, common: dict[str, Any]) -> Any:
    choices = [SelectChoice(o.value, o.label.in_locale(locale)) for o in shown.options]
    if shown.field.kind == "choices":
        boxes = {"widget": ListWidget(prefix_label=False), "option_widget": CheckboxInput()}
        return SelectMultipleField(**common, choices=choices, **boxes)
    if shown.field.widget == "radio":
        return RadioField(**common, choices=choices)
    return SelectField(**common, choices=[SelectChoice("", ""), *choices])


def typed(shown: ShownField, zone: ZoneInfo) -> Any:
    """What the input holds: as it was typed, else the value so far in the words it would be typed in."""
    field, raw = shown.field, shown.raw
    if field.kind == "checkbox":
        return raw is True or raw in ("on", "true", "1")
    if field.kind == "choices":
        return [v for v in raw if isinstance(v, str)] if isinstance(raw, (list, tuple)) else []
    text = raw_text(field, raw, zone)
    form_at = _FORMATS.get(field.kind)
    return form_at(text) if form_at and text.isascii() and text.lstrip("+").isdigit() else text


def attributes(shown: ShownField, described: list[str]) -> dict[str, Any]:
    """What the input says about itself to browsers and screen readers. Never `required`: all faults come at once."""
    field, rules = shown.field, shown.field.rules
    found: dict[str, Any] = {
        "aria-describedby": " ".join(described) or None,
        "aria-invalid": "true" if shown.faults else None,
        "aria-required": "true" if shown.required else None,
        "autocomplete": _AUTOCOMPLETE.get(field.kind),
        "maxlength": rules.max_length if field.kind == "text" else None,
        "readonly": True if field.readonly else None,
        "spellcheck": "false" if field.kind in _NUMERIC | {"email"} else None,
        "rows": 4 if field.widget == "textarea" else None,
    }
    if field.kind in _NUMERIC or (field.kind == "number" and rules.decimals == 0):
        found["inputmode"] = "numeric"
    elif field.kind == "number":
        found["inputmode"] = "decimal"
    if field.kind == "source" and shown.options and field.widget == "textfield":
        found["list"] = html_id(shown.path) + SUGGESTIONS
        found["autocomplete"] = "off"
    return {k: v for k, v in found.items() if v is not None}


def bound(fields: dict[str, tuple[ShownField, Any]], zone: ZoneInfo) -> BaseForm:
    """A WTForms form over all questions of a page, by HTML name, holding what was typed."""
    form = BaseForm({name: field for name, (_, field) in fields.items()})
    form.process(data={name: typed(shown, zone) for name, (shown, _) in fields.items()})
    return form


def name_of(shown: ShownField) -> str:
    return html_name(shown.path)
