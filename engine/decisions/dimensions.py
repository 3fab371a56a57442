"""The inputs of a table, each reduced to its points, and for every row the points that it takes."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from engine.decisions.constants import CONTEXT, constants_of
from engine.decisions.domains import Domain, Domains
from engine.decisions.points import Point, points_of, words_for
from engine.decisions.table import Table
from engine.expressions import ExpressionError, matches
from engine.expressions.values import NUMBERS
from engine.texts import Text


@dataclass(frozen=True)
class Dimension:
    """One input. Columns that read the same are one; masks are sets of points, one for each row."""

    title: str
    source: str
    points: tuple[Point, ...]
    certain: tuple[int, ...]
    possible: tuple[int, ...]

    def words(self, mask: int) -> Text:
        return words_for(self.points, mask)


def dimensions_of(table: Table, domains: Domains, parameters: Mapping[str, Any]) -> list[Dimension]:
    """One for each input expression."""
    columns: dict[str, list[int]] = {}
    for number, column in enumerate(table.inputs):
        columns.setdefault(column.source, []).append(number)
    return [
        _dimension(table, numbers, domains.get(source), parameters) for source, numbers in columns.items()
    ]  # fmt: skip


def _dimension(table: Table, columns: list[int], domain: Domain | None, parameters: Mapping[str, Any]) -> Dimension:
    cells = [[rule.cells[c] for c in columns] for rule in table.rules]
    constants = [v for row in cells for cell in row for v in constants_of(cell, parameters) or ()]
    points = points_of(constants, domain, table.inputs[columns[0]].kind)
    masks = [[_mask(cell, points, parameters) for cell in row] for row in cells]
    full = (1 << len(points)) - 1
    return Dimension(
        table.inputs[columns[0]].title,
        table.inputs[columns[0]].source,
        points,
        tuple(_both([0 if m is None else m for m in row], full) for row in masks),
        tuple(_both([full if m is None else m for m in row], full) for row in masks),
    )


def _both(masks: list[int], full: int) -> int:
    for mask in masks:
        full &= mask
    return full


def _mask(cell: str, points: tuple[Point, ...], parameters: Mapping[str, Any]) -> int | None:
    """The points that a cell matches, asked of the engine's own reader; None where it cannot be said.

    A cell only changes its mind at its own constants: of the points between two of them it is asked about one.
    """
    constants = constants_of(cell, parameters)
    if constants is None:
        return None
    names, place = {"parameters": dict(parameters)}, _Place(constants)
    known: dict[Any, bool] = {}
    mask = 0
    for number, point in enumerate(points):
        where = place.of(point.value)
        if where not in known:
            known[where] = _matches(cell, point.value, names)
        mask |= known[where] << number
    return mask


def _matches(cell: str, value: Any, names: Mapping[str, Any]) -> bool:
    try:
        return matches(cell, value, names, CONTEXT)
    except ExpressionError:
        return False  # a figure where text is compared: this row does not answer it


class _Place:
    """Where a value stands among the constants of one cell: on one of them, or in which stretch between."""

    def __init__(self, constants: tuple[Any, ...]) -> None:
        self.figures = sorted({Decimal(str(v)) for v in constants if type(v) in NUMBERS})
        self.days = sorted({v for v in constants if type(v) is date})
        self.others = {(type(v), v) for v in constants if type(v) in (str, bool, type(None))}

    def of(self, value: Any) -> Any:
        if type(value) in NUMBERS:
            figure = Decimal(str(value))
            return "figure", bisect_left(self.figures, figure), bisect_right(self.figures, figure)
        if type(value) is date:
            return "day", bisect_left(self.days, value), bisect_right(self.days, value)
        here = (type(value), value)
        return here if here in self.others or type(value) is not str else "text"


def example_of(dimensions: list[Dimension], row: int) -> dict[str, Any]:
    """Values for which a row (from 0) matches, by what its columns read; nothing for columns that cannot be said."""
    found = {}
    for dimension in dimensions:
        mask = dimension.certain[row]
        if mask:
            found[dimension.source] = dimension.points[(mask & -mask).bit_length() - 1].value
    return found
