"""Somebody with the database in their hands: whatever they change, the record of the case says so, and never fails."""

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from engine.proof import check_case
from tests.support.bpmn import Process, after, at
from tests.support.office import Office
from web.cli import cli

pytestmark = pytest.mark.tampers

EVENT = "UPDATE history_event SET {} WHERE instance_id = :case AND seq = 2"
PAYLOAD = "UPDATE history_payload SET {} WHERE instance_id = :case AND seq = 1"
CASE = "UPDATE instance SET {} WHERE id = :case"
TOKEN = "UPDATE token SET {} WHERE instance_id = :case"
TASK = "UPDATE user_task SET {} WHERE instance_id = :case AND state = 'open'"

CHANGES = {
    "an actor": (EVENT.format("actor_id = 'user-budi'"), "hash"),
    "an instant": (EVENT.format("at = '2026-05-01 00:00:00+00'"), "hash"),
    "a kind": (EVENT.format("kind = 'task:claimed'"), "hash"),
    "a payload": (PAYLOAD.format("body = :bytes"), "payload"),
    "a payload that is gone": ("DELETE FROM history_payload WHERE instance_id = :case", "payload_gone"),
    "a salt": (PAYLOAD.format("salt = :bytes"), "payload"),
    "a state digest": ("UPDATE history_event SET state_digest = NULL WHERE instance_id = :case AND seq = 1", "hash"),
    "the last events": ("DELETE FROM history_event WHERE instance_id = :case AND seq > 3", "head"),
    "all events": ("DELETE FROM history_event WHERE instance_id = :case", "head"),
    "a status": (CASE.format("status = 'completed'"), "case"),
    "an end": (CASE.format("ended_at = '2026-06-01 00:00:00+00', outcome = 'end'"), "case"),
    "a starter": (CASE.format("starter_id = 'user-budi'"), "case"),
    "a start": (CASE.format("started_at = '2025-01-01 00:00:00+00'"), "case"),
    "a title": (CASE.format("title = 'Lain'"), "live_state"),
    "a key": (CASE.format("business_key = 'lain'"), "live_state"),
    "a stage": (CASE.format("stage = 'Disetujui'"), "live_state"),
    "who did what": (CASE.format('completers = \'{"b": ["user-ani"]}\''), "live_state"),
    "the count of events": (CASE.format("event_count = event_count - 1"), "head"),
    "what the engine knows of the case": (CASE.format("meta = :empty"), "live_state"),
    "the data of a token": (TOKEN.format("data = :data"), "live_state"),
    "data that cannot be read": (TOKEN.format("data = :bytes"), "live_state"),
    "the digest beside a token": (TOKEN.format("digest = :bytes"), "live_state"),
    "a token's place": (TOKEN.format("spec = 'nowhere'"), "live_state"),
    "all tokens": ("DELETE FROM token WHERE instance_id = :case", "live_state"),
    "an assignee": (TASK.format("assignee_id = 'user-budi'"), "inbox"),
    "a role": (TASK.format("role = 'admin'"), "inbox"),
    "a task that is closed": (TASK.format("state = 'completed'"), "inbox"),
    "a task that is gone": ("DELETE FROM user_task WHERE instance_id = :case AND state = 'open'", "inbox"),
    "who closed a task": ("UPDATE user_task SET closed_by = 'user-zed' WHERE instance_id = :case", "inbox"),
    "a deadline": ("UPDATE deadline SET due_at = '2030-01-01 00:00:00+00' WHERE instance_id = :case", "deadline"),
    "a deadline that is gone": ("DELETE FROM deadline WHERE instance_id = :case", "deadline"),
}


@pytest.fixture
def office(database):
    return Office(database)


@pytest.fixture
def case(office):
    p = Process("tampered")
    p.start(), p.user("a", lane="Pemohon"), p.user("b", lane="Pemohon", due="days(3)"), p.end(), p.end("late")
    p.boundary("remind", "b", after('"PT5H"'), interrupting=False), p.catch("wait", at('"2027-01-04"'))
    p.chain("start", "a", "b", "end"), p.chain("remind", "wait", "late")
    office.deploy(p)
    ani = office.person("Ani")
    ident = office.start("tampered", ani, data={"amount": 5})
    office.complete(ident, "a", ani, amount=7)
    office.wait(hours=6)
    office.tick()
    office.start("tampered", ani)
    return ident


def found(office, case, **how):
    with office.database.read() as unit:
        return check_case(unit, office.definitions, case, **how)


@pytest.mark.parametrize("what", CHANGES)
def test_what_is_changed_by_hand_is_found_and_told(office, case, what):
    assert found(office, case, replay=True) == []
    change, code = CHANGES[what]
    values = {"case": case, "bytes": b"\xff0" * 16, "empty": b"{}", "data": b'{"u":{"amount":1}}'}
    with office.database.write() as unit:
        used = {name: value for name, value in values.items() if f":{name}" in change}
        assert unit.connection.execute(text(change), used).rowcount

    findings = found(office, case)

    assert code in {finding.code for finding in findings}
    assert len(found(office, case, replay=True)) >= len(findings)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_command_names_the_case_and_the_event(office, case, monkeypatch):
    with office.database.write() as unit:
        unit.connection.execute(text(CHANGES["a kind"][0]), {"case": case})
    monkeypatch.setenv("ALUR_DATABASE_URL", str(office.database.url))
    monkeypatch.setattr("web.cli.CommandLine.require_tables", lambda _line: None)

    result = CliRunner().invoke(cli, ["verify", "--all", "--json"])

    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert {(f["case"], f["seq"]) for f in report["findings"] if f["code"] == "hash"} == {(office.case(case).number, 2)}
