"""A table tried out of its case: what the engine answers, and row by row why."""

from datetime import UTC, datetime

import pytest

from engine.expressions import EvaluationContext
from engine.spiff.deciding import try_decision
from tests.support.bpmn import decision

CONTEXT = EvaluationContext(datetime(2026, 6, 1, 2, 0, tzinfo=UTC))
RULES = [(["< 10", "-"], ['"kecil"']), ([">= 10", "true"], ['"besar"']), (["> 100", "-"], ['"raksasa"'])]


def tried(names, rules=RULES, policy="UNIQUE", **externals):
    table = decision("d", ["people", "agreed"], ["size"], rules, hit_policy=policy)
    return try_decision(table, names, externals, CONTEXT)


def test_every_row_says_which_of_its_cells_match():
    found = tried({"people": 20, "agreed": True})

    assert [[cell.value for cell in row.cells] for row in found.rows] == [[False, True], [True, True], [False, True]]
    assert [row.number for row in found.rows if row.matches] == [2]
    assert found.outcome.value == {"size": "besar"}
    assert [answer.value for answer in found.inputs] == [20, True]


def test_a_broken_hit_policy_is_told_as_the_case_would_meet_it():
    found = tried({"people": 200, "agreed": True})

    assert [row.number for row in found.rows if row.matches] == [2, 3]
    assert "2, 3" in found.outcome.refused.message("en")


def test_no_row_gives_empty_results():
    assert tried({"people": 20, "agreed": False}).outcome.value == {"size": None}


def test_a_name_that_is_not_there_is_the_reason_of_its_column_alone():
    found = tried({"people": 5})

    assert found.inputs[1].refused is not None
    assert found.rows[0].cells[0].value is True
    assert found.outcome.refused is not None


@pytest.mark.parametrize(("limit", "matches"), [(5, False), (50, True)])
def test_parameters_are_read_and_cannot_be_replaced(limit, matches):
    rules = [(["< parameters.limit", "-"], ["parameters.limit"])]
    found = tried({"people": 20, "agreed": True, "parameters": {"limit": 1}}, rules, parameters={"limit": limit})

    assert found.rows[0].matches is matches
