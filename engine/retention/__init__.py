"""Retention: how long records are kept, what is due, and destroying it by the decision of an approved task.

The chain of a case stays whole: payloads and documents go, their digests stay, and the ledger says what went when and
by which decision (UU 43/2009 and PP 28/2012 on records: a schedule, a list, an approval, a record of the destruction).
"""

from engine.retention.destroying import add_errand, destroy
from engine.retention.errors import BadScheduleError, OnListError
from engine.retention.lists import compose, holds_of, listed, refuse, remove_hold, set_hold, take_off
from engine.retention.said import Destroyed, destroyed_of, destructions
from engine.retention.schedules import Schedule, schedules, set_schedule

__all__ = [
    "BadScheduleError",
    "Destroyed",
    "OnListError",
    "Schedule",
    "add_errand",
    "compose",
    "destroy",
    "destroyed_of",
    "destructions",
    "holds_of",
    "listed",
    "refuse",
    "remove_hold",
    "schedules",
    "set_hold",
    "set_schedule",
    "take_off",
]
