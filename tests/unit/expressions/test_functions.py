"""Every documented function does what its example says; calendar functions explain themselves."""

import ast
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from calendars.seed import seed_calendar
from engine.expressions import FUNCTIONS, LAZY, EvaluationContext, ExpressionError, evaluate

CONTEXT = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
ALL = sorted([*FUNCTIONS.values(), *LAZY.values()], key=lambda f: f.name)


def context(calendar=None):
    return EvaluationContext(CONTEXT, calendar or seed_calendar())


def shown(value):
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value


def expected(text):
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


@pytest.mark.parametrize("function", ALL, ids=lambda f: f.name)
def test_the_example_gives_what_the_documentation_says(function):
    result = evaluate(function.example, {}, context())

    wanted = expected(function.gives)
    assert shown(result) == (Decimal(str(wanted)) if isinstance(wanted, float) else wanted)
    assert function.text.id
    assert function.text.en


def test_the_handbook_lists_every_function():
    handbook = Path(__file__).parents[3] / "docs" / "expressions.md"
    text = handbook.read_text(encoding="utf-8")
    assert [f.name for f in ALL if f"`{f.signature}`" not in text] == []


def test_counting_explains_itself():
    used = context()
    result = evaluate('working_days_before(ujian, 12, at="16:00")', {"ujian": date(2026, 4, 7)}, used)

    assert result.isoformat() == "2026-03-12T16:00:00+07:00"
    (explained,) = used.explanations
    assert explained.amount == 12
    assert explained.result == result


def test_every_count_is_explained_in_order():
    used = context()
    evaluate('add_months("2026-01-31", 1) < working_days_after("2026-01-31", 30)', {}, used)
    assert [e.rule for e in used.explanations] == ["add_months", "working_days_after"]


def test_today_is_today_in_the_calendars_zone():
    late = datetime(2026, 5, 31, 16, 30, tzinfo=UTC)  # 23.30 WIB, 00.30 of the next day WITA
    jakarta, makassar = seed_calendar(), seed_calendar().with_zone("WITA")
    assert evaluate("today()", {}, EvaluationContext(late, jakarta)) == date(2026, 5, 31)
    assert evaluate("today()", {}, EvaluationContext(late, makassar)) == date(2026, 6, 1)


def test_a_year_without_a_decree_is_refused_in_both_languages():
    with pytest.raises(ExpressionError) as caught:
        evaluate('working_days_after("2028-03-01", 3)', {}, context())
    assert "SKB" in caught.value.message("id")
    assert "2028" in caught.value.message("en")


def test_durations_are_durations():
    assert evaluate("duration(days=1, hours=2)", {}, context()) == timedelta(hours=26)


TOO_MUCH = [
    "days(1.5)", "days(99999)", "hours(True)", 'at(today(), "25:00")', "at(today(), 16)", "weekday(1)",
    'working_days_after("2026-01-02", -1)', 'working_days_after("2026-01-02", 601)',
    'working_days_between("2020-01-01", "2026-12-31")',
]  # fmt: skip


@pytest.mark.parametrize("source", TOO_MUCH)
def test_amounts_have_bounds(source):
    with pytest.raises(ExpressionError):
        evaluate(source, {}, context())
