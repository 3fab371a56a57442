"""Bounds of a value that could be read: lengths, sizes, dates, patterns. All that are broken, at once."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from engine.expressions import ExpressionError, evaluate
from engine.expressions.values import less
from engine.forms.attributes import compiled_pattern
from engine.forms.convert import Asking
from engine.forms.faults import fault
from engine.forms.model import Fault, Kind
from engine.forms.words import show_number, show_value
from engine.texts import Text


def rule_faults(value: Any, asking: Asking) -> list[Fault]:
    """Every bound of the field that the (answered) value breaks."""
    return _RULES.get(asking.field.kind, _no_rules)(value, asking)


def missing(asking: Asking) -> Fault:
    """The words for a required field without an answer."""
    code = "must_tick" if asking.field.kind == "checkbox" else "required"
    return fault(code, label=asking.field.label)


def _text_rules(value: str | dict[str, Any], asking: Asking) -> list[Fault]:
    if not isinstance(value, str):
        return []
    rules, label, found = asking.field.rules, asking.field.label, []
    if rules.min_length is not None and len(value) < rules.min_length:
        found.append(fault("too_short", label=label, limit=rules.min_length))
    if rules.max_length is not None and len(value) > rules.max_length:
        found.append(fault("too_long", label=label, limit=rules.max_length, actual=len(value)))
    elif rules.pattern is not None and compiled_pattern(rules.pattern).search(value) is None:
        words = rules.pattern_text
        found.append(Fault("pattern", words) if words else fault("pattern", label=label))
    return found


def _number_rules(value: Any, asking: Asking) -> list[Fault]:
    rules, label = asking.field.rules, asking.field.label
    if rules.minimum is not None and value < rules.minimum:
        return [fault("too_small", label=label, limit=_figures(rules.minimum))]
    if rules.maximum is not None and value > rules.maximum:
        return [fault("too_large", label=label, limit=_figures(rules.maximum))]
    return []


def _figures(number: Any) -> Text:
    return Text(show_number(number, "id"), show_number(number, "en"))


def _date_rules(value: date | datetime, asking: Asking) -> list[Fault]:
    found = []
    for source, code in ((asking.field.rules.earliest, "too_early"), (asking.field.rules.latest, "too_late")):
        if source is None:
            continue
        try:
            limit = evaluate(source, asking.names, asking.context.evaluation)
            if limit is not None and _beyond(value, limit, early=code == "too_early"):
                zone = asking.context.zone
                words = Text(show_value(limit, zone, "id"), show_value(limit, zone, "en"))
                found.append(fault(code, label=asking.field.label, limit=words))
        except ExpressionError as error:
            why = Text(error.message("id"), error.message("en"))
            found.append(fault("check_failed", label=asking.field.label, why=why))
    return found


def _beyond(value: date | datetime, limit: Any, *, early: bool) -> bool:
    """Raises ExpressionError when the limit is no date, or a day is to be compared with an instant."""
    return less(value, limit) if early else less(limit, value)


def _review_rules(value: Mapping[str, Any], asking: Asking) -> list[Fault]:
    labels = {o.value: o.label for o in asking.options}
    found = []
    for row, answer in value.items():
        if answer["ok"] is None:
            found.append(fault("review_unanswered", row=labels[row]))
        elif not answer["ok"] and not answer["note"]:
            found.append(fault("review_note", row=labels[row]))
    return found


def _no_rules(_value: Any, _asking: Asking) -> list[Fault]:
    return []


_RULES: Mapping[Kind, Callable[[Any, Asking], list[Fault]]] = {
    "text": _text_rules,
    "textarea": _text_rules,
    "source": _text_rules,
    "number": _number_rules,
    "date": _date_rules,
    "datetime": _date_rules,
    "review": _review_rules,
}
