"""The only reader of the clock. Everything else is handed a time, or this object."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the present instant, with zone."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock, in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class VirtualClock:
    """A clock that stands still until it is moved: for scenarios, trials and tests."""

    def __init__(self, start: datetime) -> None:
        self._now = _with_zone(start)

    def now(self) -> datetime:
        return self._now

    def move_to(self, instant: datetime) -> None:
        """Forwards only; a history never goes back in time."""
        instant = _with_zone(instant)
        if instant < self._now:
            msg = f"a clock cannot go back from {self._now} to {instant}"
            raise ValueError(msg)
        self._now = instant


def _with_zone(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        msg = "an instant needs a zone"
        raise ValueError(msg)
    return instant.astimezone(UTC)
