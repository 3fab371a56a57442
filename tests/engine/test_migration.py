"""Moving running cases to another version: one recorded act each, that a replay repeats and a refusal leaves undone."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.acts.errors import OtherProcessError
from engine.calendar import seed_calendar
from engine.definitions import Definitions
from engine.errors import ExecutionError, InstanceNotActiveError, NotFoundError, TaskTakenError
from engine.history.journal import PAYLOADS
from engine.human_tasks import draft_of
from engine.proof import check_case
from engine.spiff import CannotMoveError
from engine.spiff.values import decode, encode
from models import Instance
from tests.support.bpmn import Process, after, multi
from tests.support.office import LANES, START, Office
from tests.support.rich import deploy_rich, play_to_the_end, play_to_the_middle, rich

DUE = 'working_days_after(today(), {}, at="16:00")'


@pytest.fixture
def office(database):
    office = Office(database)
    with database.write() as unit:
        seed_calendar(unit, office.clock.now())
    return office


@pytest.fixture
def owner(office):
    return office.person("Indah", "owner")


def permit(*tasks: str, due: str = DUE.format(3), events=(), key: str = "permit", **properties) -> Process:
    """Applied for by the starter, then one officer's task after the other; `check` has a due date."""
    p = Process(key)
    p.start()
    p.user("apply", lane="Pemohon", stage="Diajukan")
    for task in tasks:
        more = {"due": due} if task.startswith("check") and due else {}
        p.user(task, lane="Verifikator", name=task.title(), **more, **properties.get(task, {}))
    p.end()
    p.chain("start", "apply", *tasks, "end")
    for ident, event, *ends in events:
        p.boundary(ident, tasks[0], event, interrupting=bool(ends))
        p.end(f"end_{ident}"), p.chain(ident, f"end_{ident}")
    return p


def applied(office, process: Process | None = None, **data) -> str:
    """A case whose application is in: `check` is open."""
    office.deploy(process or permit("check", "sign"))
    ani = office.person("Ani")
    case = office.start("permit", ani)
    office.complete(case, "apply", ani, **data)
    return case


def found(office, case):
    """What verification and a replay by a new process say against it."""
    with office.database.read() as unit:
        return [f.text.en for f in check_case(unit, Definitions(office.database), case, replay=True)]


def finish(office, case, *roles: str) -> None:
    budi = office.person("Budi", "verifier", *roles)
    while tasks := office.tasks(case):
        office.runner.complete(tasks[0].id, budi, {})
    assert office.case(case).status == "completed"
    assert found(office, case) == []


# --- the act ---------------------------------------------------------------------------------------------------------


def test_a_move_is_a_recorded_act_that_a_replay_repeats(office, owner):
    case = applied(office, goods="kertas")
    before = office.case(case).version_id
    version = office.deploy(permit("check", "weigh", "sign"))
    task = office.task(case, "check").id

    assert office.runner.migrate(case, version, owner, reason="Permen baru")

    assert office.case(case).version_id == version
    assert office.task(case, "check").id == task
    (move,) = [e for e in office.events(case) if e.kind == "case:migrated"]
    assert (move.actor_id, move.detail["version"], move.detail["from"]) == (owner.user_id, version, before)
    assert "Permen" not in str(move.detail)
    assert found(office, case) == []
    finish(office, case)
    assert "weigh" in [e.element_id for e in office.events(case) if e.kind == "task:completed"]


def test_a_case_that_is_there_already_is_left_alone(office, owner):
    case = applied(office)
    events = len(office.events(case))

    assert not office.runner.migrate(case, office.case(case).version_id, owner, reason="x")

    assert len(office.events(case)) == events


def test_a_case_is_moved_twice_and_back_again(office, owner):
    case = applied(office)
    first = office.case(case).version_id
    second = office.deploy(permit("check_all", "weigh", "sign"))
    third = office.deploy(permit("check_all", "weigh_all", "sign"))
    budi = office.person("Budi", "verifier")

    office.runner.migrate(case, second, owner, mapping={"check": "check_all"}, reason="a")
    office.complete(case, "check_all", budi)
    office.runner.migrate(case, third, owner, mapping={"weigh": "weigh_all"}, reason="b")
    office.runner.migrate(case, first, owner, mapping={"weigh_all": "sign"}, reason="c")

    assert office.open(case) == ["sign"]
    assert found(office, case) == []
    finish(office, case)


def test_what_cannot_move_is_told_in_both_languages_and_stays_as_it_was(office, owner):
    case = applied(office)
    version = office.deploy(permit("inspect", "sign"))
    before = office.case(case)

    with pytest.raises(CannotMoveError) as refused:
        office.runner.migrate(case, version, owner, reason="x")

    assert "“Check” sedang berjalan" in refused.value.message("id")
    assert "“Check” is open" in refused.value.message("en")
    assert office.case(case) == before
    assert found(office, case) == []
    finish(office, case)


def test_what_the_new_version_stumbles_over_leaves_the_case_untouched(office, owner):
    case = applied(office)
    version = office.deploy(permit("check", "sign", events=[("soon", after('missing["wait"]'))]))
    before = office.case(case)

    rehearsed = office.runner.rehearse(case, version, owner)
    with pytest.raises(ExecutionError):
        office.runner.migrate(case, version, owner, reason="x")

    assert [o.code for o in rehearsed.obstacles] == ["failed"]
    assert office.case(case) == before
    assert found(office, case) == []


def test_only_a_running_case_moves_and_only_within_its_process(office, owner):
    case = applied(office)
    version = office.deploy(permit("check", "weigh", "sign"))
    other = office.deploy(permit("check", key="other"))
    office.runner.suspend(case, owner)

    with pytest.raises(InstanceNotActiveError):
        office.runner.migrate(case, version, owner, reason="x")
    assert [o.code for o in office.runner.rehearse(case, version, owner).obstacles] == ["suspended"]
    office.runner.resume(case, owner)
    with pytest.raises(OtherProcessError):
        office.runner.migrate(case, other, owner, reason="x")
    with pytest.raises(NotFoundError):
        office.runner.rehearse("nobody", version, owner)
    office.runner.cancel(case, owner, "x")
    assert [o.code for o in office.runner.rehearse(case, version, owner).obstacles] == ["cancelled"]


def test_a_rehearsal_tells_where_a_case_stands_and_writes_nothing(office, owner):
    case = applied(office)
    version = office.deploy(permit("inspect", "sign"))
    events = len(office.events(case))

    without = office.runner.rehearse(case, version, owner)
    chosen = office.runner.rehearse(case, version, owner, mapping={"check": "inspect"})

    assert (without.standing, [o.choice for o in without.obstacles]) == (("check",), [True])
    assert chosen.obstacles == ()
    assert len(office.events(case)) == events


# --- people's work ---------------------------------------------------------------------------------------------------


def test_what_a_person_typed_stays_and_so_does_the_task_in_their_hands(office, owner):
    case = applied(office)
    budi, cici = office.person("Budi", "verifier"), office.person("Cici", "verifier")
    task = office.task(case, "check")
    office.runner.claim(task.id, budi)
    office.runner.save_draft(task.id, budi, {"note": "setengah jadi"})
    held = office.task(case, "check").version
    version = office.deploy(permit("check_all", "sign"))

    office.runner.migrate(case, version, owner, mapping={"check": "check_all"}, reason="x")

    moved = office.task(case, "check_all")
    assert (moved.id, moved.name, moved.assignee_id, moved.version) == (task.id, "Check_All", budi.user_id, held)
    with office.database.read() as unit:
        assert draft_of(unit, task.id, budi.user_id).data == {"note": "setengah jadi"}
    with pytest.raises(TaskTakenError):
        office.runner.complete(task.id, cici, {})
    office.runner.complete(task.id, budi, {"note": "jadi"}, held)
    assert office.open(case) == ["sign"]
    assert found(office, case) == []


def test_a_task_that_goes_to_another_group_leaves_the_hands_it_was_in(office, owner):
    lanes = LANES.replace(
        "[roles.verifier]", '[lanes."Bendahara"]\nrole = "treasurer"\nscope = "any"\n\n[roles.verifier]'
    )
    lanes += '\n[roles.treasurer]\nid = "Bendahara"\nen = "Treasurer"\n'
    case = applied(office)
    budi = office.person("Budi", "verifier")
    office.runner.claim(office.task(case, "check").id, budi)
    p = Process("permit")
    p.start(), p.user("apply", lane="Pemohon"), p.user("check", lane="Bendahara"), p.end()
    p.chain("start", "apply", "check", "end")
    version = office.deploy(p, lanes=lanes)

    office.runner.migrate(case, version, owner, reason="x")

    task = office.task(case, "check")
    assert (task.role, task.assignee_id, task.lane, task.version) == ("treasurer", None, "Bendahara", 3)
    assert found(office, case) == []
    office.runner.complete(task.id, office.person("Dedi", "treasurer"), {})
    assert found(office, case) == []


def test_a_rule_of_four_eyes_that_comes_later_knows_who_did_what_before(office, owner):
    case = applied(office, permit("check", "sign", "file"))
    budi = office.person("Budi", "verifier")
    office.complete(case, "check", budi)
    office.deploy(permit("checked", "sign", "file"))
    second = office.case(case).version_id
    with_rule = permit("review", "sign", "file", sign={"exclude": "completer:review"}, file={})
    version = office.deploy(with_rule)
    office.runner.migrate(case, version, owner, mapping={"check": "review"}, reason="x")

    assert office.case(case).completers == {"review": [budi.user_id]}
    assert office.task(case, "sign").excluded == sorted([budi.user_id, "user-ani"])
    assert second != version
    assert found(office, case) == []


# --- deadlines -------------------------------------------------------------------------------------------------------


def test_a_deadline_keeps_its_start_and_its_end(office, owner):
    case = applied(office, permit("check", "sign", events=[("remind", after('"P2D"'))]))
    before = {d.kind: d for d in office.deadlines(case, state="pending")}
    office.wait(days=1)
    version = office.deploy(permit("check2", "sign", due=DUE.format(9), events=[("warn", after('"P9D"'))]))

    office.runner.migrate(case, version, owner, mapping={"check": "check2", "remind": "warn"}, reason="x")

    now = {d.kind: d for d in office.deadlines(case, state="pending")}
    for kind, element in (("due", "check2"), ("timer", "warn")):
        assert (now[kind].id, now[kind].due_at, now[kind].element_id) == (before[kind].id, before[kind].due_at, element)
        assert now[kind].explanation == before[kind].explanation
    assert office.task(case, "check2").due_at == datetime(2026, 6, 4, 9, tzinfo=UTC)
    assert found(office, case) == []
    office.wait(days=1, hours=1)
    office.tick()
    assert [e.element_id for e in office.events(case) if e.kind == "deadline:fired"] == ["warn"]
    finish(office, case)


def test_a_task_that_had_no_deadline_gets_the_new_versions_from_now_on(office, owner):
    case = applied(office, permit("check", "sign", due=""))
    office.wait(days=1)
    version = office.deploy(permit("check", "sign", due=DUE.format(3)))

    office.runner.migrate(case, version, owner, reason="x")

    (deadline,) = office.deadlines(case, state="pending")
    assert deadline.due_at == office.task(case, "check").due_at == datetime(2026, 6, 5, 9, tzinfo=UTC)
    assert found(office, case) == []
    finish(office, case)
    assert [d.state for d in office.deadlines(case)] == ["done"]


def test_a_deadline_that_the_new_version_does_not_set_is_kept_until_its_task_is_over(office, owner):
    case = applied(office)
    version = office.deploy(permit("check", "sign", due="", events=[("late", after('"P9D"'), "and ends it")]))

    office.runner.migrate(case, version, owner, reason="x")
    assert office.deadlines(case, kind="due", state="pending")[0].due_at == datetime(2026, 6, 4, 9, tzinfo=UTC)
    office.wait(days=10)
    office.tick()

    assert [d.state for d in office.deadlines(case, kind="due")] == ["cancelled"]
    assert (office.case(case).status, office.case(case).outcome) == ("completed", "end_late")
    assert found(office, case) == []


def test_a_timer_that_is_added_counts_from_the_move_and_one_that_is_gone_fires_no_more(office, owner):
    case = applied(office, permit("check", "sign", events=[("remind", after('"P2D"'))]))
    office.wait(days=1)
    version = office.deploy(permit("check", "sign", events=[("alarm", after('"P2D"'))]))

    office.runner.migrate(case, version, owner, reason="x")

    timers = {d.element_id: (d.state, d.due_at) for d in office.deadlines(case, kind="timer")}
    assert timers == {
        "remind": ("cancelled", START + timedelta(days=2)),
        "alarm": ("pending", START + timedelta(days=3)),
    }
    office.wait(days=9)
    office.tick()
    assert found(office, case) == []
    finish(office, case)


# --- data, repetitions and handlers ----------------------------------------------------------------------------------


def test_items_of_a_repetition_keep_their_own_tasks_and_results(office, owner):
    def judged(*more: str) -> Process:
        p = Process("permit")
        p.start(), p.user("apply", lane="Pemohon")
        p.user(
            "check", lane="Verifikator", due=DUE.format(3), repeat=multi(cardinality=3, results="verdicts", result="ok")
        )
        for task in more:
            p.user(task, lane="Verifikator")
        p.end()
        p.chain("start", "apply", "check", *more, "end")
        return p

    case = applied(office, judged(), goods="kertas")
    budi = office.person("Budi", "verifier")
    office.complete(case, "check", budi, ok=1)
    kept = [(t.id, t.due_at) for t in office.tasks(case)]
    version = office.deploy(judged("sign"))

    office.runner.migrate(case, version, owner, reason="x")

    assert [(t.id, t.due_at) for t in office.tasks(case)] == kept
    for _ in range(2):
        office.complete(case, "check", budi, ok=2)
    assert office.open(case) == ["sign"]
    finish(office, case)


def test_a_rich_case_moves_in_its_middle_and_is_reproduced(office, owner):
    calls = []
    deploy_rich(office, calls)
    case = play_to_the_middle(office)
    changed = rich()
    changed.user("archive", lane="Verifikator")
    changed.flows = [f for f in changed.flows if (f[1], f[2]) != ("join", "end")]
    changed.chain("join", "archive", "end")
    version = office.deploy(changed, toml='[case]\ntitle = "goods"\n')
    called = list(calls)

    office.runner.migrate(case, version, owner, reason="x")
    play_to_the_end(office, case)

    assert (office.open(case), office.case(case).title) == (["archive"], "kertas")
    finish(office, case)
    assert calls == called


@pytest.mark.tampers
def test_a_forged_move_is_found(office, owner):
    case = applied(office)
    first = office.case(case).version_id
    version = office.deploy(permit("check", "weigh", "sign"))
    office.runner.migrate(case, version, owner, reason="x")
    with office.database.write() as unit:
        unit.connection.execute(Instance.__table__.update().values(version_id=first))
    assert any("version_id" in text for text in found(office, case))

    move = next(e for e in office.events(case) if e.kind == "case:migrated")
    with office.database.write() as unit:
        unit.connection.execute(Instance.__table__.update().values(version_id=version))
        where = (PAYLOADS.c.instance_id == case) & (PAYLOADS.c.seq == move.seq)
        body = decode(unit.connection.execute(PAYLOADS.select().where(where)).one().body)
        body["inputs"]["version"] = first
        unit.connection.execute(PAYLOADS.update().where(where).values(body=encode(body)))
    assert found(office, case) != []
