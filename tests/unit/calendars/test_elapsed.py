"""A deadline that no working day decides explains itself too."""

from datetime import UTC, datetime, timedelta

import pytest

from calendars import elapsed

START = datetime(2026, 11, 21, 4, 26, 37, tzinfo=UTC)


def test_whole_days_are_told_as_times_24_hours_because_days_off_count():
    told = elapsed(START, START + timedelta(hours=72), "Asia/Makassar")["sentence"]
    assert told["id"].startswith("Selasa, 24 November 2026 pukul 12.26 WITA adalah 3 × 24 jam setelah Sabtu, 21 ")
    assert "hari libur dan akhir pekan ikut" in told["id"]
    assert "is 3 × 24 hours after Saturday, 21 November 2026" in told["en"]


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(hours=36), "1 hari 12 jam"),
        (timedelta(minutes=61), "1 jam 1 menit"),
        (timedelta(0), "0 menit"),
        (timedelta(hours=-2), "2 jam sebelum"),
    ],
)
def test_other_spans_are_told_in_days_hours_and_minutes(span, words):
    assert words in elapsed(START, START + span, "Asia/Jakarta")["sentence"]["id"]


def test_one_of_a_thing_is_singular_in_english():
    assert "1 day 1 hour after" in elapsed(START, START + timedelta(hours=25), "Asia/Jakarta")["sentence"]["en"]


def test_the_owners_own_reason_stands_first():
    told = elapsed(START, START + timedelta(hours=72), "Asia/Jakarta", words={"id": "SOP: 3×24 jam.", "en": ""})
    assert told["sentence"]["id"].startswith("SOP: 3×24 jam. Selasa")
    assert told["sentence"]["en"].startswith("Tuesday")
