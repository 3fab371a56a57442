"""Where the rows of a table overlap, which inputs no row answers, and which rows can never be reached.

Every input column is reduced to the points that its cells tell apart (`points`); then every row is a box over them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.decisions.boxes import Boxes, Fuel
from engine.decisions.constants import constants_of
from engine.decisions.dimensions import Dimension, dimensions_of
from engine.decisions.domains import Domains
from engine.decisions.points import ANY
from engine.decisions.table import Rule, Table
from engine.texts import Text

MAX_STEPS = 20_000
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
    fuel, rows = Fuel(MAX_STEPS), (1 << len(table.rules)) - 1
    possible = Boxes([d.possible for d in dimensions], [len(d.points) for d in dimensions])
    missing = possible.uncovered(possible.everything, rows, fuel)
    gaps = [] if fuel.exhausted else [_gap(dimensions, box) for box in missing]
    certain = Boxes([d.certain for d in dimensions], [len(d.points) for d in dimensions])
    return Coverage(
        gaps=tuple(sorted(gaps, key=lambda g: g.open)[:MAX_GAPS]),
        overlaps=tuple(_overlaps(table, dimensions)),
        shadows=tuple(_shadows(table, dimensions, certain)) if table.policy == "FIRST" else (),
        unclear=unclear,
        complete=not gaps and not fuel.exhausted and (not unclear or _surely_complete(certain, rows)),
        limited=fuel.exhausted,
    )


def _overlaps(table: Table, dimensions: list[Dimension]) -> Iterator[Overlap]:
    """Those of rows that say different things first: under ANY only they are at fault."""
    found = [
        (_differ(first, second), a, b)
        for a, first in enumerate(table.rules)
        for b, second in enumerate(table.rules[a + 1 :], start=a + 1)
        if all(d.certain[a] & d.certain[b] for d in dimensions)
    ]
    for differs, a, b in sorted(found, key=lambda one: not one[0])[:MAX_OVERLAPS]:
        case = _case(dimensions, [d.certain[a] & d.certain[b] for d in dimensions])
        yield Overlap(table.rules[a].number, table.rules[b].number, case, differs)


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


def _surely_complete(certain: Boxes, rows: int) -> bool:
    """Also without the cells of which it cannot be said what they cover."""
    fuel = Fuel(MAX_STEPS)
    return not certain.uncovered(certain.everything, rows, fuel) and not fuel.exhausted


def _shadows(table: Table, dimensions: list[Dimension], certain: Boxes) -> list[Shadow]:
    """Rows of FIRST whose every input the rows above take for sure."""
    found, fuel = [], Fuel(MAX_STEPS)
    for index, rule in enumerate(table.rules[1:], start=1):
        within = [d.possible[index] for d in dimensions]
        if all(within):
            left = certain.uncovered(within, (1 << index) - 1, fuel)
            if fuel.exhausted:
                break
            if not left:
                found.append(Shadow(rule.number))
    return found
