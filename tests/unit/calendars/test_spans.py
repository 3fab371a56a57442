"""Working time between instants: what counts, what adds up, and what is refused."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calendars import BadDayError, NoDecreeError, WorkingCalendar, known_working_time, working_time
from calendars.seed import seed_calendar

JAKARTA = ZoneInfo("Asia/Jakarta")
CALENDAR = seed_calendar("Asia/Jakarta")
EASTERN = seed_calendar("Asia/Jayapura")
MOVING_CLOCKS = WorkingCalendar(years_in_force=frozenset(range(2016, 2028)), zone=ZoneInfo("Europe/Amsterdam"))
NOTHING = timedelta(0)
INSTANTS = st.datetimes(datetime(2016, 1, 2), datetime(2026, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001 -- bounds
CALENDARS = st.sampled_from([CALENDAR, EASTERN, MOVING_CLOCKS])
moderate = settings(max_examples=100, deadline=None)


def jakarta(day, hour=0, minute=0, year=2026, month=8):
    return datetime(year, month, day, hour, minute, tzinfo=JAKARTA)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (jakarta(18), jakarta(19), timedelta(days=1)),
        (jakarta(18, 10), jakarta(18, 10, 30), timedelta(minutes=30)),
        (jakarta(18, 22), jakarta(19, 7), timedelta(hours=9)),
        # 17 August is a day off, 15 and 16 August a weekend
        (jakarta(14, 18), jakarta(18, 6), timedelta(hours=12)),
        (jakarta(15, 8), jakarta(17, 20), NOTHING),
        (jakarta(14), jakarta(19), timedelta(days=2)),
        (jakarta(18), jakarta(18), NOTHING),
    ],
)
def test_days_off_count_nothing_and_hours_of_a_working_day_count_as_they_are(start, end, expected):
    assert working_time(CALENDAR, start, end) == expected
    assert working_time(CALENDAR, end, start) == -expected


def test_the_days_are_those_of_the_calendars_zone():
    friday_night = datetime(2026, 8, 14, 15, 30, tzinfo=UTC)  # 22.30 WIB, and half past midnight of Saturday in Papua
    assert working_time(CALENDAR, friday_night, friday_night + timedelta(hours=1)) == timedelta(hours=1)
    assert working_time(EASTERN, friday_night, friday_night + timedelta(hours=1)) == NOTHING


def test_a_day_on_which_clocks_are_moved_counts_the_hours_it_has():
    zone = MOVING_CLOCKS.zone
    everyday = MOVING_CLOCKS.with_weekdays(frozenset(range(1, 8)))
    spring = datetime(2026, 3, 29, tzinfo=zone), datetime(2026, 3, 30, tzinfo=zone)
    assert working_time(everyday, *spring) == timedelta(hours=23)


def test_years_are_counted_as_fast_as_hours_and_as_right():
    found = working_time(CALENDAR, jakarta(1, year=2020, month=1), jakarta(1, year=2026, month=1))
    whole_days = CALENDAR.working_days_between(date(2019, 12, 31), date(2022, 12, 31)).result
    whole_days += CALENDAR.working_days_between(date(2022, 12, 31), date(2025, 12, 31)).result
    assert found == timedelta(days=whole_days)


def test_a_year_without_a_decree_is_refused_only_when_a_part_of_it_is_counted():
    last = max(CALENDAR.years_in_force)
    new_year = jakarta(1, year=last + 1, month=1)
    assert working_time(CALENDAR, new_year - timedelta(days=1), new_year) == working_time(
        CALENDAR, new_year - timedelta(days=1), new_year - timedelta(microseconds=1)
    ) + (timedelta(microseconds=1) if CALENDAR.is_working_day(date(last, 12, 31)) else NOTHING)
    with pytest.raises(NoDecreeError):
        working_time(CALENDAR, new_year - timedelta(days=1), new_year + timedelta(microseconds=1))
    assert known_working_time(CALENDAR, new_year, new_year + timedelta(hours=1)) is None
    assert known_working_time(CALENDAR, jakarta(18), jakarta(19)) == timedelta(days=1)


@pytest.mark.parametrize("wrong", [datetime(2026, 8, 18), date(2026, 8, 18)])  # noqa: DTZ001 -- that is the point
def test_an_instant_without_a_zone_is_refused(wrong):
    with pytest.raises(BadDayError):
        working_time(CALENDAR, wrong, jakarta(19))


@moderate
@given(CALENDARS, INSTANTS, INSTANTS, INSTANTS)
def test_spans_add_up_and_reverse(calendar, first, second, third):
    assert working_time(calendar, first, second) + working_time(calendar, second, third) == working_time(
        calendar, first, third
    )
    assert working_time(calendar, first, second) == -working_time(calendar, second, first)


@moderate
@given(CALENDARS, INSTANTS, st.timedeltas(NOTHING, timedelta(days=400)))
def test_never_negative_never_more_than_what_passed(calendar, start, length):
    end = min(start + length, datetime(2026, 12, 31, tzinfo=UTC))
    if end >= start:
        assert NOTHING <= working_time(calendar, start, end) <= end - start


@moderate
@given(CALENDARS, INSTANTS, st.integers(0, 40))
def test_it_agrees_with_counting_day_by_day(calendar, start, days):
    local = start.astimezone(calendar.zone)
    end = min(local + timedelta(days=days, hours=5), datetime(2026, 12, 31, tzinfo=calendar.zone))
    expected = NOTHING
    day = local.date()
    while day <= end.date():
        opens = datetime(day.year, day.month, day.day, tzinfo=calendar.zone).astimezone(UTC)
        tomorrow = day + timedelta(days=1)
        closes = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=calendar.zone).astimezone(UTC)
        if calendar.is_working_day(day):
            expected += max(NOTHING, min(closes, end.astimezone(UTC)) - max(opens, start))
        day = tomorrow
    if end >= local:
        assert working_time(calendar, start, end) == expected
