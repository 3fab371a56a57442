"""What a letter's template gets to see: JSON, with nothing in it that could pass for anything but words."""

import json
import math
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from typing import Any

from engine.letters.errors import LetterDataError, LetterTooHeavyError

MAX_BYTES = 4 << 20
MAX_DEPTH = 20
_UNPRINTABLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_KEPT = "\n\t\u200c\u200d"
"""Line ends, and the joiners that some scripts need."""


def encode_data(data: Mapping[str, Any], zone: tzinfo) -> bytes:
    """The data as JSON, equal for equal data. Dates become `2026-06-01`.

    An instant keeps its zone (an exam's is the place's); one in UTC comes from a table and is shown in `zone`.
    """
    body = json.dumps(_plain(data, "data", 0, zone), ensure_ascii=False, sort_keys=True, allow_nan=False).encode()
    if len(body) > MAX_BYTES:
        raise LetterTooHeavyError
    return body


def _plain(value: Any, name: str, depth: int, zone: tzinfo) -> Any:
    if isinstance(value, Mapping) and depth < MAX_DEPTH:
        return {clean_text(str(k)): _plain(v, f"{name}.{k}", depth + 1, zone) for k, v in value.items()}
    if isinstance(value, list | tuple) and depth < MAX_DEPTH:
        return [_plain(v, f"{name}[{n}]", depth + 1, zone) for n, v in enumerate(value)]
    return _leaf(value, name, zone)


def _leaf(value: Any, name: str, zone: tzinfo) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, datetime) and value.tzinfo is not None:
        return (value.astimezone(zone) if value.tzinfo == UTC else value).isoformat()
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if value is None or isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    raise LetterDataError(name=name)


def clean_text(text: str) -> str:
    """Without what nobody sees: control characters, and marks that turn the direction of what follows."""
    return "".join(c for c in text if c in _KEPT or unicodedata.category(c) not in _UNPRINTABLE)
