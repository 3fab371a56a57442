"""What an evaluation is handed from outside: the act's instant, the calendar, and a list for explanations."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from calendars import Explained, WorkingCalendar

JAKARTA = ZoneInfo("Asia/Jakarta")


@dataclass(frozen=True)
class EvaluationContext:
    """`explanations` collects an `Explained` for every calendar function that was called, in order."""

    now: datetime
    calendar: WorkingCalendar | None = None
    explanations: list[Explained] = field(default_factory=list)

    @property
    def zone(self) -> ZoneInfo:
        """The zone that "today" is meant in: the calendar's."""
        return self.calendar.zone if self.calendar is not None else JAKARTA
