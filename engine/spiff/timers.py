"""When a timer is due: instants, durations and repeats, in ISO 8601 or as values of the expression language.

Stock SpiffWorkflow reads naive times in the process's offset at import, takes `-PT5M` for five minutes, keeps
months as fixed seconds and hangs on absurd durations; this module replaces it.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from engine.errors import AlurError

_DURATION = re.compile(
    r"P(?=.)(?:(\d{1,2})Y)?(?:(\d{1,3})M)?(?:(\d{1,3})W)?(?:(\d{1,4})D)?"
    r"(?:T(?=.)(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?\Z"
)
_CYCLE = re.compile(r"R(\d{0,4})/([^/]{1,40})(?:/([^/]{1,40}))?\Z")
_LONGEST = timedelta(days=3660)
_SHORTEST_CYCLE = timedelta(minutes=1)
_MOST_CYCLES = 1000
FOREVER = -1


class TimerError(AlurError):
    """Not a time this timer understands: {why}"""

    indonesian = "Bukan waktu yang dikenal pewaktu ini: {why}"
    code = "timer"


@dataclass(frozen=True)
class Cycle:
    """A repeat as it goes on: `left` rounds (FOREVER: no end), the next of them number `round` counted from `start`."""

    left: int
    start: datetime
    period: str
    round: int = 0

    @property
    def due_at(self) -> datetime:
        # Counted from the start, not from the last round: R/P1M from 31 January is due on 28 February and 31 March.
        return self.start + self.round * duration(self.period)

    def fired(self, now: datetime) -> "Cycle | None":
        """After a firing at `now`: rounds missed meanwhile (a machine was down) count, but do not fire. None: over."""
        left, number = self.left, self.round
        while True:
            number += 1
            left = FOREVER if left == FOREVER else left - 1
            following = Cycle(left, self.start, self.period, number)
            if left == 0:
                return None
            if following.due_at > now:
                return following

    def moved(self, to: datetime) -> "Cycle":
        """The next round at another instant, from which those after it are counted."""
        return Cycle(self.left, to, self.period, 0)

    def to_json(self) -> dict[str, Any]:
        return {"left": self.left, "start": self.start.isoformat(), "period": self.period, "round": self.round}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Cycle":
        return cls(value["left"], datetime.fromisoformat(value["start"]), value["period"], value["round"])


def instant(value: Any, zone: ZoneInfo) -> datetime:
    """The instant that the value of a `timeDate` expression means; a date is its first moment in `zone`."""
    if isinstance(value, datetime):
        return _with_zone(value)
    if isinstance(value, date):
        return datetime.combine(value, time(), zone).astimezone(UTC)
    if isinstance(value, str) and len(value) <= 40:
        return _read_instant(value, zone)
    raise TimerError(why=f"{type(value).__name__} instead of an instant")


def after(value: Any, now: datetime) -> datetime:
    """The instant that the value of a `timeDuration` expression means, counted from `now`."""
    if isinstance(value, timedelta):
        if not timedelta() <= value <= _LONGEST:
            raise TimerError(why="the duration is negative or longer than ten years")
        return now + value
    return now + duration(value)


def duration(value: Any) -> relativedelta:
    """An ISO 8601 duration in whole numbers, never negative, at most about ten years."""
    match = _DURATION.match(value) if isinstance(value, str) and len(value) <= 40 else None
    if not match:
        raise TimerError(why=f"not an ISO 8601 duration: {str(value)[:40]!r}")
    years, months, weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    length = relativedelta(
        years=years, months=months, weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds
    )
    if _EPOCH + length - _EPOCH > _LONGEST:
        raise TimerError(why="the duration is longer than ten years")
    return length


_EPOCH = datetime(2001, 1, 1, tzinfo=UTC)


def cycle(value: Any, now: datetime, zone: ZoneInfo) -> Cycle:
    """`R3/PT1H` (first in an hour), `R3/<start>/PT1H`, `R/…` without end. An end date is not accepted."""
    match = _CYCLE.match(value) if isinstance(value, str) and len(value) <= 100 else None
    if not match:
        raise TimerError(why=f"not a repeat: {str(value)[:40]!r}")
    count, first, second = match.groups()
    left = int(count) if count else FOREVER
    if left == 0 or left > _MOST_CYCLES:
        raise TimerError(why=f"a repeat has 1 to {_MOST_CYCLES} rounds")
    period, start = (first, None) if second is None else (second, _read_instant(first, zone))
    if _EPOCH + duration(period) - _EPOCH < _SHORTEST_CYCLE:
        raise TimerError(why="a repeat needs at least a minute between its rounds")
    return Cycle(left, now, period, 1) if start is None else Cycle(left, start, period, 0)


def _read_instant(text: str, zone: ZoneInfo) -> datetime:
    try:
        if len(text) == len("2026-06-01"):
            return instant(date.fromisoformat(text), zone)
        return _with_zone(datetime.fromisoformat(text))
    except ValueError:
        raise TimerError(why=f"not a date or an instant: {text[:40]!r}") from None


def _with_zone(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise TimerError(why="a time without a zone")
    return value.astimezone(UTC)
