"""Timers, messages, signals, errors, escalations and conditions, in the flow and on activities."""

from datetime import timedelta

import pytest

from engine.spiff.faults import ElementError, NotWaitingError
from tests.support.bpmn import Process, after, at, condition, error, escalation, every, loop, message, signal, terminate
from tests.support.cases import START, Case, parsed


def _with_boundary(event, *, interrupting=True, activity="user"):
    p = Process("bound")
    p.start(), p.end(), p.user("late"), p.user("next"), p.end("late_end")
    if activity == "user":
        p.user("w")
    else:
        inner = Process("w")
        inner.start("ws"), inner.user("wu"), inner.user("wu2"), inner.end("we"), inner.chain("ws", "wu", "wu2", "we")
        p.add(inner)
    p.boundary("b", "w", event, interrupting=interrupting)
    p.chain("start", "w", "next", "end"), p.chain("b", "late", "late_end")
    return p


# --- timers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "due", "kind"),
    [
        (after('"PT3H"'), timedelta(hours=3), "duration"),
        (after("days(2)"), timedelta(days=2), "duration"),
        (at("now() + hours(1)"), timedelta(hours=1), "date"),
        (at('"2026-06-02T09:00:00+07:00"'), timedelta(days=1), "date"),
        (at('"2026-06-02"'), timedelta(hours=15), "date"),  # midnight in Jakarta
        (after('"P1M"'), timedelta(days=30), "duration"),
    ],
)
def test_a_timer_waits_for_its_instant(memory, event, due, kind):
    p = Process("wait")
    p.start(), p.catch("t", event), p.user("u"), p.end(), p.chain("start", "t", "u", "end")
    case = Case(memory, parsed(p))
    case.start()
    (timer,) = case.delta.timers_set
    assert (timer.element_id, timer.due_at, timer.kind) == ("t", START + due, kind)
    case.fire("t")
    assert case.delta.timers_fired == case.delta.timers_cleared == (timer.token_id,)
    assert case.open == ["u"]
    assert case.replayed() == case.digests


def test_a_timer_that_is_due_on_arrival_lets_the_token_pass(memory):
    p = Process("past")
    p.start(), p.catch("t", at('"2026-01-01T00:00:00+00:00"')), p.user("u"), p.end(), p.chain("start", "t", "u", "end")
    case = Case(memory, parsed(p))
    case.start()
    assert case.open == ["u"]
    assert case.delta.timers_set == ()


def test_no_other_act_fires_a_timer_however_late(memory):
    p = Process("two")
    p.start(), p.parallel("s"), p.catch("t", after('"PT1H"')), p.user("u"), p.user("v"), p.user("w"), p.parallel("j")
    p.end(), p.chain("start", "s", "t", "w", "j", "end"), p.chain("s", "u", "v", "j")
    case = Case(memory, parsed(p))
    case.start()
    case.wait(days=9)
    case.complete("u")
    assert case.open == ["v"]
    assert case.waiting == ["t"]


@pytest.mark.parametrize("text", ['"-PT5M"', '"P99999999999M"', '"soon"', '"PT"', "5", "None", '"PT1.5H"'])
def test_what_is_no_duration_is_refused_with_its_element(memory, text):
    p = Process("bad")
    p.start(), p.user("u"), p.catch("t", after(text)), p.end(), p.chain("start", "u", "t", "end")
    case = Case(memory, parsed(p))
    case.start()
    with pytest.raises(ElementError) as failed:
        case.complete("u")
    assert failed.value.context["element"] == "t"


@pytest.mark.parametrize("activity", ["user", "sub"])
def test_an_interrupting_timer_ends_its_activity(memory, activity):
    case = Case(memory, parsed(_with_boundary(after('"PT2H"'), activity=activity)))
    case.start()
    case.fire("b")
    assert case.open == ["late"]
    assert case.waiting == []
    assert "-w" in case.steps or activity == "user"
    case.complete("late")
    assert case.delta.completed
    assert case.delta.outcome == "late_end"
    assert case.replayed() == case.digests


@pytest.mark.parametrize("activity", ["user", "sub"])
def test_a_non_interrupting_timer_leaves_its_activity(memory, activity):
    case = Case(memory, parsed(_with_boundary(after('"PT2H"'), interrupting=False, activity=activity)))
    case.start()
    case.fire("b")
    inside = ["w"] if activity == "user" else ["wu"]
    assert case.open == sorted(["late", *inside])
    case.complete(inside[0])
    if activity == "sub":
        case.complete("wu2")
    case.complete("next")
    assert not case.delta.completed
    case.complete("late")
    assert case.delta.completed
    assert case.replayed() == case.digests


def test_a_timer_ends_with_its_activity(memory):
    case = Case(memory, parsed(_with_boundary(after('"PT2H"'))))
    case.start()
    case.complete("w")
    assert case.waiting == []
    assert case.open == ["next"]


def test_a_cycle_fires_its_rounds_and_then_ends(memory):
    case = Case(memory, parsed(_with_boundary(every('"R3/PT1H"'), interrupting=False)))
    case.start()
    assert case.delta.timers_set[0].due_at == START + timedelta(hours=1)
    case.fire("b")
    assert case.delta.timers_set[0].due_at == START + timedelta(hours=2)
    case.fire("b")
    case.fire("b")
    assert case.waiting == []
    assert case.open == ["late", "late", "late", "w"]
    assert case.replayed() == case.digests


def test_what_a_cycle_has_begun_goes_on_when_its_activity_ends(memory):
    case = Case(memory, parsed(_with_boundary(every('"R/PT1H"'), interrupting=False)))
    case.start()
    case.fire("b")
    case.complete("w")
    assert case.waiting == []
    assert case.open == ["late", "next"]
    case.complete("next")
    case.complete("late")
    assert case.delta.completed
    assert case.replayed() == case.digests


def test_rounds_missed_while_the_machine_was_down_fire_once(memory):
    case = Case(memory, parsed(_with_boundary(every('"R/PT1H"'), interrupting=False)))
    case.start()
    case.wait(hours=10, minutes=1)
    case.fire("b")
    assert case.open == ["late", "w"]
    assert case.delta.timers_set[0].due_at == START + timedelta(hours=11)


def test_a_monthly_cycle_keeps_its_day_of_the_month(memory):
    case = Case(memory, parsed(_with_boundary(every('"R/2026-08-31T09:00:00+07:00/P1M"'), interrupting=False)))
    case.start()
    days = []
    for _ in range(4):
        case.fire("b")
        days.append(case.delta.timers_set[0].due_at.astimezone().strftime("%m-%d"))
    assert days == ["09-30", "10-31", "11-30", "12-31"]


def test_event_gateway_takes_what_comes_first(memory):
    p = Process("first")
    p.start(), p.event_gateway("g"), p.catch("m", message("Jawaban", variable="answer")), p.catch("t", after('"PT5H"'))
    p.catch("t2", after('"PT2H"')), p.user("um"), p.user("ut"), p.user("ut2"), p.exclusive("x"), p.end()
    p.chain("start", "g", "m", "um", "x", "end"), p.chain("g", "t", "ut", "x"), p.chain("g", "t2", "ut2", "x")
    specs = parsed(p)
    case = Case(memory, specs)
    case.start()
    assert case.delta.timers_set[0].due_at == START + timedelta(hours=2)
    case.act("message", "Jawaban", {"text": "ya"})
    assert case.answer == 1
    assert case.open == ["um"]
    assert case.waiting == []
    assert case.data()["answer"] == {"text": "ya"}
    assert case.replayed() == case.digests
    other = Case(memory, specs)
    other.start()
    other.fire("g")
    assert other.open == ["ut2"]


# --- messages and signals --------------------------------------------------------------------------------------------


def test_a_message_is_taken_by_correlation(memory):
    inner = Process("one")
    inner.start("s"), inner.user("before"), inner.end("e")
    inner.receive("r", message("Bayar", variable="paid"), properties={"correlation": "item.id"})
    inner.user("after"), inner.chain("s", "before", "r", "after", "e")
    from tests.support.bpmn import multi  # noqa: PLC0415

    p = Process("many")
    p.start(), p.end(), p.add(inner, repeat=multi(collection="items", item="item")), p.chain("start", "one", "end")
    case = Case(memory, parsed(p))
    case.start(items=[{"id": "A"}, {"id": "B"}])
    case.complete("before", 0)
    case.complete("before", 1)
    assert {w.correlation for w in case.session().waits()} == {"A", "B"}
    case.act("message", "Bayar", {"amount": 5}, "B")
    assert case.answer == 1
    assert case.task("after").index == 1
    case.act("message", "Bayar", {}, "C")
    assert case.answer == 0
    assert case.replayed() == case.digests


def test_a_message_thrown_inside_is_taken_inside_or_goes_out(memory):
    p = Process("talk")
    p.start(), p.parallel("s"), p.user("u"), p.parallel("j"), p.end()
    p.send("ask", message("Tanya", payload="{'n': n}"), properties={"correlation": "n"})
    p.catch("hear", message("Tanya", variable="heard")), p.user("v")
    p.throw("tell", message("Kabar", payload="{'n': n}")), p.chain("start", "s", "u", "ask", "tell", "j", "end")
    p.chain("s", "hear", "v", "j")
    case = Case(memory, parsed(p))
    case.start(n=7)
    case.complete("u")
    assert [(t.kind, t.name, t.payload) for t in case.delta.thrown] == [("message", "Kabar", {"n": 7})]
    assert case.session().data(case.task("v").id)["heard"] == {"n": 7}


def test_a_thrown_message_carries_its_correlation(memory):
    p = Process("out")
    p.start(), p.throw("t", message("Keluar", payload="{'a': 1}"), properties={"correlation": "'K-' + key"}), p.end()
    p.chain("start", "t", "end")
    case = Case(memory, parsed(p))
    case.start(key="9")
    (thrown,) = case.delta.thrown
    assert (thrown.correlation, thrown.element_id) == ("K-9", "t")


def test_a_case_can_start_by_a_message(memory):
    p = Process("called")
    p.start("start", message("Mulai", variable="order")), p.user("u"), p.end(), p.chain("start", "u", "end")
    specs = parsed(p)
    assert specs.started_by_message == "Mulai"
    case = Case(memory, specs)
    case.start()
    assert case.open == []
    case.act("message", "Mulai", {"n": 1})
    assert case.task("u").data == {"order": {"n": 1}}


def test_a_signal_reaches_everybody_inside_and_the_world(memory):
    holiday = signal("Libur", payload="{'d': 1}", variable="got")
    p = Process("sig")
    p.start(), p.parallel("s"), p.user("u"), p.throw("shout", holiday)
    p.catch("a", holiday), p.catch("b", holiday), p.user("ua"), p.user("ub"), p.parallel("j"), p.end()
    p.chain("start", "s", "u", "shout", "j", "end"), p.chain("s", "a", "ua", "j"), p.chain("s", "b", "ub", "j")
    case = Case(memory, parsed(p))
    case.start()
    case.complete("u")
    assert case.open == ["ua", "ub"]
    assert [(t.kind, t.name) for t in case.delta.thrown] == [("signal", "Libur")]
    case2 = Case(memory, case.specs)
    case2.start()
    case2.act("signal", "Libur", {"d": 2})
    assert case2.answer == 2
    assert case2.open == ["u", "ua", "ub"]


@pytest.mark.parametrize("event", [message("Henti"), signal("Henti")])
@pytest.mark.parametrize("interrupting", [True, False])
def test_messages_and_signals_on_an_activity(memory, event, interrupting):
    case = Case(memory, parsed(_with_boundary(event, interrupting=interrupting)))
    case.start()
    send = "message" if "message" in event.xml else "signal"
    case.act(send, "Henti", {})
    assert case.open == (["late"] if interrupting else ["late", "w"])
    if not interrupting:  # it may come again while the activity is open
        case.act(send, "Henti", {})
        assert case.open == ["late", "late", "w"]
        case.complete("w")
    case.act(send, "Henti", {})
    assert case.answer == 0
    assert case.replayed() == case.digests


# --- errors and escalations ------------------------------------------------------------------------------------------


def _throwing(event, *, catch, interrupting=True):
    """Two sub-processes side by side, alike; the first one throws."""
    p = Process("throwing")
    p.start(), p.parallel("s"), p.parallel("j"), p.end(), p.end("fixed1"), p.end("fixed2")
    for n in (1, 2):
        inner = Process(f"sub{n}")
        inner.start(f"s{n}"), inner.user(f"u{n}"), inner.exclusive(f"x{n}"), inner.end(f"e{n}")
        if event.xml.startswith("<bpmn:error"):
            inner.end(f"throw{n}", event)
        else:
            inner.throw(f"throw{n}", event), inner.user(f"more{n}"), inner.flow(f"throw{n}", f"more{n}")
            inner.flow(f"more{n}", f"e{n}")
        inner.chain(f"s{n}", f"u{n}", f"x{n}")
        inner.flow(f"x{n}", f"throw{n}", "bad"), inner.flow(f"x{n}", f"e{n}", default=True)
        p.add(inner)
        p.user(f"fix{n}"), p.boundary(f"b{n}", f"sub{n}", catch, interrupting=interrupting)
        p.chain("s", f"sub{n}", "j"), p.chain(f"b{n}", f"fix{n}", f"fixed{n}")
    p.chain("start", "s"), p.chain("j", "end")
    return p


def test_an_error_is_caught_by_the_activity_it_comes_from_and_by_no_other(memory):
    case = Case(memory, parsed(_throwing(error("E1"), catch=error("E1"))))
    case.start(bad=False)
    case.complete("u1", bad=True)
    assert case.open == ["fix1", "u2"]
    assert "throw1" in case.steps
    assert "-sub1" in case.steps
    case.complete("u2", bad=False)
    case.complete("fix1")
    assert case.replayed() == case.digests


def test_an_error_without_code_catches_every_error(memory):
    case = Case(memory, parsed(_throwing(error("E1"), catch=error(None))))
    case.start(bad=True)
    case.complete("u1")
    assert case.open == ["fix1", "u2"]


def test_an_uncaught_error_ends_the_case_there(memory):
    case = Case(memory, parsed(_throwing(error("E1"), catch=error("E2"))))
    case.start(bad=True)
    case.complete("u1")
    assert case.delta.completed
    assert case.delta.outcome == "throw1"
    assert case.open == []


@pytest.mark.parametrize("interrupting", [True, False])
def test_an_escalation_is_caught_by_the_activity_it_comes_from(memory, interrupting):
    case = Case(memory, parsed(_throwing(escalation("X1"), catch=escalation("X1"), interrupting=interrupting)))
    case.start(bad=True)
    case.complete("u1")
    assert case.open == (["fix1", "u2"] if interrupting else ["fix1", "more1", "u2"])
    assert case.delta.thrown == ()
    assert case.replayed() == case.digests


def test_an_uncaught_escalation_goes_out_and_the_case_goes_on(memory):
    case = Case(memory, parsed(_throwing(escalation("X1"), catch=escalation("X2"))))
    case.start(bad=True)
    case.complete("u1")
    assert case.open == ["more1", "u2"]
    assert [(t.kind, t.name, t.element_id) for t in case.delta.thrown] == [("escalation", "X1", "throw1")]


def test_an_escalation_end_event_inside_a_called_process_is_caught_outside(memory):
    late = escalation("X1", payload="{'why': why}", variable="esc")
    called = Process("callee")
    called.start("cs"), called.user("cu"), called.end("ce", late)
    called.chain("cs", "cu", "ce")
    p = Process("caller")
    p.start(), p.call("c", "callee"), p.user("next"), p.user("handle"), p.end(), p.end("e2")
    p.boundary("b", "c", late, interrupting=False)
    p.chain("start", "c", "next", "end"), p.chain("b", "handle", "e2")
    case = Case(memory, parsed(p, called))
    case.start()
    case.complete("cu", why="lama")
    assert case.open == ["handle", "next"]
    assert case.task("handle").data["esc"] == {"why": "lama"}
    assert case.replayed() == case.digests


def test_terminate_ends_everything_else(memory):
    p = Process("term")
    p.start(), p.parallel("s"), p.user("a"), p.user("b"), p.script("never", "ran = 1"), p.end("e1")
    p.end("stop", terminate()), p.chain("start", "s", "a", "e1"), p.chain("s", "b", "stop")
    case = Case(memory, parsed(p))
    case.start()
    case.complete("b")
    assert case.delta.completed
    assert case.delta.outcome == "stop"
    assert [(c.element_id, c.how) for c in case.delta.closed] == [("a", "cancelled"), ("b", "completed")]
    assert case.replayed() == case.digests


# --- conditions ------------------------------------------------------------------------------------------------------


def test_a_condition_sees_what_other_branches_do(memory):
    p = Process("cond")
    p.start(), p.parallel("s"), p.user("a"), p.user("a2"), p.catch("c", condition("ready == True")), p.user("b")
    p.parallel("j"), p.end(), p.chain("start", "s", "a", "a2", "j", "end"), p.chain("s", "c", "b", "j")
    case = Case(memory, parsed(p))
    case.start(ready=False)
    assert case.open == ["a"]
    case.complete("a", ready=True)
    assert case.open == ["a2", "b"]
    assert case.replayed() == case.digests


def test_a_condition_in_a_sub_process_sees_what_happens_outside(memory):
    inner = Process("sub")
    inner.start("is"), inner.catch("c", condition("ready")), inner.user("iu"), inner.end("ie")
    inner.chain("is", "c", "iu", "ie")
    p = Process("outer")
    p.start(), p.parallel("s"), p.user("a"), p.add(inner), p.parallel("j"), p.end()
    p.chain("start", "s", "a", "j", "end"), p.chain("s", "sub", "j")
    case = Case(memory, parsed(p))
    case.start(ready=False)
    case.complete("a", ready=True)
    assert case.open == ["iu"]


@pytest.mark.parametrize("interrupting", [True, False])
def test_a_condition_on_an_activity(memory, interrupting):
    p = _with_boundary(condition("urgent"), interrupting=interrupting)
    q = Process("pair")
    q.start(), q.parallel("s"), q.parallel("j"), q.end(), q.user("other"), q.user("other2"), q.user("w"), q.user("late")
    q.end("late_end"), q.boundary("b", "w", condition("urgent"), interrupting=interrupting)
    q.chain("start", "s", "other", "other2", "j", "end"), q.chain("s", "w", "j"), q.chain("b", "late", "late_end")
    assert p.id == "bound"
    case = Case(memory, parsed(q))
    case.start(urgent=False)
    assert case.open == ["other", "w"]
    case.complete("other", urgent=True)
    assert case.open == (["late", "other2"] if interrupting else ["late", "other2", "w"])
    if not interrupting:  # once, until it has been false in between
        case.complete("other2")
        assert case.open == ["late", "w"]
    assert case.replayed() == case.digests


def _condition_or_message(memory):
    p = Process("race")
    p.start(), p.parallel("s"), p.user("a"), p.user("a2"), p.event_gateway("g"), p.catch("c", condition("ready"))
    p.catch("m", message("M")), p.user("on_condition"), p.user("on_message"), p.end(), p.end("c_end"), p.end("m_end")
    p.chain("start", "s", "a", "a2", "end"), p.chain("s", "g", "c", "on_condition", "c_end")
    p.chain("g", "m", "on_message", "m_end")
    return Case(memory, parsed(p))


def test_a_condition_after_an_event_gateway_wins_once_another_branch_makes_it_true(memory):
    case = _condition_or_message(memory)
    case.start(ready=False)
    assert case.open == ["a"]
    case.complete("a", ready=True)
    assert case.open == ["a2", "on_condition"]
    assert case.replayed() == case.digests


def test_a_condition_after_an_event_gateway_is_forgotten_when_the_message_came_first(memory):
    case = _condition_or_message(memory)
    case.start(ready=False)
    case.act("message", "M", {})
    case.complete("a", ready=True)
    assert case.open == ["a2", "on_message"]
    assert case.replayed() == case.digests


def test_a_condition_sees_the_calendar_day_of_the_act(memory):
    p = Process("day")
    p.start(), p.parallel("s"), p.user("a"), p.user("a2"), p.catch("c", condition("today() >= date('2026-06-03')"))
    p.user("b"), p.parallel("j"), p.end(), p.chain("start", "s", "a", "a2", "j", "end"), p.chain("s", "c", "b", "j")
    case = Case(memory, parsed(p))
    case.start()
    case.wait(days=2)
    case.complete("a")
    assert case.open == ["a2", "b"]


def test_firing_what_does_not_wait_for_a_time_is_refused(memory):
    case = Case(memory, parsed(_with_boundary(message("M"))))
    case.start()
    token = case.session().waits()[0].token_id
    with pytest.raises(NotWaitingError):
        case.act("fire_timer", token)


@pytest.mark.parametrize("repeat", ["", loop(maximum=3)])
def test_a_message_that_ends_the_scope_it_is_thrown_in_is_the_last_thing_done_there(memory, repeat):
    inner = Process("sub")
    inner.start("ss"), inner.throw("t", message("Stop", payload="{}")), inner.script("never", "n = 9"), inner.end("se")
    inner.chain("ss", "t", "never", "se")
    handler = Process("es")
    handler.start("ess", message("Stop")), handler.user("esu"), handler.end("ese"), handler.chain("ess", "esu", "ese")
    p = Process("host")
    p.start(), p.user("u"), p.add(inner, repeat=repeat), p.end(), p.chain("start", "u", "sub", "end")
    p.add(handler, event=True)
    case = Case(memory, parsed(p))
    case.start(n=1)
    case.complete("u")
    assert case.open == ["esu"]
    assert case.task("esu").data["n"] == 1
    assert "never" not in case.steps
    case.complete("esu")
    assert case.delta.completed
    assert case.replayed() == case.digests
