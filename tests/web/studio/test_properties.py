"""What the properties panel asks the server for: the vocabulary of a draft, and whether what is typed would do."""

import json

import pytest

from tests.web.studio.test_library import draft

__all__ = ["draft"]


def vocabulary(reader, draft, **more):
    query = "&".join(f"{k}={v}" for k, v in {"diagram": "process.bpmn", **more}.items())
    answer = reader.client.get(f"{draft}/kosakata?{query}")
    assert answer.status_code == 200
    return json.loads(answer.get_data())


def check(reader, draft, *items, **more):
    told = {"diagram": "process.bpmn", "unsur": "check", "items": list(items), **more}
    answer = reader.client.post(
        f"{draft}/periksa", json=told, headers={"Origin": "http://localhost", "X-CSRF-Token": reader.token()}
    )
    assert answer.status_code == 200
    return json.loads(answer.get_data())["results"]


def item(source, kind="expression", key="it", **more):
    return {"key": key, "kind": kind, "source": source, **more}


def test_there_is_all_that_can_be_chosen_from(indah, draft):
    told = vocabulary(indah, draft)
    assert {"lanes", "forms", "decisions", "mails", "letters", "handlers", "processes", "tasks", "messages"} <= set(
        told
    )
    notice = next(h for h in told["handlers"] if h["id"] == "send_notice")
    assert [i["type"] for i in notice["inputs"]][:1] == ["mail"]
    assert all(h["name"] for h in told["handlers"])
    assert {f["name"] for f in told["functions"]} >= {"default", "working_days_after"}
    assert all(lane["text"] for lane in told["lanes"])


def test_names_are_told_in_the_readers_language(indah, browser, person, draft):
    first = {n["name"]: n for n in vocabulary(indah, draft)["names"]}
    assert first["case.started_at"]["from"] == "selalu ada"
    english = browser(person("Ana", roles=["owner"], locale="en"))
    assert {n["name"]: n for n in vocabulary(english, draft)["names"]}["case.started_at"]["from"] == "always there"


def test_every_expression_of_an_element_is_judged_at_once(indah, draft):
    told = check(
        indah, draft, item("1 +", key="a"), item("casee.id", key="b"), item("2 * 3", key="c"), item("", key="d")
    )
    assert told["a"]["faults"][0]["text"]
    assert "preview" not in told["a"]
    assert told["c"]["preview"]["text"] == "6"
    assert told["d"] == {"faults": [], "warnings": [], "parts": None}


def test_a_deadline_comes_with_its_date_its_reasons_and_its_parts(indah, draft):
    source = 'working_days_after(now(), 3, at="16:00")'
    [told] = check(indah, draft, item(source, "due"), opened="2026-08-13T09:00", zone="Asia/Jayapura").values()
    assert told["preview"]["text"] == "Rabu, 19 Agustus 2026 pukul 16.00 WIT"
    assert "17 Agustus" in told["preview"]["sentence"]
    assert told["parts"] == {"mode": "after", "base": "now()", "amount": "3", "at": "16:00"}


def test_samples_are_said_and_may_be_chosen(indah, draft):
    chosen = {"visit.on": "2026-08-20"}
    [told] = check(indah, draft, item("visit.on", "due", samples=chosen), opened="2026-08-13T09:00").values()
    assert told["preview"]["text"] == "Kamis, 20 Agustus 2026 pukul 23.59 WIB"
    assert told["preview"]["samples"] == [{"name": "visit.on", "text": "Kamis, 20 Agustus 2026", "value": "2026-08-20"}]


def test_a_time_without_quotes_is_shown_with_them(indah, draft):
    [told] = check(indah, draft, item("PT72H", "timeDuration")).values()
    assert told["faults"] == [{"text": "Waktu ditulis tanpa tanda kutip.", "cure": '"PT72H"'}]


@pytest.mark.parametrize("told", ["[]", '{"items": 3}', '{"items": [1, null, {"kind": 7}]}', "x", '{"zone": "Mars"}'])
def test_whatever_is_sent_is_answered(indah, draft, told):
    headers = {"Origin": "http://localhost", "X-CSRF-Token": indah.token(), "Content-Type": "application/json"}
    assert indah.client.post(f"{draft}/periksa", data=told, headers=headers).status_code == 200


def test_who_oversees_may_look(browser, person, draft):
    auditor = browser(person("Tuti", roles=["auditor"]))
    assert vocabulary(auditor, draft)["handlers"]
