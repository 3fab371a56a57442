"""Times written into timers: literals are understood now, not when a case reaches them."""

import re
from datetime import date, datetime
from typing import Any

from engine.gate.diagram import Diagram, local
from engine.texts import Text

_QUOTED = re.compile(r"""\s*(?P<quote>["'])(?P<value>[^"']*)(?P=quote)\s*\Z""")
_DURATION = re.compile(
    r"P(?=.)(?:(\d{1,2})Y)?(?:(\d{1,3})M)?(?:(\d{1,3})W)?(?:(\d{1,4})D)?"
    r"(?:T(?=.)(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?\Z"
)
_CYCLE = re.compile(r"R(\d{0,4})/([^/]{1,40})(?:/([^/]{1,40}))?\Z")
_SECONDS = (366 * 86_400, 31 * 86_400, 7 * 86_400, 86_400, 3_600, 60, 1)
_TEN_YEARS = 3_660 * 86_400

_KINDS = {
    "timeDate": Text("tanggal atau waktu", "date or instant"),
    "timeDuration": Text("lama waktu", "duration"),
    "timeCycle": Text("putaran", "cycle"),
}
_CURES = {
    "timeDate": Text('Tulis "2026-08-18T16:00+07:00", "2026-08-18", atau ekspresi tanggal.',
                     'Write "2026-08-18T16:00+07:00", "2026-08-18", or an expression giving a date.'),
    "timeDuration": Text('Tulis misalnya "PT72H", "P3D", days(3), atau hours(parameters.x); lebih dari nol.',
                         'Write for example "PT72H", "P3D", days(3) or hours(parameters.x); more than zero.'),
    "timeCycle": Text('Tulis "R3/PT24H": paling banyak 1.000 putaran, jarak paling singkat satu menit.',
                      'Write "R3/PT24H": at most 1,000 rounds, at least a minute apart.'),
}  # fmt: skip


def check_timer(diagram: Diagram, element: Any, source: str) -> bool:
    """True when the source is a literal (right or wrong): then it is no expression to check."""
    kind, bare = local(element), source.strip()
    if looks_unquoted(bare):
        diagram.say("timer_unquoted", element, value=bare)
        return True
    quoted = _QUOTED.match(source)
    if quoted is None:
        return False
    if not _UNDERSTOOD[kind](quoted["value"]):
        diagram.say("timer_value", element, value=quoted["value"], kind=_KINDS[kind], cure=_CURES[kind])
    return True


def is_written_out(source: str) -> bool:
    """Is it a literal in quotes, as in "PT72H"?"""
    return _QUOTED.match(source) is not None


def seconds_of(duration: str) -> int | None:
    """The length of an ISO 8601 duration in whole numbers; None when it is none."""
    match = _DURATION.match(duration)
    return None if match is None else sum(int(n or 0) * s for n, s in zip(match.groups(), _SECONDS, strict=True))


def looks_unquoted(text: str) -> bool:
    """Is it a time, written without the quotes that an expression needs?"""
    text = text.strip()
    return bool(_DURATION.match(text) or _CYCLE.match(text) or re.match(r"\d{4}-\d{2}-\d{2}", text))


def _is_duration(text: str) -> bool:
    return 0 < (seconds_of(text) or 0) <= _TEN_YEARS


def _is_instant(text: str) -> bool:
    try:
        if len(text) == len("2026-08-18"):
            return bool(date.fromisoformat(text))
        return len(text) <= 40 and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _is_cycle(text: str) -> bool:
    match = _CYCLE.match(text)
    if match is None or (match[1] and not 1 <= int(match[1]) <= 1_000):
        return False
    period = match[2] if match[3] is None else match[3]
    return 60 <= (seconds_of(period) or 0) <= _TEN_YEARS and (match[3] is None or _is_instant(match[2]))


_UNDERSTOOD = {"timeDate": _is_instant, "timeDuration": _is_duration, "timeCycle": _is_cycle}
