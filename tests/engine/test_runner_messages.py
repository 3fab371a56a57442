"""Messages and signals: from outside, and between cases by jobs of the throwing act's own transaction."""

import pytest

from engine.actors import SYSTEM
from engine.acts.errors import AmbiguousMessageError, NobodyWaitsError, StartedByMessageError
from engine.errors import InstanceNotActiveError
from tests.support.bpmn import Process, message, signal
from tests.support.office import Office


@pytest.fixture
def office(database):
    return Office(database)


def waiting(correlation: str | None = None) -> Process:
    p = Process("waiting")
    p.start()
    properties = {"correlation": correlation} if correlation else None
    p.catch("paid", message("payment", variable="payment"), properties=properties)
    p.user("check", lane="Verifikator")
    p.end()
    p.chain("start", "paid", "check", "end")
    return p


def sender(event, **more) -> Process:
    p = Process("sender")
    p.start()
    p.user("decide", lane="Pemohon")
    p.throw("tell", event, **more)
    p.end()
    p.chain("start", "decide", "tell", "end")
    return p


def test_a_message_reaches_the_one_case_that_waits(office):
    office.deploy(waiting())
    case = office.start("waiting")

    reached = office.runner.correlate("payment", SYSTEM, {"amount": 5})

    assert reached == case
    assert office.open(case) == ["check"]


def test_a_message_nobody_waits_for_is_refused(office):
    office.deploy(waiting())
    office.start("waiting")

    with pytest.raises(NobodyWaitsError):
        office.runner.correlate("other", SYSTEM, {})


def test_a_message_two_cases_wait_for_must_say_which(office):
    office.deploy(waiting(), toml='[case]\nbusiness_key = "number"\n'.replace("number", "reference"))
    first = office.start("waiting", data={"reference": "A"})
    second = office.start("waiting", data={"reference": "B"})

    with pytest.raises(AmbiguousMessageError):
        office.runner.correlate("payment", SYSTEM, {})

    assert office.runner.correlate("payment", SYSTEM, {}, business_key="B") == second
    assert office.runner.correlate("payment", SYSTEM, {}, instance_id=first) == first


def test_a_correlation_finds_its_case(office):
    office.deploy(waiting(correlation="reference"))
    cases = {key: office.start("waiting", data={"reference": key}) for key in "AB"}

    assert office.runner.correlate("payment", SYSTEM, {}, correlation="B") == cases["B"]
    with pytest.raises(NobodyWaitsError):
        office.runner.correlate("payment", SYSTEM, {}, correlation="C")
    assert office.open(cases["A"]) == []


def test_a_suspended_case_takes_no_message(office):
    office.deploy(waiting())
    case = office.start("waiting")
    office.runner.suspend(case, SYSTEM)

    with pytest.raises(InstanceNotActiveError):
        office.runner.correlate("payment", SYSTEM, {})

    office.runner.resume(case, SYSTEM)
    assert office.runner.correlate("payment", SYSTEM, {}) == case


def test_a_message_starts_a_case_of_the_process_that_begins_with_it(office):
    p = Process("complaint")
    p.start("received", message("complaint", variable="complaint"))
    p.user("read", lane="Verifikator")
    p.end()
    p.chain("received", "read", "end")
    office.deploy(p)

    case = office.runner.correlate("complaint", SYSTEM, {"subject": "lambat"}, business_key="K-1")

    with pytest.raises(StartedByMessageError):
        office.start("complaint", office.person("Ani"))
    assert office.open(case) == ["read"]
    assert (office.case(case).business_key, office.case(case).starter_id) == ("K-1", None)
    assert office.kinds(case)[0] == "case:started"


def test_a_thrown_message_reaches_the_other_case_by_a_job(office):
    office.deploy(waiting())
    office.deploy(sender(message("payment", payload='{"amount": amount}')))
    ani = office.person("Ani")
    receiver, case = office.start("waiting"), office.start("sender", ani)

    office.complete(case, "decide", ani, amount=7)

    (job,) = office.jobs(kind="message")
    assert (job.state, job.instance_id, office.woken) == ("ready", case, 1)
    assert office.open(receiver) == []
    office.tick()
    assert office.open(receiver) == ["check"]
    assert office.jobs(kind="message")[0].state == "done"
    entry = next(e for e in office.events(receiver) if e.kind == "message:received")
    assert entry.detail["from"] == case


def test_a_message_job_that_is_run_twice_delivers_once(office):
    office.deploy(waiting())
    office.deploy(sender(message("payment")))
    ani = office.person("Ani")
    receiver, other, case = office.start("waiting"), None, office.start("sender", ani)
    office.complete(case, "decide", ani)
    (job,) = office.jobs(kind="message")

    first = office.runner.correlate("payment", SYSTEM, {}, job_id=job.id)
    other = office.start("waiting")
    second = office.runner.correlate("payment", SYSTEM, {}, job_id=job.id)

    assert (first, second) == (receiver, None)
    assert office.open(other) == []


def test_a_message_nobody_takes_leaves_its_job_undone(office):
    office.deploy(sender(message("payment")))
    ani = office.person("Ani")
    case = office.start("sender", ani)
    office.complete(case, "decide", ani)
    (job,) = office.jobs(kind="message")

    with pytest.raises(NobodyWaitsError):
        office.runner.correlate("payment", SYSTEM, {}, job_id=job.id)

    assert office.jobs(kind="message")[0].state == "ready"


def listening() -> Process:
    p = Process("listening")
    p.start()
    p.catch("heard", signal("closing"))
    p.user("react", lane="Verifikator")
    p.end()
    p.chain("start", "heard", "react", "end")
    return p


def test_a_signal_reaches_every_waiting_case_each_in_its_own_act(office):
    office.deploy(listening())
    cases = [office.start("listening") for _ in range(3)]
    office.runner.suspend(cases[2], SYSTEM)

    assert office.runner.broadcast("closing", SYSTEM, {"by": "x"}) == 3
    office.tick()

    assert [office.open(c) for c in cases] == [["react"], ["react"], []]
    office.runner.resume(cases[2], SYSTEM)
    office.wait(minutes=5)
    office.tick()
    assert office.open(cases[2]) == ["react"]


def test_a_thrown_signal_goes_to_the_others_not_back(office):
    office.deploy(listening())
    office.deploy(sender(signal("closing")))
    ani = office.person("Ani")
    heard, case = office.start("listening"), office.start("sender", ani)

    office.complete(case, "decide", ani)
    office.tick()

    assert office.open(heard) == ["react"]
    assert office.case(case).status == "completed"
    assert "signal:received" not in office.kinds(case)


def test_a_signal_nobody_waits_for_is_nobodys_fault(office):
    assert office.runner.broadcast("closing", SYSTEM, {}) == 0
