"""Figures for reading: recap and present side by side, with totals, and where the two differ."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

from web.overview.queries import Count

KINDS = ("kementerian", "lembaga", "provinsi", "kota", "kabupaten")
"""In the order of the source's table."""


@dataclass(frozen=True)
class Line:
    """An agency, a region or a role. `recap` None: it is not in the recap of the day."""

    name: str
    recap: Count | None
    live: Count
    key: str = ""
    compared: Count | None = None
    """Of a sum: what is so now in those of its parts that the recap has. The others say nothing of a difference."""

    @property
    def shown(self) -> Count:
        return self.recap or self.live

    @property
    def difference(self) -> int | None:
        """Accounts now, less those of the recap."""
        return None if self.recap is None else (self.compared or self.live).accounts - self.recap.accounts

    @property
    def vai_difference(self) -> int | None:
        return None if self.recap is None else (self.compared or self.live).vai - self.recap.vai

    @property
    def differs(self) -> bool:
        return bool(self.difference or self.vai_difference)


@dataclass(frozen=True)
class Lines:
    """A table with its last line."""

    rows: Sequence[Line]
    total: Line

    @property
    def recapped(self) -> int:
        return sum(line.recap is not None for line in self.rows)

    @property
    def differing(self) -> int:
        return sum(line.differs for line in self.rows)


def table(rows: Iterable[Line], name: str, *, by_size: bool = False) -> Lines:
    """The rows with their sum; `by_size`: most accounts first."""
    lines = sorted(rows, key=lambda line: -line.shown.accounts) if by_size else list(rows)
    recapped = [line for line in lines if line.recap is not None]
    total = Line(
        name,
        _sum(line.recap for line in recapped) if recapped else None,
        _sum(line.live for line in lines),
        compared=_sum(line.compared or line.live for line in recapped),
    )
    return Lines(lines, total)


def _sum(counts: Iterable[Count | None]) -> Count:
    return reduce(add, (count for count in counts if count is not None), Count())


def by_agency(agencies: Iterable[Any], recap: Mapping[str, Count], live: Mapping[str, Count]) -> list[Line]:
    """Province, cities, regencies, each by name."""
    ordered = sorted(agencies, key=lambda row: (KINDS.index(row.kind) if row.kind in KINDS else 9, row.name))
    return [Line(row.name, recap.get(row.id), live.get(row.id, Count()), row.id) for row in ordered]


def by_region(
    agencies: Iterable[Any], recap: Mapping[str, Count], live: Mapping[str, Count], others: tuple[str, str]
) -> list[Line]:
    """Provinces by name, then what belongs to none. `others`: key and name of these."""
    grouped: dict[str | None, list[Line]] = {}
    for line, province in ((Line("", recap.get(row.id), live.get(row.id, Count())), row.province) for row in agencies):
        grouped.setdefault(province, []).append(line)
    named = sorted(grouped, key=lambda name: (name is None, name or ""))
    lines = []
    for name in named:
        total = table(grouped[name], "").total
        lines.append(Line(name or others[1], total.recap, total.live, name or others[0], total.compared))
    return lines


@dataclass(frozen=True)
class Bar:
    """One line of a chart; lengths in percent of the longest."""

    name: str
    top: int
    recap: float | None
    live: float
    value: int


ROW = 46


@dataclass(frozen=True)
class Chart:
    """Bars one under the other, in a picture as wide as its place. `left_out`: how many have no figure at all."""

    bars: Sequence[Bar]
    left_out: int = 0

    @property
    def height(self) -> int:
        return len(self.bars) * ROW


def chart(every: Sequence[Line]) -> Chart:
    """Where nothing is counted, there is nothing to draw; the table has these, too."""
    lines = [line for line in every if line.recap is not None or line.live.accounts]
    longest = max([1, *(max(line.shown.accounts, line.live.accounts) for line in lines)])

    def share(number: int) -> float:
        return round(100 * number / longest, 2)

    return Chart(
        [
            Bar(
                line.name,
                place * ROW,
                None if line.recap is None else share(line.recap.accounts),
                share(line.live.accounts),
                line.shown.accounts,
            )
            for place, line in enumerate(lines)
        ],
        len(every) - len(lines),
    )
