"""What the builders of forms and decision tables ask the server while somebody works in them."""

import json

import pytest

from engine.studio.drafts import create_draft, read_draft
from tests.support.bpmn import decision
from tests.web.procedures import KEY, permit

TABLE = decision("ukuran", ["people"], ["size"], [(["< 10"], ['"kecil"']), (["> 10"], ['"besar"'])])
FIELD = {"type": "textfield", "key": "place", "label": "Tempat", "conditional": {"hide": "people != 5"}}


@pytest.fixture
def owner(person):
    return person("Indah Permata", roles=["owner"])


@pytest.fixture
def draft(app, clock, owner):
    files = {**permit(), "decisions/ukuran.dmn": TABLE}
    with app.extensions["alur"].database.write() as unit:
        made = create_draft(unit, key=KEY, title="Izin", files=files, based_on=None, by=owner.id or "", now=clock.now())
        return made.id


@pytest.fixture
def ask(browser, owner, draft):
    """`ask("formulir/apply/pratinjau", {…})`: the JSON that the builder gets."""
    window = browser(owner)

    def send(where: str, fields: dict[str, str]):
        headers = {"Origin": "http://localhost", "X-CSRF-Token": window.token()}
        answer = window.client.post(f"/studio/draf/{draft}/{where}", data=fields, headers=headers)
        assert answer.status_code == 200, answer.get_data(as_text=True)[:400]
        return answer.get_json()

    return send


def form_with(*components, **more) -> str:
    apply = json.loads(permit()["forms/apply.json"])
    return json.dumps({**apply, "components": [*apply["components"], *components], **more})


def test_the_pages_open_for_owners_and_for_those_who_oversee(browser, owner, draft, person):
    for user in (owner, person("Auditor", roles=["auditor"])):
        window = browser(user)
        form = window.get(f"/studio/draf/{draft}/formulir/apply")
        table = window.get(f"/studio/draf/{draft}/keputusan/ukuran")
        assert (form.heading, table.heading) == ("Formulir apply", "Keputusan ukuran")
        assert ("Tambah" in form.text) is (user is owner)
        assert ("Hanya" in table.text or "hanya dapat dibaca" in table.text) is (user is not owner)


def test_what_is_not_in_the_draft_is_not_found(browser, owner, draft):
    window = browser(owner)
    places = [f"/studio/draf/{draft}/{where}/none" for where in ("formulir", "keputusan")]
    assert [window.get(place).status for place in places] == [404, 404]


def test_the_preview_is_the_form_that_stands_in_the_builder(ask):
    told = ask("formulir/apply/pratinjau", {"form-file": form_with(FIELD), "form-first": "1"})

    assert told["faults"] == []
    assert "Maksud kegiatan" in told["html"]
    assert 'name="place"' not in told["html"]


def test_a_condition_is_seen_as_soon_as_its_answer_is_given(ask):
    told = ask("formulir/apply/pratinjau", {"form-file": form_with(FIELD), "people": "5", "purpose": "Pasar"})

    assert 'name="place"' in told["html"]
    assert 'value="Pasar"' in told["html"]


def test_checking_shows_what_the_officer_would_be_refused_for(ask):
    fields = {"form-file": form_with(), "people": "0", "purpose": "", "form-check": "1"}
    told = ask("formulir/apply/pratinjau", fields)

    assert "“Maksud kegiatan” wajib diisi." in told["html"]
    assert "paling kecil 1" in told["html"]
    good = ask("formulir/apply/pratinjau", {**fields, "people": "3", "purpose": "Pasar"})
    assert "Isian ini akan diterima." in good["html"]


def test_a_form_that_cannot_be_read_says_why_and_keeps_the_last_drawing(ask):
    told = ask("formulir/apply/pratinjau", {"form-file": form_with({**FIELD, "key": "purpose"})})

    assert told["html"] == ""
    assert [(f["where"], f["severity"]) for f in told["faults"]] == [("purpose", "error")]


def test_what_the_form_reads_of_the_case_can_be_given(ask):
    words = {"type": "text", "text": "Selamat datang, {{ pemohon.nama }}."}
    fields = {"form-file": form_with(words), "form-first": "1", "form-values": '{"pemohon.nama": "Ani"}'}
    told = ask("formulir/apply/pratinjau", fields)

    assert told["wanted"] == ["pemohon.nama"]
    assert "Selamat datang, Ani." in told["html"]


def test_answers_of_other_forms_are_made_up_for_a_review(ask):
    review = {
        "type": "checklist",
        "key": "review",
        "label": "Periksa",
        "values": [{"label": "Maksud", "value": "purpose"}],
        "properties": {"alur:type": "review", "alur:of": "apply"},
    }
    told = ask("formulir/decide/pratinjau", {"form-file": form_with(review), "form-first": "1"})

    assert "Contoh Maksud kegiatan" in told["html"]


def test_nothing_typed_into_a_preview_reaches_anything(ask, app, draft):
    ask("formulir/apply/pratinjau", {"form-file": form_with(FIELD), "form-check": "1"})

    with app.extensions["alur"].database.read() as unit:
        assert read_draft(unit, draft).files["forms/apply.json"].body == permit()["forms/apply.json"]


def test_whatever_stands_in_the_builder_has_an_answer(ask):
    for body in ("", "{", "[]", '{"components": 5}', '{"components": [5]}', "\N{REPLACEMENT CHARACTER}"):
        told = ask("formulir/apply/pratinjau", {"form-file": body, "form-values": "[1", "form-first": "1"})
        assert told["faults"], body


def test_a_table_is_told_what_it_misses_and_what_it_reads(ask):
    told = ask("keputusan/ukuran/periksa", {"decision-file": TABLE.decode()})

    # The form asks for whole numbers from 1, so that ten is the only one without a row.
    assert [(m["severity"], m["reason"]) for m in told["messages"]] == [
        ("warning", "Tidak ada baris untuk people: 10."),
    ]
    assert 'name="v:people"' in told["asked"]
    assert told["examples"] == {"1": {"people": "1"}, "2": {"people": "11"}}


def test_a_complete_table_is_praised(ask):
    told = ask("keputusan/ukuran/periksa", {"decision-file": TABLE.decode().replace("&gt; 10", "&gt;= 10")})

    assert [m["severity"] for m in told["messages"]] == ["good"]


def test_a_table_is_tried_out_row_by_row(ask):
    told = ask("keputusan/ukuran/coba", {"decision-file": TABLE.decode(), "v:people": "12"})

    assert told["rows"] == {"2": "decides"}
    assert "“besar”" in told["html"]
    assert "people adalah 12, diminta &lt; 10." in told["html"]


def test_a_value_that_cannot_be_read_is_named(ask):
    told = ask("keputusan/ukuran/coba", {"decision-file": TABLE.decode(), "v:people": "dua belas"})

    assert told["unreadable"] == ["people"]
    assert told["rows"] == {}


def test_whatever_stands_in_the_table_editor_has_an_answer(ask):
    hostile = "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>"
    for body in ("", "<a", hostile, "<definitions/>", TABLE.decode()[:-30]):
        told = ask("keputusan/ukuran/periksa", {"decision-file": body})
        assert told["messages"][0]["severity"] == "error", body
        assert "Perbaiki galat" in ask("keputusan/ukuran/coba", {"decision-file": body})["html"]
