"""A column's values, reduced to those that its cells tell apart: each fixed value, and each stretch between.

Each point carries a value to ask the engine's own cell reader with, so that what is said here is what it will do.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from engine.decisions.domains import Domain
from engine.expressions.values import NUMBERS
from engine.texts import Text

WHOLE_KINDS = frozenset({"integer", "long"})
NUMBER_KINDS = frozenset({"number", "double", *WHOLE_KINDS})
OTHER = Text("nilai lain", "any other value")
EMPTY = Text("kosong", "empty")
ANY = Text("apa saja", "anything")
_YES_NO = {True: Text("Ya", "Yes"), False: Text("Tidak", "No")}


@dataclass(frozen=True)
class Point:
    """`other` stands for every text that no cell names. Figures and dates know the stretch they stand for."""

    value: Any
    words: Text
    other: bool = False
    low: Any = None
    high: Any = None
    exact: bool = False
    """Of figures and dates: this very value, not a stretch."""
    stretch: bool = False


def points_of(constants: Iterable[Any], domain: Domain | None, kind: str) -> tuple[Point, ...]:
    """Every value that can come, one for each that makes a difference."""
    known = list(constants)
    empty = [Point(None, EMPTY)] if any(v is None for v in known) else []
    if domain is not None and domain.options:
        return (*(Point(v, _quoted(v, label)) for v, label in domain.options.items()), *empty)
    found: list[Point] = []
    if kind == "boolean" or any(type(v) is bool for v in known):
        found += [Point(v, words) for v, words in _YES_NO.items()]
    texts = sorted({v for v in known if type(v) is str})
    if texts or kind == "string":
        found += [Point(v, _quoted(v, Text(v, v))) for v in texts] + [Point(_another(texts), OTHER, other=True)]
    figures = sorted({Decimal(repr(v)) if type(v) is float else Decimal(v) for v in known if type(v) in NUMBERS})
    if figures or kind in NUMBER_KINDS or (domain is not None and not found):
        found += _figures(figures, domain, kind)
    found += _dates(sorted({v for v in known if type(v) is date}))
    return (*(found or [Point("", ANY)]), *empty)


def _quoted(value: Any, label: Text) -> Text:
    if type(value) is bool:
        return _YES_NO[value]
    return Text(f"“{label.id}”", f"“{label.in_locale('en')}”")


def _another(texts: Sequence[str]) -> str:
    """A text that no cell names."""
    return max(texts, key=len, default="") + "~"


def _figures(known: list[Decimal], domain: Domain | None, kind: str) -> Iterator[Point]:
    whole = kind in WHOLE_KINDS or (domain is not None and domain.whole)
    least = domain.minimum if domain is not None else None
    most = domain.maximum if domain is not None else None
    if not known:
        value = least if least is not None else most if most is not None else Decimal(0)
        return iter([Point(_plain(value), ANY, stretch=True)])
    inside = [v for v in known if (least is None or v >= least) and (most is None or v <= most)]
    return _stretches(least, inside, most, whole=whole)


def _stretches(first: Decimal | None, known: list[Decimal], last: Decimal | None, *, whole: bool) -> Iterator[Point]:
    """From one bound to the next: the stretch between, then the value itself. The outer bounds may be open."""
    bounds = [first, *known, last]
    if first is not None and first not in known:
        yield _exactly(first)
    for number, (low, high) in enumerate(pairwise(bounds)):
        between = _between(low, high, whole=whole)
        if between is not None:
            yield Point(_plain(between), _words(low, high), low=low, high=high, stretch=True)
        if number < len(known):
            yield _exactly(known[number])
    if last is not None and last not in known and last != first:
        yield _exactly(last)


def _exactly(value: Decimal) -> Point:
    return Point(_plain(value), _words(value, value, both=True), low=value, high=value, exact=True, stretch=True)


def _between(low: Decimal | None, high: Decimal | None, *, whole: bool) -> Decimal | None:
    """A value strictly between the bounds, if there is one."""
    if low is None and high is None:
        return Decimal(0)
    if low is None or high is None:
        return (high or Decimal(0)) - 1 if low is None else low + 1
    if low >= high:
        return None
    if not whole:
        return (low + high) / 2
    value = (low // 1) + 1
    return value if low < value < high else None


def _dates(known: list[date]) -> list[Point]:
    if not known:
        return []
    day = timedelta(days=1)
    found = [Point(known[0] - day, _words(None, known[0]), high=known[0], stretch=True)]
    for number, value in enumerate(known):
        found.append(Point(value, _words(value, value, both=True), low=value, high=value, exact=True, stretch=True))
        after = known[number + 1] if number + 1 < len(known) else None
        if after is None or value + day < after:
            found.append(Point(value + day, _words(value, after), low=value, high=after, stretch=True))
    return found


def words_for(points: Sequence[Point], mask: int) -> Text:
    """The points of a mask in words; neighbouring stretches become one."""
    chosen = [mask >> number & 1 for number in range(len(points))]
    if all(chosen):
        return ANY
    parts: list[Text] = []
    number = 0
    while number < len(points):
        last = number
        if chosen[number] and points[number].stretch:
            while last + 1 < len(points) and chosen[last + 1] and points[last + 1].stretch:
                last += 1
            parts.append(_run(points[number], points[last]))
        elif chosen[number]:
            parts.append(points[number].words)
        number = last + 1
    return Text(" atau ".join(p.id for p in parts), " or ".join(p.en for p in parts))


def _run(first: Point, last: Point) -> Text:
    if first is last:
        return first.words
    low = None if first.low is None else ("≥" if first.exact else ">", first.low)
    high = None if last.high is None else ("≤" if last.exact else "<", last.high)
    return _joined([side for side in (low, high) if side is not None])


def _words(low: Any, high: Any, *, both: bool = False) -> Text:
    if both:
        return Text(str(_plain(low)), str(_plain(low)))
    sides = [(sign, value) for sign, value in ((">", low), ("<", high)) if value is not None]
    return _joined(sides)


def _joined(sides: list[tuple[str, Any]]) -> Text:
    if not sides:
        return ANY
    shown = [f"{sign} {_plain(value)}" for sign, value in sides]
    return Text(" dan ".join(shown), " and ".join(shown))


def _plain(value: Any) -> Any:
    """Whole figures as whole numbers."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else value.normalize()
    return value
