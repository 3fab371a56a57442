"""A form file is read whole or refused with every reason; nothing in it is ever run."""

import json

import pytest

from engine.forms import FormFileError, parse_form, read_form
from engine.forms.model import Field, Paragraph, Repeat, Section


def read(*components, **root):
    return read_form(json.dumps({"type": "default", "components": list(components), **root}).encode(), "f")


def codes(*components, **root):
    return [f.code for f in read(*components, **root).faults]


def text(key="x", **more):
    return {"type": "textfield", "key": key, "label": "X", **more}


def test_a_file_becomes_a_tree():
    form = read(
        {"type": "text", "text": "## Judul", "properties": {"text_en": "## Title"}},
        {"type": "group", "label": "G", "components": [text("a")]},
        {"type": "group", "label": "H", "path": "h", "components": [text("a")]},
        {"type": "dynamiclist", "label": "L", "path": "l", "components": [text("a")]},
        {"type": "spacer"},
        {"type": "button", "label": "Kirim", "action": "submit", "properties": {"label_en": "Send"}},
        properties={"title": "Formulir", "title_en": "Form"},
    ).form
    heading, flat, record, rows = form.children
    assert (heading.level, heading.text.id, heading.text.en) == (2, "Judul", "Title")
    assert [type(n) for n in form.children] == [Paragraph, Section, Section, Repeat]
    assert [f.path for f in form.fields()] == ["a", "h.a", "l.a"]
    assert (flat.key, record.key, rows.key) == (None, "h", "l")
    assert (form.submit.en, form.title.id) == ("Send", "Formulir")


def test_domain_types_by_property_with_or_without_prefix():
    for name in ("alur:type", "type"):
        form = read(text(properties={name: "nip"})).form
        assert next(form.fields()).kind == "nip"


def test_what_editors_write_for_themselves_is_no_fault():
    assert not codes(
        text(id="Field_1", layout={"row": "Row_1", "columns": 8}, appearance={"prefixAdorner": "x"}),
        id="Form_1", schemaVersion=18, exporter={"name": "form-js", "version": "1.23"}, executionPlatform="Camunda",
    )  # fmt: skip
    assert next(read(text(layout={"columns": 8})).form.fields()).columns == 8


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"null", b"[]", b'{"type":"default"}', b"\xff\xfe", b'{"components": NaN}', b'{"a":1,"a":2}',
     b"[" * 100_000, b'{"components":[' + b"[" * 30 + b"]" * 30 + b"]}", b" " * 600_000, b'{"components":{}}'],
)  # fmt: skip
def test_what_is_no_form_is_refused(body):
    found = read_form(body, "f")
    assert found.form is None
    assert {f.code for f in found.faults} <= {"not_json", "not_a_form", "bad_component"}


@pytest.mark.parametrize(
    ("component", "code"),
    [
        ({"type": "html", "content": "<script>"}, "unknown_type"),
        ({"type": "iframe", "url": "http://x"}, "unknown_type"),
        ({"type": "image", "source": "http://x"}, "unknown_type"),
        ({"type": "expression", "key": "x", "expression": "=1"}, "unknown_type"),
        ({"type": "table"}, "unknown_type"),
        ("text", "bad_component"),
        ({"type": 5}, "bad_component"),
        (text("typename"), "bad_name"),
        (text("dmninputexpr"), "bad_name"),
        (text("self"), "bad_name"),
        (text("case"), "bad_name"),
        (text("a.b"), "bad_name"),
        (text("a-b"), "bad_name"),
        (text("__x"), "bad_name"),
        (text("today"), "bad_name"),
        (text(5), "bad_name"),
        ({"type": "dynamiclist", "label": "L", "path": "", "components": [text()]}, "bad_name"),
        ({"type": "textfield", "key": "x"}, "no_label"),
        (text(validate={"pattern": "(?=x)"}), "bad_pattern"),
        (text(validate={"pattern": "("}), "bad_pattern"),
        (text(validate={"minLength": "many"}), "bad_value"),
        (text(validate={"required": "yes"}), "bad_value"),
        (text(validate="required"), "bad_value"),
        (text(conditional={"hide": "__import__('os')"}), "bad_expression"),
        (text(conditional={"hide": "x.__class__"}), "bad_expression"),
        (text(conditional={"hide": "1 +"}), "bad_expression"),
        (text(conditional={"show": "x"}), "bad_value"),
        ({"type": "text", "text": "{{ open('x') }}"}, "bad_expression"),
        ({"type": "select", "key": "x", "label": "X"}, "no_options"),
        ({"type": "radio", "key": "x", "label": "X", "values": [{"label": "A"}]}, "bad_value"),
        ({"type": "radio", "key": "x", "label": "X", "values": [{"label": "A", "value": "a"}] * 2}, "bad_value"),
        (text(properties={"type": "type-with-dash"}), "unknown_domain_type"),
        ({"type": "number", "key": "x", "label": "X", "properties": {"type": "nip"}}, "bad_value"),
        ({"type": "filepicker", "key": "x", "label": "X", "accept": ".exe"}, "bad_value"),
        ({"type": "filepicker", "key": "x", "label": "X", "properties": {"max_bytes": "99999999"}}, "bad_value"),
        (text(properties={"check": "x == 1"}), "bad_value"),
        ({"type": "button", "label": "B", "action": "reset"}, "bad_value"),
        (text(label="x" * 5000), "too_long"),
    ],
)
def test_each_fault_is_named(component, code):
    found = read(component, text("other"))
    assert found.form is None
    assert code in [f.code for f in found.faults]
    assert all(f.where and f.reason.id and f.reason.en and f.cure.id and f.cure.en for f in found.faults)


def test_all_faults_come_at_once():
    with pytest.raises(FormFileError) as caught:
        parse_form(json.dumps({"components": [text("self"), text("a"), text("a"), {"type": "html"}]}).encode(), "f")
    assert [f.code for f in caught.value.faults] == ["bad_name", "duplicate_name", "unknown_type"]


def test_names_may_repeat_only_in_another_record():
    assert codes(text("a"), {"type": "group", "components": [text("a")]}) == ["duplicate_name"]
    assert not codes(text("a"), {"type": "group", "path": "g", "components": [text("a")]})


def test_nothing_depends_on_what_is_asked_later():
    assert codes(text("a", conditional={"hide": "b == 1"}), text("b")) == ["later_field"]
    assert not codes(text("b"), text("a", conditional={"hide": "b == 1"}))
    assert not codes(text("a", conditional={"hide": "from_the_case == 1"}))


def test_slips_that_change_nothing_are_warnings():
    found = read(text(properties={"label_eng": "X"}, searchable=True, tooltip="?"), properties={"titel": "T"})
    assert found.form is not None
    assert {f.severity for f in found.faults} == {"warning"}
    assert {f.code for f in found.faults} == {"unknown_property", "unknown_attribute"}


def test_sources_are_checked_when_they_are_known():
    component = text(properties={"type": "agency"})
    assert read(component).form is not None
    body = json.dumps({"components": [component]}).encode()
    assert [f.code for f in read_form(body, "f", frozenset()).faults] == ["unknown_domain_type"]
    assert read_form(body, "f", frozenset({"agency"})).form is not None


def test_bounds_of_a_file():
    assert "too_many" in codes(*[text(f"f{n}") for n in range(301)])
    deep = text()
    for _ in range(6):
        deep = {"type": "group", "label": "G", "components": [deep]}
    assert "too_deep" in codes(deep)
    assert codes() == ["empty_form"]


def test_every_field_has_a_kind_that_can_be_read():
    types = "textarea number checkbox radio select checklist taglist datetime filepicker".split()  # noqa: SIM905 -- words
    options = [{"label": "A", "value": "a"}]
    form = read(*[{"type": t, "key": f"f_{t}", "label": t, "values": options} for t in types]).form
    assert form is not None
    assert all(isinstance(n, Field) for n in form.children)


def test_what_a_form_does_with_hidden_parts_is_keep_or_nothing():
    assert codes(text(), properties={"hidden": "keep"}) == []
    assert codes(text(), properties={"hidden": "drop"}) == ["bad_hidden"]
