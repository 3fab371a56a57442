"""Lengths of time as a person reads them: by the clock ("2 hari 3 jam") and in working days ("2 hari kerja 3 jam").

Beside days, no minutes are told: nobody compares the minutes of weeks.
"""

from collections.abc import Callable
from datetime import timedelta

from flask_babel import ngettext

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def elapsed_text(span: timedelta | None) -> str:
    """ "2 hari 3 jam", every day counted; a dash for nothing. A negative span reads like its size."""
    return _text(span, lambda n: ngettext("%(num)d hari", "%(num)d hari", n))


def working_text(span: timedelta | None) -> str:
    """ "2 hari kerja 3 jam", as `calendars.working_time` counts; a dash where no decree told."""
    return _text(span, lambda n: ngettext("%(num)d hari kerja", "%(num)d hari kerja", n))


def _text(span: timedelta | None, days_text: Callable[[int], str]) -> str:
    if span is None:
        return "–"
    days, rest = divmod(abs(span), timedelta(days=1))
    hours, rest = divmod(rest, HOUR)
    minutes = rest // MINUTE
    parts = []
    if days:
        parts.append(days_text(days))
    if hours:
        parts.append(ngettext("%(num)d jam", "%(num)d jam", hours))
    if not days and (minutes or not hours):
        parts.append(ngettext("%(num)d menit", "%(num)d menit", minutes))
    return " ".join(parts)
