"""Where the rows of a table overlap, which inputs no row answers, and which rows can never be reached.

Every input column is reduced to the points that its cells tell apart (`points`); then rows are sets of boxes over
them, and what is left uncovered is found by splitting column by column, the equal parts once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.decisions.constants import constants_of
from engine.decisions.dimensions import Dimension, dimensions_of
from engine.decisions.domains import Domains
from engine.decisions.points import ANY
from engine.decisions.table import Rule, Table
from engine.texts import Text

MAX_STEPS = 40_000
MAX_GAPS = 40
MAX_OVERLAPS = 60

Case = tuple[tuple[str, Text], ...]
"""A part of all possible inputs: a condition for every column that matters, by the column's title."""


@dataclass(frozen=True)
class Gap:
    """Inputs that no row answers. `open`: only by values that neither the table nor a form names."""

    case: Case
    open: bool


@dataclass(frozen=True)
class Overlap:
    """Two rows that match at once, by their numbers, and for which inputs. `differs`: they say different things."""

    first: int
    second: int
    case: Case
    differs: bool


@dataclass(frozen=True)
class Shadow:
    """A row that is never reached, for the rows above it take everything."""

    rule: int


@dataclass(frozen=True)
class Coverage:
    """What is sure. `unclear`: cells (row, column from 0) of which it cannot be said beforehand what they cover."""

    gaps: tuple[Gap, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    shadows: tuple[Shadow, ...] = ()
    unclear: tuple[tuple[int, int], ...] = ()
    complete: bool = False
    """Every input has a row; said only where it is sure."""
    limited: bool = False
    """The table is too intricate to be looked through; nothing is said of what is missing."""
    more_overlaps: int = 0


def coverage_of(table: Table, domains: Domains, parameters: Mapping[str, Any]) -> Coverage:
    """Look a table through. `parameters`: as the manifest gives them."""
    if not table.inputs or not table.rules:
        return Coverage()
    dimensions = dimensions_of(table, domains, parameters)
    unclear = tuple(
        (rule.number, column)
        for rule in table.rules
        for column, cell in enumerate(rule.cells)
        if constants_of(cell, parameters) is None
    )
    overlaps = _overlaps(table, dimensions)
    everything = [d.full for d in dimensions]
    missing = _Uncovered([d.possible for d in dimensions], everything)
    gaps = [] if missing.exhausted else [_gap(dimensions, box) for box in missing.boxes()]
    sure = not unclear or not _Uncovered([d.certain for d in dimensions], everything).boxes()
    return Coverage(
        gaps=tuple(sorted(gaps, key=lambda g: g.open)[:MAX_GAPS]),
        overlaps=tuple(overlaps[:MAX_OVERLAPS]),
        shadows=tuple(_shadows(table, dimensions)) if table.policy == "FIRST" else (),
        unclear=unclear,
        complete=sure and not gaps and not missing.exhausted,
        limited=missing.exhausted,
        more_overlaps=max(0, len(overlaps) - MAX_OVERLAPS),
    )


def _overlaps(table: Table, dimensions: list[Dimension]) -> list[Overlap]:
    found = []
    for a, first in enumerate(table.rules):
        for b in range(a + 1, len(table.rules)):
            common = [d.certain[a] & d.certain[b] for d in dimensions]
            if all(common):
                second = table.rules[b]
                case = _case(dimensions, common)
                found.append(Overlap(first.number, second.number, case, _differ(first, second)))
    return found


def _differ(first: Rule, second: Rule) -> bool:
    return [r.strip() for r in first.results] != [r.strip() for r in second.results]


def _gap(dimensions: list[Dimension], box: tuple[int, ...]) -> Gap:
    named = [
        any(box_mask >> n & 1 and not point.other for n, point in enumerate(d.points))
        for d, box_mask in zip(dimensions, box, strict=True)
    ]
    return Gap(_case(dimensions, list(box)), not all(named))


def _case(dimensions: list[Dimension], masks: list[int]) -> Case:
    told = [(d.title, d.words(mask)) for d, mask in zip(dimensions, masks, strict=True)]
    return tuple((title, words) for title, words in told if words != ANY)


def _shadows(table: Table, dimensions: list[Dimension]) -> list[Shadow]:
    """Rows of FIRST whose every input the rows above take for sure."""
    found = []
    for index, rule in enumerate(table.rules[1:], start=1):
        within = [d.possible[index] for d in dimensions]
        if all(within):
            above = _Uncovered([d.certain[:index] for d in dimensions], within)
            if not above.boxes() and not above.exhausted:
                found.append(Shadow(rule.number))
    return found


class _Uncovered:
    """Finds the boxes within `within` that no row covers. Points of a column, and rows, are bits of one number."""

    def __init__(self, masks: list[tuple[int, ...]], within: list[int]) -> None:
        self.within = within
        self.rows = [_by_point(of_rows, mask) for of_rows, mask in zip(masks, within, strict=True)]
        self.steps = MAX_STEPS
        self._known: dict[tuple[int, int], list[tuple[int, ...]]] = {}
        everywhere = (1 << max((len(m) for m in masks), default=0)) - 1
        self._always = [everywhere]  # rows that take all that is left of the columns from here on
        for at in reversed(self.rows):
            taking = self._always[0]
            for _, rows in at:
                taking &= rows
            self._always.insert(0, taking)
        self._found = self._split(0, everywhere)

    @property
    def exhausted(self) -> bool:
        return self.steps < 0

    def boxes(self) -> list[tuple[int, ...]]:
        return self._found

    def _split(self, column: int, rows: int) -> list[tuple[int, ...]]:
        if rows & self._always[column]:
            return []
        if not rows:
            return [tuple(self.within[column:])]
        if column == len(self.within) or self.steps < 0:
            return []
        if (column, rows) not in self._known:
            self._known[column, rows] = self._parts(column, rows)
        return self._known[column, rows]

    def _parts(self, column: int, rows: int) -> list[tuple[int, ...]]:
        """Points at which the same rows are left are looked at once."""
        alike: dict[int, int] = {}
        for point, taking in self.rows[column]:
            alike[rows & taking] = alike.get(rows & taking, 0) | 1 << point
        self.steps -= 1 + len(alike)
        found: list[tuple[int, ...]] = []
        for left, mask in alike.items():
            found += [(mask, *rest) for rest in self._split(column + 1, left)]
        return found[: 4 * MAX_GAPS]


def _by_point(of_rows: tuple[int, ...], within: int) -> list[tuple[int, int]]:
    """For each point of a column the rows that take it."""
    return [
        (point, sum(1 << row for row, mask in enumerate(of_rows) if mask >> point & 1))
        for point in range(within.bit_length())
        if within >> point & 1
    ]
