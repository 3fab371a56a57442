"""Cells of decision tables: what each way of writing one matches."""

from datetime import UTC, date, datetime

import pytest

from engine.expressions import EvaluationContext, ExpressionError, check, matches

CONTEXT = EvaluationContext(datetime(2026, 6, 1, 2, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("cell", "yes", "no"),
    [
        (None, [1, None, "x"], []),
        ("-", [1, None, "x"], []),
        ("  ", [1], []),
        ('"Ya"', ["Ya"], ["Tidak", None]),
        ("'Ya'", ["Ya"], ["Tidak"]),
        ('"a","b"', ["a", "b"], ["c"]),
        ('"a,b", "c"', ["a,b", "c"], ["a"]),
        ("3", [3, 3.0], [4]),
        ("true", [True], [False, 1]),
        ("> 5", [6], [5]),
        (">= 5", [5], [4]),
        ("= 5", [5], [6]),
        ("!= 5", [6], [5]),
        ("<10, >20", [5, 25], [15]),
        ("[1..5]", [1, 5], [0, 6]),
        ("(1..5)", [2, 4], [1, 5]),
        ("[1..5)", [1, 4], [5]),
        ("]1..5[", [2], [1, 5]),
        ('not("a", "b")', ["c"], ["a", "b"]),
        ("not(> 5)", [5], [6]),
        ('in ["a", "b"]', ["a"], ["c"]),
        ('not in ["a"]', ["b"], ["a"]),
        ("? > 3 and ? < 9", [5], [3, 9]),
        ("? == batas", [7], [8]),
        ('starts_with(?, "III/")', ["III/a"], ["IV/a"]),
        ('date("2026-01-01")', [date(2026, 1, 1)], [date(2026, 1, 2)]),
        ('"apa?"', ["apa?"], ["apa"]),
        ("batas", [7], [8]),
        ("None", [None], [0, ""]),
        ('["a..b"]', [["a..b"]], ["a"]),
    ],
)
def test_a_cell_matches(cell, yes, no):
    names = {"batas": 7}
    assert [v for v in yes if not matches(cell, v, names, CONTEXT)] == []
    assert [v for v in no if matches(cell, v, names, CONTEXT)] == []


BROKEN = [
    '"a', "1,,2", ") or (True", "5) or (1 == 1", "> ", "x.__class__", "a b", "[1..", "#", "? = 1", "f(1)", "for", ","
]  # fmt: skip


@pytest.mark.parametrize("cell", BROKEN)
def test_a_cell_that_cannot_be_read_is_a_fault_and_never_a_match(cell):
    assert check(cell, "dmn")
    with pytest.raises(ExpressionError):
        matches(cell, 5, {}, CONTEXT)
