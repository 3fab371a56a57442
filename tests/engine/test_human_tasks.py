"""Who may do a task, taking and giving it back, and that nothing typed is ever lost."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import sqlite

from engine.actors import Actor, Grant
from engine.acts.errors import TaskWithdrawnError
from engine.authorisation import (
    FourEyesError,
    MayNotAssignError,
    NoGroupError,
    NotCandidateError,
    RoleLapsedError,
    candidates,
    listed,
    may_see_instance,
    mine,
    visible,
)
from engine.errors import (
    InvalidDataError,
    NotFoundError,
    StaleTaskError,
    TaskClosedError,
    TaskTakenError,
)
from engine.human_tasks import draft_of, forget_drafts
from engine.people import add_membership, disable, end_membership
from models import Instance, Membership, TaskDraft, UserTask
from tests.support.bpmn import Process, after
from tests.support.office import Office

FORM = b"""{"type": "default", "id": "verify", "components": [
  {"type": "textfield", "key": "note", "label": "Catatan", "validate": {"required": true, "maxLength": 20}},
  {"type": "number", "key": "score", "label": "Nilai", "validate": {"required": true, "min": 0, "max": 100}}
]}"""


@pytest.fixture
def office(database):
    return Office(database)


def permit(**verify) -> Process:
    p = Process("permit")
    p.start()
    p.user("apply", lane="Pemohon")
    p.user("verify", lane="Verifikator", **verify)
    p.end()
    p.chain("start", "apply", "verify", "end")
    return p


@pytest.fixture
def desk(office):
    """A case that waits for a verifier, with Ani who applied and two verifiers."""
    office.deploy(permit())
    ani, budi, cici = (
        office.person("Ani", "verifier"),
        office.person("Budi", "verifier"),
        office.person("Cici", "verifier"),
    )
    case = office.start("permit", ani)
    office.complete(case, "apply", ani)
    return office, case, ani, budi, cici


def draft(office, task, actor):
    with office.database.read() as unit:
        found = draft_of(unit, task.id, actor.user_id)
    return None if found is None else found.data


# --- authority -------------------------------------------------------------------------------------------------------


def test_who_proposes_never_verifies(desk):
    office, case, ani, *_ = desk

    with pytest.raises(FourEyesError):
        office.complete(case, "verify", ani)
    with pytest.raises(FourEyesError):
        office.runner.claim(office.task(case, "verify").id, ani)


def test_who_has_the_role_elsewhere_is_refused_and_a_stranger_finds_nothing(desk):
    office, case, *_ = desk
    task = office.task(case, "verify")

    with pytest.raises(NotFoundError):
        office.runner.complete(task.id, office.person("Dodi"), {"x": 1})
    with pytest.raises(NotFoundError):
        office.runner.claim("0" * 32, office.person("Dodi"))

    assert draft(office, task, office.person("Dodi")) is None


def test_one_who_sees_the_case_is_told_why_not(desk):
    office, case, *_ = desk

    with pytest.raises(NotCandidateError):
        office.runner.complete(office.task(case, "verify").id, office.person("Eka", "owner"), {})


def test_the_role_counts_in_the_cases_instansi_only(office):
    lanes = (
        '[lanes."Pemohon"]\nassign = "starter"\n'
        '[lanes."Verifikator"]\nrole = "verifier"\n[roles.verifier]\nid = "V"\nen = "V"\n'
    )
    for ident in ("kupang", "ambon"):
        office.instansi(ident)
    office.deploy(permit(), lanes=lanes)
    ani = office.person("Ani")
    case = office.start("permit", ani, instansi_id="kupang")
    office.complete(case, "apply", ani)
    there, elsewhere = (
        office.person("Budi", "verifier", instansi="kupang"),
        office.person("Cici", "verifier", instansi="ambon"),
    )

    with pytest.raises(NotFoundError):
        office.complete(case, "verify", elsewhere)

    office.complete(case, "verify", there)
    assert office.case(case).status == "completed"


def test_who_completed_one_step_may_not_do_the_next(office):
    p = Process("twice")
    p.start()
    p.user("first", lane="Verifikator")
    p.user("second", lane="Verifikator", exclude="completer:first")
    p.end()
    p.chain("start", "first", "second", "end")
    office.deploy(p)
    budi, cici = office.person("Budi", "verifier"), office.person("Cici", "verifier")
    case = office.start("twice")
    office.complete(case, "first", budi)

    with pytest.raises(FourEyesError):
        office.complete(case, "second", budi)
    office.complete(case, "second", cici)

    assert office.case(case).completers == {"first": ["user-budi"]}


def test_two_signatures_side_by_side_are_two_people(office):
    """Both tasks are open at once; whoever signs one is kept from the other, even having taken it."""
    p = Process("signed")
    p.start()
    p.parallel("split")
    p.user("first", lane="Verifikator", exclude="completer:second")
    p.user("second", lane="Verifikator", exclude="completer:first")
    p.parallel("join")
    p.end()
    p.chain("start", "split", "first", "join", "end")
    p.chain("split", "second", "join")
    office.deploy(p)
    budi, cici = office.person("Budi", "verifier"), office.person("Cici", "verifier")
    case = office.start("signed")
    office.runner.claim(office.task(case, "second").id, budi)

    office.complete(case, "first", budi)

    assert office.task(case, "second").assignee_id is None
    with pytest.raises(FourEyesError):
        office.complete(case, "second", budi)
    office.complete(case, "second", cici)
    assert office.case(case).status == "completed"


def test_an_element_may_name_its_person(office):
    p = permit(assign="reviewer", exclude="starter")
    office.deploy(p)
    ani, budi = office.person("Ani"), office.person("Budi", "verifier")
    case = office.start("permit", ani)

    office.complete(case, "apply", ani, reviewer=budi.user_id)

    assert office.task(case, "verify").assignee_id == budi.user_id
    with pytest.raises(TaskTakenError):
        office.complete(case, "verify", office.person("Cici", "verifier"))


def test_lists_follow_the_same_rules_as_checks(desk):
    office, case, ani, budi, cici = desk
    office.runner.claim(office.task(case, "verify").id, cici)
    dodi, eka = office.person("Dodi"), office.person("Eka", "owner")
    auditor = office.person("Fani", "auditor")  # reads cases in the audit alone

    def found(condition, model=UserTask):
        with office.database.read() as unit:
            return [row.id for row in unit.session.scalars(select(model).where(condition))]

    task = office.task(case, "verify")
    assert found(mine(cici)) == [task.id]
    assert found(candidates(budi)) == found(candidates(ani)) == found(mine(budi)) == []
    office.runner.release(task.id, cici)
    assert found(candidates(budi)) == found(candidates(cici)) == [task.id]
    assert found(candidates(ani)) == found(candidates(dodi)) == []
    for person, sees in ((ani, True), (budi, True), (eka, True), (dodi, False), (auditor, False)):
        assert (found(visible(person), Instance) == [case]) is sees
        assert (found(listed(person), Instance) == [case]) is sees
        with office.database.read() as unit:
            assert may_see_instance(unit, person, office.case(case)) is sees


def test_a_list_goes_by_indexes_from_what_is_a_persons_own_to_the_cases(sqlite_database):
    ani = Actor("ani", "Ani", (Grant("verifier", "x"), Grant("owner", "y")))
    query = select(Instance.id).where(listed(ani)).order_by(Instance.started_at.desc(), Instance.id.desc()).limit(26)
    text = str(query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
    with sqlite_database.read() as unit:
        plan = [row[-1] for row in unit.connection.exec_driver_sql("EXPLAIN QUERY PLAN " + text)]
    assert [step for step in plan if step.startswith("SCAN ") and "INDEX" not in step] == []


@pytest.mark.parametrize("lapsed", [(), (Grant("bendahara"),)])
def test_what_an_office_opens_ends_with_it(desk, lapsed):
    """Budi took one task and completed another as a verifier; the next day he is none."""
    office, case, ani, budi, _ = desk
    done = office.start("permit", ani)
    office.complete(done, "apply", ani)
    office.complete(done, "verify", budi)
    task = office.task(case, "verify")
    office.runner.claim(task.id, budi)
    former = replace(budi, grants=lapsed)

    with office.database.read() as unit:
        assert not may_see_instance(unit, former, office.case(done))
        assert not may_see_instance(unit, former, office.case(case))
        assert list(unit.session.scalars(select(Instance).where(listed(former)))) == []
        assert len(list(unit.session.scalars(select(Instance).where(listed(budi))))) == 2
    for act in (
        lambda: office.runner.complete(task.id, former, {}),
        lambda: office.runner.release(task.id, former),
        lambda: office.runner.save_draft(task.id, former, {}),
    ):
        with pytest.raises(NotFoundError):
            act()
    with pytest.raises(RoleLapsedError):
        office.runner.assign(task.id, former, ani.user_id)
    assert office.task(case, "verify").assignee_id == budi.user_id


@pytest.mark.parametrize("how", ["the last day is over", "ended by hand", "account closed"])
def test_what_a_former_officer_holds_goes_back_to_the_group(desk, how):
    office, case, _, budi, cici = desk
    now = office.clock.now()
    with office.database.write() as unit:
        for person in (budi, cici):
            add_membership(
                unit, user_id=person.user_id, role="verifier", instansi_id=None, now=now,
                valid_from=now.date(), valid_until=now.date() if person is budi else None, source_key=person.user_id,
            )  # fmt: skip
    task = office.task(case, "verify")
    office.runner.claim(task.id, budi)
    assert office.runner.release_lapsed() == 0

    with office.database.write() as unit:
        if how == "ended by hand":
            held = unit.session.scalars(select(Membership).where(Membership.user_id == budi.user_id)).one()
            end_membership(unit, held.id, by=cici, reason="Mutasi", now=now)
        elif how == "account closed":
            disable(unit, budi.user_id, by=cici, reason="Mutasi", now=now)
    later = now + timedelta(days=1) if how.startswith("the last") else now
    assert office.runner.release_lapsed(now=later) == 1
    assert office.runner.release_lapsed(now=later) == 0

    assert office.task(case, "verify").assignee_id is None
    assert office.kinds(case)[-1] == "task:released"
    office.complete(case, "verify", cici)


# --- claiming, releasing, assigning ----------------------------------------------------------------------------------


def test_a_claimed_task_is_one_persons(desk):
    office, case, _, budi, cici = desk
    task = office.task(case, "verify")

    assert office.runner.claim(task.id, budi, task.version) == 2
    assert office.runner.claim(task.id, budi) == 2

    with pytest.raises(TaskTakenError) as told:
        office.runner.claim(task.id, cici)
    assert told.value.context["who"] == "Budi"
    with pytest.raises(TaskTakenError):
        office.runner.complete(task.id, cici, {"typed": "long"})
    assert draft(office, task, cici) == {"typed": "long"}
    assert office.kinds(case).count("task:claimed") == 1


def test_a_released_task_goes_back_to_its_group(desk):
    office, case, _, budi, cici = desk
    task = office.task(case, "verify")
    office.runner.claim(task.id, budi)

    assert office.runner.release(task.id, budi) == 3

    assert office.task(case, "verify").assignee_id is None
    office.complete(case, "verify", cici)


def test_a_task_of_one_person_has_no_group_to_go_back_to(office):
    office.deploy(permit())
    ani = office.person("Ani")
    case = office.start("permit", ani)

    with pytest.raises(NoGroupError):
        office.runner.release(office.task(case, "apply").id, ani)


def test_a_task_is_handed_over_by_who_has_it_to_who_may_take_it(desk):
    office, case, ani, budi, cici = desk
    task = office.task(case, "verify")
    office.runner.claim(task.id, budi)
    with office.database.write() as unit:
        for person in (ani, cici):
            unit.session.add(
                Membership(id=f"m-{person.user_id}", user_id=person.user_id, role="verifier",
                           valid_from=office.clock.now().date(), created_at=office.clock.now())
            )  # fmt: skip

    with pytest.raises(MayNotAssignError):
        office.runner.assign(task.id, cici, cici.user_id)
    with pytest.raises(FourEyesError):
        office.runner.assign(task.id, budi, ani.user_id)
    office.runner.assign(task.id, budi, cici.user_id)

    assert office.task(case, "verify").assignee_id == cici.user_id
    assert "task:assigned" in office.kinds(case)


def test_a_form_that_was_opened_before_the_task_changed_hands_is_stale(desk):
    office, case, _, budi, _ = desk
    task = office.task(case, "verify")
    office.runner.claim(task.id, budi)
    office.runner.release(task.id, budi)

    with pytest.raises(StaleTaskError):
        office.runner.complete(task.id, budi, {"typed": 1}, task.version)

    assert draft(office, task, budi) == {"typed": 1}


# --- submitting once -------------------------------------------------------------------------------------------------


def test_the_same_submit_twice_counts_once(desk):
    office, case, _, budi, _ = desk
    task = office.task(case, "verify")
    office.runner.complete(task.id, budi, {"ok": True}, task.version)
    office.wait(minutes=5)

    with pytest.raises(TaskClosedError) as told:
        office.runner.complete(task.id, budi, {"ok": False}, task.version)

    assert told.value.context["who"] == "Budi"
    assert told.value.message("id") == (
        "Tugas ini sudah diselesaikan oleh Budi pada Senin, 1 Juni 2026 pukul 09.00 WIB. Isian Anda tetap disimpan."
    )
    assert "Monday, 1 June 2026 at 09:00 WIB" in told.value.message("en")
    assert draft(office, task, budi) == {"ok": False}
    assert office.kinds(case).count("task:completed") == 2  # apply and verify


def test_of_two_people_at_once_one_is_first_and_the_other_keeps_what_was_typed(desk):
    office, case, _, budi, cici = desk
    task = office.task(case, "verify")
    barrier, outcomes = threading.Barrier(2), {}

    def submit(person):
        barrier.wait()
        try:
            office.runner.complete(task.id, person, {"by": person.name}, task.version)
            outcomes[person.name] = "first"
        except TaskClosedError as told:
            outcomes[person.name] = told.context["who"]

    threads = [threading.Thread(target=submit, args=(p,)) for p in (budi, cici)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    first, second = (budi, cici) if outcomes["Budi"] == "first" else (cici, budi)
    assert outcomes == {first.name: "first", second.name: first.name}
    assert draft(office, task, second) == {"by": second.name}
    assert office.kinds(case).count("task:completed") == 2
    assert office.case(case).status == "completed"


def test_a_task_the_diagram_took_away_says_so(office):
    p = permit()
    p.boundary("late", "verify", after('"P1D"'))
    p.user("other", lane="Verifikator")
    p.end("late_end")
    p.chain("late", "other", "late_end")
    office.deploy(p)
    ani, budi = office.person("Ani"), office.person("Budi", "verifier")
    case = office.start("permit", ani)
    office.complete(case, "apply", ani)
    task = office.task(case, "verify")
    office.wait(days=2)
    office.tick()

    with pytest.raises(TaskWithdrawnError):
        office.runner.complete(task.id, budi, {"typed": 1})

    assert draft(office, task, budi) == {"typed": 1}


def test_only_what_the_form_asks_for_reaches_the_case(office):
    office.deploy(permit(form="verify"), files={"forms/verify.json": FORM})
    ani, budi = office.person("Ani"), office.person("Budi", "verifier")
    case = office.start("permit", ani)
    office.complete(case, "apply", ani)
    task = office.task(case, "verify")

    with pytest.raises(InvalidDataError) as refused:
        office.runner.complete(task.id, budi, {"note": "x" * 30, "score": "101"})
    assert set(refused.value.faults) == {"note", "score"}
    assert draft(office, task, budi) == {"note": "x" * 30, "score": "101"}

    office.runner.complete(task.id, budi, {"note": "baik", "score": "88", "approved_by_magic": True})
    assert office.case(case).status == "completed"


# --- drafts ----------------------------------------------------------------------------------------------------------


def test_two_people_typing_in_one_task_each_keep_their_own_draft(desk):
    office, case, ani, budi, cici = desk
    task = office.task(case, "verify")

    office.runner.save_draft(task.id, budi, {"note": "b"})
    office.runner.save_draft(task.id, cici, {"note": "c"})
    at = office.runner.save_draft(task.id, budi, {"note": "b2"})

    assert at == office.clock.now()
    assert (draft(office, task, budi), draft(office, task, cici)) == ({"note": "b2"}, {"note": "c"})
    with pytest.raises(FourEyesError):
        office.runner.save_draft(task.id, ani, {"note": "a"})
    with pytest.raises(NotFoundError):
        office.runner.save_draft(task.id, office.person("Dodi"), {})


def test_drafts_of_what_was_submitted_and_very_old_ones_are_forgotten(desk):
    office, case, _, budi, cici = desk
    task = office.task(case, "verify")
    office.runner.save_draft(task.id, budi, {"note": "b"})
    office.runner.save_draft(task.id, cici, {"note": "c"})
    office.complete(case, "verify", budi)

    def forget():
        with office.database.write() as unit:
            return forget_drafts(unit, office.clock.now())

    assert forget() == 1
    assert [d.user_id for d in office.rows(TaskDraft)] == [cici.user_id]
    office.wait(days=100)
    assert forget() == 1
