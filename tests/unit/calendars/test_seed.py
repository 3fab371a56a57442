"""The package's traps stay cured, and a month shows what is known."""

from collections import Counter
from datetime import date

import pytest

from calendars import BadDayError, Kind
from calendars.month import month_of
from calendars.seed import LAST_YEAR, decree_of, seed_calendar, seed_holidays, seed_years


def test_joint_leave_is_seeded_with_the_public_holidays():
    kinds = Counter(e.kind for e in seed_holidays() if e.day.year == 2026)
    assert kinds == {Kind.NATIONAL: 17, Kind.JOINT_LEAVE: 8}


def test_a_year_is_in_force_only_when_its_joint_leave_is_known():
    assert {2026, 2027} <= seed_years()
    assert 2028 not in seed_years()
    assert any(e.day.year == 2028 for e in seed_holidays())


def test_names_are_spelled_right_and_never_glued():
    names = {e.name for e in seed_holidays()} | {e.name_en for e in seed_holidays()}
    assert not [n for n in names if "Pegangti" in n or ";" in n or "perkiraan" in n or "estimated" in n]
    assert "Pengganti Cuti Bersama Hari Raya Idul Fitri" in names


def test_estimates_are_marked():
    estimated = {e.day for e in seed_holidays() if e.tentative and e.day.year == 2027}
    assert estimated == {date(2027, 3, 10), date(2027, 3, 11), date(2027, 5, 17)}


def test_every_entry_has_a_source_and_both_names():
    assert all(e.legal_source and e.name and e.name_en for e in seed_holidays())
    assert decree_of(2026).startswith("SKB 3 Menteri Nomor 1497 Tahun 2025")
    beyond = [e for e in seed_holidays() if e.day.year not in seed_years()]
    assert all("belum terbit" in e.legal_source for e in beyond)
    assert max(e.day.year for e in beyond) <= LAST_YEAR


def test_a_month_shows_whole_weeks_and_counts_its_working_days():
    march = month_of(seed_calendar(), 2026, 3)
    assert [week[0].day for week in march.weeks] == [date(2026, 2, 23), *[date(2026, 3, d) for d in (2, 9, 16, 23, 30)]]
    assert march.working_days == 17
    assert [cell.day.day for cell in march.named] == [18, 19, 20, 21, 22, 23, 24]
    assert march.in_force


def test_a_month_without_a_decree_claims_no_working_day():
    month = month_of(seed_calendar(), 2028, 2)
    assert not month.in_force
    assert month.working_days == 0
    assert [cell.day.day for cell in month.named] == [27, 28]


@pytest.mark.parametrize(("year", "month"), [(2026, 0), (2026, 13), (0, 1), (9999, 12)])
def test_a_month_that_is_none_is_refused(year, month):
    with pytest.raises(BadDayError):
        month_of(seed_calendar(), year, month)
