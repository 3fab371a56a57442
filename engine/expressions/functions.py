"""The functions of the language, each with its own documentation; functions are called by name and are no values."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.expressions.faults import ExpressionError
from engine.texts import Text


@dataclass(frozen=True)
class Function:
    """`call` takes the evaluation context first; every other parameter is the process owner's."""

    name: str
    signature: str
    text: Text
    example: str
    gives: str
    group: str
    call: Callable[..., Any]

    def takes(self, positional: int, keywords: list[str]) -> bool:
        """Could it be called with so many arguments, and keywords of these names?"""
        try:
            inspect.signature(self.call).bind(None, *([None] * positional), **dict.fromkeys(keywords))
        except TypeError:
            return False
        return True


@dataclass(frozen=True)
class LazyFunction:
    """A function whose first argument may be missing; the interpreter knows it by name."""

    name: str
    signature: str
    arguments: int
    text: Text
    example: str
    gives: str
    group: str = "values"


FUNCTIONS: dict[str, Function] = {}

LAZY: dict[str, LazyFunction] = {
    f.name: f
    for f in (
        LazyFunction("defined", "defined(name)", 1,
                     Text("Apakah nama atau kolom ini sudah diisi?", "Does this name or field have a value?"),
                     "defined(tinjauan.catatan)", "False"),
        LazyFunction("default", "default(name, instead)", 2,
                     Text("Nilai nama atau kolom ini, atau penggantinya bila belum diisi.",
                          "The value of this name or field, or the other one while it has none."),
                     'default(divisi, "-")', '"-"'),
    )
}  # fmt: skip


def function(signature: str, text: Text, example: str, gives: str, group: str) -> Callable[..., Callable[..., Any]]:
    """Register a function under the name in its signature."""

    def register(call: Callable[..., Any]) -> Callable[..., Any]:
        name = signature.partition("(")[0]
        FUNCTIONS[name] = Function(name, signature, text, example, gives, group, call)
        return call

    return register


def bad_argument(signature: str) -> ExpressionError:
    return ExpressionError(Text(f"isian fungsi keliru: {signature}", f"wrong argument: {signature}"))


def need(condition: bool, why_id: str, why_en: str) -> None:
    if not condition:
        raise ExpressionError(Text(why_id, why_en))
