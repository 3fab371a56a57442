"""How long things took: count, median and the slow end of many lengths, and shares with how sure they are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, sqrt

FEW = 20
"""Of fewer than so many, a share or a median says little."""
SURE = 1.96
"""Standard errors of 95 %."""


@dataclass(frozen=True)
class Spread:
    """Lengths in seconds. All zero where there is none."""

    count: int = 0
    median: int = 0
    slow: int = 0
    """Nine of ten took no longer."""
    longest: int = 0
    total: int = 0

    @classmethod
    def of(cls, lengths: Iterable[int | None]) -> "Spread":
        known = sorted(length for length in lengths if length is not None)
        if not known:
            return cls()
        return cls(len(known), percentile(known, 50), percentile(known, 90), known[-1], sum(known))


def percentile(known: Sequence[int], percent: int) -> int:
    """By nearest rank: a length that really was."""
    return known[max(0, ceil(len(known) * percent / 100) - 1)]


@dataclass(frozen=True)
class Share:
    """How many of how many."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None

    @property
    def few(self) -> bool:
        return self.whole < FEW

    @property
    def percent(self) -> float | None:
        return None if self.value is None else round(100 * self.value, 1)

    def differs_from(self, other: "Share") -> bool:
        """Is the difference more than chance would make in one of twenty? Never, where there are few."""
        if self.few or other.few:
            return False
        both = (self.part + other.part) / (self.whole + other.whole)
        error = sqrt(both * (1 - both) * (1 / self.whole + 1 / other.whole))
        return error > 0 and abs((self.value or 0) - (other.value or 0)) > SURE * error
