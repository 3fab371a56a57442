"""Process data as bytes: JSON, with tags for what JSON lacks (date, instant, Decimal, duration).

`encode` keeps the order of records, `canonical` sorts it (for digests). Anything that is not plain data is refused.
"""

import math
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson

from engine.errors import AlurError

_OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_SUBCLASS
_DATE, _INSTANT, _DECIMAL, _DURATION, _RECORD = "$date", "$instant", "$decimal", "$duration", "$record"
_TAGS = frozenset({_DATE, _INSTANT, _DECIMAL, _DURATION, _RECORD})
_LARGEST = 2**63 - 1


class UnstorableValueError(AlurError):
    """This value cannot be kept in a case: {why}"""

    indonesian = "Nilai ini tidak dapat disimpan dalam kasus: {why}"
    code = "unstorable_value"


def encode(value: Any) -> bytes:
    """`value` as bytes from which `decode` makes an equal one, order of records included."""
    return _dumps(value, _OPTIONS)


def canonical(value: Any) -> bytes:
    """The same bytes for equal values, whatever order their records were filled in."""
    return _dumps(value, _OPTIONS | orjson.OPT_SORT_KEYS)


def decode(body: bytes) -> Any:
    value = orjson.loads(body)
    return untagged(value) if b'"$' in body else value


def tagged(value: Any) -> Any:
    """`value` in what JSON has, for a column of JSON; `untagged` makes it again."""
    return orjson.loads(encode(value))


def untagged(value: Any) -> Any:
    """What JSON read, with our tags made values again."""
    if type(value) is dict:
        if len(value) == 1:
            ((tag, inner),) = value.items()
            if tag in _TAGS:
                return _restored(tag, inner)
        return {k: untagged(v) for k, v in value.items()}
    if type(value) is list:
        return [untagged(v) for v in value]
    return value


def clean(value: Any, depth: int = 0) -> Any:
    """A copy that nothing else holds a part of, of plain values only; a tuple becomes a list."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return value
    if depth > _DEEPEST:
        raise UnstorableValueError(why="it is nested too deeply")
    if kind is dict:
        for key in value:
            if type(key) is not str:
                raise UnstorableValueError(why=f"a record's key must be text, not {type(key).__name__}")
        return {k: clean(v, depth + 1) for k, v in value.items()}
    if kind is list or kind is tuple:
        return [clean(v, depth + 1) for v in value]
    return _checked_scalar(value)


_DEEPEST = 40


def copied(value: Any) -> Any:
    """A deep copy of values known to be plain; scalars are shared. Ten times as fast as copy.deepcopy."""
    kind = type(value)
    if kind is dict:
        return {k: copied(v) for k, v in value.items()}
    if kind is list:
        return [copied(v) for v in value]
    return value


def same(left: Any, right: Any) -> bool:
    """Equal and of the same kinds: for a record, 1, 1.0 and True are three different things."""
    if left is right:
        return True
    if type(left) is not type(right):
        return False
    if type(left) in (dict, list):
        return bool(left == right) and encode(left) == encode(right)
    return bool(left == right)


def _checked_scalar(value: Any) -> Any:
    kind = type(value)
    if kind is int and abs(value) > _LARGEST:
        raise UnstorableValueError(why="the number is too large")
    if kind is float and not math.isfinite(value):
        raise UnstorableValueError(why="the number is not finite")
    if kind is Decimal and not value.is_finite():
        raise UnstorableValueError(why="the number is not finite")
    if kind is datetime and value.tzinfo is None:
        raise UnstorableValueError(why="a time without a zone")
    if kind not in (int, float, Decimal, date, datetime, timedelta):
        raise UnstorableValueError(why=f"values of type {kind.__name__}")
    return value


def _dumps(value: Any, options: int) -> bytes:
    try:
        body = orjson.dumps(value, default=_tagged, option=options)
        if b'"$' in body and _looks_tagged(value):
            body = orjson.dumps(_escaped(value), default=_tagged, option=options)
    except TypeError as error:
        # orjson hides what `_tagged` said behind its own message
        raise (
            error.__cause__ if isinstance(error.__cause__, AlurError) else UnstorableValueError(why=str(error))
        ) from error
    return body


def _tagged(value: Any) -> dict[str, Any]:
    _checked_scalar(value)
    if type(value) is datetime:
        return {_INSTANT: value.isoformat()}
    if type(value) is date:
        return {_DATE: value.isoformat()}
    if type(value) is Decimal:
        return {_DECIMAL: str(value)}
    return {_DURATION: [value.days, value.seconds, value.microseconds]}


def _restored(tag: str, inner: Any) -> Any:
    if tag == _INSTANT:
        return datetime.fromisoformat(inner)
    if tag == _DATE:
        return date.fromisoformat(inner)
    if tag == _DECIMAL:
        return Decimal(inner)
    if tag == _DURATION:
        return timedelta(*inner)
    return {k: untagged(v) for k, v in inner}


def _looks_tagged(value: Any) -> bool:
    """Does somebody's own record look like one of our tags?"""
    if type(value) is dict:
        return (len(value) == 1 and next(iter(value)) in _TAGS) or any(map(_looks_tagged, value.values()))
    return type(value) is list and any(map(_looks_tagged, value))


def _escaped(value: Any) -> Any:
    if type(value) is dict:
        record = {k: _escaped(v) for k, v in value.items()}
        return {_RECORD: [[k, v] for k, v in record.items()]} if _looks_like_tag(value) else record
    return [_escaped(v) for v in value] if type(value) is list else value


def _looks_like_tag(record: dict[str, Any]) -> bool:
    return len(record) == 1 and next(iter(record)) in _TAGS
