"""The commands of a case: what each does to inboxes, deadlines, jobs and the case's row."""

import pytest

from engine.acts.errors import ReservedNameError
from engine.authorisation import MayNotStartError
from engine.errors import InstanceNotActiveError, NotFoundError
from tests.support.bpmn import Process, after, every
from tests.support.office import LANES, Office


@pytest.fixture
def office(database):
    return Office(database)


def permit(**verify) -> Process:
    p = Process("permit")
    p.start()
    p.user("apply", lane="Pemohon", properties={"stage": "Diisi pemohon", "stage_en": "Being filled in"})
    p.user("verify", lane="Verifikator", **verify)
    p.end()
    p.chain("start", "apply", "verify", "end")
    return p


def reminded() -> Process:
    """A task with a reminder after two days, a giving-up after five, and a due date."""
    p = Process("reminded")
    p.start()
    p.user("verify", lane="Verifikator", due="days(3)")
    p.boundary("reminder", "verify", after('"P2D"'), interrupting=False)
    p.boundary("too_late", "verify", after('"P5D"'))
    p.user("remind", lane="Verifikator")
    p.user("escalated", lane="Verifikator")
    p.end()
    p.end("reminded_end")
    p.end("late_end")
    p.chain("start", "verify", "end")
    p.chain("reminder", "remind", "reminded_end")
    p.chain("too_late", "escalated", "late_end")
    return p


# --- starting --------------------------------------------------------------------------------------------------------


def test_a_started_case_shows_its_first_task_to_its_starter(office):
    office.deploy(permit())
    ani = office.person("Ani")

    case = office.start("permit", ani)

    (task,) = office.tasks(case)
    assert (task.element_id, task.assignee_id, task.role) == ("apply", ani.user_id, None)
    found = office.case(case)
    assert (found.status, found.starter_id, found.title) == ("active", ani.user_id, "Uji")
    assert (found.stage, found.stage_element) == ("Diisi pemohon", "apply")


def test_a_case_number_can_be_read_out_and_tells_nothing_of_other_cases(office):
    office.deploy(permit())

    numbers = {office.case(office.start("permit")).number for _ in range(3)}

    assert len(numbers) == 3
    assert all(len(n) == 14 and n.startswith("2606-") and not set(n[5:]) & set("ILOU") for n in numbers)


def test_a_process_that_is_not_there_cannot_be_started(office):
    with pytest.raises(NotFoundError):
        office.start("nothing")


def test_only_roles_of_the_manifest_may_start(office):
    office.deploy(permit(), toml='[start]\nwho = ["clerk"]\n[roles.clerk]\nid = "Juru"\nen = "Clerk"\n')

    with pytest.raises(MayNotStartError):
        office.start("permit", office.person("Ani"))

    assert office.start("permit", office.person("Cici", "clerk"))


def test_reserved_names_never_become_data(office):
    office.deploy(permit())
    ani = office.person("Ani")

    with pytest.raises(ReservedNameError):
        office.start("permit", ani, data={"case": "x"})

    case = office.start("permit", ani)
    with pytest.raises(ReservedNameError):
        office.complete(case, "apply", ani, parameters={})
    assert office.open(case) == ["apply"]


# --- completing ------------------------------------------------------------------------------------------------------


def test_completing_the_last_task_completes_the_case(office):
    office.deploy(permit())
    ani, budi = office.person("Ani"), office.person("Budi", "verifier")
    case = office.start("permit", ani)

    office.complete(case, "apply", ani, name="Toko")
    office.complete(case, "verify", budi, approved=True)

    found = office.case(case)
    assert (found.status, found.outcome, found.ended_at) == ("completed", "end", office.clock.now())
    assert office.tasks(case) == []
    closed = office.tasks(case, "completed")
    assert [(t.element_id, t.closed_by, t.assignee_id) for t in closed] == [
        ("apply", "user-ani", "user-ani"),
        ("verify", "user-budi", "user-budi"),
    ]


def test_the_case_is_called_what_its_data_say(office):
    office.deploy(permit(), toml='[case]\ntitle = "name"\nbusiness_key = "name + \\"-1\\""\n')
    ani = office.person("Ani")
    case = office.start("permit", ani)

    office.complete(case, "apply", ani, name="Toko Maju")

    found = office.case(case)
    assert (found.title, found.business_key) == ("Toko Maju", "Toko Maju-1")
    assert office.task(case, "verify").case_title == "Toko Maju"


def test_an_open_task_follows_the_case_to_its_instansi_and_its_title(office):
    office.instansi("kupang", "Asia/Makassar")
    lanes = LANES.replace('scope = "any"', 'scope = "instansi"')
    p = Process("both")
    p.start()
    p.parallel("split")
    p.user("choose", lane="Pemohon")
    p.user("look", lane="Verifikator")
    p.parallel("join")
    p.end()
    p.chain("start", "split", "choose", "join", "end")
    p.chain("split", "look", "join")
    rules = '[case]\ntitle = "agency.name"\ninstansi = "agency.id"\n'
    office.deploy(p, lanes=lanes, toml=rules)
    ani = office.person("Ani")
    case = office.start("both", ani)
    assert office.task(case, "look").instansi_id == ""  # nobody's until the case has an instansi

    office.complete(case, "choose", ani, agency={"id": "kupang", "name": "Kota Kupang"})

    look = office.task(case, "look")
    assert (look.instansi_id, look.case_title) == ("kupang", "Kota Kupang")
    assert office.case(case).instansi_id == "kupang"


def test_a_due_date_is_kept_with_its_explanation(office):
    office.deploy(permit(due='working_days_after(today(), 3, at="16:00")'))
    ani = office.person("Ani")
    case = office.start("permit", ani)

    office.complete(case, "apply", ani)

    (deadline,) = office.deadlines(case)
    task = office.task(case, "verify")
    assert (deadline.kind, deadline.due_at, deadline.state) == ("due", task.due_at, "pending")
    assert deadline.explanation["rule"] == "working_days_after"
    office.complete(case, "verify", office.person("Budi", "verifier"))
    assert [d.state for d in office.deadlines(case)] == ["done"]


# --- time ------------------------------------------------------------------------------------------------------------


def test_a_timer_fires_once_when_it_is_due_and_not_before(office):
    office.deploy(reminded())
    case = office.start("reminded")
    reminder = next(d for d in office.deadlines(case) if d.element_id == "reminder")

    assert office.runner.fire(reminder.id) is False
    office.wait(days=2)
    assert office.runner.fire(reminder.id) is True
    assert office.runner.fire(reminder.id) is False

    assert office.open(case) == ["remind", "verify"]
    states = {d.element_id: d.state for d in office.deadlines(case, kind="timer")}
    assert states == {"reminder": "fired", "too_late": "pending"}


def test_completing_a_task_takes_its_timers_and_its_due_date_away(office):
    office.deploy(reminded())
    case = office.start("reminded")

    office.complete(case, "verify", office.person("Budi", "verifier"))

    states = {d.element_id: d.state for d in office.deadlines(case)}
    assert states == {"verify": "done", "reminder": "cancelled", "too_late": "cancelled"}


def test_an_interrupting_timer_takes_the_task_and_its_due_date_away(office):
    office.deploy(reminded())
    case = office.start("reminded")
    office.wait(days=6)

    office.tick()

    assert office.open(case) == ["escalated", "remind"]
    assert [t.element_id for t in office.tasks(case, "cancelled")] == ["verify"]
    due = next(d for d in office.deadlines(case) if d.kind == "due")
    assert due.state == "cancelled"


def test_a_cycle_waits_for_its_next_round(office):
    p = Process("cycle")
    p.start()
    p.user("work", lane="Verifikator")
    p.boundary("nudge", "work", every('"R/P1D"'), interrupting=False)
    p.script("count", "nudges = default(nudges, 0) + 1")
    p.end()
    p.end("counted")
    p.chain("start", "work", "end")
    p.chain("nudge", "count", "counted")
    office.deploy(p)
    case = office.start("cycle")
    (first,) = office.deadlines(case)

    office.wait(days=1)
    office.tick()

    (second,) = office.deadlines(case)
    assert (second.id, second.state) == (first.id, "pending")
    assert (second.due_at - first.due_at).days == 1
    assert second.fired_at == office.clock.now()


# --- the case as a whole ---------------------------------------------------------------------------------------------


def test_a_suspended_case_is_frozen(office):
    office.deploy(reminded())
    budi = office.person("Budi", "verifier")
    case = office.start("reminded")
    task = office.task(case, "verify")

    office.runner.suspend(case, budi, "audit")

    assert office.open(case) == []
    assert {d.state for d in office.deadlines(case)} == {"suspended"}
    with pytest.raises(InstanceNotActiveError):
        office.runner.complete(task.id, budi, {})
    with pytest.raises(InstanceNotActiveError):
        office.runner.claim(task.id, budi)
    with pytest.raises(InstanceNotActiveError):
        office.runner.suspend(case, budi)


def test_what_came_due_during_a_suspension_fires_after_it(office):
    office.deploy(reminded())
    budi = office.person("Budi", "verifier")
    case = office.start("reminded")
    office.runner.suspend(case, budi, "audit")
    office.wait(days=3)
    office.tick()
    assert office.open(case) == []

    office.runner.resume(case, budi)
    assert office.open(case) == ["verify"]
    office.tick()

    assert office.open(case) == ["remind", "verify"]
    assert office.woken == 1


def test_a_cancelled_case_leaves_nothing_open(office):
    office.deploy(reminded())
    budi = office.person("Budi", "verifier")
    case = office.start("reminded")
    task = office.task(case, "verify")

    office.runner.cancel(case, budi, "withdrawn")

    found = office.case(case)
    assert (found.status, found.outcome, found.ended_at) == ("cancelled", None, office.clock.now())
    assert {t.state for t in office.tasks(case, "cancelled")} == {"cancelled"}
    assert {d.state for d in office.deadlines(case)} == {"cancelled"}
    for refused in (lambda: office.runner.cancel(case, budi, ""), lambda: office.runner.resume(case, budi)):
        with pytest.raises(InstanceNotActiveError):
            refused()
    assert office.runner.fire(office.deadlines(case, kind="timer")[0].id) is False
    assert task.id == office.tasks(case, "cancelled")[0].id


def test_a_suspended_case_can_be_cancelled(office):
    office.deploy(reminded())
    budi = office.person("Budi", "verifier")
    case = office.start("reminded")
    office.runner.suspend(case, budi)

    office.runner.cancel(case, budi, "withdrawn")

    assert {t.state for t in office.tasks(case, "cancelled")} == {"cancelled"}
    assert {d.state for d in office.deadlines(case)} == {"cancelled"}


def test_another_version_leaves_running_cases_on_theirs(office):
    first = office.deploy(permit())
    ani = office.person("Ani")
    old = office.start("permit", ani)
    changed = permit()
    changed.nodes[1].attributes = changed.nodes[1].attributes.replace('name="apply"', 'name="Isi formulir"')
    second = office.deploy(changed)

    new = office.start("permit", ani)

    assert (office.case(old).version_id, office.case(new).version_id) == (first, second)
    assert office.task(new, "apply").name == "Isi formulir"
    office.complete(old, "apply", ani)
    assert office.case(office.start("permit", ani, version_id=first)).version_id == first
