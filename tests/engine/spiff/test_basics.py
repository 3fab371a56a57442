"""User, manual, script tasks and exclusive, parallel, inclusive gateways, each act loaded and saved."""

import pytest

from engine.errors import ConflictError
from engine.spiff import Session
from engine.spiff.faults import ElementError, NotWaitingError
from engine.store import load, locked, save
from tests.support.bpmn import Process
from tests.support.cases import Case, parsed
from tests.support.databases import counting


def _line():
    p = Process("line", name="Garis")
    p.start(), p.user("a", form="a", lane="Verifikator", stage="Diperiksa"), p.script("s", "n = n + 1")
    p.manual("b"), p.end()
    p.chain("start", "a", "s", "b", "end")
    return p


def test_tasks_open_close_and_take_flows(database):
    case = Case(database, parsed(_line()))
    case.start(n=1)
    (task,) = case.delta.opened
    assert (task.element_id, task.type, task.lane) == ("a", "userTask", "Verifikator")
    assert task.properties == {"form": "a", "stage": "Diperiksa"}
    assert task.data == {"n": 1}
    assert case.delta.stage == "a"
    case.complete("a", note="baik")
    assert case.open == ["b"]
    assert [(s.element_id, s.flows) for s in case.delta.steps] == [("a", ("line_f2",)), ("s", ("line_f3",))]
    case.complete("b")
    assert case.delta.completed
    assert case.delta.outcome == "end"
    assert case.data() == {"n": 2, "note": "baik"}
    assert case.replayed() == case.digests


def test_elements_and_flows_are_told_as_drawn():
    specs = parsed(_line())
    assert specs.process_name == "Garis"
    assert specs.elements["a"].lane == "Verifikator"
    assert specs.elements["s"].type == "scriptTask"
    assert specs.flows["line_f1"].source == "start"
    assert specs.started_by_message is None


@pytest.mark.parametrize(("amount", "taken"), [(5, "small"), (50, "large"), (500, "huge")])
def test_exclusive_gateway_takes_the_first_condition_that_holds(database, amount, taken):
    p = Process("choice")
    p.start(), p.exclusive("x"), p.user("small"), p.user("large"), p.user("huge"), p.end()
    p.flow("start", "x"), p.flow("x", "large", "10 < amount and amount < 100"), p.flow("x", "small", "amount <= 10")
    p.flow("x", "huge", default=True)
    for name in ("small", "large", "huge"):
        p.flow(name, "end")
    case = Case(database, parsed(p))
    case.start(amount=amount)
    assert case.open == [taken]


def test_parallel_branches_wait_for_each_other_and_share_nothing(database):
    p = Process("both")
    p.start(), p.parallel("s"), p.user("a"), p.script("change", "order.lines = [9]"), p.user("b"), p.parallel("j")
    p.user("z"), p.end()
    p.chain("start", "s", "a", "change", "j", "z", "end"), p.chain("s", "b", "j")
    case = Case(database, parsed(p))
    case.start(order={"lines": [1], "who": "x"})
    assert case.open == ["a", "b"]
    case.complete("a", a=1)
    assert case.open == ["b"]
    assert case.session().data(case.task("b").id)["order"]["lines"] == [1]
    case.complete("b", b=1)
    assert case.open == ["z"]
    assert case.data() == {"order": {"lines": [9], "who": "x"}, "a": 1, "b": 1}
    assert case.replayed() == case.digests


def test_inclusive_gateway_takes_every_condition_that_holds(database):
    p = Process("some")
    p.start(), p.inclusive("s"), p.user("a"), p.user("b"), p.user("c"), p.inclusive("j"), p.user("z"), p.end()
    p.flow("start", "s"), p.flow("s", "a", "x > 0"), p.flow("s", "b", "x > 1"), p.flow("s", "c", default=True)
    for name in "abc":
        p.flow(name, "j")
    p.flow("j", "z", default=True), p.flow("z", "end")
    case = Case(database, parsed(p))
    case.start(x=2)
    assert case.open == ["a", "b"]
    case.complete("b")
    assert case.open == ["a"]
    case.complete("a")
    assert case.open == ["z"]
    assert case.replayed() == case.digests


def test_a_closed_task_cannot_be_completed_again(database):
    case = Case(database, parsed(_line()))
    case.start(n=1)
    ident = case.task("a").id
    case.complete("a")
    with pytest.raises(NotWaitingError):
        case.act("complete", ident, {})
    with pytest.raises(NotWaitingError):
        case.act("complete", "nonsense", {})


def test_what_fails_names_its_element_in_both_languages_and_leaves_the_case_as_it_was(database):
    case = Case(database, parsed(_line()))
    case.start(n="text")
    before = case.session().digest()
    with pytest.raises(ElementError) as failed:
        case.complete("a")
    assert failed.value.context["element"] == "s"
    assert "“s”" in failed.value.message("id")
    assert case.session().digest() == before
    assert list(case.session().delta().opened) == []


def test_two_who_loaded_the_same_state_cannot_both_save(database):
    case = Case(database, parsed(_line()))
    case.start(n=1)
    with database.read() as unit:
        stale = load(unit, locked(unit, case.id), case.specs)
    case.complete("a")
    with pytest.raises(ConflictError), database.write() as unit, case._acting():
        stale.complete(case.journal[-1][3], {})
        save(unit, stale, {})


def test_cancelling_closes_everything(database):
    case = Case(database, parsed(_line()))
    case.start(n=1)
    case.act("cancel")
    assert case.delta.completed
    assert [(c.element_id, c.how) for c in case.delta.closed] == [("a", "cancelled")]
    assert case.steps == ["-a"]


def test_an_act_costs_four_statements(database):
    case = Case(database, parsed(_line()))
    case.start(n=1)
    with counting(database) as seen:
        case.complete("a")
    assert len(seen) == 5  # locked, load, UPDATE, DELETE, UPSERT
    assert seen.commits == 1


def test_a_session_that_was_never_started_says_so():
    with pytest.raises(NotWaitingError):
        Session.new(parsed(_line()), "i").complete("0" * 32, {})


def test_a_script_that_assigns_what_was_there_leaves_the_same_state_loaded_or_executed_again(memory):
    p = Process("rounds")
    p.start(), p.parallel("s"), p.user("other"), p.exclusive("m"), p.script("name", "kind = 'reguler'"), p.user("ask")
    p.exclusive("again"), p.end(), p.end("e2"), p.chain("start", "s", "other", "end")
    p.chain("s", "m", "name", "ask", "again"), p.flow("again", "m", "more"), p.flow("again", "e2", default=True)
    case = Case(memory, parsed(p))
    case.start(more=True)
    case.complete("ask")
    case.complete("ask")
    assert case.replayed() == case.digests
