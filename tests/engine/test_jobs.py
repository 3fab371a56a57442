"""Jobs end to end on the real runner: answers, refusals, crashes at every instant, incidents and what operators do."""

import pytest
from sqlalchemy import select

from engine.jobs import TableQueue
from engine.jobs.operate import IncidentResolvedError, ReasonMissingError, retry, skip
from engine.jobs.run import run_ready
from engine.jobs.work import Workshop, do
from engine.mail import MailDeferredError, MailRefusedError, SpoolTransport, queue_mail
from engine.registry import BusinessError, Field
from models import Job, OutgoingMail, SatuanKerja
from tests.support.bpmn import Process, error, message, signal
from tests.support.databases import counting
from tests.support.office import Office

INPUTS = {"day": "date", "amount": "number"}


@pytest.fixture
def office(database):
    return Office(database)


def calling(result="answer", *, inputs=None) -> Process:
    """Calls the async handler "ask", then waits at a user task; a refusal "no" ends at "refused"."""
    p = Process("calling")
    p.start()
    p.service("call", "ask", inputs or {}, result, lane="Sistem")
    p.user("read", lane="Pemohon")
    p.end()
    p.end("refused")
    p.boundary("no", "call", error("no"))
    p.chain("start", "call", "read", "end")
    p.flow("no", "refused")
    return p


class Asked:
    """A handler that writes a row of ours each time it runs, and answers as it is told."""

    def __init__(self):
        self.calls = []
        self.raises = []

    def __call__(self, context, **inputs):
        self.calls.append((context.idempotency_key, inputs))
        number = len(self.calls)
        row = {"id": f"row{number}", "instansi_id": "kota", "name": f"{number}", "name_key": f"{number}"}
        context.unit.session.add(SatuanKerja(**row, npwp="", address="", created_at=context.now))
        context.unit.session.flush()
        if self.raises:
            raise self.raises.pop(0)
        return {"number": number}


@pytest.fixture
def asked(office):
    office.instansi("kota")
    handler = Asked()
    inputs = tuple(Field(name, kind, name, name, required=False) for name, kind in INPUTS.items())
    office.handler("ask", handler, "async", max_attempts=3, inputs=inputs)
    return handler


def run(office, mailer=None, **more):
    return run_ready(office.runner, office.registry, mailer or SpoolTransport(), office.clock.now(), **more)


def shop_of(office):
    return Workshop(office.runner, office.registry, SpoolTransport(), TableQueue(office.database))


def rows_written(office):
    return [r.id for r in office.rows(SatuanKerja)]


# --- handlers ------------------------------------------------------------------------------------------------------


def test_an_async_handler_answers_after_the_act(office, asked):
    office.deploy(calling())
    case = office.start("calling", office.person("Ani"))
    assert (office.open(case), asked.calls, office.woken) == ([], [], 1)

    report = run(office)

    assert report.done == 1
    assert office.open(case) == ["read"]
    assert [j.state for j in office.jobs()] == ["done"]
    assert run(office).total == 0


def test_a_business_refusal_takes_the_error_event_and_keeps_nothing_written(office, asked):
    office.deploy(calling())
    asked.raises = [BusinessError("no")]
    case = office.start("calling")

    assert run(office).done == 1
    assert office.case(case).outcome == "refused"
    assert rows_written(office) == []


def test_a_failure_is_tried_again_with_the_same_key_and_leaves_no_trace(office, asked):
    office.deploy(calling())
    asked.raises = [RuntimeError("away")]
    case = office.start("calling", office.person("Ani"))

    assert run(office).retried == 1
    assert rows_written(office) == []
    assert run(office).total == 0
    office.wait(minutes=1)
    assert run(office).done == 1

    (first, _), (second, _) = asked.calls
    assert first == second
    assert rows_written(office) == ["row2"]
    assert office.open(case) == ["read"]


def test_killed_between_the_handler_and_its_report_the_handler_is_not_run_again(office, asked):
    """The answer is kept with what the handler wrote: after the crash it is only reported."""
    office.deploy(calling())
    case = office.start("calling", office.person("Ani"))
    shop = shop_of(office)
    job = shop.queue.claim(office.clock.now())
    office.runner.report = _killed
    with pytest.raises(KeyboardInterrupt):
        do(shop, job, office.clock.now())
    del office.runner.report

    office.wait(hours=1)
    assert run(office).done == 1
    assert len(asked.calls) == 1
    assert rows_written(office) == ["row1"]
    assert office.open(case) == ["read"]


def test_killed_inside_the_handler_nothing_of_it_is_left(office, asked):
    office.deploy(calling())
    asked.raises = [KeyboardInterrupt()]
    case = office.start("calling", office.person("Ani"))
    with pytest.raises(KeyboardInterrupt):
        run(office)
    assert rows_written(office) == []

    office.wait(hours=1)
    assert run(office).done == 1
    assert rows_written(office) == ["row2"]
    assert office.open(case) == ["read"]


def test_killed_after_the_report_nothing_happens_twice(office, asked):
    """The act that takes the answer marks the job done itself."""
    office.deploy(calling())
    case = office.start("calling", office.person("Ani"))
    shop = shop_of(office)
    do(shop, shop.queue.claim(office.clock.now()), office.clock.now())  # and then it was killed

    office.wait(hours=1)
    assert run(office).total == 0
    assert office.kinds(case).count("service:reported") == 1


def test_a_worker_that_was_overtaken_writes_nothing(office, asked):
    """It slept past its lease; another worker did the job meanwhile."""
    office.deploy(calling())
    case = office.start("calling", office.person("Ani"))
    slow = shop_of(office)
    job = slow.queue.claim(office.clock.now())
    office.wait(hours=1)
    assert run(office).done == 1

    report = run_ready(office.runner, office.registry, SpoolTransport(), office.clock.now(), queue=_Holding(slow, job))

    assert report.not_wanted == 1
    assert rows_written(office) == ["row1"]
    assert office.kinds(case).count("service:reported") == 1


def test_what_a_handler_is_told_keeps_its_types(office, asked):
    office.deploy(calling(inputs={"day": "today()", "amount": 'number("12.50")'}))
    office.start("calling")
    run(office)
    ((_, inputs),) = asked.calls
    assert (str(inputs["day"]), str(inputs["amount"])) == ("2026-06-01", "12.50")
    assert (type(inputs["day"]).__name__, type(inputs["amount"]).__name__) == ("date", "Decimal")


def test_a_cancelled_case_wants_no_answer(office, asked):
    office.deploy(calling())
    case = office.start("calling")
    office.runner.cancel(case, office.person("Rina", "admin"), "dibatalkan")
    assert run(office).done == 0
    assert asked.calls == []
    assert [j.state for j in office.jobs()] == ["cancelled"]


def test_a_suspended_case_keeps_its_work_for_later_without_counting_attempts(office, asked):
    office.deploy(calling())
    case = office.start("calling", office.person("Ani"))
    rina = office.person("Rina", "admin")
    office.runner.suspend(case, rina, "pemeriksaan")
    for _ in range(6):
        assert run(office).postponed == 1
        office.wait(minutes=2)
    assert asked.calls == []

    office.runner.resume(case, rina)
    assert run(office).done == 1
    assert office.open(case) == ["read"]


# --- incidents -----------------------------------------------------------------------------------------------------


def failed_for_good(office, asked):
    office.deploy(calling())
    asked.raises = [RuntimeError("away")] * 3
    case = office.start("calling", office.person("Ani"))
    for _ in range(3):
        report = run(office)
        office.wait(hours=1)
    assert report.incidents
    (incident,) = office.incidents()
    return case, incident


def test_after_its_last_attempt_a_job_is_an_incident_with_its_cause(office, asked):
    case, incident = failed_for_good(office, asked)
    assert (incident.instance_id, incident.element_id, incident.cause) == (case, "call", "RuntimeError")
    assert incident.reference
    assert run(office).total == 0


def test_an_operator_has_it_tried_again(office, asked):
    case, incident = failed_for_good(office, asked)
    operator = office.person("Rina", "admin")
    retry(office.database, incident.id, operator, office.clock.now())

    assert run(office).done == 1
    assert office.open(case) == ["read"]
    with pytest.raises(IncidentResolvedError):
        retry(office.database, incident.id, operator, office.clock.now())


def test_an_operator_leaves_it_out_with_a_reason_and_an_answer(office, asked):
    case, incident = failed_for_good(office, asked)
    operator = office.person("Rina", "admin")
    with pytest.raises(ReasonMissingError):
        skip(office.database, incident.id, "  ", operator, office.clock.now())
    skip(office.database, incident.id, "diurus lewat telepon", operator, office.clock.now(), outputs={"number": 7})

    assert run(office).done == 1
    assert len(asked.calls) == 3
    assert office.open(case) == ["read"]
    (resolved,) = office.incidents()
    assert (resolved.resolution, resolved.resolved_by) == ("diurus lewat telepon", operator.user_id)


def test_an_unknown_kind_of_job_is_an_incident_at_once(office):
    with office.database.write() as unit:
        now = office.clock.now()
        unit.session.add(Job(id="x", kind="fax", name="fax", idempotency_key="x", run_at=now, created_at=now))
    assert run(office, kinds={"fax"}).incidents


# --- messages and signals between cases ----------------------------------------------------------------------------


def sender(throw) -> Process:
    p = Process("sender")
    p.start()
    p.throw("tell", throw)
    p.end()
    p.chain("start", "tell", "end")
    return p


def receiver(catch) -> Process:
    p = Process("receiver")
    p.start()
    p.catch("hear", catch)
    p.user("read", lane="Pemohon")
    p.end()
    p.chain("start", "hear", "read", "end")
    return p


def test_a_message_reaches_the_other_case_once_even_if_killed_in_between(office):
    office.deploy(receiver(message("approved", variable="letter")))
    office.deploy(sender(message("approved", payload='{"number": 5}')))
    waiting = office.start("receiver", office.person("Ani"))
    office.start("sender")
    shop = shop_of(office)

    do(shop, shop.queue.claim(office.clock.now()), office.clock.now())  # and then it was killed
    office.wait(hours=1)

    assert run(office).total == 0
    assert office.open(waiting) == ["read"]
    assert office.kinds(waiting).count("message:received") == 1


def test_a_message_that_nobody_waits_for_yet_is_tried_again(office):
    office.deploy(receiver(message("approved", variable="letter")))
    office.deploy(sender(message("approved", payload='{"number": 5}')))
    office.start("sender")
    assert run(office).retried == 1

    waiting = office.start("receiver", office.person("Ani"))
    office.wait(minutes=1)
    assert run(office).done == 1
    assert office.open(waiting) == ["read"]


def test_a_signal_reaches_every_case_that_waits_once(office):
    office.deploy(receiver(signal("opened")))
    office.deploy(sender(signal("opened")))
    ani = office.person("Ani")
    waiting = [office.start("receiver", ani) for _ in range(3)]
    office.start("sender")

    run(office)

    assert [office.open(case) for case in waiting] == [["read"]] * 3
    assert {j.state for j in office.jobs(kind="signal")} == {"done"}


# --- mail ----------------------------------------------------------------------------------------------------------


class Post:
    """A transport that answers as it is told."""

    keeps = False

    def __init__(self, *answers):
        self.answers = list(answers)
        self.sent = []

    def send(self, mail, _now):
        if self.answers:
            raise self.answers.pop(0)
        self.sent.append(mail.recipient)


@pytest.fixture
def a_mail(office):
    with office.database.write() as unit:
        return queue_mail(unit, "siti@contoh.go.id", "Judul", "isi", "", "k", None, office.clock.now())


def mail_of(office):
    with office.database.read() as unit:
        return unit.session.scalars(select(OutgoingMail)).one()


def test_a_mail_is_sent_once_and_marked(office, a_mail):
    post = Post()
    assert run(office, post).done == 1
    assert run(office, post).total == 0
    assert post.sent == ["siti@contoh.go.id"]
    assert mail_of(office).sent_at == office.clock.now()


def test_mails_that_stay_here_are_marked_many_at_once(office):
    with office.database.write() as unit:
        for number in range(30):
            queue_mail(unit, f"siti{number}@contoh.go.id", "Judul", "isi", "", f"k{number}", None, office.clock.now())
    with counting(office.database) as counted:
        assert run(office, SpoolTransport()).done == 30
    assert len(counted) < 15
    assert run(office, SpoolTransport()).total == 0
    with office.database.read() as unit:
        assert {mail.sent_at for mail in unit.session.scalars(select(OutgoingMail))} == {office.clock.now()}
    assert {job.state for job in office.jobs(kind="mail")} == {"done"}


def test_a_mail_that_cannot_leave_now_leaves_later(office, a_mail):
    post = Post(MailDeferredError(why="451"))
    assert run(office, post).retried == 1
    assert mail_of(office).sent_at is None
    office.wait(minutes=1)
    assert run(office, post).done == 1
    assert mail_of(office).sent_at == office.clock.now()


def test_a_mail_refused_for_good_is_an_incident_without_its_address(office, a_mail):
    report = run(office, Post(MailRefusedError(code=550)))
    assert report.incidents
    (incident,) = office.incidents()
    assert incident.cause == "mail_refused"
    assert "siti" not in incident.message
    assert "siti" not in (office.jobs()[0].last_error or "")
    assert mail_of(office).failure.startswith("MailRefusedError: ")
    assert "siti" not in mail_of(office).failure


def test_a_mail_is_left_out_by_an_operator(office, a_mail):
    run(office, Post(MailRefusedError(code=550)))
    (incident,) = office.incidents()
    skip(office.database, incident.id, "alamat salah", office.person("Rina"), office.clock.now())
    assert run(office).total == 0
    assert [j.state for j in office.jobs()] == ["skipped"]


class _Holding:
    """The queue of a worker that holds a job it was given before."""

    def __init__(self, shop, job):
        self._queue, self._jobs = shop.queue, [job]

    def __getattr__(self, name):
        return getattr(self._queue, name)

    def claim(self, _now, _kinds=()):
        return self._jobs.pop() if self._jobs else None


def _killed(*_given, **_named):
    raise KeyboardInterrupt
