"""Bounds of an act, and a spec set that many cases and threads share."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.errors import BudgetExceededError
from engine.expressions import EvaluationContext
from engine.spiff import Act, Budget, Session, acting, parse
from engine.spiff.changes import baseline_of
from engine.spiff.faults import UnparsableError
from tests.support.bpmn import Process, decision, multi
from tests.support.cases import START, Case, parsed


def test_an_endless_loop_of_automatic_steps_is_refused(memory):
    p = Process("endless")
    p.start(), p.exclusive("m"), p.script("s", "n = n + 1"), p.exclusive("x"), p.end()
    p.chain("start", "m", "s", "x"), p.flow("x", "m", "n > 0"), p.flow("x", "end", default=True)
    with pytest.raises(BudgetExceededError):
        Case(memory, parsed(p)).start(n=1)


def test_a_long_loop_of_automatic_steps_is_done(memory):
    p = Process("long")
    p.start(), p.exclusive("m"), p.parallel("s"), p.script("a", "n = n + 1"), p.script("b", "k = 1"), p.parallel("j")
    p.exclusive("x"), p.user("u"), p.end()
    p.chain("start", "m", "s", "a", "j", "x"), p.chain("s", "b", "j"), p.flow("x", "m", "n < 60")
    p.flow("x", "u", default=True), p.flow("u", "end")
    case = Case(memory, parsed(p))
    case.start(n=0)
    assert case.task("u").data["n"] == 60
    assert sum(step.element_id == "j" for step in case.delta.steps) == 60
    assert case.replayed() == case.digests


def test_a_process_that_calls_itself_for_ever_is_refused(memory):
    p = Process("mirror")
    p.start(), p.call("c", "mirror"), p.end(), p.chain("start", "c", "end")
    with pytest.raises(BudgetExceededError):
        Case(memory, parsed(p)).start()


def test_too_many_items_are_refused(memory):
    p = Process("many")
    p.start(), p.end(), p.user("w", repeat=multi(cardinality="n")), p.chain("start", "w", "end")
    with pytest.raises(BudgetExceededError):
        Case(memory, parsed(p)).start(n=Budget().tasks + 1)


def _everything():
    inner = Process("sub")
    inner.start("ss"), inner.user("su"), inner.end("se"), inner.chain("ss", "su", "se")
    p = Process("shared")
    (
        p.start(),
        p.rule("r", "d"),
        p.parallel("s"),
        p.user("w", repeat=multi(cardinality=2)),
        p.add(inner),
        p.parallel("j"),
    )
    p.inclusive("i"), p.user("a"), p.user("b"), p.inclusive("k"), p.script("last", "n = n + 1"), p.end()
    p.chain("start", "r", "s", "w", "j", "i"), p.chain("s", "sub", "j"), p.flow("i", "a", "n > 0")
    p.flow("i", "b", default=True), p.flow("a", "k"), p.flow("b", "k"), p.flow("k", "last", default=True)
    p.flow("last", "end")
    return p.files(decisions=[decision("d", ["n"], ["level"], [(["-"], ["'x'"])])])


def _run(specs, name):
    session = Session.new(specs, name)
    digests = []
    for number in range(1, 20):
        with acting(Act(name, number, START, EvaluationContext(START))):
            if number == 1:
                session.start({"n": 1})
            else:
                tasks = baseline_of(session.workflow).tasks
                if not tasks:
                    break
                session.complete(min(tasks), {})
        session = Session.restored(specs, name, session.take_snapshot())
        digests.append(session.digest())
    assert session.completed
    return digests


def _wiring(specs):
    """What a run could change of a shared spec: who follows whom, and who listens."""
    return [
        (task_spec.name, [*task_spec._inputs], [*task_spec._outputs], task_spec.completed_event.n_subscribers())
        for spec in (specs.spec, *specs.subprocess_specs.values())
        for task_spec in spec.task_specs.values()
    ]


def test_cases_leave_the_shared_specs_as_they_were():
    specs = parse(_everything(), "shared")
    before = _wiring(specs)
    _run(specs, "one")
    assert _wiring(specs) == before


def test_threads_share_one_spec_set():
    specs = parse(_everything(), "shared")
    alone = {f"case{n}": _run(specs, f"case{n}") for n in range(8)}
    barrier = threading.Barrier(8)

    def together(name):
        barrier.wait()
        return _run(specs, name)

    with ThreadPoolExecutor(8) as pool:
        assert dict(zip(alone, pool.map(together, alone), strict=True)) == alone


@pytest.mark.parametrize("body", [b"<not xml", b"<a/>", b""])
def test_what_cannot_be_parsed_says_so(body):
    with pytest.raises(UnparsableError):
        parse({"process.bpmn": body}, "p")


def test_an_unknown_main_process_or_decision_says_so():
    with pytest.raises(UnparsableError):
        parse(Process("p").files(), "other")
    p = Process("p")
    p.start(), p.rule("r", "missing"), p.end(), p.chain("start", "r", "end")
    with pytest.raises(UnparsableError):
        parsed(p)
