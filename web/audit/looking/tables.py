"""Tables as data: what a page shows, what stands under a picture and what a spreadsheet gets are the same rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _

from engine.looking.choice import Case
from engine.looking.spread import Share
from web.i18n import number
from web.words.spans import elapsed_text, working_text

ROW = 46
"""Height of a bar with its words."""
MOST_BARS = 20


@dataclass(frozen=True)
class Column:
    """`unit`: what a figure in the file is counted in, where the page tells it in words."""

    text: str
    numeric: bool = False
    unit: str = ""

    @property
    def in_file(self) -> str:
        return f"{self.text} ({self.unit})" if self.unit else self.text


@dataclass(frozen=True)
class Cell:
    """`value` is what a file gets, `text` what the page says."""

    value: Any
    text: str
    url: str | None = None
    second: str = ""


@dataclass(frozen=True)
class Bar:
    """One line of a picture; `length` in percent of the longest."""

    name: str
    text: str
    top: int
    length: float


@dataclass(frozen=True)
class Group:
    """The cases behind a line."""

    title: str
    cases: Sequence[Case]
    steps: Sequence[str] = ()
    """The way that all of them took, where they are together for that."""


@dataclass(frozen=True)
class Section:
    """A picture and its table. `key` names it in the address of its file."""

    key: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    lead: str = ""
    bars: Sequence[Bar] = ()
    empty: str = ""
    notes: Sequence[str] = field(default_factory=tuple)
    groups: Mapping[str, Group] = field(default_factory=dict)
    """By the last part of their address."""

    @property
    def height(self) -> int:
        return len(self.bars) * ROW

    @property
    def header(self) -> list[str]:
        return [column.in_file for column in self.columns]

    @property
    def values(self) -> list[list[Any]]:
        return [[cell.value for cell in row] for row in self.rows]


def bars(lines: Iterable[tuple[str, float, str]]) -> list[Bar]:
    """(name, length, text) of each line; nothing to draw where all are nothing. The table has those left out, too."""
    drawn = [line for line in lines if line[1] > 0][:MOST_BARS]
    longest = max((length for _name, length, _text in drawn), default=0)
    return [
        Bar(name, text, place * ROW, round(100 * length / longest, 2))
        for place, (name, length, text) in enumerate(drawn)
    ]


def plain(text: str, url: str | None = None, second: str = "") -> Cell:
    return Cell(text, text, url, second)


def count(value: int, url: str | None = None) -> Cell:
    return Cell(value, number(value), url if value else None)


def share(found: Share, *, of: bool = True) -> Cell:
    """ "12,5 % (3 dari 24)": never a percentage without what it is of."""
    if found.percent is None:
        return Cell(None, "–")
    text = f"{number(found.percent)}\u00a0%"
    if of:
        text = _("%(percent)s (%(part)s dari %(whole)s)", percent=text, part=number(found.part),
                 whole=number(found.whole))  # fmt: skip
    return Cell(found.percent, text)


def elapsed(seconds: int, *, known: bool = True) -> Cell:
    return Cell(round(seconds / 3600, 2), elapsed_text(timedelta(seconds=seconds))) if known else Cell(None, "–")


def working(seconds: int, *, known: bool = True) -> Cell:
    return Cell(round(seconds / 3600, 2), working_text(timedelta(seconds=seconds))) if known else Cell(None, "–")


def hours(text: str) -> Column:
    """A length of time: words on the page, hours in the file."""
    return Column(text, numeric=True, unit=_("jam"))


def figure(text: str) -> Column:
    return Column(text, numeric=True)


def percent(text: str) -> Column:
    return Column(text, numeric=True, unit="%")
