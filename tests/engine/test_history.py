"""The record of a case: what an act writes, and that any change to it afterwards is found."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from engine.history import JOURNAL_KINDS, Kind, verify_instance
from engine.history.journal import EVENTS, PAYLOADS
from engine.spiff.values import decode
from models import HistoryPayload, Instance
from tests.support.bpmn import Process, after
from tests.support.office import START, Office


@pytest.fixture
def office(database):
    return Office(database)


def permit() -> Process:
    p = Process("permit")
    p.start()
    p.user("apply", lane="Pemohon")
    p.exclusive("good")
    p.user("verify", lane="Verifikator", due="days(3)")
    p.boundary("late", "verify", after('"P9D"'))
    p.end()
    p.end("refused")
    p.end("too_late")
    p.chain("start", "apply", "good")
    p.flow("good", "verify", "score > 5")
    p.flow("good", "refused", default=True)
    p.flow("verify", "end")
    p.flow("late", "too_late")
    return p


@pytest.fixture
def finished(office):
    office.deploy(permit())
    ani, budi = office.person("Ani"), office.person("Budi", "verifier")
    case = office.start("permit", ani)
    office.wait(minutes=3)
    office.complete(case, "apply", ani, score=7, name="Rahasia Pribadi")
    office.runner.claim(office.task(case, "verify").id, budi)
    office.complete(case, "verify", budi, ok=True)
    return office, case


def codes(office, case):
    with office.database.read() as unit:
        return [f.code for f in verify_instance(unit, case)]


def tamper(office, statement):
    with office.database.write() as unit:
        unit.connection.execute(statement)


# --- what is written -------------------------------------------------------------------------------------------------


def test_an_act_is_one_journal_entry_and_what_followed_from_it(finished):
    office, case = finished

    second = [e for e in office.events(case) if e.act == 2]

    assert [(e.kind, e.element_id) for e in second] == [
        ("task:completed", "apply"),
        ("element:completed", "apply"),
        ("element:completed", "good"),
        ("task:created", "verify"),
        ("deadline:set", "verify"),
        ("deadline:set", "late"),
    ]
    assert {e.actor_id for e in second} == {"user-ani"}
    assert {e.at for e in second} == {office.clock.now()}
    assert second[2].detail["flows"] == ["permit_f3"]
    assert [e.state_digest is not None for e in second] == [True] + [False] * 5
    assert office.kinds(case)[-1] == Kind.CASE_COMPLETED


def test_every_act_is_exactly_one_journal_entry(finished):
    office, case = finished

    entries = [e for e in office.events(case) if e.kind in JOURNAL_KINDS]

    assert [e.act for e in entries] == list(range(1, office.case(case).act_count + 1))
    assert [e.kind for e in entries] == ["case:started", "task:completed", "task:claimed", "task:completed"]


def test_what_was_typed_is_in_the_payload_and_nowhere_else_in_the_record(finished):
    office, case = finished
    entry = next(e for e in office.events(case) if e.kind == "task:completed")

    (payload,) = office.rows(HistoryPayload, instance_id=case, seq=entry.seq)

    assert decode(payload.body)["inputs"]["data"] == {"score": 7, "name": "Rahasia Pribadi"}
    assert all("Rahasia" not in str(e.detail) for e in office.events(case))


def test_an_untouched_record_proves_itself(finished):
    office, case = finished

    assert codes(office, case) == []


def test_a_refused_act_leaves_no_trace(finished):
    office, case = finished
    before = office.kinds(case)

    with pytest.raises(Exception, match="completed"):
        office.runner.cancel(case, office.person("Ani"), "no")

    assert office.kinds(case) == before


# --- what is found ---------------------------------------------------------------------------------------------------


def _event(seq, **values):
    return lambda case: update(EVENTS).where(EVENTS.c.instance_id == case, EVENTS.c.seq == seq).values(**values)


def _payload(seq, **values):
    return lambda case: update(PAYLOADS).where(PAYLOADS.c.instance_id == case, PAYLOADS.c.seq == seq).values(**values)


CHANGES = {
    "another actor": (_event(4, actor_id="user-eve"), "hash"),
    "another instant": (_event(4, at=START + timedelta(minutes=3, seconds=1)), "hash"),
    "another kind": (_event(5, kind="element:cancelled"), "hash"),
    "another flow": (_event(6, detail={"flows": ["permit_f4"]}), "hash"),
    "another element": (_event(6, element_id="refused"), "hash"),
    "another state": (_event(4, state_digest=b"x" * 32), "hash"),
    "another payload digest": (_event(4, payload_digest=b"x" * 32), "hash"),
    "an event taken out": (lambda case: delete(EVENTS).where(EVENTS.c.instance_id == case, EVENTS.c.seq == 5), "gap"),
    "the end cut off": (lambda case: delete(EVENTS).where(EVENTS.c.instance_id == case, EVENTS.c.seq > 12), "head"),
    "an answer changed": (_payload(4, body=b'{"inputs":{},"services":[]}'), "payload"),
    "a payload dropped": (lambda case: delete(PAYLOADS).where(PAYLOADS.c.instance_id == case, PAYLOADS.c.seq == 4),
                          "payload_gone"),
    "another head": (lambda case: update(Instance).where(Instance.id == case).values(chain_head=b"x" * 32), "head"),
}  # fmt: skip


@pytest.mark.tampers
@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_the_record_is_found(finished, change):
    office, case = finished
    statement, code = CHANGES[change]

    tamper(office, statement(case))

    assert code in codes(office, case)


@pytest.mark.tampers
def test_a_destroyed_payload_leaves_the_chain_whole(finished):
    office, case = finished

    tamper(office, _payload(4, salt=None, body=None, destroyed_at=office.clock.now() + timedelta(days=700))(case))

    assert codes(office, case) == []
