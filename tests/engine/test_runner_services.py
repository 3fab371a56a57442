"""Handlers: inline in the act, async as jobs; their refusals as errors of the diagram, their failures as incidents."""

import pytest
from sqlalchemy import insert

from engine.acts.errors import ActFailedError, HandlerFailedError
from engine.errors import ExecutionError
from engine.human_tasks import draft_of
from engine.registry import BusinessError
from models import Instansi
from tests.support.bpmn import Process, after, error
from tests.support.office import Office


@pytest.fixture
def office(database):
    return Office(database)


def registering(**service) -> Process:
    """A person gives a name, a handler registers it; a name that is taken is asked for again."""
    p = Process("registering")
    p.start()
    p.exclusive("ask")
    p.user("name_it", lane="Pemohon")
    p.service("register", "register_name", {"name": "name"}, "registered", **service)
    p.boundary("taken", "register", error("taken"))
    p.user("done", lane="Pemohon")
    p.end()
    p.chain("start", "ask", "name_it", "register", "done", "end")
    p.chain("taken", "ask")
    return p


INPUT = ("name",)


def answers(_context, **_inputs):
    return {}


def writes(context, name):
    """Writes a row of ours, then says no to a name that is taken."""
    row = {"id": context.token_id, "kind": "kota", "name": name, "zone": "Asia/Jakarta"}
    context.unit.connection.execute(insert(Instansi), row)
    if name == "Toko":
        raise BusinessError("taken")
    return {"id": context.token_id, "by": context.actor.user_id, "key": context.idempotency_key}


def ready(office, function, mode="inline", **more):
    office.handler("register_name", function, mode, inputs=INPUT, errors=("taken",), **more)
    office.deploy(registering())
    ani = office.person("Ani")
    return office.start("registering", ani), ani


# --- inline ----------------------------------------------------------------------------------------------------------


def test_an_inline_handler_writes_in_the_acts_own_transaction(office):
    case, ani = ready(office, writes)

    office.complete(case, "name_it", ani, name="Kios")

    (row,) = office.rows(Instansi)
    assert row.name == "Kios"
    answered = next(e for e in office.events(case) if e.kind == "service:answered")
    assert (answered.detail, answered.element_id) == ({"handler": "register_name"}, "register")


def test_what_a_handler_wrote_before_it_said_no_is_not_kept(office):
    case, ani = ready(office, writes)

    office.complete(case, "name_it", ani, name="Toko")

    assert office.rows(Instansi) == []
    assert office.open(case) == ["name_it"]
    office.complete(case, "name_it", ani, name="Kios")
    assert office.open(case) == ["done"]


def test_a_constraint_lost_in_a_race_is_a_refusal_not_a_broken_transaction(office):
    def unique(context, name):
        from sqlalchemy.exc import IntegrityError  # noqa: PLC0415 -- what a real handler would catch

        try:
            with context.unit.session.begin_nested():
                context.unit.session.add(Instansi(id=context.token_id, kind="kota", name=name))
        except IntegrityError:
            raise BusinessError("taken") from None
        return {}

    case, ani = ready(office, unique)
    with office.database.write() as unit:
        unit.session.add(Instansi(id="first", kind="kota", name="Kios"))

    office.complete(case, "name_it", ani, name="Kios")
    assert office.open(case) == ["name_it"]
    office.complete(case, "name_it", ani, name="Warung")

    assert office.open(case) == ["done"]
    assert {i.name for i in office.rows(Instansi)} == {"Kios", "Warung"}


def test_a_failing_handler_undoes_the_act_and_the_person_is_told_a_reference(office):
    def breaks(context, name):
        row = {"id": "x", "kind": "kota", "name": name, "zone": "Asia/Jakarta"}
        context.unit.connection.execute(insert(Instansi), row)
        raise RuntimeError("disk full")

    case, ani = ready(office, breaks)
    task = office.task(case, "name_it")
    before = len(office.events(case))

    with pytest.raises(ActFailedError) as told:
        office.runner.complete(task.id, ani, {"name": "Kios"})

    (incident,) = office.incidents()
    assert told.value.context["reference"] == incident.reference
    assert incident.reference in told.value.message("id")
    assert (incident.instance_id, incident.element_id, incident.state) == (case, "register", "open")
    assert "RuntimeError: disk full" in incident.message
    assert (office.rows(Instansi), office.open(case), len(office.events(case))) == ([], ["name_it"], before)
    with office.database.read() as unit:
        assert draft_of(unit, task.id, ani.user_id).data == {"name": "Kios"}


def test_an_incident_never_quotes_the_values_a_database_refused(office):
    def doubles(context, name):
        for _ in range(2):
            row = {"id": "same", "kind": "kota", "name": name, "zone": "Asia/Jakarta"}
            context.unit.connection.execute(insert(Instansi), row)

    case, ani = ready(office, doubles)

    with pytest.raises(ActFailedError):
        office.complete(case, "name_it", ani, name="Rahasia Pribadi")

    (incident,) = office.incidents()
    assert "Rahasia" not in incident.message
    assert "register" in incident.message


def test_an_answer_that_is_no_record_is_a_failure(office):
    case, ani = ready(office, lambda _context, **_inputs: "yes")

    with pytest.raises(ActFailedError):
        office.complete(case, "name_it", ani, name="Kios")

    assert "not with str" in office.incidents()[0].message


def test_a_failing_handler_behind_a_timer_is_left_to_the_ticker(office):
    def breaks(context, name):
        raise RuntimeError("no")

    office.handler("register_name", breaks, inputs=INPUT)
    p = Process("timed")
    p.start()
    p.catch("later", after('"P1D"'))
    p.service("register", "register_name", {"name": '"x"'}, "r")
    p.end()
    p.chain("start", "later", "register", "end")
    office.deploy(p)
    case = office.start("timed")
    office.wait(days=1)

    with pytest.raises(HandlerFailedError):
        office.runner.fire(office.deadlines(case)[0].id)

    assert office.deadlines(case)[0].state == "pending"
    assert office.incidents() == []


def test_a_script_that_cannot_be_computed_is_an_incident_with_its_element(office):
    p = Process("scripted")
    p.start()
    p.user("enter", lane="Pemohon")
    p.script("divide", "share = total / parts")
    p.end()
    p.chain("start", "enter", "divide", "end")
    office.deploy(p)
    ani = office.person("Ani")
    case = office.start("scripted", ani)

    with pytest.raises(ActFailedError):
        office.complete(case, "enter", ani, total=3, parts=0)

    assert office.open(case) == ["enter"]
    assert office.incidents()[0].instance_id == case
    office.complete(case, "enter", ani, total=3, parts=2)
    assert office.case(case).status == "completed"


# --- async -----------------------------------------------------------------------------------------------------------


def test_an_async_handler_is_a_job_of_the_same_transaction(office):
    seen = []

    def later(context, name):
        seen.append((name, context.idempotency_key))
        return {"ok": True}

    case, ani = ready(office, later, "async", max_attempts=3)

    office.complete(case, "name_it", ani, name="Kios")

    (job,) = office.jobs()
    assert (job.kind, job.name, job.state, job.max_attempts) == ("handler", "register_name", "ready", 3)
    assert (seen, office.open(case), office.woken) == ([], [], 1)
    assert "service:requested" in office.kinds(case)
    office.tick()
    assert (len(seen), seen[0][0], office.open(case)) == (1, "Kios", ["done"])
    assert office.jobs()[0].state == "done"


def test_an_answer_counts_once(office):
    case, ani = ready(office, answers, "async")
    office.complete(case, "name_it", ani, name="Kios")
    (job,) = office.jobs()

    assert office.runner.report(case, job.token_id, {"n": 1}) is True
    assert office.runner.report(case, job.token_id, {"n": 2}) is False
    assert office.runner.report_error(case, job.token_id, "taken") is False

    assert office.kinds(case).count("service:reported") == 1


def test_an_async_refusal_takes_the_error_event(office):
    def refuses(context, name):
        raise BusinessError("taken")

    case, ani = ready(office, refuses, "async")
    office.complete(case, "name_it", ani, name="Kios")

    office.tick()

    assert office.open(case) == ["name_it"]
    assert "service:failed" in office.kinds(case)


def test_a_refusal_nothing_catches_undoes_the_act(office):
    case, ani = ready(office, answers, "async")
    office.complete(case, "name_it", ani, name="Kios")
    (job,) = office.jobs()

    with pytest.raises(ExecutionError):
        office.runner.report_error(case, job.token_id, "unheard_of")

    assert office.runner.report(case, job.token_id, {}) is True


def test_a_task_that_was_taken_away_takes_its_handlers_job_with_it(office):
    p = registering()
    p.boundary("too_long", "register", after('"PT1H"'))
    p.user("give_up", lane="Pemohon")
    p.end("gave_up")
    p.chain("too_long", "give_up", "gave_up")
    office.handler("register_name", answers, "async", inputs=INPUT, errors=("taken",))
    office.deploy(p)
    ani = office.person("Ani")
    case = office.start("registering", ani)
    office.complete(case, "name_it", ani, name="Kios")
    (job,) = office.jobs()
    office.wait(hours=2)

    office.runner.fire(office.deadlines(case)[0].id)

    assert office.jobs()[0].state == "cancelled"
    assert office.runner.report(case, job.token_id, {}, job_id=job.id) is False
    assert office.open(case) == ["give_up"]


def test_a_cancelled_case_begins_no_handler_any_more(office):
    case, ani = ready(office, answers, "async")
    office.complete(case, "name_it", ani, name="Kios")

    office.runner.cancel(case, ani, "never mind")

    assert office.jobs()[0].state == "cancelled"
