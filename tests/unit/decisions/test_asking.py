"""What a try-out of a table has to be told, and how people write it."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from engine.decisions import UnreadableValueError, asked_by, dimensions_of, domains_of, example_of, names_from, value_of
from engine.expressions import EvaluationContext
from engine.forms import parse_form
from tests.unit.decisions.tables import CHOICES, form_of, table_of_rows

CONTEXT = EvaluationContext(datetime(2026, 6, 1, 2, 0, tzinfo=UTC))


def test_names_are_asked_by_their_fields_once_and_parameters_never():
    table = table_of_rows(
        [["> parameters.batas", "? == nilai.rata"]],
        sources=["nilai.selisih", "len(berkas)"],
        results=["nilai.tengah + 1"],
    )

    assert [a.path for a in asked_by(table, {}, {})] == ["nilai.selisih", "berkas", "nilai.rata", "nilai.tengah"]


def test_kinds_come_from_the_cells_then_from_the_file():
    rows = [["> 5", '"a"', "true", 'date("2026-01-01")', "-", "-"]]
    table = table_of_rows(rows, kinds=["string", "", "", "", "number", ""])

    assert [a.kind for a in asked_by(table, {}, {})] == ["number", "text", "boolean", "date", "number", "any"]


def test_a_choice_of_a_form_is_offered():
    domains = domains_of([parse_form(form_of(CHOICES), "biodata")])
    asked = asked_by(table_of_rows([['"muda"']], sources=["jenjang"]), domains, {})

    assert list(asked[0].domain.options) == ["pertama", "muda", "madya"]


@pytest.mark.parametrize(
    ("raw", "kind", "value"),
    [
        ("", "text", None),
        (" vai ", "text", "vai"),
        ("12", "text", "12"),
        ("12", "number", 12),
        ("12,5", "number", Decimal("12.5")),
        ("1.500.000", "number", 1_500_000),
        ("Ya", "boolean", True),
        ("tidak", "boolean", False),
        ("07/04/2026", "date", date(2026, 4, 7)),
        ("12", "any", 12),
        ("muda", "any", "muda"),
        ('["a", "b"]', "any", ["a", "b"]),
        ("True", "any", True),
        ("Dinas Pekerjaan Umum", "any", "Dinas Pekerjaan Umum"),
    ],
)
def test_a_value_is_read_as_the_case_would_hold_it(raw, kind, value):
    found = value_of(raw, kind, CONTEXT)

    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("raw", "kind"),
    [("dua", "number"), ("5.254", "number"), ("mungkin", "boolean"), ("x" * 3000, "text"), ("besok", "date")],
)
def test_what_is_no_value_of_its_kind_is_refused(raw, kind):
    with pytest.raises(UnreadableValueError):
        value_of(raw, kind, CONTEXT)


def test_names_with_dots_become_records():
    assert names_from({"a.b": 1, "a.c.d": 2, "e": None}) == {"a": {"b": 1, "c": {"d": 2}}, "e": None}


def test_an_example_of_a_row_matches_it():
    dimensions = dimensions_of(table_of_rows([['"a"', "> 5"], ["-", "< batas"]]), {}, {})

    assert example_of(dimensions, 0) == {"x0": "a", "x1": 6}
    assert example_of(dimensions, 1) == {"x0": "a"}
