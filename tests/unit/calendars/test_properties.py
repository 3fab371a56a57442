"""What must hold for every date: inverse, monotone, never on a day off, explained completely."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from calendars import Explained
from calendars.holidays import Holiday, Kind
from calendars.seed import calendar_from, seed_holidays, seed_years

COUNTS = st.integers(min_value=0, max_value=60)
DAYS = st.dates(min_value=date(2016, 1, 1), max_value=date(2027, 6, 30))
ZONES = st.sampled_from(["Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura"])


WEEKS = st.sampled_from([frozenset({1, 2, 3, 4, 5}), frozenset({1, 2, 3, 4, 5, 6}), frozenset({7, 1, 2, 3})])


def calendar_with(weekdays, closed, zone):
    """The seed with a week of the unit's own, and some closing days."""
    closing = [Holiday(day, "Tutup", Kind.CLOSING) for day in closed]
    return calendar_from(seed_holidays(), seed_years(), weekdays=weekdays, closing_days=closing, zone=ZoneInfo(zone))


def calendars():
    return st.builds(calendar_with, WEEKS, st.lists(DAYS, max_size=6), ZONES)


moderate = settings(max_examples=150, deadline=None)


@moderate
@given(calendars(), DAYS, COUNTS)
def test_before_and_after_undo_each_other_on_working_days(calendar, day, n):
    assume(calendar.is_working_day(day))
    assert calendar.working_days_after(calendar.working_days_before(day, n).result, n).result == day
    assert calendar.working_days_before(calendar.working_days_after(day, n).result, n).result == day


@moderate
@given(calendars(), DAYS, COUNTS)
def test_the_result_is_never_a_day_off_and_lies_on_the_right_side(calendar, day, n):
    before, after = calendar.working_days_before(day, n).result, calendar.working_days_after(day, n).result
    assert calendar.is_working_day(before)
    assert calendar.is_working_day(after)
    assert before <= day <= after
    if n:
        assert before < day < after


@moderate
@given(calendars(), DAYS, COUNTS, st.integers(min_value=0, max_value=40))
def test_a_later_start_never_gives_an_earlier_date(calendar, day, n, later):
    shifted = day + timedelta(days=later)
    for rule in (calendar.working_days_before, calendar.working_days_after):
        assert rule(day, n).result <= rule(shifted, n).result


@moderate
@given(calendars(), DAYS, COUNTS)
def test_one_day_more_is_strictly_further(calendar, day, n):
    assume(n or calendar.is_working_day(day))  # from a day off, H+0 already is the next working day
    assert calendar.working_days_after(day, n + 1).result > calendar.working_days_after(day, n).result
    assert calendar.working_days_before(day, n + 1).result < calendar.working_days_before(day, n).result


@moderate
@given(calendars(), DAYS, COUNTS)
def test_between_counts_what_after_walked(calendar, day, n):
    assume(n > 0)
    reached = calendar.working_days_after(day, n).result
    assert calendar.working_days_between(day, reached).result == n
    assert calendar.working_days_between(reached, day).result == -n


@moderate
@given(calendars(), DAYS, st.integers(min_value=-60, max_value=60), st.integers(min_value=-60, max_value=60))
def test_between_adds_up(calendar, day, first, second):
    middle = day + timedelta(days=first)
    end = middle + timedelta(days=second)
    between = calendar.working_days_between
    assert between(day, middle).result + between(middle, end).result == between(day, end).result


@moderate
@given(calendars(), DAYS, COUNTS)
def test_the_explanation_looks_at_every_day_once_and_says_why(calendar, day, n):
    explained = calendar.working_days_before(day, n)
    if n:
        walked = [day - timedelta(days=k) for k in range(1, (day - explained.result).days + 1)]
        assert [step.day for step in explained.steps] == walked
        assert [s.number for s in explained.steps if s.counted] == list(range(1, n + 1))
    for step in explained.steps:
        assert step.counted == (step.reason is None) == calendar.is_working_day(step.day)


@moderate
@given(calendars(), DAYS, COUNTS, st.none() | st.times(timezones=st.none()))
def test_an_explanation_survives_being_stored(calendar, day, n, at):
    explained = calendar.working_days_after(day, n, at)
    assert Explained.from_json(explained.to_json()) == explained


@moderate
@given(calendars(), DAYS, COUNTS, st.times().map(lambda t: t.replace(microsecond=0)))
def test_at_is_what_the_clocks_of_the_zone_show(calendar, day, n, at):
    result = calendar.working_days_before(day, n, at.strftime("%H:%M:%S")).result
    assert isinstance(result, datetime)
    assert result.astimezone(calendar.zone).time() == at
    assert result.date() == calendar.working_days_before(day, n).result


@moderate
@given(
    calendars(),
    st.builds(datetime.combine, DAYS, st.times(), st.just(ZoneInfo("UTC"))),
    COUNTS,
)
def test_an_instant_counts_as_the_day_it_is_in_the_zone(calendar, instant, n):
    local = instant.astimezone(calendar.zone)
    assert calendar.working_days_after(instant, n).result == calendar.working_days_after(local.date(), n).result


@moderate
@given(DAYS, st.integers(min_value=0, max_value=200))
def test_months_keep_the_day_or_take_the_last_one(day, n):
    calendar = calendar_from((), ())
    result = calendar.add_months(day, n).result
    assert (result.year * 12 + result.month) - (day.year * 12 + day.month) == n
    assert result.day == day.day or (result + timedelta(days=1)).day == 1
    assert calendar.add_months(day, n, time(23, 59)).result.date() == result
