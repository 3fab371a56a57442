"""What the rows of a decision table cover: checked against asking the table about every value there is."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.decisions import Domain, coverage_of, domains_of, stray_values
from engine.decisions.constants import CONTEXT, constants_of
from engine.expressions import matches
from engine.forms import parse_form
from tests.unit.decisions.tables import CHOICES, form_of, table_of_rows


def gaps(coverage):
    return [({title: words.id for title, words in gap.case}, gap.open) for gap in coverage.gaps]


def overlaps(coverage):
    return [(o.first, o.second) for o in coverage.overlaps]


def test_the_value_between_two_comparisons_is_found_missing():
    coverage = coverage_of(table_of_rows([["< 5"], ["> 5"]], kinds=["number"]), {}, {})

    assert gaps(coverage) == [({"x0": "5"}, False)]
    assert not coverage.complete


def test_neighbouring_stretches_are_told_as_one():
    coverage = coverage_of(table_of_rows([["[1..3]"], ["> 10"]], kinds=["number"]), {}, {})

    assert gaps(coverage) == [({"x0": "< 1 atau > 3 dan ≤ 10"}, False)]


def test_texts_that_nobody_names_are_an_open_end_and_no_sure_fault():
    coverage = coverage_of(table_of_rows([['"a"'], ['"b"']], kinds=["string"]), {}, {})

    assert gaps(coverage) == [({"x0": "nilai lain"}, True)]


def test_a_last_row_that_takes_the_rest_completes_a_table():
    coverage = coverage_of(table_of_rows([['"a"'], ["-"]], policy="FIRST"), {}, {})

    assert (coverage.complete, gaps(coverage)) == (True, [])


def test_a_form_says_what_can_come_at_all():
    """A choice of three of which the table answers two: the third is missing, and nothing else can come."""
    domains = domains_of([parse_form(form_of(CHOICES), "biodata")])
    coverage = coverage_of(table_of_rows([['"pertama"'], ['"muda"']], sources=["jenjang"]), domains, {})

    assert gaps(coverage) == [({"jenjang": "“Madya”"}, False)]


def test_whole_numbers_have_nothing_between_two_neighbours():
    rows = [["<= 5"], [">= 6"]]
    whole = {"x0": Domain(("f",), whole=True)}

    assert coverage_of(table_of_rows(rows, kinds=["number"]), whole, {}).complete
    assert gaps(coverage_of(table_of_rows(rows, kinds=["number"]), {}, {})) == [({"x0": "> 5 dan < 6"}, False)]


def test_bounds_of_the_form_are_bounds_of_the_table():
    bounded = {"x0": Domain(("f",), minimum=Decimal(0), maximum=Decimal(100))}
    table = table_of_rows([["[0..60)"], ["[60..100]"]], kinds=["number"])

    assert coverage_of(table, bounded, {}).complete
    assert not coverage_of(table, {}, {}).complete


def test_parameters_are_taken_as_the_owner_set_them():
    table = table_of_rows([["< parameters.lulus"], [">= 70"]], kinds=["number"])

    assert coverage_of(table, {}, {"lulus": 70}).complete
    assert gaps(coverage_of(table, {}, {"lulus": 60})) == [({"x0": "≥ 60 dan < 70"}, False)]


def test_two_columns_that_read_the_same_are_one_input():
    table = table_of_rows([["> 5", "< 3"], ["-", "-"]], sources=["n", "n"], kinds=["number", "number"])

    assert overlaps(coverage_of(table, {}, {})) == []


def test_days_are_told_apart():
    table = table_of_rows([['< date("2026-01-01")'], ['> date("2026-01-01")']], kinds=["date"])

    assert gaps(coverage_of(table, {}, {})) == [({"x0": "2026-01-01"}, False)]


def test_what_depends_on_the_case_is_not_claimed():
    coverage = coverage_of(table_of_rows([["< batas"], [">= 5"]], kinds=["number"]), {}, {})

    assert coverage.unclear == ((1, 0),)
    assert (gaps(coverage), coverage.complete, overlaps(coverage)) == ([], False, [])


@pytest.mark.parametrize(
    "cell", ['starts_with(?, "III/")', "< today()", "> batas", 'in "abc"', '? < "b"', "len(?) > 3"]
)
def test_a_cell_that_does_more_than_compare_has_no_constants(cell):
    assert constants_of(cell, {}) is None


def test_a_row_below_one_that_takes_everything_is_never_reached():
    coverage = coverage_of(table_of_rows([['"a"'], ["-"], ['"b"']], policy="FIRST"), {}, {})

    assert [shadow.rule for shadow in coverage.shadows] == [3]


def test_a_row_is_also_shadowed_by_several_together():
    rows = [["< 5", "-"], [">= 5", "true"], ["-", "true"]]
    coverage = coverage_of(table_of_rows(rows, policy="FIRST", kinds=["number", "boolean"]), {}, {})

    assert [shadow.rule for shadow in coverage.shadows] == [3]


def test_a_value_that_the_form_does_not_offer_is_noticed():
    domains = domains_of([parse_form(form_of(CHOICES), "biodata")])
    table = table_of_rows([['"pertama", "mudah"'], ["-"]], sources=["jenjang"])

    assert [(s.rule, s.value, s.domain.forms) for s in stray_values(table, domains, {})] == [(1, "mudah", ("biodata",))]


def test_a_name_that_two_forms_offer_differently_can_be_either():
    other = dict(CHOICES, values=[{"label": "Utama", "value": "utama"}])
    forms = [parse_form(form_of(CHOICES), "a"), parse_form(form_of(other), "b")]

    assert set(domains_of(forms)["jenjang"].options) == {"pertama", "muda", "madya", "utama"}


def test_a_form_that_takes_any_text_says_nothing_of_what_can_come():
    free = {"type": "textfield", "key": "jenjang", "label": "Jenjang"}

    assert domains_of([parse_form(form_of(CHOICES), "a"), parse_form(form_of(free), "b")]) == {}


def test_overlaps_say_whether_the_rows_differ():
    table = table_of_rows([["< 9"], ["> 5"], ["> 100"]], results=["1", "2", "2"], policy="ANY", kinds=["number"])
    found = coverage_of(table, {}, {}).overlaps

    assert [(o.first, o.second, o.differs) for o in found] == [(1, 2, True), (2, 3, False)]
    assert [words.id for _, words in found[0].case] == ["> 5 dan < 9"]


def test_a_hopeless_table_is_left_unjudged_instead_of_hanging():
    """Rows that each look at three of thirty columns, as in puzzles that nobody can solve quickly."""
    rows = []
    for r in range(130):
        row = ["-"] * 30
        for n in range(3):
            row[(r * (7 + 4 * n) + n * n * 5 + r // (3 + n)) % 30] = "true" if (r * r + n * 3 + r // 7) % 2 else "false"
        rows.append(row)
    coverage = coverage_of(table_of_rows(rows, kinds=["boolean"] * 30, policy="COLLECT"), {}, {})

    assert coverage.limited
    assert (coverage.complete, coverage.gaps) == (False, ())


NUMBERS = ["-", "1", "< 2", "> 2", "[1..3]", "(0..3)", "not(1)", "1, 3", "!= 2", ">= parameters.p"]
TEXTS = ["-", '"a"', '"a", "b"', 'not("b")', 'in ["a", "c"]', '!= "c"']
BOOLEANS = ["-", "true", "false", "not(true)"]
EVERY_NUMBER = [-1, 0, Decimal("0.5"), 1, Decimal("1.5"), 2, Decimal("2.5"), 3, 4]
EVERY_TEXT = ["a", "b", "c", "zzz"]
cells = st.tuples(st.sampled_from(NUMBERS), st.sampled_from(TEXTS), st.sampled_from(BOOLEANS)).map(list)


@settings(max_examples=120, deadline=None)
@given(st.lists(cells, min_size=1, max_size=6))
def test_it_agrees_with_asking_about_every_value(rows):
    parameters = {"p": 2}
    table = table_of_rows(rows, kinds=["number", "string", "boolean"])
    coverage = coverage_of(table, {}, parameters)

    hits = {
        values: [
            number
            for number, row in enumerate(rows, start=1)
            if all(
                matches(cell, value, {"parameters": parameters}, CONTEXT)
                for cell, value in zip(row, values, strict=True)
            )
        ]
        for values in product(EVERY_NUMBER, EVERY_TEXT, [True, False])
    }
    assert coverage.complete == all(hits.values())
    assert bool(coverage.gaps) == (not all(hits.values()))
    both = {(a, b) for found in hits.values() for a in found for b in found if a < b}
    assert set(overlaps(coverage)) == both


@settings(max_examples=60, deadline=None)
@given(st.lists(cells, min_size=2, max_size=6))
def test_a_shadowed_row_is_never_the_first(rows):
    parameters = {"p": 2}
    coverage = coverage_of(table_of_rows(rows, kinds=["number", "string", "boolean"], policy="FIRST"), {}, parameters)
    first = set()
    for values in product(EVERY_NUMBER, EVERY_TEXT, [True, False]):
        found = (
            number
            for number, row in enumerate(rows, start=1)
            if all(matches(c, v, {"parameters": parameters}, CONTEXT) for c, v in zip(row, values, strict=True))
        )
        first.add(next(found, None))

    # A row that nothing can match at all is not shadowed; it is simply never met.
    assert {shadow.rule for shadow in coverage.shadows} <= set(range(1, len(rows) + 1)) - first
