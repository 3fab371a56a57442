"""Sub-processes, event sub-processes, call activities, multi-instance, loops, services, decisions, data objects."""

from datetime import date
from decimal import Decimal

import pytest

from engine.registry import BusinessError
from engine.spiff.faults import ElementError, UncaughtErrorError
from tests.support.bpmn import (
    Process,
    after,
    condition,
    decision,
    error,
    escalation,
    every,
    loop,
    message,
    multi,
    signal,
    terminate,
)
from tests.support.cases import Case, parsed


def _line(name, *users):
    p = Process(name)
    p.start(f"{name}_s"), p.end(f"{name}_e")
    for user in users:
        p.user(user)
    p.chain(f"{name}_s", *users, f"{name}_e")
    return p


# --- sub-processes and calls -----------------------------------------------------------------------------------------


def test_a_sub_process_in_a_called_process_in_a_sub_process(memory):
    leaf = _line("leaf", "l1", "l2")
    called = Process("called")
    called.start("cs"), called.add(leaf), called.end("ce"), called.chain("cs", "leaf", "ce")
    outer = Process("outer")
    outer.start("os"), outer.call("call", "called"), outer.end("oe"), outer.chain("os", "call", "oe")
    p = Process("main")
    p.start(), p.add(outer), p.user("z"), p.end(), p.chain("start", "outer", "z", "end")
    case = Case(memory, parsed(p, called))
    case.start(x=1)
    assert case.task("l1").scope == ("outer", "call", "leaf")
    case.complete("l1", y=2)
    case.complete("l2")
    assert case.open == ["z"]
    assert case.task("z").data == {"x": 1, "y": 2}
    case.complete("z")
    assert case.delta.completed
    assert case.replayed() == case.digests


def test_a_sub_process_can_be_entered_again_and_again(memory):
    p = Process("again")
    p.start(), p.exclusive("m"), p.add(_line("sub", "u")), p.exclusive("x"), p.end()
    p.chain("start", "m", "sub", "x"), p.flow("x", "m", "more"), p.flow("x", "end", default=True)
    case = Case(memory, parsed(p))
    case.start()
    for n in range(5):
        case.complete("u", more=n < 4, n=n)
    assert case.delta.completed
    assert case.data()["n"] == 4
    assert case.replayed() == case.digests


# --- event sub-processes ---------------------------------------------------------------------------------------------


def _with_event_sub(event, *, interrupting=True):
    p = Process("host")
    p.start(), p.user("u"), p.user("v"), p.end(), p.chain("start", "u", "v", "end")
    inner = Process("es")
    attributes = {"isInterrupting": str(interrupting).lower()}
    inner.start("ess", event, attributes=attributes), inner.user("esu"), inner.end("ese")
    inner.chain("ess", "esu", "ese")
    p.add(inner, event=True)
    return p


_TRIGGERS = {
    "message": (message("M", variable="got"), lambda case: case.act("message", "M", {"k": 1})),
    "signal": (signal("S", variable="got"), lambda case: case.act("signal", "S", {"k": 1})),
    "timer": (after('"PT4H"'), lambda case: case.fire("ess")),
    "condition": (condition("alarm"), lambda case: case.complete("u", alarm=True)),
}


@pytest.mark.parametrize("kind", _TRIGGERS)
@pytest.mark.parametrize("interrupting", [True, False])
def test_an_event_sub_process_begins_when_its_event_comes(memory, kind, interrupting):
    event, trigger = _TRIGGERS[kind]
    case = Case(memory, parsed(_with_event_sub(event, interrupting=interrupting)))
    case.start(alarm=False, n=1)
    assert case.open == ["u"]
    if kind != "condition":
        case.complete("u", n=2)
    trigger(case)
    assert case.open == (["esu"] if interrupting else ["esu", "v"])
    assert case.task("esu").scope == ("es",)
    seen = case.task("esu").data
    assert seen["n"] == (1 if kind == "condition" else 2)  # the data of its scope as they are now
    if kind in ("message", "signal"):
        assert seen["got"] == {"k": 1}
    if not interrupting:
        case.complete("v")
        assert not case.delta.completed
    case.complete("esu")
    assert case.delta.completed
    assert case.delta.outcome == "ese"
    assert case.replayed() == case.digests


@pytest.mark.parametrize("kind", _TRIGGERS)
def test_a_case_does_not_wait_for_an_event_sub_process_nobody_called(memory, kind):
    event, _ = _TRIGGERS[kind]
    case = Case(memory, parsed(_with_event_sub(event)))
    case.start(alarm=False)
    case.complete("u")
    case.complete("v")
    assert case.delta.completed
    assert case.delta.outcome == "end"
    assert case.waiting == []
    assert case.session().waits() == ()
    assert case.replayed() == case.digests


def test_a_non_interrupting_event_sub_process_begins_each_time(memory):
    case = Case(memory, parsed(_with_event_sub(message("M"), interrupting=False)))
    case.start()
    case.act("message", "M", {})
    case.act("message", "M", {})
    assert case.open == ["esu", "esu", "u"]
    case.complete("esu")
    case.act("message", "M", {})
    assert case.open == ["esu", "esu", "u"]
    assert case.replayed() == case.digests


def test_a_repeating_event_sub_process(memory):
    case = Case(memory, parsed(_with_event_sub(every('"R2/PT1H"'), interrupting=False)))
    case.start(n=1)
    case.fire("ess")
    case.complete("u", n=2)
    case.fire("ess")
    assert case.open == ["esu", "esu", "v"]
    assert sorted(t.data["n"] for t in case.tasks.values() if t.element_id == "esu") == [1, 2]
    assert case.waiting == []
    assert case.replayed() == case.digests


def test_a_case_waits_for_what_a_repeating_event_sub_process_has_begun(memory):
    case = Case(memory, parsed(_with_event_sub(every('"R/PT1H"'), interrupting=False)))
    case.start()
    case.fire("ess")
    case.complete("u")
    case.complete("v")
    assert not case.delta.completed
    assert case.open == ["esu"]
    case.complete("esu")
    assert case.delta.completed
    assert case.waiting == []
    assert case.replayed() == case.digests


@pytest.mark.parametrize("throw", [error("E1"), escalation("X1")])
def test_an_event_sub_process_inside_a_sub_process_catches_what_is_thrown_there(memory, throw):
    inner = Process("sub")
    inner.start("ss"), inner.user("su"), inner.end("se", throw), inner.chain("ss", "su", "se")
    handler = Process("es")
    handler.start("ess", throw), handler.user("esu"), handler.end("ese"), handler.chain("ess", "esu", "ese")
    inner.add(handler, event=True)
    p = Process("main")
    p.start(), p.add(inner), p.user("z"), p.end(), p.user("never"), p.end("e2")
    p.boundary("b", "sub", throw), p.chain("start", "sub", "z", "end"), p.chain("b", "never", "e2")
    case = Case(memory, parsed(p))
    case.start()
    case.complete("su", n=1)
    assert case.open == ["esu"]
    assert case.task("esu").data == {"n": 1}
    case.complete("esu")
    assert case.open == ["z"]
    assert case.replayed() == case.digests


def test_an_interrupting_event_sub_process_ends_all_branches_and_what_is_inside_them(memory):
    p = Process("host")
    p.start(), p.parallel("s"), p.user("a"), p.add(_line("sub", "b")), p.call("c", "callee"), p.parallel("j"), p.end()
    p.chain("start", "s", "a", "j", "end"), p.chain("s", "sub", "j"), p.chain("s", "c", "j")
    p.boundary("t", "a", after('"PT1H"'), interrupting=False), p.user("tu"), p.end("te"), p.chain("t", "tu", "te")
    es = Process("es")
    es.start("ess", message("Stop")), es.script("gone", "gone = True"), es.end("ese"), es.chain("ess", "gone", "ese")
    p.add(es, event=True)
    case = Case(memory, parsed(p, _line("callee", "d")))
    case.start()
    assert case.open == ["a", "b", "d"]
    case.act("message", "Stop", {})
    assert case.delta.completed
    assert case.delta.outcome == "ese"
    assert case.open == []
    assert case.waiting == []
    assert {c.how for c in case.delta.closed} == {"cancelled"}
    assert case.replayed() == case.digests


# --- multi-instance and loops ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("sequential", [True, False])
@pytest.mark.parametrize("body", ["user", "sub"])
def test_multi_instance_over_a_list_gathers_its_results_in_order(memory, sequential, body):
    repeat = multi(collection="items", item="item", results="answers", result="answer", sequential=sequential)
    p = Process("mi")
    p.start(), p.end(), p.user("z")
    if body == "user":
        p.user("w", repeat=repeat)
    else:
        inner = Process("w")
        inner.start("ws"), inner.user("wu"), inner.script("calc", "answer = item.n * 10"), inner.end("we")
        inner.chain("ws", "wu", "calc", "we"), p.add(inner, repeat=repeat)
    p.chain("start", "w", "z", "end")
    case = Case(memory, parsed(p))
    case.start(items=[{"n": n} for n in range(3)])
    element = "w" if body == "user" else "wu"
    order = [0, 1, 2] if sequential else [2, 0, 1]
    for index in order:
        assert len(case.open) == (1 if sequential else 3 - order.index(index))
        assert case.task(element, index).data["item"] == {"n": index}
        case.complete(element, index, **({"answer": index * 10} if body == "user" else {}))
    assert case.open == ["z"]
    assert case.task("z").data == {"items": [{"n": 0}, {"n": 1}, {"n": 2}], "answers": [0, 10, 20]}
    assert case.replayed() == case.digests


def test_multi_instance_keeps_what_each_child_wrote_to_other_names(memory):
    p = Process("mi")
    p.start(), p.end(), p.user("w", repeat=multi(collection="items", item="item")), p.user("z")
    p.chain("start", "w", "z", "end")
    case = Case(memory, parsed(p))
    case.start(items=["a", "b"], x=0, y=0)
    case.complete("w", 0, x=1)
    case.complete("w", 1, y=1)
    assert case.task("z").data == {"items": ["a", "b"], "x": 1, "y": 1}


@pytest.mark.parametrize("sequential", [True, False])
def test_multi_instance_in_a_loop_starts_afresh_each_round(memory, sequential):
    repeat = multi(collection="items", item="item", results="out", result="answer", sequential=sequential)
    p = Process("mi")
    p.start(), p.exclusive("m"), p.user("w", repeat=repeat), p.user("again"), p.exclusive("x"), p.end()
    p.chain("start", "m", "w", "again", "x"), p.flow("x", "m", "more"), p.flow("x", "end", default=True)
    case = Case(memory, parsed(p))
    case.start(items=[1, 2])
    for round_ in range(3):
        for index in (0, 1):
            case.complete("w", index, answer=[round_, index])
        assert case.task("again").data["out"] == [[round_, 0], [round_, 1]]
        case.complete("again", more=round_ < 2)
    assert case.delta.completed
    assert case.replayed() == case.digests


@pytest.mark.parametrize("sequential", [True, False])
def test_multi_instance_by_number_until_a_condition_holds(memory, sequential):
    p = Process("mi")
    p.start(), p.end(), p.user("w", repeat=multi(cardinality="n", until="enough", sequential=sequential)), p.user("z")
    p.chain("start", "w", "z", "end")
    case = Case(memory, parsed(p))
    case.start(n=5, enough=False)
    case.complete("w")
    case.complete("w", enough=True)
    assert case.open == ["z"]
    cancelled = [c for c in case.delta.closed if c.how == "cancelled"]
    assert len(cancelled) == (0 if sequential else 3)
    assert case.replayed() == case.digests


@pytest.mark.parametrize("sequential", [True, False])
@pytest.mark.parametrize(
    ("until", "rounds"),
    [
        ("len(votes) >= 2", 2),
        ("count(votes, True) == 2", 3),
        ("numberOfCompletedInstances / numberOfInstances >= 0.5", 2),
        ("name == 'c'", 3),
        ("voted", 1),
    ],
)
def test_a_completion_condition_sees_the_results_the_child_and_the_counts(memory, sequential, until, rounds):
    inner = _line("w", "wu")
    p = Process("mi")
    repeat = multi(collection="people", item="name", results="votes", result="vote", until=until, sequential=sequential)
    p.start(), p.end(), p.add(inner, repeat=repeat), p.user("z"), p.chain("start", "w", "z", "end")
    case = Case(memory, parsed(p))
    case.start(people=["a", "b", "c", "d"], voted=False)
    for number in range(1, rounds + 1):
        assert "z" not in case.open
        case.complete("wu", vote=number != 1, voted=True)
    assert case.open == ["z"]
    assert case.data()["voted"] is False
    assert case.replayed() == case.digests


@pytest.mark.parametrize("sequential", [True, False])
def test_an_item_and_a_result_may_be_called_like_something_the_case_has(memory, sequential):
    p = Process("mi")
    repeat = multi(collection="items", item="item", results="out", result="answer", sequential=sequential)
    p.start(), p.end(), p.add(_line("w", "wu"), repeat=repeat), p.user("z"), p.chain("start", "w", "z", "end")
    case = Case(memory, parsed(p))
    case.start(items=[1, 2], item="mine", answer="mine, too")
    for number in (1, 2):
        task = case.task("wu")
        assert (task.data["item"], task.data["answer"]) == (number, None)
        case.complete("wu", **({"answer": number} if number == 1 else {}))
    assert case.task("z").data == {"items": [1, 2], "item": "mine", "answer": "mine, too", "out": [1, None]}
    assert case.replayed() == case.digests


@pytest.mark.parametrize("sequential", [True, False])
@pytest.mark.parametrize("value", ["abc", None, 3, True])
def test_only_lists_and_records_are_repeated_over(memory, sequential, value):
    p = Process("mi")
    p.start(), p.end(), p.user("go"), p.user("w", repeat=multi(collection="items", item="item", sequential=sequential))
    p.chain("start", "go", "w", "end")
    case = Case(memory, parsed(p))
    case.start()
    with pytest.raises(ElementError, match="items"):
        case.complete("go", items=value)
    assert case.session().open_tasks


@pytest.mark.parametrize("sequential", [True, False])
@pytest.mark.parametrize("value", ["abc", None, -1, 2.5, True, [1]])
def test_only_whole_numbers_are_counted_by(memory, sequential, value):
    p = Process("mi")
    p.start(), p.end(), p.user("go"), p.user("w", repeat=multi(cardinality="n", sequential=sequential))
    p.chain("start", "go", "w", "end")
    case = Case(memory, parsed(p))
    case.start()
    with pytest.raises(ElementError, match="whole number"):
        case.complete("go", n=value)


def test_multi_instance_over_nothing_goes_on(memory):
    p = Process("mi")
    p.start(), p.end(), p.user("w", repeat=multi(collection="items", item="item")), p.user("z")
    p.chain("start", "w", "z", "end")
    case = Case(memory, parsed(p))
    case.start(items=[])
    assert case.open == ["z"]


def test_an_event_on_a_multi_instance_ends_all_its_children(memory):
    inner = _line("w", "wu")
    p = Process("mi")
    p.start(), p.end(), p.add(inner, repeat=multi(cardinality=3)), p.user("late"), p.end("le")
    p.boundary("b", "w", after('"PT1H"')), p.chain("start", "w", "end"), p.chain("b", "late", "le")
    case = Case(memory, parsed(p))
    case.start()
    case.complete("wu")
    case.fire("b")
    assert case.open == ["late"]
    assert len(case.session().workflow.subprocesses) == 0
    assert case.replayed() == case.digests


def test_an_error_in_one_child_is_caught_on_the_multi_instance(memory):
    inner = Process("w")
    inner.start("ws"), inner.user("wu"), inner.exclusive("x"), inner.end("bad", error("E1")), inner.end("we")
    inner.chain("ws", "wu", "x"), inner.flow("x", "bad", "failed"), inner.flow("x", "we", default=True)
    p = Process("mi")
    p.start(), p.end(), p.add(inner, repeat=multi(cardinality=3)), p.user("fix"), p.end("fe")
    p.boundary("b", "w", error("E1")), p.chain("start", "w", "end"), p.chain("b", "fix", "fe")
    case = Case(memory, parsed(p))
    case.start(failed=False)
    case.complete("wu", 1, failed=True)
    assert case.open == ["fix"]
    assert case.replayed() == case.digests


@pytest.mark.parametrize(
    ("repeat", "rounds"),
    [
        (loop("n < 3"), 3),
        (loop("n < 3", test_before=True), 2),
        (loop(maximum=4), 4),
        (loop("n < 9", maximum=2), 2),
    ],
)
def test_a_standard_loop(memory, repeat, rounds):
    p = Process("loop")
    p.start(), p.end(), p.user("w", repeat=repeat), p.user("z"), p.chain("start", "w", "z", "end")
    case = Case(memory, parsed(p))
    case.start(n=1)
    done = 0
    while case.open == ["w"]:
        done += 1
        assert case.task("w").index == done - 1
        case.complete("w", n=done)
    assert case.open == ["z"]
    assert done == (rounds if 'testBefore="true"' not in repeat else 3)
    assert case.replayed() == case.digests


def test_a_loop_whose_condition_is_false_at_once_is_passed(memory):
    p = Process("loop")
    (
        p.start(),
        p.end(),
        p.user("w", repeat=loop("n < 1", test_before=True)),
        p.user("z"),
        p.chain("start", "w", "z", "end"),
    )
    case = Case(memory, parsed(p))
    case.start(n=1)
    assert case.open == ["z"]


# --- services --------------------------------------------------------------------------------------------------------


def _service(*, result="out", catch=None):
    p = Process("svc")
    p.start(), p.service("call", "check", {"nip": "person.nip", "limit": "10"}, result), p.user("z"), p.end()
    p.chain("start", "call", "z", "end")
    if catch is not None:
        p.boundary("b", "call", catch), p.user("fix"), p.end("fe"), p.chain("b", "fix", "fe")
    return p


def test_a_service_answers_at_once(memory):
    case = Case(memory, parsed(_service()))
    case.services = lambda call: {"ok": True, "on": date(2026, 6, 1), "fee": Decimal("1.10")}
    case.start(person={"nip": "1987"})
    (call,) = case.calls
    assert (call.name, call.inputs, call.element_id) == ("check", {"nip": "1987", "limit": 10}, "call")
    assert case.task("z").data["out"] == {"ok": True, "on": date(2026, 6, 1), "fee": Decimal("1.10")}
    assert case.replayed() == case.digests


def test_a_service_without_a_variable_adds_its_outputs_to_the_data(memory):
    case = Case(memory, parsed(_service(result=None)))
    case.services = lambda call: {"ok": True}
    case.start(person={"nip": "1987"})
    assert case.task("z").data == {"person": {"nip": "1987"}, "ok": True}


def test_a_service_answers_later(memory):
    case = Case(memory, parsed(_service()))
    case.start(person={"nip": "1"})
    (token,) = case.pending
    assert case.open == []
    case.act("report_service", token, {"ok": False})
    assert case.task("z").data["out"] == {"ok": False}
    assert case.replayed() == case.digests


@pytest.mark.parametrize("later", [True, False])
@pytest.mark.parametrize("catch", [error("taken"), error(None)])
def test_a_business_error_takes_the_error_event_of_its_task(memory, later, catch):
    case = Case(memory, parsed(_service(catch=catch)))

    def refuse(call):
        raise BusinessError("taken")

    if later:
        case.start(person={"nip": "1"})
        case.act("fail_service", *case.pending, "taken")
    else:
        case.services = refuse
        case.start(person={"nip": "1"})
    assert case.open == ["fix"]
    assert "-call" in case.steps
    assert case.pending == {}
    assert case.replayed() == case.digests


def test_a_business_error_can_be_caught_further_out(memory):
    inner = Process("sub")
    inner.start("ss"), inner.service("call", "check"), inner.end("se"), inner.chain("ss", "call", "se")
    p = Process("main")
    p.start(), p.add(inner), p.end(), p.user("fix"), p.end("fe")
    p.boundary("b", "sub", error("taken", variable="why")), p.chain("start", "sub", "end"), p.chain("b", "fix", "fe")
    case = Case(memory, parsed(p))
    case.start()
    case.act("fail_service", *case.pending, "taken")
    assert case.task("fix").data["why"] == {"code": "taken"}


def test_an_uncaught_business_error_refuses_the_act(memory):
    case = Case(memory, parsed(_service()))
    case.start(person={"nip": "1"})
    with pytest.raises(UncaughtErrorError) as failed:
        case.act("fail_service", *case.pending, "taken")
    assert failed.value.context == {"element": "call", "why": "taken", "error_code": "taken"}


def test_what_a_handler_raises_otherwise_reaches_the_caller_as_it_is(memory):
    class Broken(Exception):
        pass

    def fail(call):
        raise Broken

    case = Case(memory, parsed(_service()))
    case.services = fail
    with pytest.raises(Broken):
        case.start(person={"nip": "1"})


def test_a_pending_service_that_is_interrupted_is_told(memory):
    p = _service()
    p.boundary("b", "call", after('"PT1H"')), p.user("late"), p.end("le"), p.chain("b", "late", "le")
    case = Case(memory, parsed(p))
    case.start(person={"nip": "1"})
    (token,) = case.pending
    case.fire("b")
    assert case.delta.services_cleared == (token,)
    assert case.open == ["late"]


# --- decisions -------------------------------------------------------------------------------------------------------


def _decided(memory, table, **data):
    p = Process("dmn")
    p.start(), p.rule("r", "d"), p.user("z"), p.end(), p.chain("start", "r", "z", "end")
    case = Case(memory, parsed(p, decisions=[table]))
    case.start(**data)
    return {k: v for k, v in case.task("z").data.items() if k not in data}


_RULES = [(["> 100"], ['"high"']), (["[50..100]"], ['"middle"']), (["< 50"], ['"low"'])]
_OVERLAPPING = [(["> 10"], ["1"]), (["> 20"], ["2"]), (["> 30"], ["3"])]


@pytest.mark.parametrize(("amount", "answer"), [(500, "high"), (50, "middle"), (Decimal("49.99"), "low")])
def test_a_unique_decision(memory, amount, answer):
    assert _decided(memory, decision("d", ["amount"], ["level"], _RULES), amount=amount) == {"level": answer}


def test_unique_is_checked(memory):
    with pytest.raises(ElementError) as failed:
        _decided(memory, decision("d", ["amount"], ["level"], _OVERLAPPING), amount=25)
    assert "1, 2" in failed.value.message("en")
    assert failed.value.context["element"] == "r"


@pytest.mark.parametrize(
    ("policy", "aggregation", "answer"),
    [
        ("FIRST", None, 1),
        ("COLLECT", None, [1, 2, 3]),
        ("COLLECT", "SUM", 6),
        ("COLLECT", "MIN", 1),
        ("COLLECT", "MAX", 3),
        ("COLLECT", "COUNT", 3),
    ],
)
def test_hit_policies(memory, policy, aggregation, answer):
    table = decision("d", ["amount"], ["n"], _OVERLAPPING, hit_policy=policy, aggregation=aggregation)
    assert _decided(memory, table, amount=50) == {"n": answer}


def test_any_must_be_of_one_mind(memory):
    same = decision("d", ["a"], ["n"], [(["> 1"], ["7"]), (["> 2"], ["7"])], hit_policy="ANY")
    assert _decided(memory, same, a=5) == {"n": 7}
    other = decision("d", ["a"], ["n"], [(["> 1"], ["7"]), (["> 2"], ["8"])], hit_policy="ANY")
    with pytest.raises(ElementError):
        _decided(memory, other, a=5)


def test_no_rule_leaves_every_output_empty_also_in_a_second_round(memory):
    assert _decided(memory, decision("d", ["amount"], ["level", "who.role"], [(["> 9"], ["1", "2"])]), amount=1) == {
        "level": None,
        "who": {"role": None},
    }


def test_a_field_of_the_data_never_stands_in_for_the_input_of_a_cell(memory):
    p = Process("dmn")
    p.start(), p.user("form"), p.rule("r", "d"), p.user("z"), p.end(), p.chain("start", "form", "r", "z", "end")
    table = decision("d", ["amount"], ["ok"], [(["? < 10"], ["True"]), (["? >= 10"], ["False"])])
    case = Case(memory, parsed(p, decisions=[table]))
    case.start(amount=50)
    case.complete("form", dmninputexpr=1)
    assert case.task("z").data["ok"] is False


# --- data objects ----------------------------------------------------------------------------------------------------


def test_data_objects_are_written_and_read_where_the_diagram_says(memory):
    inner = Process("sub")
    inner.start("ss"), inner.script("read", "seen = dossier.n", reads="dossier"), inner.user("su"), inner.end("se")
    inner.chain("ss", "read", "su", "se")
    p = Process("objects")
    p.data_object("dossier")
    p.start(), p.user("u"), p.script("w", "dossier = {'n': 7}", writes="dossier"), p.exclusive("x"), p.add(inner)
    p.end(), p.end("no"), p.chain("start", "u", "w", "x"), p.flow("x", "sub", "dossier.n == 7")
    p.flow("x", "no", default=True), p.flow("sub", "end")
    case = Case(memory, parsed(p))
    case.start()
    case.complete("u")
    assert case.task("su").data == {"seen": 7}
    assert case.replayed() == case.digests


def test_terminate_in_a_sub_process_ends_only_that(memory):
    inner = Process("sub")
    inner.start("ss"), inner.parallel("sp"), inner.user("a"), inner.user("b"), inner.end("stop", terminate())
    inner.end("se"), inner.chain("ss", "sp", "a", "stop"), inner.chain("sp", "b", "se")
    p = Process("main")
    p.start(), p.add(inner), p.user("z"), p.end(), p.chain("start", "sub", "z", "end")
    case = Case(memory, parsed(p))
    case.start()
    case.complete("a", n=1)
    assert case.open == ["z"]
    assert case.task("z").data == {"n": 1}
    assert case.replayed() == case.digests


def test_lanes_reach_into_sub_processes(memory):
    p = Process("lanes")
    p.start(), p.user("a", lane="Pemohon"), p.add(_line("sub", "su"), lane="Verifikator"), p.end()
    p.chain("start", "a", "sub", "end")
    case = Case(memory, parsed(p))
    case.start()
    assert case.task("a").lane == "Pemohon"
    case.complete("a")
    assert case.task("su").lane == "Verifikator"
