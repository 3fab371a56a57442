"""Functions on dates: plain ones, and those that count working days by the act's calendar and explain themselves."""

from datetime import date, datetime, timedelta
from typing import Any, Literal

from calendars import Explained, WorkingCalendar, WorkingCalendarError
from calendars.words import full_date
from calendars.zones import local_instant, time_of
from engine.expressions.context import EvaluationContext
from engine.expressions.faults import ExpressionError
from engine.expressions.functions import function, need
from engine.texts import Text

Context = EvaluationContext


def _day(context: Context, value: Any) -> date:
    """A date, from a date, an instant (its day in the calendar's zone) or text like 2026-08-17."""
    if type(value) is datetime:
        return value.astimezone(context.zone).date()
    if type(value) is date:
        return value
    if type(value) is str:
        found = _parsed(value)
        if found is not None:
            return found.astimezone(context.zone).date() if isinstance(found, datetime) else found
    raise ExpressionError(Text("di sini harus tanggal (2026-08-17)", "a date is needed here (2026-08-17)"))


def _parsed(text: str) -> date | datetime | None:
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text) if len(text) <= 40 else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def _whole(value: Any, least: int, most: int) -> int:
    need(
        type(value) is int and least <= value <= most,
        f"harus bilangan bulat {least} sampai {most}",
        f"must be a whole number from {least} to {most}",
    )
    return value  # type: ignore[no-any-return]


@function(
    "today()",
    Text("Tanggal hari ini di zona waktu kasus.", "Today's date in the case's time zone."),
    "today()",
    "2026-06-01",
    "date",
)
def _today(context: Context) -> date:
    return context.now.astimezone(context.zone).date()


@function(
    "now()",
    Text("Saat ini, dengan zona waktu.", "This instant, with its time zone."),
    "now()",
    "2026-06-01T09:00:00+07:00",
    "date",
)
def _now(context: Context) -> datetime:
    return context.now.astimezone(context.zone)


@function(
    "date(x)",
    Text(
        "Tanggal dari teks, dari waktu, atau dari date(tahun, bulan, hari).",
        "A date from text, from an instant, or from date(year, month, day).",
    ),
    'date("2026-08-17")',
    "2026-08-17",
    "date",
)
def _date(context: Context, x: Any, month: Any = None, day: Any = None) -> date:
    if month is None and day is None:
        return _day(context, x)
    need(
        all(type(v) is int for v in (x, month, day)),
        "tahun, bulan, hari harus angka",
        "year, month, day must be numbers",
    )
    try:
        return date(x, month, day)
    except (ValueError, OverflowError):
        raise ExpressionError(Text("tanggal itu tidak ada", "there is no such date")) from None


@function(
    "at(date, time)",
    Text("Tanggal pada jam ini, di zona waktu kasus.", "The date at that hour, in the case's time zone."),
    'at("2026-08-18", "16:00")',
    "2026-08-18T16:00:00+07:00",
    "date",
)
def _at(context: Context, day: Any, time: Any) -> datetime:
    need(type(time) is str, 'jam ditulis seperti "16:00"', 'a time is written like "16:00"')
    try:
        return local_instant(_day(context, day), time_of(time), context.zone)
    except WorkingCalendarError as error:
        raise _refused(error) from None


@function("year(date)", Text("Tahunnya.", "Its year."), 'year("2026-08-17")', "2026", "date")
def _year(context: Context, day: Any) -> int:
    return _day(context, day).year


@function("month(date)", Text("Bulannya, 1 sampai 12.", "Its month, 1 to 12."), 'month("2026-08-17")', "8", "date")
def _month(context: Context, day: Any) -> int:
    return _day(context, day).month


@function(
    "weekday(date)",
    Text("Hari dalam pekan: Senin 1 sampai Minggu 7.", "The day of the week: Monday 1 to Sunday 7."),
    'weekday("2026-08-17")',
    "1",
    "date",
)
def _weekday(context: Context, day: Any) -> int:
    return _day(context, day).isoweekday()


@function(
    "days_between(from, to)",
    Text(
        "Banyaknya hari kalender dari yang pertama ke yang kedua.", "Calendar days from the first date to the second."
    ),
    'days_between("2026-08-01", "2026-08-17")',
    "16",
    "date",
)
def _days_between(context: Context, first: Any, last: Any) -> int:
    return (_day(context, last) - _day(context, first)).days


@function(
    "long_date(date, language)",
    Text(
        "Tanggal dengan kata, “id” (boleh dilewatkan) atau “en”.", 'The date in words, "id" (may be left out) or "en".'
    ),
    'long_date("2026-08-17")',
    '"Senin, 17 Agustus 2026"',
    "date",
)
def _long_date(context: Context, day: Any, language: Any = "id") -> str:
    need(language in ("id", "en"), 'bahasa: "id" atau "en"', 'language: "id" or "en"')
    return full_date(_day(context, day), language)


@function(
    "days(n)",
    Text("Lama n hari (n × 24 jam).", "A duration of n days (n × 24 hours)."),
    "now() + days(3)",
    "2026-06-04T09:00:00+07:00",
    "duration",
)
def _days(_: Context, n: Any) -> timedelta:
    return timedelta(days=_whole(n, -3660, 3660))


@function(
    "hours(n)",
    Text("Lama n jam.", "A duration of n hours."),
    "now() + hours(72)",
    "2026-06-04T09:00:00+07:00",
    "duration",
)
def _hours(_: Context, n: Any) -> timedelta:
    return timedelta(hours=_whole(n, -87_840, 87_840))


@function(
    "minutes(n)",
    Text("Lama n menit.", "A duration of n minutes."),
    "now() + minutes(30)",
    "2026-06-01T09:30:00+07:00",
    "duration",
)
def _minutes(_: Context, n: Any) -> timedelta:
    return timedelta(minutes=_whole(n, -5_270_400, 5_270_400))


@function(
    "duration(days, hours, minutes)",
    Text("Lama waktu, misalnya duration(days=3, hours=12).", "A duration, e.g. duration(days=3, hours=12)."),
    "now() + duration(days=1, hours=2)",
    "2026-06-02T11:00:00+07:00",
    "duration",
)
def _duration(_: Context, days: Any = 0, hours: Any = 0, minutes: Any = 0) -> timedelta:
    return timedelta(days=_whole(days, 0, 3660), hours=_whole(hours, 0, 87_840), minutes=_whole(minutes, 0, 5_270_400))


# counting by the calendar

Rule = Literal["working_days_before", "working_days_after", "add_months"]


def _calendar(context: Context) -> WorkingCalendar:
    if context.calendar is None:
        raise ExpressionError(Text("di sini tidak ada kalender kerja", "there is no working calendar here"))
    return context.calendar


def _explained(context: Context, rule: Rule, start: Any, n: Any, at: Any) -> date | datetime:
    need(at is None or type(at) is str, 'jam ditulis seperti "16:00"', 'a time is written like "16:00"')
    _whole(n, -600 if rule == "add_months" else 0, 600)
    day, calendar = _day(context, start), _calendar(context)
    try:
        explained: Explained = getattr(calendar, rule)(day, n, at=at)
    except WorkingCalendarError as error:
        raise _refused(error) from None
    context.explanations.append(explained)
    return explained.result  # type: ignore[return-value]  # a number only from working_days_between


def _refused(error: WorkingCalendarError) -> ExpressionError:
    return ExpressionError(Text(error.message("id"), error.message("en")))


@function(
    "working_days_after(start, n, at)",
    Text(
        'n hari kerja setelah tanggal ini (H+n); dengan at="16:00" menjadi waktu.',
        'n working days after the date (H+n); with at="16:00" an instant.',
    ),
    'working_days_after("2026-08-14", 2, at="16:00")',
    "2026-08-19T16:00:00+07:00",
    "calendar",
)
def _after(context: Context, start: Any, n: Any, at: Any = None) -> date | datetime:
    return _explained(context, "working_days_after", start, n, at)


@function(
    "working_days_before(start, n, at)",
    Text(
        "n hari kerja sebelum tanggal ini (H-n); tanggal itu sendiri tidak dihitung.",
        "n working days before the date (H-n); the date itself is not counted.",
    ),
    'working_days_before("2026-04-07", 12)',
    "2026-03-12",
    "calendar",
)
def _before(context: Context, start: Any, n: Any, at: Any = None) -> date | datetime:
    return _explained(context, "working_days_before", start, n, at)


@function(
    "add_months(date, n, at)",
    Text(
        "Tanggal yang sama n bulan kemudian, atau hari terakhir bulan itu; n boleh negatif.",
        "The same day n months later, or that month's last day; n may be negative.",
    ),
    'add_months("2026-01-31", 1)',
    "2026-02-28",
    "calendar",
)
def _add_months(context: Context, day: Any, n: Any, at: Any = None) -> date | datetime:
    return _explained(context, "add_months", day, n, at)


@function(
    "working_days_between(from, to)",
    Text(
        "Banyaknya hari kerja sesudah tanggal pertama sampai dengan yang kedua.",
        "Working days after the first date up to and including the second.",
    ),
    'working_days_between("2026-08-14", "2026-08-19")',
    "2",
    "calendar",
)
def _between(context: Context, first: Any, last: Any) -> int:
    start, end = _day(context, first), _day(context, last)
    need(abs((end - start).days) <= 2_000, "jaraknya lebih dari 2.000 hari", "more than 2,000 days apart")
    try:
        explained = _calendar(context).working_days_between(start, end)
    except WorkingCalendarError as error:
        raise _refused(error) from None
    context.explanations.append(explained)
    return explained.result  # type: ignore[return-value]  # a number, from this rule


@function(
    "is_working_day(date)",
    Text("Apakah tanggal ini hari kerja?", "Is the date a working day?"),
    'is_working_day("2026-08-17")',
    "False",
    "calendar",
)
def _is_working_day(context: Context, day: Any) -> bool:
    found, calendar = _day(context, day), _calendar(context)
    try:
        return calendar.is_working_day(found)
    except WorkingCalendarError as error:
        raise _refused(error) from None
