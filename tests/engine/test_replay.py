"""Re-executing a record: the same states without calling a handler, and every change of the past is found."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import update

from calendars import Holiday, Kind
from engine import ledger
from engine.actors import SYSTEM
from engine.calendar import Revision, new_version, seed_calendar
from engine.definitions import Definitions
from engine.history.journal import EVENTS, PAYLOADS
from engine.proof import check_case, check_everything
from engine.replay import replay_instance
from engine.spiff.values import decode, encode
from models import Instance, Token
from tests.support.bpmn import Process, message, signal
from tests.support.office import Office
from tests.support.rich import deploy_rich, play_to_the_middle


@pytest.fixture
def office(database):
    office = Office(database)
    with database.write() as unit:
        seed_calendar(unit, office.clock.now())
    return office


@pytest.fixture
def played(office):
    calls = []
    deploy_rich(office, calls)
    return office, play_to_the_middle(office), calls


def found(office, case, definitions=None):
    with office.database.read() as unit:
        return [f.code for f in check_case(unit, definitions or Definitions(office.database), case, replay=True)]


def test_a_record_is_reproduced_without_calling_a_handler(played):
    office, case, calls = played
    before = list(calls)

    assert found(office, case) == []
    assert calls == before == [calls[0]]


def test_a_refusal_is_reproduced(office):
    deploy_rich(office)
    ani = office.person("Ani")
    case = office.start("rich", ani)

    office.complete(case, "apply", ani, goods="nothing")

    assert office.case(case).outcome == "not_sold"
    assert found(office, case) == []


def test_a_cancelled_case_is_reproduced(played):
    office, case, _ = played

    office.runner.cancel(case, office.person("Budi"), "enough")

    assert found(office, case) == []


def test_a_calendar_that_changes_afterwards_changes_no_past(played):
    office, case, _ = played
    day = Holiday(date(2026, 6, 3), "Cuti tambahan", Kind.JOINT_LEAVE, "SKB perubahan")
    with office.database.write() as unit:
        new_version(unit, Revision(note="SKB", add=(day,)), by="test", now=office.clock.now())
    again = office.start("rich", office.person("Ani"))
    office.complete(again, "apply", office.person("Ani"), goods="kertas")

    assert found(office, case) == found(office, again) == []
    due = [office.deadlines(c, kind="due")[0].due_at for c in (case, again)]
    assert due[0].date() == date(2026, 6, 4)
    assert office.deadlines(again, kind="due")[0].calendar_version == 2


def test_an_instansi_chosen_in_an_act_gives_that_acts_dates_its_zone(office):
    office.instansi("jayapura", "Asia/Jayapura")
    p = Process("zoned")
    p.start()
    p.user("choose", lane="Pemohon")
    p.user("verify", lane="Verifikator", due='working_days_after(today(), 1, at="16:00")')
    p.end()
    p.chain("start", "choose", "verify", "end")
    office.deploy(p, toml='[case]\ninstansi = "agency"\n', zone="instansi")
    ani = office.person("Ani")
    case = office.start("zoned", ani)

    office.complete(case, "choose", ani, agency="jayapura")

    (deadline,) = office.deadlines(case)
    assert (deadline.zone, deadline.due_at.hour) == ("Asia/Jayapura", 7)
    assert office.case(case).zone == "Asia/Jayapura"
    with office.database.write() as unit:  # an instansi that moves its clocks later moves no past
        unit.connection.exec_driver_sql("UPDATE instansi SET zone = 'Asia/Jakarta'")
    assert found(office, case) == []


# --- what is found ---------------------------------------------------------------------------------------------------


def rewritten(office, case, kind, change):
    """Change a journal entry's payload as somebody with the database in their hands would: digests and all."""
    entry = next(e for e in office.events(case) if e.kind == kind)
    with office.database.write() as unit:
        where = (PAYLOADS.c.instance_id == case) & (PAYLOADS.c.seq == entry.seq)
        row = unit.connection.execute(PAYLOADS.select().where(where)).one()
        body = decode(row.body)
        change(body)
        unit.connection.execute(update(PAYLOADS).where(where).values(body=encode(body)))


def replayed(office, case):
    with office.database.read() as unit:
        return [(f.code, f.seq) for f in replay_instance(unit, Definitions(office.database), case)]


def _answer(value):
    def change(body):
        body["services"][0][4] = value

    return change


REWRITINGS = {
    "another answer of a person": ("task:completed", lambda body: body["inputs"]["data"].update(goods="emas")),
    "one more field": ("task:completed", lambda body: body["inputs"]["data"].update(extra=1)),
    "1 for true": ("task:completed", lambda body: body["inputs"]["data"].update(goods=True)),
    "another answer of a handler": ("task:completed", _answer({"amount": Decimal("0.50"), "since": date(2026, 1, 1)})),
    "the same number of another type": ("task:completed", _answer({"amount": 12.5, "since": date(2026, 1, 1)})),
    "a handler call that never was": ("task:completed", lambda body: body["services"].append(body["services"][0])),
    "a handler call forgotten": ("task:completed", lambda body: body["services"].pop()),
    "another message": ("message:received", lambda body: body["inputs"]["payload"].update(sum=1)),
    "another answer of an async handler": ("service:reported", lambda body: body["inputs"]["outputs"].update(mails=4)),
}


@pytest.mark.tampers
@pytest.mark.parametrize("change", REWRITINGS)
def test_a_rewritten_past_leads_elsewhere(played, change):
    office, case, _ = played
    kind, rewriting = REWRITINGS[change]
    office.complete(case, "verify", office.person("Budi", "verifier"))

    rewritten(office, case, kind, rewriting)

    assert replayed(office, case)


@pytest.mark.tampers
def test_what_has_arrived_at_a_join_that_waits_is_part_of_the_state(played):
    office, case, _ = played

    rewritten(office, case, "message:received", REWRITINGS["another message"][1])

    assert replayed(office, case)


@pytest.mark.tampers
def test_a_moved_instant_leads_elsewhere(played):
    office, case, _ = played
    entry = next(e for e in office.events(case) if e.kind == "task:completed")
    with office.database.write() as unit:
        moved = update(EVENTS).where(EVENTS.c.instance_id == case, EVENTS.c.act == entry.act)
        unit.connection.execute(moved.values(at=entry.at.replace(day=2)))

    assert replayed(office, case)


@pytest.mark.tampers
def test_a_state_changed_behind_the_engines_back_is_found(played):
    office, case, _ = played
    with office.database.write() as unit:
        unit.connection.execute(update(Token).where(Token.instance_id == case).values(base=0, data=b'{"u":{}}'))

    assert "live_state" in found(office, case)


@pytest.mark.tampers
def test_a_case_given_to_another_person_is_found(played):
    office, case, _ = played
    with office.database.write() as unit:
        unit.connection.execute(update(Instance).where(Instance.id == case).values(starter_id="user-eve"))

    assert "case" in found(office, case)


@pytest.mark.tampers
def test_a_record_whose_payloads_were_destroyed_says_so(played):
    office, case, _ = played
    with office.database.write() as unit:
        gone = update(PAYLOADS).where(PAYLOADS.c.instance_id == case)
        unit.connection.execute(gone.values(body=None, salt=None, destroyed_at=office.clock.now()))
    numbers = [event.seq for event in office.events(case) if event.payload_digest is not None]

    assert found(office, case) == [*["payload_gone"] * len(numbers), "destroyed"]

    with office.database.write() as unit:
        detail = {"events": numbers}
        ledger.note(unit, ledger.Kind.PAYLOAD_DESTROYED, at=office.clock.now(), instance_id=case, detail=detail)
    assert found(office, case) == []
    checked = check_everything(office.database, office.definitions, only=[case])
    assert (checked.cases, checked.destroyed) == (1, 1)


def test_signals_and_starting_messages_are_reproduced(office):
    p = Process("called")
    p.start("rung", message("ring", variable="ring"))
    p.catch("heard", signal("go", variable="go"))
    p.end()
    p.chain("rung", "heard", "end")
    office.deploy(p)
    case = office.runner.correlate("ring", SYSTEM, {"by": "Ani"})
    office.runner.broadcast("go", SYSTEM, {"n": 1})
    office.tick()

    assert office.case(case).status == "completed"
    assert found(office, case) == []
