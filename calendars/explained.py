"""A computed date with its proof: which days were counted, which were skipped and why."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from calendars.holidays import Kind, Reason
from calendars.words import day_month, full_date, full_instant, language, weekday_name
from calendars.zones import zone_of

_RULES = {
    "working_days_before": {"id": "{n} hari kerja sebelum {base}", "en": "{n} working {days} before {base}"},
    "working_days_after": {"id": "{n} hari kerja setelah {base}", "en": "{n} working {days} after {base}"},
    "calendar_days_after": {"id": "{n} hari kalender setelah {base}", "en": "{n} calendar {days} after {base}"},
    "calendar_days_before": {"id": "{n} hari kalender sebelum {base}", "en": "{n} calendar {days} before {base}"},
    "add_months": {"id": "{n} bulan setelah {base}", "en": "{n} {months} after {base}"},
    "months_before": {"id": "{n} bulan sebelum {base}", "en": "{n} {months} before {base}"},
    "end_of_day": {"id": "akhir hari {base}", "en": "the end of {base}"},
}
_BACKWARDS = {"calendar_days_after": "calendar_days_before", "add_months": "months_before"}


@dataclass(frozen=True)
class Step:
    """One day looked at: the `number`-th counted one, or (0) skipped for `reason`."""

    day: date
    number: int
    reason: Reason | None = None

    @property
    def counted(self) -> bool:
        return self.number > 0

    def to_json(self) -> dict[str, Any]:
        return {
            "date": self.day.isoformat(),
            "weekday": weekday_name(self.day, "id"),
            "weekday_en": weekday_name(self.day, "en"),
            "counted": self.counted,
            "number": self.number or None,
            "reason": self.reason.to_json() if self.reason else None,
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Step":
        reason = Reason.from_json(stored["reason"]) if stored["reason"] else None
        return cls(date.fromisoformat(stored["date"]), stored["number"] or 0, reason)


@dataclass(frozen=True)
class Explained:
    """`result` is a date, an instant (when a time of day was asked for) or a number of days."""

    rule: str
    base: date
    amount: int
    result: date | datetime | int
    steps: tuple[Step, ...]
    zone: str
    week: str
    calendar_version: int
    base_reason: Reason | None = None
    """Why the day counted from is itself off, if it is."""
    until: date | None = None
    at: time | None = None

    @property
    def tentative(self) -> bool:
        """Does the result rest on a holiday that is only estimated?"""
        return any(step.reason is not None and step.reason.tentative for step in self.steps)

    @property
    def skipped(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if not step.counted)

    def sentence(self, locale: str = "id") -> str:
        """The whole reasoning in words, for a person."""
        parts = [self._claim(locale), self._base_off(locale), self._skips(locale), self._caution(locale)]
        return " ".join(part for part in parts if part)

    def to_json(self) -> dict[str, Any]:
        """Everything, in a form that is stored with a deadline and read back by `from_json`."""
        return {
            "rule": self.rule,
            "base": self.base.isoformat(),
            "amount": self.amount,
            "result": self.result if isinstance(self.result, int) else self.result.isoformat(),
            "until": self.until.isoformat() if self.until else None,
            "at": self.at.isoformat() if self.at else None,
            "zone": self.zone,
            "week": self.week,
            "calendar_version": self.calendar_version,
            "tentative": self.tentative,
            "base_reason": self.base_reason.to_json() if self.base_reason else None,
            "steps": [step.to_json() for step in self.steps],
            "sentence": {"id": self.sentence("id"), "en": self.sentence("en")},
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Explained":
        return cls(
            rule=stored["rule"],
            base=date.fromisoformat(stored["base"]),
            amount=stored["amount"],
            result=_result(stored),
            steps=tuple(Step.from_json(s) for s in stored["steps"]),
            zone=stored["zone"],
            week=stored["week"],
            calendar_version=stored["calendar_version"],
            base_reason=Reason.from_json(stored["base_reason"]) if stored["base_reason"] else None,
            until=date.fromisoformat(stored["until"]) if stored["until"] else None,
            at=time.fromisoformat(stored["at"]) if stored["at"] else None,
        )

    # --- words -------------------------------------------------------------------------------------------------

    def _claim(self, locale: str) -> str:
        if isinstance(self.result, int):
            return self._claim_between(locale)
        result = (
            full_instant(self.result, locale) if isinstance(self.result, datetime) else full_date(self.result, locale)
        )
        rule = _BACKWARDS.get(self.rule, self.rule) if self.amount < 0 else self.rule
        n = abs(self.amount)
        words = _RULES[rule][language(locale)].format(
            n=n,
            base=full_date(self.base, locale),
            days="day" if n == 1 else "days",
            months="month" if n == 1 else "months",
        )
        claim = f"{result} {'is' if language(locale) == 'en' else 'adalah'} {words}"
        return claim + self._base_not_counted(locale)

    def _base_not_counted(self, locale: str) -> str:
        if not self.rule.startswith("working_days") or self.amount == 0:
            return "."
        return " (that day is not counted)." if language(locale) == "en" else " (hari itu tidak dihitung)."

    def _claim_between(self, locale: str) -> str:
        first, last = sorted((self.base, self.until or self.base))
        start, end = full_date(first, locale), full_date(last, locale)
        if language(locale) == "en":
            counted = "is 1 working day" if self.amount == 1 else f"are {self.amount} working days"
            return f"From {start} (not counted) to {end} there {counted}."
        return f"Dari {start} (tidak dihitung) sampai {end} ada {self.amount} hari kerja."

    def _base_off(self, locale: str) -> str:
        if self.base_reason is None or not self.rule.startswith("working_days"):
            return ""
        base, why = full_date(self.base, locale), self.base_reason.text(locale)
        if language(locale) == "en":
            return f"{base} is itself not a working day ({why})."
        return f"{base} sendiri bukan hari kerja ({why})."

    def _skips(self, locale: str) -> str:
        if not self.skipped:
            return ""
        weekend = sum(1 for s in self.skipped if s.reason and s.reason.kind is Kind.WEEKEND)
        named = [
            f"{day_month(s.day, locale)} ({s.reason.text(locale)})"
            for s in sorted(self.skipped, key=lambda s: s.day)
            if s.reason and s.reason.kind is not Kind.WEEKEND
        ]
        if weekend and language(locale) == "en":
            named.append(f"{weekend} weekend {'day' if weekend == 1 else 'days'}")
        elif weekend:
            named.append(f"{weekend} hari akhir pekan")
        return f"{'Skipped' if language(locale) == 'en' else 'Dilewati'}: {'; '.join(named)}."

    def _caution(self, locale: str) -> str:
        if not self.tentative:
            return ""
        if language(locale) == "en":
            return "It rests on an estimated holiday and may move when the government announces the day."
        return "Hasil ini memakai tanggal libur perkiraan dan dapat berubah setelah penetapan pemerintah."


def _result(stored: dict[str, Any]) -> date | datetime | int:
    result = stored["result"]
    if isinstance(result, int):
        return result
    if stored["at"] is None:
        return date.fromisoformat(result)
    return datetime.fromisoformat(result).astimezone(zone_of(stored["zone"]))
