"""Forms on pages: drawn accessibly from the form file, read back, and shown again without losing anything."""

import io
import json
import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from flask import render_template_string
from werkzeug.datastructures import FileStorage, MultiDict

from engine.documents import Documents, attachments_for
from engine.expressions import EvaluationContext
from engine.forms import Fault, FieldSource, FieldSources, FormContext, Option, parse_form
from engine.texts import Text
from tests.support.files import jpeg
from tests.support.pages import Page, check_page, parse
from web.app import create_app
from web.forms import Reader, edited, form_page, form_values, read_submission, receive_uploads

NOW = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Jakarta")
READER = Reader("id", ZONE, document_url=lambda id_: f"https://localhost/dokumen/{id_}")

PAGE = """{% extends "base.html" %}{% from "ui.html" import csrf_field, fault_summary %}
{% from "forms/form.html" import render_form, render_values %}
{% block title %}Formulir{% endblock %}
{% block content %}<form method="post" enctype="multipart/form-data" novalidate>{{ csrf_field() }}
{{ fault_summary(page.summary) }}{{ render_form(page) }}<button>Kirim</button></form>{% endblock %}"""

COMPONENTS = [
    {"type": "text", "text": "# Peran {{ role_title }}"},
    {"type": "radio", "key": "role", "label": "Peran", "validate": {"required": True},
     "values": [{"value": "pp", "label": "PP", "label_en": "Procurement"}, {"value": "vai", "label": "VAI"}]},
    {"type": "textfield", "key": "nip", "label": "NIP", "properties": {"alur:type": "nip"}, "description": "18 angka"},
    {"type": "number", "key": "seats", "label": "Formasi", "decimalDigits": 0},
    {"type": "datetime", "subtype": "datetime", "key": "starts", "label": "Waktu"},
    {"type": "checkbox", "key": "sure", "label": "Saya yakin"},
    {"type": "checklist", "key": "topics", "label": "Topik",
     "values": [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}]},
    {"type": "select", "key": "instansi", "label": "Instansi", "properties": {"alur:type": "instansi"}},
    {"type": "textfield", "key": "unit", "label": "Satuan kerja", "properties": {"alur:type": "unit"}},
    {"type": "filepicker", "key": "letter", "label": "Surat"},
    {"type": "filepicker", "key": "photos", "label": "Foto", "multiple": True, "accept": ".jpg"},
    {"type": "textarea", "key": "address", "label": "Alamat", "conditional": {"hide": "role != 'pp'"}},
    {"type": "checklist", "key": "checks", "label": "Periksa", "properties": {"alur:type": "review", "of": "f"},
     "values": [{"value": "nip", "label": "NIP"}, {"value": "unit name", "label": "Satuan kerja"}]},
    {"type": "group", "label": "Atasan", "path": "boss", "components": [
        {"type": "textfield", "key": "name", "label": "Nama atasan"},
        {"type": "filepicker", "key": "sk", "label": "SK atasan"}]},
    {"type": "dynamiclist", "path": "members", "label": "Anggota", "components": [
        {"type": "textfield", "key": "name", "label": "Nama"},
        {"type": "filepicker", "key": "cv", "label": "Riwayat hidup"}]},
    {"type": "separator"},
    {"type": "button", "label": "Ajukan"},
]  # fmt: skip


@pytest.fixture
def app(settings, sqlite_database, clock):
    """Drawing touches no table: one database is enough."""
    return create_app(settings, clock=clock, database=sqlite_database)


@pytest.fixture
def form():
    body = {"type": "default", "components": COMPONENTS, "properties": {"title": "Detail", "notes_from": "review"}}
    return parse_form(json.dumps(body).encode(), "f")


def sources():
    found = FieldSources()
    options = [Option("k1", Text("Kabupaten Satu")), Option("k2", Text("Kota Dua"))]
    by_id = {o.value: {"id": o.value, "name": o.label.id} for o in options}
    found.add(
        FieldSource(
            "instansi",
            lambda _unit, _query, _values: options,
            lambda _unit, raw, _values: by_id.get(raw, Fault("no_instansi", Text("Tidak ada.", "None."))),
            "Instansi",
            "Agency",
        )
    )
    found.add(
        FieldSource(
            "unit",
            lambda _unit, _query, values: [Option("1", Text(f"Dinas di {(values['instansi'] or {}).get('name')}"))],
            lambda _unit, raw, _values: {"name": raw, "id": None},
            "Satuan kerja",
            "Unit",
            closed=False,
            depends_on=("instansi",),
        )
    )
    return found


def context(data=None, attachments=None):
    return FormContext(
        now=NOW,
        zone=ZONE,
        evaluation=EvaluationContext(NOW),
        data=data or {},
        lookups=sources().bound(None),
        attachments=attachments or {},
    )


def shown(app, page, *, locale="id"):
    with app.test_request_context("/", headers={"Cookie": f"bahasa={locale}"}):
        html = render_template_string(PAGE, page=page)
    found = Page(200, {}, html, parse(html))
    check_page(found, app)
    return found


def values_of(page):
    """What the page would send if it were submitted unchanged."""
    sent = MultiDict()
    for element in page.all("input"):
        kind, name = element.get("type"), element.get("name")
        if not name or kind == "file" or (kind in ("radio", "checkbox") and element.get("checked") is None):
            continue
        sent.add(name, element.get("value", "on"))
    for element in page.all("textarea"):
        sent.add(element.get("name"), element.text or "")
    for element in page.all("select"):
        chosen = [o for o in element.iter() if o.get("selected") is not None]
        sent.add(element.get("name"), chosen[0].get("value") if chosen else "")
    return sent


def test_a_fresh_form_is_an_accessible_page(app, form):
    page = shown(app, form_page(form, form.initial({"role_title": "PP"}), context({"role_title": "PP"}), READER))
    assert "Peran PP" in page.text
    nip = page.one("input", name="nip")
    assert nip.get("aria-describedby") == "f-nip--hint"
    assert nip.get("inputmode") == "numeric"
    assert page.one("input", name="starts").get("type") == "datetime-local"
    assert not [e for e in page.tree.iter() if e.get("required") is not None]
    assert page.all("input", id="f-role-0")[0].get("name") == "role"


def test_what_was_typed_comes_back_and_is_read_back_the_same(app, form):
    sent = MultiDict(
        [
            ("role", "pp"), ("nip", "1964 x"), ("seats", "1.5x"), ("starts", "2026-06-02T09:30"), ("sure", "on"),
            ("topics", "b"), ("instansi", "k2"), ("unit", "Dinas <b>X</b> & Y"), ("address", "\nbaris 1\nbaris 2"),
            ("checks--nip--ok", "tidak"), ("checks--nip--note", 'salah "angka"'), ("checks--unit name--ok", "ya"),
            ("boss-name", "Ibu Sri"), ("members-0-name", "Andi"), ("members-3-name", "Budi"),
        ]
    )  # fmt: skip
    raw = read_submission(form, sent)
    page = shown(app, form_page(form, raw, context(), READER))
    again = read_submission(form, values_of(page))
    for key in ("role", "nip", "seats", "starts", "sure", "topics", "instansi", "unit", "address"):
        assert again[key] == raw[key], key
    assert again["checks"]["nip"] == {"ok": "tidak", "note": 'salah "angka"'}
    assert again["boss"]["name"] == "Ibu Sri"
    assert [m["name"] for m in again["members"]] == ["Andi", "Budi"]


def test_values_of_the_case_fill_the_form_as_they_would_be_typed(app, form):
    data = {
        "role": "vai", "nip": "196401101989032015", "seats": 12, "starts": datetime(2026, 6, 1, 3, 0, tzinfo=UTC),
        "instansi": {"id": "k1", "name": "Kabupaten Satu"}, "unit": {"id": "u9", "name": "Dinas Satu"},
        "members": [{"name": "Andi"}],
    }  # fmt: skip
    page = shown(app, form_page(form, form.initial(data), context(data), READER))
    sent = values_of(page)
    assert sent["nip"] == "19640110 198903 2 015"
    assert sent["starts"] == "2026-06-01T10:00"
    assert (sent["instansi"], sent["unit"], sent["seats"]) == ("k1", "Dinas Satu", "12")
    assert sent["members-0-name"] == "Andi"
    assert "address" not in sent, "hidden by its condition"
    assert "Dinas di Kabupaten Satu" in [o.get("value") for o in page.all("option")]


def test_faults_stand_at_their_fields_and_in_a_summary_that_links_to_them(app, form):
    raw = read_submission(form, MultiDict([("nip", "1"), ("members-0-name", "A"), ("checks--nip--ok", "tidak")]))
    validated = form.validate(raw, context())
    page = shown(
        app, form_page(form, raw, context(), READER, faults={**validated.faults, "": [Fault("x", Text("Umum"))]})
    )
    assert page.one("input", name="nip").get("aria-invalid") == "true"
    assert page.one("input", name="nip").get("aria-describedby") == "f-nip--hint f-nip--fault"
    links = [a.get("href") for a in page.all("a") if (a.get("href") or "").startswith("#f")]
    assert links == ["#form-fields", "#f-role-0", "#f-nip", "#f-checks--0--yes", "#f-checks--0--yes"]


def test_rows_are_added_and_removed_without_a_script(app, form):
    sent = MultiDict([("members-0-name", "Andi"), ("members-1-name", "Budi"), ("form-action", "remove:members-0")])
    raw = read_submission(form, sent)
    assert edited(form, sent, raw)
    assert [m["name"] for m in raw["members"]] == ["Budi"]
    more = MultiDict([("form-action", "add:members")])
    assert edited(form, more, raw)
    page = shown(app, form_page(form, raw, context(), READER))
    assert page.one("input", name="members-1-name").get("value") == ""


@pytest.mark.parametrize(
    "action",
    ["add:", "add:role", "add:../x", "remove:members", "remove:members-", "remove:members-99999999999999999999",
     "remove:members--1", "remove:members-²", "remove:-0", "add:members-0-name", "drop:x", "", "add:boss"],
)  # fmt: skip
def test_a_strange_action_changes_nothing(form, action):
    raw = read_submission(form, MultiDict([("members-0-name", "Andi")]))
    assert edited(form, MultiDict([("form-action", action)]), raw)
    assert [m["name"] for m in raw["members"]] == ["Andi"]


@pytest.mark.parametrize(
    "name",
    ["members-²-name", "members-99999999999999999999-name", "members--1-name", "members-1e3-name", "members-0-name-0-x",
     "typename", "self", "dmninputexpr", "__class__", "checks----ok", "checks--" + "x" * 5000 + "--ok", "a" * 10_000],
)  # fmt: skip
def test_fields_that_are_not_in_the_form_are_not_read(form, name):
    raw = read_submission(form, MultiDict([(name, "x"), ("nip", "1")]))
    assert set(raw) == set(read_submission(form, MultiDict()))
    assert form.validate(raw, context()).data.keys() <= set(raw)


def test_a_flood_of_rows_is_cut_and_said(form):
    sent = MultiDict([(f"members-{n}-name", "x") for n in range(900)])
    raw = read_submission(form, sent)
    assert len(raw["members"]) == 101
    assert [f.code for f in form.validate(raw, context()).faults["members"]] == ["too_many_items"]


def test_notes_of_the_verifier_stand_at_their_fields(app, form):
    data = {"review": {"nip": {"ok": False, "note": "Salah <ketik>"}, "seats": {"ok": True, "note": ""}}}
    page = shown(app, form_page(form, form.initial(data), context(data), READER))
    assert "Salah <ketik>" in page.text
    assert "f-nip--note" in page.one("input", name="nip").get("aria-describedby")


def test_a_review_shows_what_it_is_about(app, form):
    data = {"nip": "196401101989032015"}
    page = shown(app, form_page(form, {}, context(data), READER, forms={"f": form}))
    assert "19640110 198903 2 015" in page.text


def test_only_fields_that_others_look_at_ask_anew(app, form):
    page = shown(app, form_page(form, {}, context(), READER, refresh_url="/permohonan"))
    asking = {e.get("name") for e in page.all("input") + page.all("select") if e.get("hx-post")}
    assert asking == {"role", "instansi", "letter--file", "photos--file", "boss-sk--file"}


def test_the_other_language(app, form):
    page = shown(app, form_page(form, {}, context(), Reader("en", ZONE)), locale="en")
    assert "Procurement" in page.text


def test_uploads_are_kept_beside_a_refused_one(app, form, database, tmp_path):
    documents = Documents(tmp_path / "documents")
    raw = read_submission(form, MultiDict([("members-0-name", "Andi"), ("members-1-name", "Budi")]))
    good, bad = jpeg(seed=1), b"MZ" + b"x" * 150_000
    files = MultiDict(
        [
            ("letter--file", upload("surat.jpg", good)),
            ("members-1-cv--file", upload("cv.jpg", jpeg(seed=2))),
            ("boss-sk--file", upload("sk.pdf", bad)),
            ("photos--file", upload("", b"")),
            ("photos--file", upload("a.jpg", jpeg(seed=3))),
            ("photos--file", upload("b.jpg", jpeg(seed=4))),
            ("unknown--file", upload("c.jpg", good)),
        ]
    )
    faults = receive_uploads(
        form, files, raw, documents=documents, database=database, actor_id="u1", task_id="t1", now=NOW
    )
    assert {p: [f.code for f in found] for p, found in faults.items()} == {"boss.sk": ["file_type"]}
    with database.read() as unit:
        attached = attachments_for(unit, "t1", None)
    assert {a.field for a in attached.values()} == {"letter", "members.cv", "photos"}
    assert len(raw["photos"]) == 2
    page = shown(app, form_page(form, raw, context(attachments=attached), READER, faults=faults))
    assert "surat.jpg" in page.text
    assert f"https://localhost/dokumen/{raw['letter']}" in page.links()
    again = read_submission(form, values_of(page))
    assert again["letter"] == raw["letter"]
    assert again["photos"] == raw["photos"]
    assert again["members"][1]["cv"] == raw["members"][1]["cv"]
    removed = values_of(page)
    removed.add("letter--remove", raw["letter"])
    assert read_submission(form, removed)["letter"] is None


def test_values_for_reading_are_words_and_links(form):
    data = {
        "role": "pp", "nip": "196401101989032015", "seats": 5254, "topics": ["a", "b"], "sure": True,
        "starts": datetime(2026, 4, 7, 9, 0, tzinfo=UTC),
        "letter": {"id": "x1", "filename": "surat.pdf", "size": 150_000},
        "checks": {"nip": {"ok": False, "note": "salah"}}, "members": [{"name": "Andi"}, {"name": "Budi"}],
        "boss": {"name": "Ibu Sri"}, "unit": {"name": "Dinas Satu", "id": None}, "address": None,
    }  # fmt: skip
    values = form_values(form, data, READER)
    words = {v.key: v.words for v in values.values}
    assert words["role"] == "PP"
    assert words["nip"] == "19640110 198903 2 015"
    assert words["seats"] == "5.254"
    assert words["topics"] == "A, B"
    assert words["starts"] == "7 April 2026 pukul 16.00 WIB"
    assert words["checks"] == "NIP: Tidak (salah)"
    assert "address" not in words
    assert next(v.files[0].url for v in values.values if v.key == "letter") == "https://localhost/dokumen/x1"
    assert [g.label for g in values.groups] == ["Atasan", "Anggota 1", "Anggota 2"]


def upload(filename, body):
    return FileStorage(io.BytesIO(body), filename=filename)


def test_no_value_becomes_markup(app, form):
    nasty = '"><script>alert(1)</script>'
    raw = read_submission(
        form, MultiDict([("nip", nasty), ("unit", nasty), ("members-0-name", nasty), ("role", nasty)])
    )
    page = shown(app, form_page(form, raw, context({"role_title": nasty}), READER))
    assert not re.search(r"<script>alert", page.html)
