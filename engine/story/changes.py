"""What an act changed in a case's data: paths with the value before and after, as a person would point at them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.privacy.masking import is_document
from engine.spiff.values import same

ABSENT: Any = object()
"""There was nothing, or is nothing any more; None is a value."""


@dataclass(frozen=True)
class Change:
    """`path` as in `alamat.kota` or `butir[2].harga`."""

    path: str
    before: Any
    after: Any


def differences(before: Any, after: Any, path: str = "") -> Iterator[Change]:
    """The smallest parts that differ. A document is one part, whatever is known of it."""
    if before is not ABSENT and after is not ABSENT and same(before, after):
        return
    parts = list(_parts(before, after, path))
    if not parts:
        yield Change(path, before, after)
    for inner, was, becomes in parts:
        yield from differences(was, becomes, inner)


def _parts(before: Any, after: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    """The parts of two values that can be told apart: none where either is whole."""
    kinds = {type(value) for value in (before, after) if value is not ABSENT and value is not None}
    if kinds == {dict} and not any(is_document(v) for v in (before, after) if isinstance(v, Mapping)):
        was, becomes = (value if isinstance(value, dict) else {} for value in (before, after))
        for key in dict.fromkeys([*was, *becomes]):
            yield f"{path}.{key}" if path else str(key), was.get(key, ABSENT), becomes.get(key, ABSENT)
    elif kinds == {list}:
        rows = [value if isinstance(value, list) else [] for value in (before, after)]
        if any(isinstance(row, dict) for row in (*rows[0], *rows[1])):
            for number in range(max(map(len, rows))):
                was, becomes = (row[number] if number < len(row) else ABSENT for row in rows)
                yield f"{path}[{number}]", was, becomes
