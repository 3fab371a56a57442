"""The hand-counted vectors, and the two revisions that moved a published deadline."""

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from calendars.holidays import Kind
from calendars.seed import calendar_from, seed_holidays, seed_years
from calendars.working import FIVE_DAYS, SIX_DAYS

VECTORS = list(csv.DictReader((Path(__file__).parent / "vectors.csv").read_text(encoding="utf-8").splitlines()))
WEEKS = {"5": FIVE_DAYS, "6": SIX_DAYS}


def calendar_of(categories, week="5", without=()):
    kinds = {Kind.NATIONAL} if categories == "public" else set(Kind)
    entries = [e for e in seed_holidays() if e.kind in kinds and e.day not in without]
    return calendar_from(entries, seed_years(), weekdays=WEEKS[week])


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: f"{v['base']}-{v['week']}-{v['categories']}")
def test_hand_counted_vector(vector):
    calendar = calendar_of(vector["categories"], vector["week"])

    explained = calendar.working_days_before(date.fromisoformat(vector["base"]), int(vector["offset"]))

    assert explained.result == date.fromisoformat(vector["expected"])
    assert sum(step.counted for step in explained.steps) == int(vector["offset"])


@pytest.mark.parametrize(
    ("exam", "added_later", "before", "after"),
    [
        (date(2023, 7, 11), {date(2023, 6, 28), date(2023, 6, 30)}, date(2023, 6, 22), date(2023, 6, 20)),
        (date(2025, 8, 28), {date(2025, 8, 18)}, date(2025, 8, 12), date(2025, 8, 11)),
    ],
    ids=["June 2023", "August 2025"],
)
def test_a_revision_during_the_year_moves_the_deadline(exam, added_later, before, after):
    assert calendar_of("public+government", without=added_later).working_days_before(exam, 12).result == before
    assert calendar_of("public+government").working_days_before(exam, 12).result == after


def test_an_agency_closing_day_is_skipped_and_named():
    """A regional holiday moves only the deadlines of the agency that keeps it."""
    national = calendar_of("public+government")
    closing = replace(seed_holidays()[0], day=date(2026, 12, 1), name="HUT Provinsi", kind=Kind.CLOSING)
    regional = replace(national, closing_days={closing.day: closing})

    assert national.working_days_before(date(2026, 12, 15), 12).result == date(2026, 11, 27)
    explained = regional.working_days_before(date(2026, 12, 15), 12)
    assert explained.result == date(2026, 11, 26)
    assert [s.reason.name for s in explained.skipped if s.reason.kind is Kind.CLOSING] == ["HUT Provinsi"]
