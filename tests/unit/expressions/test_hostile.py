"""Nothing written into an expression reaches Python, and nothing takes long."""

import contextlib
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from calendars.seed import seed_calendar
from engine.expressions import EvaluationContext, ExpressionError, check, evaluate, execute, matches

CALENDAR = seed_calendar()
NOW = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)

ESCAPES = [
    "__import__('os').system('id')", "().__class__.__bases__[0].__subclasses__()", "''.__class__", "s.__class__",
    "getattr(s, 'x')", "eval('1')", "exec('1')", "open('/etc/passwd')", "globals()", "locals()", "vars()", "dir()",
    "[x for x in ().__class__]", "{x for x in xs}", "{k: v for k, v in xs}", "(x for x in xs)", "lambda: 1",
    "f'{s.__class__}'", "'{0.__class__}'.format(s)", "s.format(s)", "s.upper()", "xs.append(1)",
    "len.__self__", "len(__import__)", "[len][0](xs)", "r.get('a')", "x := 1", "*xs", "{**r}", "len(*xs)",
    "len(**r)", "a ** a", "1 << 99", "a @ a", "~a", "a | a", "a & a", "await a", "yield a", "print(1)", "type(a)",
    "s is s", "1 is 1", "xs[0:1]", "...", "b'x'", "1j", "0x1for x in xs", "_private", "a.__dict__", "r['__class__'].x",
    "breakpoint()", "compile('1', '', 'eval')", "__builtins__", "self", "ｅval('1')", "'\\N{DIGIT ONE}'", "'\\x41'",
    "'\\u0041'", "a\x00b", "a\x1bb", "import os", "a; b", "range(10**9)", "sum(range(10**9))", "\ud800",
]  # fmt: skip


@pytest.mark.parametrize("source", ESCAPES)
def test_no_way_out(source):
    data = {"s": "x", "xs": [1], "r": {"a": 1}, "a": 1}
    if source == "r['__class__'].x":  # a key is only text, and there is none of that name
        with pytest.raises(ExpressionError):
            evaluate(source, data, EvaluationContext(NOW))
        return
    assert check(source), source
    with pytest.raises(ExpressionError):
        evaluate(source, data, EvaluationContext(NOW))


SCRIPTS = [
    "import os", "from os import system", "def f(): pass", "class A: pass", "for x in xs: pass", "while True: pass",
    "with a: pass", "try:\n  a = 1\nexcept E:\n  pass", "raise a", "return 1", "del a", "global a", "assert a",
    "a: int = 1",
    "a = b = 1", "a, b = 1, 2", "[a] = [1]", "a", "len(xs)", "match a:\n  case 1: pass", "async def f(): pass",
    "a[0] = 1", "a['__x'] = 1", "x.__class__ = 1", "a[b] = 1", "nonlocal a", "@f\ndef g(): pass", "type X = int",
]  # fmt: skip


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_assign_and_choose_only(script):
    assert check(script, "script")
    with pytest.raises(ExpressionError):
        execute(script, {"a": 1, "b": 2, "xs": [1]}, EvaluationContext(NOW))


@pytest.mark.parametrize("source", ["'%s' % s", "'%c' % 65", "s * 999999999", "xs * 999999999", "'{}' + 1"])
def test_what_python_would_do_with_text_is_not_done(source):
    with pytest.raises(ExpressionError):
        evaluate(source, {"s": "x", "xs": [1]}, EvaluationContext(NOW))


def test_data_never_stand_in_for_the_input_of_a_decision():
    context = EvaluationContext(NOW)
    assert check("dmninputexpr")
    assert matches("? == 1", 1, {"dmninputexpr": 2}, context)


WORDS = [
    "a",
    "xs",
    "r",
    "r.b",
    "'t'",
    "1",
    "2.5",
    "None",
    "True",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    ".",
    "+",
    "-",
    "*",
    "/",
    "//",
    "%",
    "==",
    "!=",
    "<",
    ">=",
    "in",
    "not",
    "and",
    "or",
    "if",
    "else",
    "is",
    "len",
    "sum",
    "max",
    "date",
    "days",
    "default",
    "join",
    "text",
    "round",
    "=",
    "#",
    "\\",
    "'",
    '"',
    "?",
    "..",
    "__",
    "for",
]
WORDS.append("\n")


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join))
@example("max(xs, r)")
def test_whatever_is_put_together_is_computed_or_refused(source):
    data = {"a": 1, "xs": [3, 1, 2], "r": {"b": "x"}}
    context = EvaluationContext(NOW, CALENDAR)
    for attempt in (
        lambda: evaluate(source, data, context),
        lambda: execute(source, data, context),
        lambda: matches(source, 5, data, context),
    ):
        with contextlib.suppress(ExpressionError):
            attempt()
    assert data == {"a": 1, "xs": [3, 1, 2], "r": {"b": "x"}}


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text_at_all_is_computed_or_refused(source):
    for mode in ("expression", "script", "dmn"):
        check(source, mode)


@pytest.mark.parametrize(
    "source",
    [
        " and ".join(["xs == xs"] * 60),
        " and ".join(["count(xs, 1999) == 1"] * 70),
        " and ".join(["r == r"] * 100),
        " or ".join(["year(today()) < 0", *['working_days_between("2021-01-01", "2026-06-01") < 0'] * 18]),
        " or ".join(["is_working_day(d) is None"] * 52),
    ],
)
def test_work_is_counted_however_few_words_ask_for_it(source):
    data = {"d": date(2026, 6, 1), "xs": list(range(2000)), "r": {f"k{i}": "v" * 100 for i in range(1500)}}
    with pytest.raises(ExpressionError):
        evaluate(source, data, EvaluationContext(NOW, CALENDAR))
