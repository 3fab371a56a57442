"""Places in an order that survive insertions: most rows keep the number they have."""

from collections.abc import Sequence
from itertools import pairwise


def positions(old: Sequence[float | None]) -> list[float]:
    """Strictly growing numbers for a sequence; `old` are those it had (None: new), kept wherever they still fit."""
    kept = _increasing(old)
    found = _filled(kept)
    if all(left < right for left, right in pairwise(found)):
        return found
    return [float(number) for number in range(len(old))]


def _increasing(old: Sequence[float | None]) -> list[float | None]:
    """The old numbers, without those that come after a larger one."""
    kept: list[float | None] = []
    last = float("-inf")
    for number in old:
        if number is not None and number > last:
            kept.append(number)
            last = number
        else:
            kept.append(None)
    return kept


def _filled(kept: Sequence[float | None]) -> list[float]:
    found: list[float] = []
    waiting = 0
    last = -1.0
    for number in kept:
        if number is None:
            waiting += 1
            continue
        found.extend(last + (number - last) * step / (waiting + 1) for step in range(1, waiting + 1))
        found.append(number)
        last, waiting = number, 0
    found.extend(last + step for step in range(1, waiting + 1))
    return found
