"""What people (and programs) send is typed and checked against the form file; all faults at once."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.expressions import EvaluationContext, check_value
from engine.forms import AttachedFile, Fault, FieldSource, FieldSources, FormContext, Option, parse_form
from engine.texts import Text

NOW = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Jakarta")


def form_of(*components, **properties):
    return parse_form(
        json.dumps({"type": "default", "components": list(components), "properties": properties}).encode(), "f"
    )


def field(type_, key="x", **more):
    properties = {f"alur:{k}": v for k, v in more.pop("properties", {}).items()}
    return {"type": type_, "key": key, "label": key.upper(), "properties": properties, **more}


REVIEW = field("checklist", properties={"type": "review"}, values=[{"value": "a", "label": "A"}])
TWIN = field("textfield", properties={"check": "x == twin", "check_id": "Tidak sama.", "check_en": "Not equal."})


def context(data=None, **more):
    return FormContext(now=NOW, zone=ZONE, evaluation=EvaluationContext(NOW), data=data or {}, **more)


def check(component, raw, **more):
    """Value and fault codes of a form with one field `x`."""
    validated = form_of(component).validate({"x": raw}, context(**more))
    return validated.data.get("x"), [f.code for found in validated.faults.values() for f in found]


@pytest.mark.parametrize(
    ("component", "raw", "value"),
    [
        (field("textfield"), "  Déwi\t Ayu ", "Déwi  Ayu"),
        (field("textfield"), "e\u0301", "é"),
        (field("textfield"), "   ", None),
        (field("textarea"), "satu\r\ndua\n", "satu\ndua"),
        (field("number", decimalDigits=0), "1.500.000", 1_500_000),
        (field("number", decimalDigits=0), "5.254", 5254),
        (field("number", decimalDigits=0), 7, 7),
        (field("number"), "1.234,50", Decimal("1234.50")),
        (field("number"), "0.125", Decimal("0.125")),
        (field("number"), "-3", Decimal(-3)),
        (field("number"), 2.5, Decimal("2.5")),
        (field("checkbox"), "on", True),
        (field("checkbox"), None, False),
        (field("radio", values=[{"value": "a", "label": "A"}]), "a", "a"),
        (field("checklist", values=[{"value": v, "label": v} for v in "abc"]), ["c", "a", "a"], ["a", "c"]),
        (field("checklist", values=[{"value": "a", "label": "A"}]), [], None),
        (field("datetime", subtype="date"), "2026-04-07", date(2026, 4, 7)),
        (field("datetime", subtype="date"), "7/4/2026", date(2026, 4, 7)),
        (field("datetime", subtype="date"), date(2026, 4, 7), date(2026, 4, 7)),
        (field("datetime", subtype="datetime"), "2026-04-07T16:00", datetime(2026, 4, 7, 16, tzinfo=ZONE)),
        (field("datetime", subtype="datetime"), "2026-04-07T09:00:00Z", datetime(2026, 4, 7, 16, tzinfo=ZONE)),
        (field("datetime", subtype="time"), "7.05", "07:05"),
        (field("textfield", properties={"type": "mobile"}), "0812 3456 7890", "+6281234567890"),
        (field("textfield", properties={"type": "email"}), "Nama@Contoh.GO.ID", "nama@contoh.go.id"),
        (field("select", properties={"type": "golongan"}), "III/c", "III/c"),
        (field("select", valuesKey="roles"), "b", "b"),
        (field("select", valuesExpression="=roles"), "a", "a"),
    ],
)  # fmt: skip
def test_values_are_typed(component, raw, value):
    found, codes = check(component, raw, data={"roles": ["a", {"value": "b", "label": "B"}]})
    assert (found, codes) == (value, [])
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("component", "raw", "code"),
    [
        (field("textfield", validate={"required": True}), " ", "required"),
        (field("checkbox", validate={"required": True}), False, "must_tick"),
        (field("textfield", validate={"minLength": 3}), "ab", "too_short"),
        (field("textfield", validate={"maxLength": 3}), "abcd", "too_long"),
        (field("textfield"), "x" * 1001, "too_long"),
        (field("textfield", validate={"pattern": "^[0-9]+$"}), "1a", "pattern"),
        (field("textfield", validate={"pattern": "^(a+)+$"}), "a" * 900 + "!", "pattern"),
        (field("textfield"), "a\0b", "bad_character"),
        (field("textfield"), "a\u202eb", "bad_character"),
        (field("textfield"), "\ud800", "bad_character"),
        (field("textfield"), ["a"], "wrong_type"),
        (field("textfield"), {"a": 1}, "wrong_type"),
        (field("textfield"), 12, "wrong_type"),
        (field("textfield"), b"bytes", "wrong_type"),
        (field("number"), "1.234", "ambiguous_number"),
        (field("number"), "abc", "not_a_number"),
        (field("number"), "1e5", "not_a_number"),
        (field("number"), True, "not_a_number"),
        (field("number"), float("nan"), "not_a_number"),
        (field("number"), float("inf"), "not_a_number"),
        (field("number"), 10**400, "not_a_number"),
        (field("number"), "9" * 5000, "not_a_number"),
        (field("number"), "١٢", "not_a_number"),
        (field("number", decimalDigits=0), "1,5", "not_whole"),
        (field("number", decimalDigits=2), "1,555", "too_many_decimals"),
        (field("number", validate={"min": 1}), "0", "too_small"),
        (field("number", validate={"max": 10}), "11", "too_large"),
        (field("checkbox"), "perhaps", "wrong_type"),
        (field("checkbox"), ["on"], "wrong_type"),
        (field("radio", values=[{"value": "a", "label": "A"}]), "b", "not_an_option"),
        (field("checklist", values=[{"value": "a", "label": "A"}]), ["a", "b"], "not_an_option"),
        (field("checklist", values=[{"value": "a", "label": "A"}]), {"a": True}, "wrong_type"),
        (field("checklist", values=[{"value": "a", "label": "A"}]), [["a"]], "wrong_type"),
        (field("datetime", subtype="date"), "2026-02-30", "not_a_date"),
        (field("datetime", subtype="date"), "31/04/2026", "not_a_date"),
        (field("datetime", subtype="date"), "0001-01-01", "not_a_date"),
        (field("datetime", subtype="date"), 20260101, "not_a_date"),
        (field("datetime", subtype="datetime"), "9999-12-31T23:59:59-12:00", "not_a_date"),
        (field("datetime", subtype="time"), "25:00", "not_a_time"),
        (field("datetime", subtype="date", disallowPassedDates=True), "2026-05-31", "too_early"),
        (field("datetime", subtype="date", properties={"earliest": "=today() + days(1)"}), "2026-06-01", "too_early"),
        (field("datetime", subtype="date", properties={"latest": "limit"}), "2026-07-02", "too_late"),
        (field("datetime", subtype="date", properties={"latest": "unknown"}), "2026-07-02", "check_failed"),
        (field("textfield", properties={"type": "nip"}), "196413101989032015", "nip_birth"),
        (field("textfield", properties={"type": "nik"}), "12", "nik_length"),
        (field("textfield", properties={"type": "npwp"}), "x" * 200, "too_long"),
        (field("textfield", properties={"type": "email"}), "a@b", "not_an_email"),
        (field("textfield", properties={"type": "email"}), "a..b@contoh.go.id", "not_an_email"),
        (field("textfield", properties={"type": "mobile"}), "12345", "mobile"),
        (TWIN, "a", "check"),
        (field("filepicker"), "nobody's", "unknown_document"),
        (field("filepicker"), {"id": ["x"]}, "unknown_document"),
        (field("filepicker"), ["a", "b"], "one_document"),
        (field("filepicker", multiple=True), ["a"] * 11, "too_many_items"),
        (REVIEW, {"a": {"ok": "tidak"}}, "review_note"),
        (REVIEW, {"a": {"note": "n"}}, "review_unanswered"),
        (REVIEW, {"a": "ya"}, "wrong_type"),
        (REVIEW, "ya", "wrong_type"),
        ({**REVIEW, "validate": {"required": True}}, {}, "required"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_said(component, raw, code):
    _, codes = check(component, raw, data={"limit": date(2026, 7, 1), "twin": "b"})
    assert codes == [code]


DETAILS = form_of(
    field("radio", "role", validate={"required": True}, values=[{"value": v, "label": v} for v in ("pp", "ppk")]),
    field("textfield", "nip", properties={"type": "nip"}, validate={"required": True}),
    field("textfield", "mail", properties={"type": "email"}),
    field("textfield", "mail_again", properties={
        "type": "email", "check": "mail == mail_again", "check_id": "Alamat berbeda.", "check_en": "They differ."}),
    field("filepicker", "certificate",
          properties={"required_when": "role == 'pp'"}, conditional={"hide": "=role == 'vai'"}),
    field("textfield", "reason", conditional={"hide": "role != 'ppk'"}, validate={"required": True}),
    {"type": "group", "path": "office", "label": "Kantor", "components": [
        field("textfield", "city", validate={"required": True}),
        field("textfield", "street", conditional={"hide": "city == 'Bali' or role == 'pp'"})]},
    {"type": "dynamiclist", "path": "members", "label": "Anggota", "properties": {"min_items": "1", "max_items": "3"},
     "components": [field("textfield", "name", validate={"required": True}),
                    field("number", "age", decimalDigits=0, conditional={"hide": "name == 'x' or role == 'pp'"})]},
)  # fmt: skip


def test_all_faults_come_at_once_each_under_its_path():
    validated = DETAILS.validate(
        {
            "role": "pp",
            "nip": "1",
            "mail": "a@contoh.go.id",
            "mail_again": "b@contoh.go.id",
            "members": [{"name": "A"}, {"age": "1"}],
        },
        context(),
    )
    assert {p: [f.code for f in found] for p, found in validated.faults.items()} == {
        "nip": ["nip_length"],
        "mail_again": ["check"],
        "certificate": ["required"],
        "office.city": ["required"],
        "members[1].name": ["required"],
    }
    assert all(f.text.id and f.text.en for found in validated.faults.values() for f in found)


def test_hidden_fields_never_reach_the_data():
    submitted = {
        "role": "pp", "nip": "196401101989032015", "certificate": "c1", "reason": "should not be here",
        "office": {"city": "Kupang", "street": "nor this"}, "members": [{"name": "A", "age": "nor that"}],
    }  # fmt: skip
    certificate = AttachedFile("c1", "certificate", "s.pdf", "pdf", 200_000, "d" * 64)
    validated = DETAILS.validate(submitted, context(attachments={"c1": certificate}))
    assert validated.ok, validated.faults
    assert validated.data == {
        "role": "pp", "nip": "196401101989032015", "mail": None, "mail_again": None, "reason": None,
        "certificate": {"id": "c1", "filename": "s.pdf", "kind": "pdf", "size": 200_000, "digest": "d" * 64},
        "office": {"city": "Kupang", "street": None}, "members": [{"name": "A", "age": None}],
    }  # fmt: skip
    assert validated.dropped == ("reason", "office.street", "members[0].age")
    assert validated.attachments == ("c1",)
    assert check_value(validated.data)


@pytest.mark.parametrize(
    "name",
    ["typename", "dmninputexpr", "self", "task", "workflow", "data_objects", "case", "parameters", "__class__",
     "kwargs", "today", "a.b", "a-b", "", "x" * 65, "é", "None"],
)  # fmt: skip
def test_reserved_names_are_refused_wherever_they_stand(name):
    at_top = DETAILS.validate({name: 1}, context())
    assert "reserved_name" in [f.code for f in at_top.faults[""]]
    inside = DETAILS.validate({"office": {name: {"x": 1}}, "members": [{name: 1, "name": "A"}]}, context())
    assert [f.code for f in inside.faults[""]] == ["reserved_name", "reserved_name"]
    assert name not in inside.data["office"]
    assert name not in inside.data["members"][0]


def test_fields_that_are_not_in_the_form_are_left_out():
    validated = DETAILS.validate({"approved": True, "role": "ppk", "members": [{"name": "A", "salary": 9}]}, context())
    assert "approved" not in validated.data
    assert "salary" not in validated.data["members"][0]
    assert {"approved", "members[0].salary"} <= set(validated.dropped)


def nested(depth):
    value = "x"
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("submitted", "code"),
    [
        ("text", "not_a_form"), (None, "not_a_form"), ([1], "not_a_form"), ({1: 2}, "not_a_form"),
        ({"nip": nested(100_000)}, "too_much"), ({"nip": "x" * 300_000}, "too_much"),
        ({"members": [{"name": "x"}] * 30_000}, "too_much"), ({str(n): "" for n in range(30_000)}, "too_much"),
        ({"x" * 300_000: 1}, "too_much"),
    ],
)  # fmt: skip
def test_floods_are_refused_before_they_are_looked_at(submitted, code):
    validated = DETAILS.validate(submitted, context())
    assert (validated.data, [f.code for f in validated.faults[""]]) == ({}, [code])


@pytest.mark.parametrize("raw", ["text", 5, {"0": {}}, True])
def test_a_list_must_be_a_list_and_a_section_a_record(raw):
    faults = DETAILS.validate({"members": raw, "office": raw if not isinstance(raw, dict) else [raw]}, context()).faults
    assert "not_a_form" in [f.code for f in faults["members"]]
    assert "not_a_form" in [f.code for f in faults["office"]]
    assert "not_a_form" in [
        f.code for f in DETAILS.validate({"members": [raw]}, context()).faults.get("members[0]", [])
    ] or isinstance(raw, dict)


def test_list_sizes_are_kept():
    rows = [{"name": str(n)} for n in range(5)]
    validated = DETAILS.validate({"members": rows}, context())
    assert [f.code for f in validated.faults["members"]] == ["too_many_items"]
    assert len(validated.data["members"]) == 3
    assert [f.code for f in DETAILS.validate({"members": [{}, {"name": " "}]}, context()).faults["members"]] == [
        "too_few_items"
    ]


def test_readonly_fields_keep_the_value_of_the_case():
    form = form_of(
        field("textfield", readonly=True),
        field("number", "y", disabled=True),
        field("textfield", "z", readonly=True, defaultValue="d"),
    )
    validated = form.validate({"x": "mine", "y": "9"}, context({"x": "theirs", "y": Decimal(4)}))
    assert validated.data == {"x": "theirs", "y": Decimal(4), "z": "d"}


def test_a_document_must_be_of_this_field_and_kind():
    form = form_of(field("filepicker", accept=".jpg"))
    files = {
        "other": AttachedFile("other", "y", "a.jpg", "jpg", 1, "d"),
        "pdf": AttachedFile("pdf", "x", "a.pdf", "pdf", 1, "d"),
        "good": AttachedFile("good", "x", "a.jpg", "jpg", 1, "d"),
    }
    for raw, code in (("other", "unknown_document"), ("pdf", "wrong_kind")):
        assert [f.code for f in form.validate({"x": raw}, context(attachments=files)).faults["x"]] == [code]
    again = form.validate({"x": files["good"].value()}, context(attachments=files))
    assert again.data["x"]["id"] == "good", "the value of the round before may be sent again"


def test_a_review_takes_only_the_rows_that_are_asked():
    form = form_of(
        field("checklist", properties={"type": "review"}, validate={"required": True},
              values=[{"value": "a", "label": "A"}, {"value": "b", "label": "B", "hide": "npwp is None"}])
    )  # fmt: skip
    raw = {"x": {"a": {"ok": "tidak", "note": " salah "}, "b": {"ok": "ya"}, "c": {"ok": "ya"}}}
    assert form.validate(raw, context({"npwp": None})).data["x"] == {"a": {"ok": False, "note": "salah"}}
    both = form.validate(raw, context({"npwp": "1"}))
    assert both.data["x"]["b"] == {"ok": True, "note": ""}
    noted = form_of(field("textfield", "a"), notes_from="x")
    assert noted.notes(both.data) == {"a": "salah"}


def test_a_condition_that_cannot_be_computed_lets_nothing_through():
    form = form_of(
        field("textfield", conditional={"hide": "unknown > 3"}, properties={"required_when": "unknown == 1"})
    )
    assert [f.code for f in form.validate({}, context()).faults["x"]] == ["required"]


def test_field_sources_resolve_what_was_typed():
    sources = FieldSources()
    seen = []

    def resolve(_unit, raw, values):
        seen.append((raw, values["kind"]))
        return (
            {"id": raw, "name": "Kota Satu"}
            if raw == "k1"
            else Fault("no_agency", Text("{bukan} templat", "{no} template"))
        )

    sources.add(FieldSource("agency", lambda *_: [Option("k1", Text("Kota Satu"))], resolve, "Instansi", "Agency"))
    form = form_of(
        field("select", "kind", values=[{"value": "kota", "label": "Kota"}]),
        field("select", properties={"type": "agency"}),
    )
    lookups = sources.bound(None)
    assert form.validate({"kind": "kota", "x": "k1"}, context(lookups=lookups)).data["x"]["name"] == "Kota Satu"
    assert form.validate({"x": {"id": "k1"}}, context(lookups=lookups)).ok
    refused = form.validate({"x": "k9"}, context(lookups=lookups)).faults["x"][0]
    assert refused.text.id == "{bukan} templat"
    assert seen == [("k1", "kota"), ("k1", None), ("k9", None)]
    assert form.sources == {"agency"}


def test_typed_data_never_stands_in_for_what_the_engine_says():
    form = form_of(field("textfield", properties={"check": "case.number == 'A-1'", "check_id": "Bukan."}))
    externals = {"case": {"number": "A-1"}, "parameters": {}}
    assert form.validate({"x": "1"}, context({"case": {"number": "B"}}, externals=externals)).ok


def test_a_forms_dates_leave_no_explanations_in_the_act():
    form = form_of(field("datetime", subtype="date", properties={"earliest": "today()"}))
    outer = context()
    form.validate({"x": "2026-06-02"}, outer)
    assert outer.evaluation.explanations == []


RAW = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.binary(max_size=5) | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=8) | st.sampled_from(["name", "ok", "id"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["role", "nip", "mail", "mail_again", "certificate", "reason", "office", "members", "self"]),
        RAW,
    )
)
def test_nothing_that_is_sent_breaks_validation_or_widens_the_data(submitted):
    validated = DETAILS.validate(submitted, context())
    assert set(validated.data) == {"role", "nip", "mail", "mail_again", "certificate", "reason", "office", "members"}
    assert set(validated.data["office"] or ()) <= {"city", "street"}
    assert check_value(validated.data) is validated.data
    assert DETAILS.present(submitted, context())


@settings(max_examples=50, deadline=None)
@given(RAW)
def test_whatever_is_sent_for_a_form_is_answered(submitted):
    assert DETAILS.validate(submitted, context()).faults
    DETAILS.present(submitted, context())


FAULTY_ONLY = [
    field("textfield", "ktp", conditional={"hide": "not contains(faulty, 'ktp')"}, validate={"required": True}),
    field("textfield", "ijazah", conditional={"hide": "not contains(faulty, 'ijazah')"}, validate={"required": True}),
]


def test_a_form_that_asks_again_for_a_part_leaves_the_rest_of_the_case_alone():
    form = form_of(*FAULTY_ONLY, hidden="keep")
    validated = form.validate({"ktp": "new", "ijazah": "smuggled"}, context({"faulty": ["ktp"], "ijazah": "old"}))
    assert (validated.data, validated.faults) == ({"ktp": "new"}, {})
    assert validated.dropped == ("ijazah",)


def test_without_it_what_is_hidden_becomes_empty():
    validated = form_of(*FAULTY_ONLY).validate({"ktp": "new"}, context({"faulty": ["ktp"], "ijazah": "old"}))
    assert validated.data == {"ktp": "new", "ijazah": None}


def test_inside_a_record_what_is_hidden_is_empty_also_in_such_a_form():
    group = {"type": "group", "label": "G", "path": "address", "components": [
        field("textfield", "street", conditional={"hide": "city is None"}), field("textfield", "house")]}  # fmt: skip
    form = form_of(field("textfield", "city"), group, hidden="keep")
    assert form.validate({"address": {"house": "7"}}, context()).data["address"] == {"street": None, "house": "7"}
