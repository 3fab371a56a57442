"""What a calendar refuses, how it reads times and zones, and what it tells people."""

from datetime import UTC, date, datetime, time

import pytest

from calendars import (
    AmountError,
    BadDayError,
    BadTimeError,
    DayOffError,
    Explained,
    Kind,
    NoDecreeError,
    UnknownZoneError,
    zone_of,
)
from calendars.seed import calendar_from, seed_calendar
from calendars.words import full_instant
from calendars.zones import time_of

EXAM = date(2026, 4, 7)


@pytest.fixture
def calendar():
    return seed_calendar()


# --- refusals --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ask",
    [
        lambda c: c.working_days_before(date(2028, 3, 1), 1),
        lambda c: c.working_days_before(date(2028, 1, 3), 1),
        lambda c: c.working_days_after(date(2027, 12, 30), 2),
        lambda c: c.working_days_between(date(2027, 12, 1), date(2028, 1, 2)),
        lambda c: c.is_working_day(date(2028, 1, 1)),
        lambda c: c.working_days_between(date(2028, 6, 1), date(2028, 6, 1)),
    ],
    ids=["inside", "counted from", "walked into", "between", "a known holiday of it", "an empty range"],
)
def test_a_year_without_a_decree_is_refused_by_name(calendar, ask):
    with pytest.raises(NoDecreeError) as refusal:
        ask(calendar)
    assert "2028" in refusal.value.message("id")
    assert "SKB 3 Menteri" in refusal.value.message("id")
    assert "2028" in refusal.value.message("en")


def test_calendar_days_and_months_need_no_decree(calendar):
    assert calendar.add_months(date(2027, 12, 31), 2).result == date(2028, 2, 29)
    assert calendar.calendar_days_after(date(2027, 12, 31), 3).result == date(2028, 1, 3)


@pytest.mark.parametrize("n", [-1, 2_001, True, 1.0, "12", None])
def test_a_number_of_days_is_a_whole_number_in_bounds(calendar, n):
    with pytest.raises(AmountError):
        calendar.working_days_after(EXAM, n)


@pytest.mark.parametrize("day", ["2026-04-07", None, datetime(2026, 4, 7), 20260407])  # noqa: DTZ001 -- it is refused
def test_what_is_not_a_day_is_refused(calendar, day):
    with pytest.raises(BadDayError):
        calendar.working_days_after(day, 1)


def test_the_end_of_time_is_a_refusal_not_a_crash():
    calendar = calendar_from((), range(1, 10_000))
    with pytest.raises(BadDayError):
        calendar.working_days_after(date.max, 1)
    with pytest.raises(BadDayError):
        calendar.working_days_before(date.min, 1)
    with pytest.raises(BadDayError):
        calendar.add_months(date.max, 1)


def test_an_exam_on_a_day_off_is_refused_with_the_reason(calendar):
    assert calendar.require_working_day(EXAM) == EXAM
    with pytest.raises(DayOffError) as refusal:
        calendar.require_working_day(date(2026, 3, 19))
    assert refusal.value.message("id") == "Kamis, 19 Maret 2026 bukan hari kerja: Hari Suci Nyepi."
    assert refusal.value.message("en") == "Thursday, 19 March 2026 is not a working day: Day of Silence."
    with pytest.raises(DayOffError, match="Saturday"):
        calendar.require_working_day(date(2026, 4, 11))


def test_a_week_without_days_is_refused():
    with pytest.raises(AmountError):
        calendar_from((), (), weekdays=frozenset())


# --- counting --------------------------------------------------------------------------------------------------


def test_zero_days_from_a_day_off_is_the_nearest_working_day_in_that_direction(calendar):
    nyepi = date(2026, 3, 19)
    assert calendar.working_days_before(nyepi, 0).result == date(2026, 3, 17)
    assert calendar.working_days_after(nyepi, 0).result == date(2026, 3, 25)
    assert calendar.working_days_after(EXAM, 0).result == EXAM


def test_two_holidays_on_one_day_are_both_named(calendar):
    reason = calendar.why_not(date(2021, 5, 13))
    assert reason.name == "Hari Raya Idul Fitri dan Kenaikan Yesus Kristus"
    assert reason.name_en == "Eid al-Fitr and Ascension Day"


def test_a_holiday_at_the_weekend_is_named_as_a_holiday(calendar):
    assert calendar.why_not(date(2026, 3, 21)).kind is Kind.NATIONAL


@pytest.mark.parametrize(
    ("base", "months", "result"),
    [
        (date(2020, 10, 31), 1, date(2020, 11, 30)),
        (date(2020, 1, 31), 1, date(2020, 2, 29)),
        (date(2021, 1, 31), 1, date(2021, 2, 28)),
        (date(2020, 10, 15), 1, date(2020, 11, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
    ],
)
def test_one_month_after_is_the_same_day_or_the_last_one(calendar, base, months, result):
    assert calendar.add_months(base, months).result == result


# --- times and zones -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "utc_hour", "short"),
    [("WIB", 9, "WIB"), ("Asia/Pontianak", 9, "WIB"), ("wita", 8, "WITA"), ("Asia/Jayapura", 7, "WIT")],
)
def test_at_belongs_to_the_zone_of_the_calendar(calendar, zone, utc_hour, short):
    explained = calendar.with_zone(zone).working_days_before(EXAM, 12, "16:00")
    assert explained.result.astimezone(UTC) == datetime(2026, 3, 12, utc_hour, tzinfo=UTC)
    assert full_instant(explained.result) == f"Kamis, 12 Maret 2026 pukul 16.00 {short}"
    assert full_instant(explained.result, "en") == f"Thursday, 12 March 2026 at 16:00 {short}"


def test_an_instant_late_in_the_utc_day_is_the_next_day_in_indonesia(calendar):
    evening = datetime(2026, 4, 6, 17, 0, tzinfo=UTC)  # 7 April 00.00 WIB, 02.00 WIT
    assert calendar.day_of(evening) == EXAM
    earlier = datetime(2026, 4, 6, 15, 30, tzinfo=UTC)  # still 6 April in Jakarta, 7 April in Jayapura
    assert calendar.day_of(earlier) == date(2026, 4, 6)
    assert calendar.with_zone("WIT").day_of(earlier) == EXAM
    assert calendar.working_days_before(earlier, 1).result == date(2026, 4, 2)
    assert calendar.with_zone("WIT").working_days_before(earlier, 1).result == date(2026, 4, 6)


def test_the_registration_day_ends_at_its_last_second(calendar):
    end = calendar.with_zone("WITA").end_of_day(date(2026, 3, 12)).result
    assert end.isoformat() == "2026-03-12T23:59:59+08:00"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("16:00", time(16)),
        ("16.00", time(16)),
        ("7.30", time(7, 30)),
        (" 23:59:59 ", time(23, 59, 59)),
        (time(8), time(8)),
    ],
)
def test_times_of_day_as_people_write_them(text, expected):
    assert time_of(text) == expected


@pytest.mark.parametrize("text", ["24:00", "16", "4 pm", "16:60", "", "16:00Z", 16, None, time(8, tzinfo=UTC), "١٦:٠٠"])
def test_other_times_are_refused(text):
    with pytest.raises(BadTimeError):
        time_of(text)


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "Asia", "a" * 400, "W\x00B"])
def test_unknown_zones_are_refused(name):
    with pytest.raises(UnknownZoneError):
        zone_of(name)


# --- words -----------------------------------------------------------------------------------------------------


def test_the_sentence_names_every_skipped_day_in_order(calendar):
    explained = calendar.working_days_before(date(2026, 12, 29), 3)
    assert explained.sentence("id") == (
        "Selasa, 22 Desember 2026 adalah 3 hari kerja sebelum Selasa, 29 Desember 2026 (hari itu tidak dihitung). "
        "Dilewati: 24 Desember (Cuti Bersama Hari Raya Natal); 25 Desember (Hari Raya Natal); 2 hari akhir pekan."
    )
    assert explained.sentence("en") == (
        "Tuesday, 22 December 2026 is 3 working days before Tuesday, 29 December 2026 (that day is not counted). "
        "Skipped: 24 December (Christmas Joint Leave); 25 December (Christmas Day); 2 weekend days."
    )


@pytest.mark.parametrize(
    ("explained", "indonesian", "english"),
    [
        (seed_calendar().add_months(date(2020, 10, 31), 1), "adalah 1 bulan setelah", "is 1 month after"),
        (seed_calendar().add_months(date(2020, 10, 31), -2), "adalah 2 bulan sebelum", "is 2 months before"),
        (seed_calendar().calendar_days_after(EXAM, 2, "16.00"), "pukul 16.00 WIB adalah 2 hari kalender setelah",
         "at 16:00 WIB is 2 calendar days after"),
        (seed_calendar().end_of_day(EXAM), "adalah akhir hari Selasa, 7 April", "is the end of Tuesday, 7 April"),
        (seed_calendar().working_days_between(EXAM, date(2026, 4, 8)), "ada 1 hari kerja", "there is 1 working day."),
        (seed_calendar().working_days_between(date(2026, 4, 8), EXAM), "ada 1 hari kerja", "there is 1 working day."),
    ],
)  # fmt: skip
def test_every_rule_has_words_in_both_languages(explained, indonesian, english):
    assert indonesian in explained.sentence("id")
    assert english in explained.sentence("en")


def test_a_date_that_rests_on_an_estimate_says_so(calendar):
    lebaran = calendar.working_days_after(date(2027, 3, 5), 2)
    assert lebaran.tentative
    assert "perkiraan" in lebaran.sentence("id")
    assert "estimate" in lebaran.sentence("en")
    assert not calendar.working_days_after(date(2026, 3, 16), 2).tentative


def test_counting_from_a_day_off_is_told(calendar):
    explained = calendar.working_days_before(date(2026, 3, 19), 1)
    assert explained.base_reason.name == "Hari Suci Nyepi"
    assert "Kamis, 19 Maret 2026 sendiri bukan hari kerja (Hari Suci Nyepi)." in explained.sentence("id")
    assert "Thursday, 19 March 2026 is itself not a working day (Day of Silence)." in explained.sentence("en")


def test_between_in_words_reads_forwards_when_asked_backwards(calendar):
    back = calendar.working_days_between(date(2026, 4, 8), EXAM)
    assert back.result == -1
    assert back.sentence("en").startswith("From Tuesday, 7 April 2026 (not counted) to Wednesday, 8 April 2026")
    assert Explained.from_json(back.to_json()) == back
