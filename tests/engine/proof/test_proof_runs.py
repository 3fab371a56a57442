"""Runs of proofs: in pieces by whoever comes, resumed, stopped, sealed into the ledger, told of, scheduled."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from engine import ledger
from engine.crews import CHUNK
from engine.history.journal import EVENTS
from engine.ledger import Kind
from engine.letters.signing import passing_signer
from engine.people import add_membership, create_user
from engine.proof import certificates, results, runs, schedules, working
from engine.proof.runs import Choice
from models import (
    CaseProof,
    Instance,
    LedgerEntry,
    OutgoingMail,
    ProofCertificate,
    ProofFinding,
    ProofRun,
    ProofSchedule,
)
from tests.support.bpmn import Process
from tests.support.office import Office

BASE = "http://alur.test"


def process():
    p = Process("leave")
    p.start()
    p.user("ask", lane="Pemohon")
    p.end("done")
    p.chain("start", "ask", "done")
    return p


@pytest.fixture
def office(sqlite_database):
    return opened(sqlite_database)


def opened(database):
    made = Office(database)
    made.deploy(process())
    return made


def play(office, many):
    ani = office.person("Ani")
    found = [office.start("leave", ani) for _ in range(many)]
    for case in found:
        office.complete(case, "ask", ani, length=2)
    return sorted(found)


def begin(office, kind="verify", choice=None):
    with office.database.write() as unit:
        return runs.begin(unit, kind, choice or Choice(), by="auditor", now=office.clock.now())


def work(office, most=100):
    return working.work_off(office.runner, working.Installation(base_url=BASE), office.clock.now(), most=most)


def finish(office):
    while work(office):
        pass


def read(office, run_id):
    with office.database.read() as unit:
        return unit.session.get_one(ProofRun, run_id)


def rows(office, query):
    with office.database.read() as unit:
        return unit.session.scalars(query).all()


def tamper(office, case, seq=2):
    with office.database.write() as unit:
        this = (EVENTS.c.instance_id == case) & (EVENTS.c.seq == seq)
        at = unit.connection.execute(select(EVENTS.c.at).where(this)).scalar_one()
        unit.connection.execute(update(EVENTS).where(this).values(at=at + timedelta(hours=1)))


def watcher(office, name, role):
    now = office.clock.now()
    with office.database.write() as unit:
        user = create_user(unit, email=f"{name}@contoh.go.id", name=name, now=now, password="kuda-laut-menari-72")
        add_membership(unit, user_id=user.id, role=role, instansi_id=None, valid_from=now.date(), valid_until=None,
                       now=now)  # fmt: skip


@pytest.mark.parametrize("kind", runs.KINDS)
def test_an_untouched_installation_is_proved_without_a_finding(office, kind):
    cases = play(office, 3)
    run_id = begin(office, kind)
    finish(office)

    run = read(office, run_id)
    assert (run.state, run.scope, run.cases, run.findings) == ("done", "everything", 3, 0)
    assert run.events == sum(row.event_count for row in rows(office, select(Instance)))
    assert run.acts == 6
    stands = {(row.instance_id, row.kind): row.findings for row in rows(office, select(CaseProof))}
    proved = ("verify", "reproduce") if kind == "reproduce" else ("verify",)
    assert stands == {(case, one): 0 for case in cases for one in proved}
    assert rows(office, select(OutgoingMail)) == []


def test_a_run_is_done_in_pieces_and_goes_on_where_a_dead_worker_left_it(database):
    office = opened(database)
    cases = play(office, CHUNK + 2)
    run_id = begin(office)
    assert work(office, most=1) == CHUNK
    assert read(office, run_id).cursor == cases[CHUNK - 1]
    assert read(office, run_id).state == "running"

    with office.database.write() as unit:  # somebody took it and died
        later = office.clock.now() + timedelta(seconds=60)
        unit.connection.execute(update(runs.RUNS).values(lease_owner="dead", lease_until=later))
    assert work(office) == 0
    office.wait(seconds=61)
    finish(office)

    run = read(office, run_id)
    assert (run.state, run.cases, run.lease_owner) == ("done", CHUNK + 2, None)


@pytest.mark.tampers
def test_a_stopped_run_keeps_what_it_found_and_writes_nothing_more(office):
    cases = play(office, CHUNK + 2)
    tamper(office, cases[0])
    run_id = begin(office)
    work(office, most=1)
    with office.database.write() as unit:
        runs.cancel(unit, run_id, office.clock.now())
    assert work(office) == 0

    run = read(office, run_id)
    assert (run.state, run.cases, run.broken) == ("cancelled", CHUNK, 1)
    assert run.digest is None


@pytest.mark.tampers
def test_a_finding_names_case_and_event_and_is_told_by_mail_once(database):
    office = opened(database)
    watcher(office, "hendra", "auditor")
    watcher(office, "lina", "admin")
    watcher(office, "siti", "owner")
    cases = play(office, 2)
    tamper(office, cases[1])
    run_id = begin(office)
    finish(office)

    run = read(office, run_id)
    found = rows(office, select(ProofFinding).order_by(col(ProofFinding.number)))
    assert run.findings == len(found) > 0
    assert run.broken == 1
    [number] = rows(office, select(Instance.number).where(col(Instance.id) == cases[1]))
    assert (found[0].instance_id, found[0].subject, found[0].seq) == (cases[1], number, 2)
    mails = rows(office, select(OutgoingMail).order_by(OutgoingMail.recipient))
    assert [mail.recipient for mail in mails] == ["hendra@contoh.go.id", "lina@contoh.go.id"]
    assert f"{BASE}/audit/bukti/{run_id}" in mails[0].text
    with office.database.read() as unit:
        assert [alarm.id for alarm in runs.alarms(unit)] == [run_id]


def test_a_selection_tells_nobody_and_says_which_case_is_gone(office):
    watcher(office, "hendra", "auditor")
    cases = play(office, 2)
    run_id = begin(office, choice=Choice(cases=(cases[0], "f" * 32)))
    finish(office)

    run = read(office, run_id)
    assert (run.scope, run.cases, run.broken) == ("selection", 2, 1)
    [gone] = rows(office, select(ProofFinding))
    assert (gone.code, gone.instance_id) == ("case_gone", "f" * 32)
    assert rows(office, select(OutgoingMail)) == []
    with office.database.read() as unit:
        assert runs.alarms(unit) == []
    with pytest.raises(runs.NothingToProveError):
        begin(office, choice=Choice(instansi=("nowhere",)))


@pytest.mark.tampers
def test_the_result_is_in_the_ledger_and_no_finding_is_taken_back(office):
    cases = play(office, 1)
    tamper(office, cases[0])
    run_id = begin(office)
    finish(office)

    [entry] = rows(office, select(LedgerEntry).where(col(LedgerEntry.kind) == Kind.PROOF_RUN))
    with office.database.read() as unit:
        assert (entry.ref, bytes(entry.digest)) == (run_id, results.result_digest(unit, run_id))
    with office.database.write() as unit:
        first = unit.session.scalars(select(ProofFinding)).first()
        first.seq = 3
        unit.session.add(first)
    with office.database.read() as unit:
        assert [(about, found.code) for about, found in results.check_results(unit)] == [(run_id, "proof")]


@pytest.mark.tampers
def test_a_certificate_is_signed_once_and_noted(office):
    play(office, 1)
    run_id = begin(office, "reproduce")
    given = {"base_url": BASE, "by": "auditor", "now": office.clock.now()}
    with pytest.raises(certificates.NotProvedError):
        certificates.issue(office.database, passing_signer(), run_id, **given)
    finish(office)

    made = certificates.issue(office.database, passing_signer(), run_id, **given)
    again = certificates.issue(office.database, passing_signer(), run_id, **given)

    assert made.body.startswith(b"%PDF-1.7")
    assert (again.body, again.number) == (made.body, made.number)
    [entry] = rows(office, select(LedgerEntry).where(col(LedgerEntry.kind) == Kind.PROOF_CERTIFIED))
    assert (entry.ref, bytes(entry.digest).hex()) == (made.number, made.digest)
    with office.database.read() as unit:
        assert ledger.verify(unit) == list(results.check_results(unit)) == []
    with office.database.write() as unit:
        kept = unit.session.get_one(ProofCertificate, run_id)
        kept.body = bytes(kept.body) + b" "
        unit.session.add(kept)
    with office.database.read() as unit:
        assert [found.code for _about, found in results.check_results(unit)] == ["certificate"]


@pytest.mark.parametrize(
    ("every", "weekday", "hour", "hours"),
    [("daily", 0, 10, 1), ("daily", 0, 9, 24), ("weekly", 0, 10, 1), ("weekly", 2, 9, 48), ("weekly", 0, 9, 168)],
)
def test_the_next_time_is_the_first_after_now(office, every, weekday, hour, hours):
    now = office.clock.now()  # Monday, 09.00 WIB
    asked = ProofSchedule(kind="verify", every=every, weekday=weekday, hour=hour, changed_by="", changed_at=now)
    assert schedules.next_after(asked, now) == now + timedelta(hours=hours)


def test_the_schedule_begins_one_run_however_long_nobody_looked(office):
    with office.database.write() as unit:
        schedules.change(unit, "verify", "daily", weekday=0, hour=10, by="auditor", now=office.clock.now())
        schedules.change(unit, "reproduce", "off", weekday=0, hour=1, by="auditor", now=office.clock.now())
    assert schedules.begin_due(office.runner, office.clock.now()) == 0
    office.wait(days=5)
    assert schedules.begin_due(office.runner, office.clock.now()) == 1
    assert schedules.begin_due(office.runner, office.clock.now()) == 0

    office.wait(days=1)  # the first is not done: no second beside it
    assert schedules.begin_due(office.runner, office.clock.now()) == 0
    [run] = rows(office, select(ProofRun))
    assert (run.kind, run.scope, run.created_by) == ("verify", "everything", None)
    with pytest.raises(schedules.BadScheduleError), office.database.write() as unit:
        schedules.change(unit, "verify", "daily", weekday=0, hour=24, by="auditor", now=office.clock.now())
