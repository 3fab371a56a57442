"""Finds what a number of boxes leaves uncovered. Points of a column, and rows, are bits of one number."""

from dataclasses import dataclass

MOST_FOUND = 60
"""More boxes than these are not looked for: nobody reads so many."""

Found = tuple[int, "Found"] | tuple[()]


@dataclass
class Fuel:
    """Counted in work, not in seconds, so that the same table always gets the same answer."""

    left: int

    @property
    def exhausted(self) -> bool:
        return self.left < 0


class Boxes:
    """Every row takes, of each column, the points of its mask."""

    def __init__(self, masks: list[tuple[int, ...]], sizes: list[int]) -> None:
        self.columns = [_by_point(of_rows, size) for of_rows, size in zip(masks, sizes, strict=True)]
        self.everything = [(1 << size) - 1 for size in sizes]

    def uncovered(self, within: list[int], rows: int, fuel: Fuel) -> list[tuple[int, ...]]:
        """The parts of `within` that none of `rows` takes; of no meaning once the fuel is exhausted."""
        return _Search(self.columns, within, fuel).run(rows)


class _Search:
    """Splits column by column; points at which the same rows are left are looked at once."""

    def __init__(self, columns: list[list[int]], within: list[int], fuel: Fuel) -> None:
        self.within = within
        self.fuel = fuel
        self.points = [
            [(point, rows) for point, rows in enumerate(column) if mask >> point & 1]
            for column, mask in zip(columns, within, strict=True)
        ]
        self.known: dict[tuple[int, int], list[Found]] = {}
        self.always = [-1]  # rows that take all that is left of the columns from here on
        for points in reversed(self.points):
            taking = self.always[-1]
            for _, rows in points:
                taking &= rows
            self.always.append(taking)
        self.always.reverse()

    def run(self, rows: int) -> list[tuple[int, ...]]:
        return [self._whole(found) for found in self._split(0, rows)]

    def _whole(self, found: Found) -> tuple[int, ...]:
        """Where the search ended early, every point of the other columns is meant."""
        masks: list[int] = []
        while found:
            masks.append(found[0])
            found = found[1]
        return (*masks, *self.within[len(masks) :])

    def _split(self, column: int, rows: int) -> list[Found]:
        if rows & self.always[column]:
            return []
        if not rows:
            return [()]
        if column == len(self.within) or self.fuel.exhausted:
            return []
        if (column, rows) not in self.known:
            self.known[column, rows] = self._parts(column, rows)
        return self.known[column, rows]

    def _parts(self, column: int, rows: int) -> list[Found]:
        alike: dict[int, int] = {}
        for point, taking in self.points[column]:
            left = rows & taking
            alike[left] = alike.get(left, 0) | 1 << point
        self.fuel.left -= len(alike)
        found: list[Found] = []
        for left, mask in alike.items():
            found += [(mask, rest) for rest in self._split(column + 1, left)]
            if len(found) > MOST_FOUND:
                break
        return found[:MOST_FOUND]


def _by_point(of_rows: tuple[int, ...], size: int) -> list[int]:
    """For each point of a column the rows that take it."""
    found = [0] * size
    for row, mask in enumerate(of_rows):
        left = mask
        while left:
            lowest = left & -left
            found[lowest.bit_length() - 1] |= 1 << row
            left ^= lowest
    return found
