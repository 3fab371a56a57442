"""Decision tables of a package, looked through with the forms and parameters that stand beside them."""

import json

import pytest

from engine.definitions import check_package, package_of
from tests.support.bpmn import decision
from tests.unit.decisions.tables import CHOICES
from tests.web.procedures import KEY, permit

RULES = [(['"pertama"'], ["1"]), (['"muda"'], ["2"])]


def found(table: bytes, *, form=None) -> list[tuple[str, str, str]]:
    """Code, element and reason of what is said about the table in an otherwise sound package."""
    files = {**permit(), "decisions/d.dmn": table}
    if form is not None:
        files["forms/apply.json"] = form
    package = package_of(KEY, files)
    return [(f.code, f.element, f.reason.id) for f in check_package(package, None) if f.file == "decisions/d.dmn"]


def with_choices(**more) -> bytes:
    apply = json.loads(permit()["forms/apply.json"])
    apply["components"].insert(0, {**CHOICES, **more})
    return json.dumps(apply).encode()


def test_rows_that_match_at_once_are_named_with_a_case():
    rules = [(["< 10"], ["1"]), (["> 5"], ["2"])]

    assert found(decision("d", ["people"], ["level"], rules))[0] == (
        "dmn_overlap",
        "d_r2",
        "Baris 1 dan 2 cocok sekaligus (people: > 5 dan < 10), padahal UNIQUE hanya boleh satu baris.",
    )


@pytest.mark.parametrize(("policy", "codes"), [("FIRST", []), ("COLLECT", []), ("ANY", ["dmn_conflict"])])
def test_what_overlap_means_depends_on_the_policy(policy, codes):
    rules = [(["< 10"], ["1"]), (["> 5"], ["2"]), (["-"], ["3"])]
    table = decision("d", ["people"], ["level"], rules, hit_policy=policy)

    assert sorted({code for code, _, _ in found(table)} - {"dmn_shadow"}) == codes


def test_rows_of_any_may_overlap_when_they_say_the_same():
    rules = [(["< 10"], ["1"]), (["> 5"], ["1"])]

    assert found(decision("d", ["people"], ["level"], rules, hit_policy="ANY")) == []


def test_a_choice_of_a_form_without_a_row_is_missing():
    table = decision("d", ["jenjang"], ["level"], RULES)

    assert found(table, form=with_choices()) == [("dmn_gap", "d", "Tidak ada baris untuk jenjang: “Madya”.")]


def test_what_no_form_bounds_is_left_to_the_owner():
    assert found(decision("d", ["jenjang"], ["level"], RULES)) == []


def test_a_misspelt_choice_is_noticed():
    table = decision("d", ["jenjang"], ["level"], [*RULES, (['"madia"'], ["3"])])

    codes = found(table, form=with_choices())
    assert ("dmn_stray", "d_r3") in [(code, element) for code, element, _ in codes]


def test_a_row_that_is_never_reached_is_noticed():
    rules = [(["-"], ["1"]), (["> 5"], ["2"])]
    table = decision("d", ["people"], ["level"], rules, hit_policy="FIRST")

    assert [(code, element) for code, element, _ in found(table)] == [("dmn_shadow", "d_r2")]
