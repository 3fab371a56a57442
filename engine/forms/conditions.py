"""The expressions of a form: what is hidden, what is required, what may be chosen.

A condition that cannot be computed never lets anything through: the field is then asked, and asked for.
"""

from collections.abc import Mapping
from typing import Any

from engine.expressions import EvaluationContext, ExpressionError, evaluate
from engine.forms.faults import fault
from engine.forms.model import Check, Fault, Field, Option
from engine.forms.sources import FieldLookups, UnknownFieldSourceError
from engine.texts import Text

Names = Mapping[str, Any]


def hidden(source: str | None, names: Names, context: EvaluationContext) -> bool:
    """Is the component that carries this `conditional.hide` left out?"""
    if source is None:
        return False
    try:
        return evaluate(source, names, context) is True
    except ExpressionError:
        return False


def required(field: Field, names: Names, context: EvaluationContext) -> bool:
    """Must it be answered, as the answers above stand?"""
    if field.rules.required or field.rules.required_when is None:
        return field.rules.required
    try:
        return evaluate(field.rules.required_when, names, context) is not False
    except ExpressionError:
        return True


def options(field: Field, names: Names, context: EvaluationContext) -> tuple[Option, ...]:
    """What may be chosen now: those of the file that are not hidden, or those the case's data give."""
    if field.options_from is None:
        return tuple(o for o in field.options if not hidden(o.hide, names, context))
    try:
        found = evaluate(field.options_from, names, context)
    except ExpressionError:
        return ()
    return tuple(_option(entry) for entry in found if _is_option(entry)) if isinstance(found, list) else ()


def _is_option(entry: Any) -> bool:
    return isinstance(entry, str) or (isinstance(entry, Mapping) and isinstance(entry.get("value"), str))


def _option(entry: Any) -> Option:
    if isinstance(entry, str):
        return Option(entry, Text(entry, entry))
    label = str(entry.get("label", entry["value"]))
    return Option(entry["value"], Text(label, str(entry.get("label_en", label))))


def offered(field: Field, names: Names, lookups: FieldLookups | None) -> tuple[Option, ...]:
    """The options of a registered source, for the page."""
    if lookups is None:
        raise UnknownFieldSourceError(name=field.source or "")
    return tuple(lookups.options(field.source or "", names))


def check_fault(check: Check, field: Field, names: Names, context: EvaluationContext) -> Fault | None:
    """The rule's own words when it does not hold, or why it cannot be checked."""
    try:
        if evaluate(check.expression, names, context) is True:
            return None
    except ExpressionError as error:
        why = Text(error.message("id"), error.message("en"))
        return fault("check_failed", label=field.label, why=why)
    return Fault("check", check.text)
