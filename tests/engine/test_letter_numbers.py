"""Numbers of letters: consecutive in a series and year, each given once, also to many at the same moment."""

import threading

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from engine.letters import NumberPatternError, next_number
from models import LetterCounter

PATTERN = "{number:04}/SERT/{month_roman}/{year}"


def take(database, series="sertifikat", year=2026, pattern="{number}", **more):
    with database.write() as unit:
        return next_number(unit, series, year, pattern, **more)


def test_each_series_counts_by_itself_and_anew_each_year(database):
    assert [take(database) for _ in range(3)] == ["1", "2", "3"]
    assert take(database, series="rekomendasi") == "1"
    assert take(database, year=2027) == "1"
    assert take(database) == "4"


def test_a_number_is_written_as_the_pattern_says(database):
    assert take(database, pattern=PATTERN, month=12) == "0001/SERT/XII/2026"
    assert take(database, pattern="B-{number}/{month}/{year}", month=4) == "B-2/4/2026"


class ActFailedError(Exception):
    """Something after the number went wrong."""


def test_an_act_that_fails_gives_its_number_back(database):
    take(database)
    with pytest.raises(ActFailedError), database.write() as unit:
        assert next_number(unit, "sertifikat", 2026, "{number}") == "2"
        raise ActFailedError
    assert take(database) == "2"


def test_many_at_once_leave_neither_gap_nor_double(database):
    given, failures = [], []

    def act(fails):
        with database.write() as unit:
            number = int(next_number(unit, "sertifikat", 2026, "{number}"))
            if fails:
                raise ActFailedError
        given.append(number)

    def work(fails):
        try:
            act(fails)
        except ActFailedError:
            failures.append(1)

    threads = [threading.Thread(target=work, args=(n % 5 == 0,)) for n in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(given) == list(range(1, 33))
    assert len(failures) == 8


@pytest.mark.parametrize(
    "pattern",
    ["", "LKPP/2026", "{year}", "{number.__class__}", "{number!r}", "{nomor}", "{number}{", "{number:99}", "{0}",
     "{number}" + "x" * 60],
)  # fmt: skip
def test_a_pattern_that_cannot_work_is_refused(database, pattern):
    with pytest.raises(NumberPatternError) as caught:
        take(database, pattern=pattern, month=1)
    assert "{number}" in caught.value.message("id")


def test_a_pattern_with_a_month_needs_one(database):
    with pytest.raises(NumberPatternError):
        take(database, pattern=PATTERN)


def test_the_database_itself_refuses_a_second_counter_and_a_number_below_one(database):
    take(database)
    for last in (1, 0):
        series = "sertifikat" if last else "lain"
        with pytest.raises(IntegrityError), database.write() as unit:
            unit.connection.execute(insert(LetterCounter).values(series=series, year=2026, last=last))
