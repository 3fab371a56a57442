"""The story of a case: what its record alone tells is what executing it again finds."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from engine.enacting import re_enact
from engine.history.verify import read_record
from engine.story import Group, Retelling, tell
from engine.story.changes import differences
from engine.story.comparing import parting, walk
from engine.story.tokens import JOINING
from tests.support.bpmn import Process, message, multi
from tests.support.office import Office
from tests.support.rich import deploy_rich, move_twice, play_to_the_end, play_to_the_middle


@pytest.fixture
def office(database):
    return Office(database)


def told(office, case):
    with office.database.read() as unit:
        return tell(unit, office.definitions, case)


def retold(office, case):
    """Every act in a request of its own."""
    with office.database.read() as unit:
        telling = Retelling(unit, office.definitions, case)
    acts = []
    while not telling.finished:
        with office.database.read() as unit:
            acts += [act for act in [next(telling.go_on(unit), None)] if act is not None]
    assert telling.failed is None
    return acts


def resting(story):
    """After each act, the elements with a token, by the story alone; what waits at a join is no work."""
    count, found = {}, {}
    for event in story.events:
        for element, one in [*((e, -1) for e in event.left), *((e, 1) for e in event.entered)]:
            count[element] = count.get(element, 0) + one
        specs = story.phases[event.version].version.specs
        found[event.act] = {e for e, n in count.items() if n and specs.elements[e].type not in JOINING}
        assert all(n >= 0 for n in count.values())
    return found


def executed(office, case):
    with office.database.read() as unit:
        return {
            act.entry.act: set(act.session.live_elements())
            for act in re_enact(unit, office.definitions, read_record(unit, case))
        }


def test_tokens_rest_where_executing_the_record_again_finds_them_across_versions(office):
    deploy_rich(office)
    case = play_to_the_middle(office)
    move_twice(office, case)
    play_to_the_end(office, case)

    story = told(office, case)

    assert resting(story) == executed(office, case)
    assert [phase.version.number for phase in story.phases] == [1, 2, 3]
    moved = [e for e in story.events if e.kind == "case:migrated"]
    assert [(e.group, e.reason, e.version) for e in moved] == [
        (Group.INTERVENTION, "Peraturan baru", 1), (Group.INTERVENTION, "Nama semula", 2),
    ]  # fmt: skip
    due = [limit for limit in story.limits if limit.kind == "due"]
    assert {limit.outcome for limit in due} == {"met"}
    done = next(e for e in story.events if e.kind == "task:completed" and e.element_id == "verify")
    assert (done.role, done.actor_id) == ("verifier", "user-budi")
    assert done.limits[0].used == timedelta(days=1, hours=9)  # 1 June is a holiday


def test_instances_of_one_called_process_are_told_apart(office):
    inner = Process("inner")
    inner.start("begin")
    inner.user("answer", lane="Pemohon")
    inner.end("over")
    inner.chain("begin", "answer", "over")
    outer = Process("outer")
    outer.start()
    outer.call("ask", "inner", repeat=multi(cardinality=2))
    outer.end()
    outer.chain("start", "ask", "end")
    office.deploy(outer, inner)
    case = office.start("outer", office.person("Ani"))
    for _ in range(2):
        office.complete(case, "answer", office.person("Ani"), yes=True)

    story = told(office, case)
    scopes = {n: found for act in retold(office, case) for n, found in act.scopes.items()}

    answered = [e for e in story.events if e.kind == "task:completed"]
    assert [[s.element_id for s in e.scopes] for e in answered] == [["ask"], ["ask"]]
    instances = [scopes[e.n][0] for e in answered]
    assert {one.index for one in instances} == {0, 1}
    assert len({one.token_id for one in instances}) == 2
    assert resting(story) == executed(office, case)


def test_each_act_tells_what_it_changed_and_no_branch_takes_back_what_another_did(office):
    p = Process("both")
    p.start()
    p.parallel("split")
    p.user("left", lane="Pemohon")
    p.user("right", lane="Pemohon")
    p.parallel("join")
    p.user("last", lane="Pemohon")
    p.end()
    p.chain("start", "split", "left", "join", "last", "end")
    p.chain("split", "right", "join")
    office.deploy(p)
    ani = office.person("Ani")
    case = office.start("both", ani, data={"x": 1})
    office.complete(case, "left", ani, x=2, rows=[{"a": 1}, {"a": 2}])
    office.complete(case, "right", ani, y="baru")
    office.complete(case, "last", ani, rows=[{"a": 1}, {"a": 3}])

    changes = [{c.path: c.after for c in act.changes} for act in retold(office, case)]

    assert changes == [{"x": 1}, {"x": 2, "rows[0].a": 1, "rows[1].a": 2}, {"y": "baru"}, {"rows[1].a": 3}]


def test_a_message_leads_to_the_case_that_took_it_and_back(office):
    sender = Process("sender")
    sender.start()
    sender.throw("tell", message("news"))
    sender.end()
    sender.chain("start", "tell", "end")
    taker = Process("taker")
    taker.start("heard", message("news"))
    taker.user("read", lane="Verifikator")
    taker.end()
    taker.chain("heard", "read", "end")
    office.deploy(sender)
    office.deploy(taker)
    said = office.start("sender", office.person("Ani"))
    office.tick()
    (heard,) = [c.id for c in office.rows(type(office.case(said)), definition_key="taker")]

    there = [c.number for e in told(office, said).events if e.kind == "message:sent" for c in e.crossings]
    back = [c.number for e in told(office, heard).events if e.kind == "case:started" for c in e.crossings]

    assert (there, back) == ([office.case(heard).number], [office.case(said).number])


def test_two_cases_part_where_their_ways_do(office):
    p = Process("choice")
    p.start()
    p.user("decide", lane="Pemohon")
    p.exclusive("way")
    p.user("more", lane="Pemohon")
    p.end()
    p.end("refused")
    p.chain("start", "decide", "way")
    p.flow("way", "more", "yes")
    p.flow("way", "refused", default=True)
    p.chain("more", "end")
    office.deploy(p)
    ani = office.person("Ani")
    yes, no = office.start("choice", ani), office.start("choice", ani)
    office.wait(days=1)
    office.complete(yes, "decide", ani, yes=True)
    office.complete(no, "decide", ani, yes=False)

    with office.database.read() as unit:
        left, right = (walk(unit, told(office, case), office.clock.now()) for case in (yes, no))

    assert parting(left, right) == ("way", "more", "refused")
    # a day by the clock, of which the holiday of 1 June counts nothing
    assert (left.stays["decide"].elapsed, left.stays["decide"].working) == (timedelta(days=1), timedelta(hours=9))
    assert left.stays["more"].open


def test_a_destroyed_payload_ends_the_data_with_a_reason(office):
    deploy_rich(office)
    case = play_to_the_middle(office)
    with office.database.read() as unit:
        telling = Retelling(unit, office.definitions, case)
        second = next(e.seq for e in telling.record.events if e.act == 2)
        telling.record.payloads[second] = SimpleNamespace(body=None)
        acts = list(telling.go_on(unit))

    assert [act.act for act in acts] == [1]
    assert telling.finished
    assert "destroyed" in telling.failed.en


def test_a_document_is_one_part_and_a_row_of_a_list_another():
    file = {"id": "1", "filename": "a.pdf", "digest": "d1"}
    before = {"doc": file, "rows": [{"n": 1}], "same": 1}
    after = {"doc": {**file, "digest": "d2"}, "rows": [{"n": 1}, {"n": 2}], "same": 1}

    assert [(c.path, c.after) for c in differences(before, after)] == [
        ("doc", {**file, "digest": "d2"}), ("rows[1].n", 2),
    ]  # fmt: skip
