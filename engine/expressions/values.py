"""The values of the language: plain, bounded data of exact types, compared and computed the same way everywhere."""

import decimal
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.expressions.faults import ExpressionError, ExpressionLimitError
from engine.expressions.limits import LIMITS, Limits
from engine.texts import Text

Number = int | float | Decimal

_SCALARS = frozenset({bool, int, float, str, type(None), Decimal, date, datetime, timedelta})
ALLOWED = _SCALARS | {list, dict}
"""Exact types only: a subclass may carry code."""

NUMBERS = frozenset({int, float, Decimal})
_MOMENTS = frozenset({date, datetime})
_ORDERED = frozenset({str, date, datetime, timedelta})

ARITHMETIC = decimal.Context(
    prec=28, rounding=decimal.ROUND_HALF_UP, traps=[decimal.InvalidOperation, decimal.DivisionByZero]
)

_KINDS = {
    bool: Text("Ya/Tidak", "yes/no"), int: Text("angka", "number"), float: Text("angka", "number"),
    Decimal: Text("angka", "number"), str: Text("teks", "text"), type(None): Text("kosong", "nothing"),
    date: Text("tanggal", "date"), datetime: Text("tanggal dan jam", "date and time"),
    timedelta: Text("lama waktu", "duration"), list: Text("daftar", "list"), dict: Text("rekaman", "record"),
}  # fmt: skip


def kind(value: object) -> Text:
    """What a value is, in words a process owner reads."""
    return _KINDS.get(type(value), Text("jenis lain", "something else"))


def limit_error(text_id: str, text_en: str) -> ExpressionLimitError:
    return ExpressionLimitError(Text(text_id, text_en))


def check_scalar(value: Any, limits: Limits = LIMITS) -> int:
    """Refuse what is no value of the language or too large; answer with the bytes it stands for. Not recursive."""
    t = type(value)
    if t is str:
        if len(value) > limits.text:
            raise limit_error("teks terlalu panjang", "text is too long")
        return len(value) + 2
    if t is int or t is float or t is Decimal:
        _check_number(value, limits)
        return 8
    if t is list or t is dict:
        if len(value) > limits.items:
            raise limit_error(f"lebih dari {limits.items} butir", f"more than {limits.items} items")
        return 8
    if t is datetime and value.tzinfo is None:
        raise ExpressionError(Text("waktu tanpa zona", "a time without a zone"))
    if t not in ALLOWED:
        raise ExpressionError(
            Text(f"nilai berjenis {t.__name__} tidak dapat dipakai", f"values of type {t.__name__} cannot be used here")
        )
    return 16


def _check_number(value: Number, limits: Limits) -> None:
    # A comparison with NaN is false, so that "not within" also catches it; Decimal's sNaN would raise.
    finite = value.is_finite() if type(value) is Decimal else True
    if not finite or not -limits.number <= value <= limits.number:
        raise limit_error("angka terlalu besar", "number is too large")
    if type(value) is Decimal and int(value.as_tuple().exponent) < -limits.decimal_places:
        raise limit_error("terlalu banyak angka di belakang koma", "too many decimal places")


def check_value(value: Any, limits: Limits = LIMITS) -> Any:
    """Refuse anything that is not plain, bounded data, however deep; answer with the value itself."""
    _spend(value, limits, 0, limits.data_bytes)
    return value


def _spend(value: Any, limits: Limits, depth: int, budget: int) -> int:
    budget -= check_scalar(value, limits)
    if budget < 0:
        raise limit_error("data terlalu besar", "data is too large")
    if depth > limits.data_depth:
        raise limit_error("data bersarang terlalu dalam", "data is nested too deeply")
    if type(value) is dict:
        for key, item in value.items():
            if type(key) is not str:
                raise ExpressionError(Text("nama kolom harus teks", "keys must be text"))
            budget = _spend(item, limits, depth + 1, budget - len(key) - 4)
    elif type(value) is list:
        for item in value:
            budget = _spend(item, limits, depth + 1, budget)
    return budget


def exact(value: Number) -> int | Decimal:
    """A number to compute with: floats by the digits that they show, so that 0.1 + 0.2 is 0.3."""
    return Decimal(repr(value)) if type(value) is float else value  # type: ignore[return-value]


def equal(left: Any, right: Any) -> bool:
    """Equality without surprises: numbers by value, Ya/Tidak only with itself, a date never with text."""
    a, b = type(left), type(right)
    if a in NUMBERS and b in NUMBERS:
        return exact(left) == exact(right)
    if (a in _MOMENTS and b is str) or (b in _MOMENTS and a is str) or {a, b} == _MOMENTS:
        raise ExpressionError(_mismatch(left, right))
    if a is not b:
        return False
    if a is list:
        return len(left) == len(right) and all(map(equal, left, right))
    if a is dict:
        return left.keys() == right.keys() and all(equal(v, right[k]) for k, v in left.items())
    return bool(left == right)


def less(left: Any, right: Any) -> bool:
    """`left < right`, for two numbers, two texts, two dates, two times or two durations."""
    a, b = type(left), type(right)
    if a in NUMBERS and b in NUMBERS:
        return exact(left) < exact(right)
    if a is b and a in _ORDERED:
        return bool(left < right)
    raise ExpressionError(_mismatch(left, right))


def _mismatch(left: Any, right: Any) -> Text:
    return Text(
        f"{kind(left).id} tidak dapat dibandingkan dengan {kind(right).id}; tanggal dari teks: date(…)",
        f"{kind(left).en} cannot be compared with {kind(right).en}; make a date from text with date(…)",
    )


def contains(container: Any, item: Any) -> bool:
    """`item in container`: an element of a list, a part of a text, a field of a record."""
    if type(container) is list:
        return any(equal(item, element) for element in container)
    if type(container) in (str, dict) and type(item) is str:
        return item in container
    raise ExpressionError(
        Text(
            f"“in” tidak berlaku untuk {kind(item).id} di {kind(container).id}",
            f"“in” does not work for {kind(item).en} in {kind(container).en}",
        )
    )
