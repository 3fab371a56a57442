"""What somebody asks the calendar on the compute page, read from the address with all its faults at once."""

from dataclasses import dataclass, field
from datetime import date, datetime

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from calendars import BadTimeError, Explained, WorkingCalendar
from calendars.zones import time_of

BEFORE, AFTER, BETWEEN, MONTHS = "sebelum", "setelah", "antara", "bulan"
MOST = 600


@dataclass
class Question:
    """`faults`: (id of the field, what is wrong)."""

    rule: str = BEFORE
    base: date | None = None
    until: date | None = None
    amount: int | None = None
    at: str = ""
    faults: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        return not self.faults and self.base is not None

    def answer(self, calendar: WorkingCalendar) -> Explained:
        """Only for a complete question."""
        base, at = self.base or date.min, self.at or None
        if self.rule == BETWEEN:
            return calendar.working_days_between(base, self.until or base)
        amount = self.amount or 0
        if self.rule == MONTHS:
            return calendar.add_months(base, amount, at)
        walk = calendar.working_days_before if self.rule == BEFORE else calendar.working_days_after
        return walk(base, amount, at)


def rules() -> list[tuple[str, str]]:
    return [
        (BEFORE, _("hari kerja sebelum (H-n)")),
        (AFTER, _("hari kerja setelah (H+n)")),
        (MONTHS, _("bulan setelah")),
        (BETWEEN, _("hari kerja sampai tanggal lain")),
    ]


def read_question(given: MultiDict[str, str]) -> Question:
    """An address without `tanggal` asks nothing yet."""
    question = Question(rule=given.get("aturan", BEFORE))
    if question.rule not in dict(rules()):
        question.rule = BEFORE
    if "tanggal" not in given:
        return question
    question.base = _day(question, "tanggal", given.get("tanggal", ""))
    if question.rule == BETWEEN:
        question.until = _day(question, "sampai", given.get("sampai", ""))
    else:
        question.amount = _amount(question, given.get("jumlah", ""))
        question.at = _time(question, given.get("jam", ""))
    return question


def _day(question: Question, name: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        question.faults.append((name, _("Isi tanggal yang benar, misalnya 2026-04-07.")))
        return None


def _amount(question: Question, text: str) -> int | None:
    if text.strip().isascii() and text.strip().isdigit() and int(text) <= MOST:
        return int(text)
    question.faults.append(("jumlah", _("Isi bilangan bulat dari 0 sampai %(most)d.", most=MOST)))
    return None


def _time(question: Question, text: str) -> str:
    if not text.strip():
        return ""
    try:
        return time_of(text).strftime("%H:%M")
    except BadTimeError:
        question.faults.append(("jam", _("Isi jam seperti 16.00.")))
        return text


def local_today(calendar: WorkingCalendar, now: datetime) -> date:
    """The day it is now in the calendar's zone."""
    return calendar.day_of(now)
