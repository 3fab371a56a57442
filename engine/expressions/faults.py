"""What can be wrong with an expression: found by reading it (`Fault`) or by computing it (`ExpressionError`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.errors import AlurError
from engine.texts import Text


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a source text, found without running it. `column` counts from 1."""

    code: str
    text: Text
    cure: Text
    column: int | None = None

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, "text": self.text.to_json(), "cure": self.cure.to_json(), "column": self.column}


class ExpressionError(AlurError):
    """The expression cannot be computed: {why}"""

    indonesian = "Ekspresi tidak dapat dihitung: {why}"
    code = "expression"

    def __init__(self, why: Text, **context: Any) -> None:
        self.why = why
        super().__init__(**context)

    def message(self, locale: str = "id") -> str:
        template = self.indonesian if locale.startswith("id") else (type(self).__doc__ or "")
        return template.strip().replace("{why}", self.why.in_locale(locale))


class UnknownNameError(ExpressionError):
    """The expression uses something that is not there: {why}"""

    indonesian = "Ekspresi memakai sesuatu yang tidak ada: {why}"
    code = "expression_name"


class ExpressionLimitError(ExpressionError):
    """The expression is larger than allowed: {why}"""

    indonesian = "Ekspresi melampaui batas: {why}"
    code = "expression_limit"


class FaultyExpressionError(ExpressionError):
    """The expression is not part of the language: {why}"""

    indonesian = "Ekspresi ini tidak dikenal bahasa ekspresi: {why}"
    code = "expression_language"

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(faults[0].text)
