"""`{{ expression }}` in the words of a form. The result is plain text: whoever shows it escapes it."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine.expressions import EvaluationContext, ExpressionError, evaluate

_PLACE = re.compile(r"\{\{(.{1,1000}?)\}\}", re.DOTALL)
NOTHING = "…"


def expressions_in(words: str) -> Iterator[str]:
    """The source texts between double braces."""
    for match in _PLACE.finditer(words):
        yield match.group(1).strip().removeprefix("=").strip()


def interpolate(
    words: str,
    names: Mapping[str, Any],
    context: EvaluationContext,
    show: Callable[[Any], str],
) -> str:
    """The words with values put in; what cannot be computed (yet) becomes an ellipsis."""

    def _value(match: re.Match[str]) -> str:
        try:
            value = evaluate(match.group(1).strip().removeprefix("=").strip(), names, context)
        except ExpressionError:
            return NOTHING
        return NOTHING if value is None else show(value)

    return _PLACE.sub(_value, words)
