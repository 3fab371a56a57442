"""What a back-test found over all its cases: counted chunk by chunk, kept as JSON beside the run.

{"passed": {element: [then, now]}, "first": [{"verdict", "code", "element", "cases", "text"}],
 "deadlines": {element: {"kind", "set", "moved", "days": {working days: how many}, "late": [then, now]}},
 "remarks": {name: {element: cases}}, "lengths": as `lengths` says, once all are done}
"""

from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any

from engine.backtest.verdict import CaseResult, Shift

MOST_FIRST = 200
"""Kinds of first differences that are told apart; more than an owner can read."""
UNKNOWN = "?"
"""A deadline that moves by no countable number of days: it is new, or gone, or no calendar tells."""


def empty() -> dict[str, Any]:
    return {"passed": {}, "first": [], "deadlines": {}, "remarks": {}}


def added(summary: dict[str, Any], results: Iterable[CaseResult]) -> dict[str, Any]:
    """The summary with these cases in it; the one given is changed."""
    for result in results:
        _passed(summary["passed"], result)
        _first(summary["first"], result)
        _deadlines(summary["deadlines"], result)
        for name, elements in result.remarks.items():
            counts = summary["remarks"].setdefault(name, {})
            for element in elements:
                counts[element] = counts.get(element, 0) + 1
    summary["first"].sort(key=lambda found: -found["cases"])
    return summary


def _passed(passed: dict[str, list[int]], result: CaseResult) -> None:
    for place, counts in enumerate((result.passed_before, result.passed_after)):
        for element, times in counts.items():
            passed.setdefault(element, [0, 0])[place] += times


def _first(known: list[dict[str, Any]], result: CaseResult) -> None:
    first = result.first
    if first is None:
        return
    for found in known:
        if (found["verdict"], found["code"], found["element"]) == (first.verdict, first.code, first.element_id):
            found["cases"] += 1
            return
    if len(known) < MOST_FIRST:
        known.append({"verdict": first.verdict, "code": first.code, "element": first.element_id, "cases": 1,
                      "text": first.text.to_json()})  # fmt: skip


def _deadlines(deadlines: dict[str, Any], result: CaseResult) -> None:
    for shift in result.shifts:
        found = _of(deadlines, shift.element_id, shift.kind)
        found["set"] += 1
        if shift.moved:
            found["moved"] += 1
            days = _days(shift)
            found["days"][days] = found["days"].get(days, 0) + 1
    for element, late in result.lateness.items():
        found = _of(deadlines, element, "due")
        found["late"] = [found["late"][0] + late.before, found["late"][1] + late.after]


def _of(deadlines: dict[str, Any], element: str, kind: str) -> dict[str, Any]:
    fresh = {"kind": kind, "set": 0, "moved": 0, "days": {}, "late": [0, 0]}
    found: dict[str, Any] = deadlines.setdefault(element, fresh)
    return found


def _days(shift: Shift) -> str:
    return UNKNOWN if shift.days is None else str(shift.days)


def usual_shift(days: dict[str, int]) -> int | None:
    """By how many working days a deadline mostly moves: the median of those that can be counted."""
    counted = [int(day) for day, times in days.items() if day != UNKNOWN for _ in range(times)]
    return round(median(counted)) if counted else None


def lengths(rows: Sequence[Any]) -> dict[str, Any] | None:
    """How long cases took, then and now, of those that end in both: medians; None where there is none."""
    ended = [r for r in rows if r.minutes_before is not None and r.minutes_after is not None]
    if not ended:
        return None
    counted = [r for r in ended if r.days_before is not None and r.days_after is not None]
    return {
        "cases": len(ended),
        "minutes": [round(median(r.minutes_before for r in ended)), round(median(r.minutes_after for r in ended))],
        "days": [median(r.days_before for r in counted), median(r.days_after for r in counted)] if counted else None,
        "longer": sum(r.minutes_after > r.minutes_before for r in ended),
        "shorter": sum(r.minutes_after < r.minutes_before for r in ended),
    }
