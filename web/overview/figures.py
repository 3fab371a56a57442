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

    @property
    def shown(self) -> Count:
        return self.recap or self.live

    @property
    def difference(self) -> int | None:
        """Accounts now, less those of the recap."""
        return None if self.recap is None else self.live.accounts - self.recap.accounts

    @property
    def vai_difference(self) -> int | None:
        return None if self.recap is None else self.live.vai - self.recap.vai

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
    found = [line.recap for line in lines if line.recap is not None]
    recap = reduce(add, found) if found else None
    return Lines(lines, Line(name, recap, reduce(add, (line.live for line in lines), Count())))


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
        lines.append(Line(name or others[1], total.recap, total.live, name or others[0]))
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
    """Bars one under the other, in a picture as wide as its place."""

    bars: Sequence[Bar]

    @property
    def height(self) -> int:
        return len(self.bars) * ROW


def chart(lines: Sequence[Line]) -> Chart:
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
        ]
    )
