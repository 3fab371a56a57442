"""What the expression language computes, and how it refuses what it does not have."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from engine.expressions import (
    EvaluationContext,
    ExpressionError,
    ExpressionLimitError,
    FaultyExpressionError,
    UnknownNameError,
    check,
    evaluate,
    execute,
    is_reserved,
    names_assigned,
    names_used,
)

NOW = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
DATA = {"a": 1, "s": "Ya", "r": {"b": {"c": [1, 2]}}, "d": date(2026, 1, 2), "f": 0.1, "xs": ["a", "b"], "n": None}


def compute(source, data=None):
    return evaluate(source, DATA if data is None else data, EvaluationContext(NOW))


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("1 + 2 * 3", 7),
        ("7 // 2 + 7 % 2", 4),
        ("7 / 2", Decimal("3.5")),
        ("0.1 + 0.2 == 0.3", True),
        ("f + 0.2 == 0.3", True),
        ("a == 1.0", True),
        ("True == 1", False),
        ("true and not false", True),
        ("null is None", True),
        ("s == 'Ya' and a < 2", True),
        ("'lain' if s == 'Tidak' else s", "Ya"),
        ("r.b.c[1]", 2),
        ("r['b']['c'][-1]", 2),
        ("'a' in xs and 'z' not in xs", True),
        ("'a' in s", True),
        ("('x', 'y') == ['x', 'y']", True),
        ("{'k': a}", {"k": 1}),
        ("1 < 2 < 3", True),
        ("n is None", True),
        ("n is not None", False),
        ("-a + +a", 0),
        ("s + '!'", "Ya!"),
        ("xs + ['c']", ["a", "b", "c"]),
        ("d + days(1)", date(2026, 1, 3)),
        ("d - d == days(0)", True),
        ("hours(2) + minutes(30)", timedelta(minutes=150)),
        ("-7 // 2", -4),
        ("-7.5 // 2", Decimal(-4)),
        ("-7.5 % 2", Decimal("0.5")),
        ("s == 'Ya'\n  and a == 1", True),
        ("default(tidak.ada, 'x')", "x"),
        ("default(n, 'x')", "x"),
        ("defined(r.b) and not defined(r.x)", True),
        ("missing if False else 1", 1),
        ("False and missing", False),
    ],
)
def test_an_expression_has_a_value(source, value):
    result = compute(source)

    assert result == value
    assert type(result) is type(value)


@pytest.mark.parametrize(
    ("source", "part"),
    [
        ("missing", "missing"),
        ("r.x", "“x”"),
        ("xs[5]", "2 butir"),
        ("s.upper", "upper"),
        ("r['zz']", "zz"),
    ],
)
def test_what_is_not_there_is_named(source, part):
    with pytest.raises(UnknownNameError) as caught:
        compute(source)
    assert part in caught.value.message("id")
    assert caught.value.message("en") != caught.value.message("id")


@pytest.mark.parametrize(
    "source",
    [
        "1 / 0", "1 // 0", "5 % 0", "s + 1", "xs + 1", "d < s", "d == '2026-01-02'", "a < s", "1 in s", "-s", "s * 2",
        "d + 1", "xs['a']", "{1: 2}", "len(1)", "sum(['a'])", "number('x')", "number('1e9')", "min([])", "lower(1)",
        "date('kapan')", "date(2026, 2, 30)", "round(1, 9)", "days('1')", "text([])", "range(501)", "join([1], 'a')",
        "working_days_after(d, 1)",
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_in_both_languages(source):
    with pytest.raises(ExpressionError) as caught:
        compute(source)
    assert caught.value.message("id")
    assert caught.value.message("en")


def test_a_script_changes_a_copy_only():
    before = {"a": {"b": 1}, "n": 1, "keep": [1]}

    after = execute("a.c = n + 1\nif n == 1:\n    n += 5\nelse:\n    pass\nx = a", before, EvaluationContext(NOW))

    assert after == {"a": {"b": 1, "c": 2}, "n": 6, "keep": [1], "x": {"b": 1, "c": 2}}
    assert before == {"a": {"b": 1}, "n": 1, "keep": [1]}


def test_assigned_records_are_values_and_not_the_same_thing_twice():
    after = execute("x = a\nx.b = 2", {"a": {"b": 1}}, EvaluationContext(NOW))
    assert after == {"a": {"b": 1}, "x": {"b": 2}}


def test_a_script_reads_but_never_keeps_what_the_engine_adds():
    after = execute("x = parameters.hours", {}, EvaluationContext(NOW), {"parameters": {"hours": 72}})
    assert after == {"x": 72}


def test_a_script_that_fails_leaves_nothing():
    before = {"a": 1}
    with pytest.raises(UnknownNameError):
        execute("a = 2\nb = missing", before, EvaluationContext(NOW))
    assert before == {"a": 1}


@pytest.mark.parametrize(
    "target", ["case", "parameters", "len", "default", "a.__class__", "a[0]", "a, b", "self", "true"]
)
def test_a_script_cannot_assign_everything(target):
    assert check(f"{target} = 1", "script")


def test_all_faults_are_told_at_once():
    faults = check("f(1) + a.__class__ + [x for x in y]")
    assert {f.code for f in faults} == {"function", "name", "forbidden"}
    assert all(f.text.id and f.text.en and f.cure.id and f.cure.en for f in faults)


@pytest.mark.parametrize(
    ("source", "hint"), [("a && b", "and"), ("a || b", "or"), ("a = 1", "=="), ("${a}", "${ }"), ("!a", "not")]
)
def test_habits_of_other_languages_get_their_cure(source, hint):
    (fault,) = check(source)
    assert hint in fault.cure.en


def test_names_are_listed_for_the_gate():
    assert names_used("a.b + len(xs) + default(c, d)") == {"a", "xs", "c", "d"}
    assert names_used("x = a\ny.z = 1\nn += 1", "script") == {"a", "n", "y"}
    assert names_assigned("x = a\ny.z = 1\nn += 1") == {"x", "y", "n"}


@pytest.mark.parametrize(
    "name", ["self", "typename", "dmninputexpr", "case", "len", "__x", "a__b", "_a", "1a", "é", "", 5]
)
def test_reserved_names(name):
    assert is_reserved(name)


@pytest.mark.parametrize("name", ["instansi", "nomor_2", "A", "pejabat_pengadaan", "result", "nama"])
def test_names_that_are_free(name):
    assert not is_reserved(name)


def test_values_that_are_no_data_are_refused():
    class Sly(str):
        __slots__ = ()

    for value in (
        object(),
        Sly("x"),
        {1, 2},
        b"x",
        float("nan"),
        Decimal("NaN"),
        Decimal("1E+400"),
        datetime(2026, 1, 1),  # noqa: DTZ001 -- a time without a zone is the point
    ):
        with pytest.raises(ExpressionError):
            evaluate("x", {"x": value}, EvaluationContext(NOW))


@pytest.mark.parametrize(
    "source",
    [
        "9" * 17,
        "999999999999999 * 999",
        "+".join("1" for _ in range(300)),
        "not " * 30 + "a",
        "x" * 1001,
        "text(s) + s if " + " or ".join(["a"] * 399) + " else s",
    ],
)
def test_what_is_too_large_is_refused(source):
    with pytest.raises((ExpressionLimitError, FaultyExpressionError)):
        compute(source)


def test_growing_values_are_stopped():
    grow = "x = 'a'\n" + "x = x + x\n" * 20
    with pytest.raises(ExpressionLimitError):
        execute(grow, {}, EvaluationContext(NOW))
    nest = "x = [1]\n" + "x = [x, x]\n" * 15
    with pytest.raises(ExpressionLimitError):
        execute(nest, {}, EvaluationContext(NOW))
