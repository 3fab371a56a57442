"""Values as bytes, differences to a base document, places in an order, instants of timers: the small pure parts."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.spiff import timers
from engine.spiff.base_document import EMPTY, BaseDocument
from engine.spiff.positions import positions
from engine.spiff.timers import TimerError
from engine.spiff.values import UnstorableValueError, canonical, clean, copied, decode, encode, same

JAKARTA = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 1, 31, 2, 0, tzinfo=UTC)

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.dates(),
    st.datetimes(timezones=st.sampled_from([UTC, JAKARTA])),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.timedeltas(),
)
names = st.one_of(st.text(max_size=5), st.sampled_from(["$date", "$record", "$decimal", "a"]))
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4))
records = st.dictionaries(st.text(max_size=4), values, max_size=6)


@given(values)
def test_every_value_comes_back_as_it_was(value):
    back = decode(encode(value))
    assert back == value
    assert type(back) is type(value)
    assert same(back, value)


@given(records)
def test_canonical_bytes_do_not_see_the_order(record):
    assert canonical(record) == canonical(dict(reversed(record.items())))


@given(values)
def test_copies_share_nothing(value):
    for made in (copied(value), clean(value)):
        assert same(made, value)
        assert made is not value or not isinstance(value, dict | list)


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        Decimal("NaN"),
        datetime(2026, 1, 1),  # noqa: DTZ001 -- the fault itself
        {1: "a"},
        {1, 2},
        b"x",
        object(),
        2**70,
        [[float("nan")]],
    ],
)
def test_what_is_not_plain_data_is_refused(value):
    with pytest.raises(UnstorableValueError):
        clean({"x": value})


def test_what_slips_past_is_refused_when_it_is_written():
    with pytest.raises(UnstorableValueError):
        encode({"x": {1, 2}})


def test_a_tuple_becomes_a_list_and_nesting_has_an_end():
    assert clean({"x": (1, (2,))}) == {"x": [1, [2]]}
    deep: list = []
    for _ in range(100):
        deep = [deep]
    with pytest.raises(UnstorableValueError):
        clean(deep)


@given(records, records, records)
@settings(max_examples=60)
def test_a_difference_leads_back_to_the_data_on_any_base(first, second, data):
    old = EMPTY.following(first)
    rests, body, size = old.difference(data)
    assert canonical(old.apply(rests, body)) == canonical(data)
    assert size >= 0
    new = old.following(second)
    rests, body = new.rebased(old, rests, body)
    assert canonical(new.apply(rests, body)) == canonical(data)
    assert new.number == 2


def test_a_difference_to_the_same_data_says_nothing():
    data = {"a": [1, 2], "b": "x" * 100}
    assert BaseDocument(1, encode(data)).difference(data)[1] == b'{"u":{}}'


@given(st.lists(st.one_of(st.none(), st.floats(0, 1000, allow_nan=False)), max_size=30))
def test_positions_always_grow(old):
    found = positions(old)
    assert len(found) == len(old)
    assert all(left < right for left, right in pairwise(found))


def test_positions_stay_where_they_can():
    assert positions([0.0, 1.0, None, 2.0]) == [0.0, 1.0, 1.5, 2.0]
    assert positions([0.0, None, None]) == [0.0, 1.0, 2.0]
    assert positions([None, 0.0]) == [-0.5, 0.0]


@pytest.mark.parametrize(
    ("value", "due"),
    [
        (datetime(2026, 2, 1, 8, 0, tzinfo=JAKARTA), datetime(2026, 2, 1, 1, 0, tzinfo=UTC)),
        (date(2026, 2, 1), datetime(2026, 1, 31, 17, 0, tzinfo=UTC)),
        ("2026-02-01", datetime(2026, 1, 31, 17, 0, tzinfo=UTC)),
        ("2026-02-01T08:00:00+07:00", datetime(2026, 2, 1, 1, 0, tzinfo=UTC)),
    ],
)
def test_instants(value, due):
    assert timers.instant(value, JAKARTA) == due


@pytest.mark.parametrize("value", ["2026-02-01T08:00:00", "tomorrow", 5, None, "P1D", "2026-13-01"])
def test_what_is_no_instant_is_refused(value):
    with pytest.raises(TimerError):
        timers.instant(value, JAKARTA)


@pytest.mark.parametrize(
    ("value", "due"),
    [
        ("P1M", datetime(2026, 2, 28, 2, 0, tzinfo=UTC)),
        ("P1Y2M3DT4H5M6S", datetime(2027, 4, 3, 6, 5, 6, tzinfo=UTC)),
        ("P2W", NOW + timedelta(days=14)),
        (timedelta(hours=3), NOW + timedelta(hours=3)),
    ],
)
def test_durations(value, due):
    assert timers.after(value, NOW) == due


@pytest.mark.parametrize("value", ["P11Y", "-P1D", "P", "PT", "P1H", timedelta(-1), timedelta(days=9999), "P9999D", 3])
def test_what_is_no_duration_is_refused(value):
    with pytest.raises(TimerError):
        timers.after(value, NOW)


@pytest.mark.parametrize(
    "value", ["R0/PT1H", "R9999/PT1H", "R/PT1S", "R3", "PT1H", "R3/PT1H/2026-01-01", "R3/2026-01-01", ""]
)
def test_what_is_no_repeat_is_refused(value):
    with pytest.raises(TimerError):
        timers.cycle(value, NOW, JAKARTA)


def test_a_repeat_counts_rounds_from_its_start():
    cycle = timers.cycle("R4/2026-01-31T09:00:00+07:00/P1M", NOW, JAKARTA)
    assert cycle.due_at == NOW
    assert cycle.fired(NOW).due_at == datetime(2026, 2, 28, 2, 0, tzinfo=UTC)
    later = cycle.fired(datetime(2026, 3, 15, tzinfo=UTC))
    assert later.due_at == datetime(2026, 3, 31, 2, 0, tzinfo=UTC)
    assert later.left == 2
    assert later.fired(datetime(2027, 1, 1, tzinfo=UTC)) is None
    assert timers.Cycle.from_json(later.to_json()) == later
