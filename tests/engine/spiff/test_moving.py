"""A running case moved to another version: what is open stays as it is, and what cannot go is refused with reasons."""

from datetime import timedelta

import pytest

from engine.spiff import CannotMoveError
from tests.support.bpmn import Process, after, at, condition, every, message, multi, signal
from tests.support.cases import START, parsed
from tests.support.moving import MovedCase


@pytest.fixture
def moved(memory):
    """Start a case on the first diagram, do what is asked, and hand it over to be moved."""

    def begin(process: Process, *called: Process, **data) -> MovedCase:
        case = MovedCase(memory, parsed(process, *called))
        case.start(**data)
        return case

    return begin


def line(*tasks: str, name: str = "p") -> Process:
    """One task after the other. Ids of a diagram are its own, so an inner one begins and ends under other ids."""
    p = Process(name)
    start, end = p.start(f"{name}_start"), p.end(f"{name}_end")
    for task in tasks:
        p.user(task)
    p.chain(start, *tasks, end)
    return p


def reasons(case, process: Process, *called: Process, **renamed: str) -> list[tuple[str, str, bool]]:
    """Why a case cannot be moved; and it is as it was."""
    before = case.session().digest(fresh=True)
    with pytest.raises(CannotMoveError) as refused:
        case.move(process, *called, **renamed)
    assert case.session().digest(fresh=True) == before
    return [(o.code, o.element_id, o.choice) for o in refused.value.obstacles]


# --- one task after the other ----------------------------------------------------------------------------------------


def test_a_task_added_after_the_open_one_comes_next(moved):
    case = moved(line("a", "b"))
    token = case.task("a").id

    case.move(line("a", "x", "b"))

    assert case.task("a").id == token
    assert case.finish() == ["a", "x", "b"]


def test_a_task_added_before_the_open_one_is_not_made_up_for(moved):
    case = moved(line("a", "b"))
    case.complete("a", n=1)

    case.move(line("a", "x", "b"))

    assert case.finish() == ["b"]
    assert case.data()["n"] == 1


def test_a_task_that_was_passed_may_go(moved):
    case = moved(line("a", "b", "c"))
    case.complete("a", n=1)

    case.move(line("b", "c"))

    assert case.finish() == ["b", "c"]
    assert case.data()["n"] == 1


def test_an_open_task_that_is_gone_needs_a_choice_and_takes_the_chosen_place(moved):
    case = moved(line("a", "b", "c"))
    token = case.task("a").id

    assert reasons(case, line("x", "c")) == [("gone", "a", True)]
    case.move(line("x", "c"), a="x")

    assert case.task("x").id == token
    assert case.finish() == ["x", "c"]


def test_a_renamed_task_further_on_needs_no_choice(moved):
    case = moved(line("a", "b", "c"))

    case.move(line("a", "b2", "c"))

    assert case.finish() == ["a", "b2", "c"]


def test_a_task_of_another_kind_is_no_place_to_go_on(moved):
    case = moved(line("a", "b"))
    other = Process("p")
    other.start(), other.script("a", "n = 1"), other.user("b"), other.end()
    other.chain("start", "a", "b", "end")

    assert reasons(case, other) == [("kind", "a", True)]
    assert reasons(case, other, a="nowhere") == [("gone", "a", True)]
    case.move(other, a="b")
    assert case.finish() == ["b"]


def test_a_changed_condition_counts_from_now_on(moved):
    def asked(limit: str) -> Process:
        p = Process("p")
        p.start(), p.user("a"), p.exclusive("g"), p.user("low"), p.user("high"), p.end()
        p.chain("start", "a", "g")
        p.flow("g", "high", f"v > {limit}"), p.flow("g", "low", default=True)
        p.flow("high", "end"), p.flow("low", "end")
        return p

    case = moved(asked("5"))

    case.move(asked("2"))
    case.complete("a", v=3)

    assert case.open == ["high"]


def test_a_case_is_moved_twice_and_back(moved):
    case = moved(line("a", "b"))

    case.move(line("a2", "x", "b"), a="a2")
    case.complete("a2", n=1)
    case.move(line("x2", "b"), x="x2")
    case.move(line("a", "x", "b"), x2="x")

    assert case.finish() == ["x", "b"]
    assert case.data()["n"] == 1


def test_moving_to_the_same_diagram_changes_nothing(moved):
    case = moved(line("a", "b"))
    before = case.session().digest(fresh=True)

    case.move(line("a", "b"))

    assert case.session().digest(fresh=True) == before
    assert case.delta.steps == case.delta.closed == case.delta.opened == ()


# --- events ----------------------------------------------------------------------------------------------------------


def timed(*, extra: bool = False, wait: str = '"P3D"', name: str = "wait") -> Process:
    p = Process("p")
    p.start(), p.user("a"), p.catch(name, after(wait)), p.user("b"), p.end()
    p.chain("start", "a", name, *(["x"] if extra else []), "b", "end")
    if extra:
        p.user("x")
    return p


def test_a_timer_keeps_its_instant_whatever_the_new_version_says(moved):
    case = moved(timed())
    case.complete("a")
    due = case.timers[case.token("wait")][1]
    case.wait(days=2)

    case.move(timed(extra=True, wait='"P9D"', name="pause"), wait="pause")

    assert case.timers[case.token("pause")] == ("pause", due) == ("pause", START + timedelta(days=3))
    case.fire("pause")
    assert case.finish() == ["x", "b"]


def test_a_timer_becomes_a_date_but_not_a_message(moved):
    def waits(event) -> Process:
        p = Process("p")
        p.start(), p.catch("wait", event), p.user("b"), p.end()
        p.chain("start", "wait", "b", "end")
        return p

    case = moved(waits(after('"P3D"')))

    assert reasons(case, waits(message("m"))) == [("event", "wait", False)]
    assert reasons(case, waits(every('"R3/PT1H"'))) == [("event", "wait", False)]
    case.move(waits(at("now() + hours(1)")))
    case.fire("wait")

    assert case.now == START + timedelta(days=3)


def bounded(*events, on: str = "a") -> Process:
    p = Process("p")
    p.start(), p.user(on), p.user("b"), p.end()
    p.chain("start", on, "b", "end")
    for ident, event, interrupting in events:
        p.boundary(ident, on, event, interrupting=interrupting)
        p.user(f"do_{ident}"), p.end(f"end_{ident}")
        p.chain(ident, f"do_{ident}", f"end_{ident}")
    return p


REMIND = ("remind", after('"P1D"'), False)
LAPSE = ("lapse", after('"P5D"'), True)


def test_an_event_added_to_an_open_task_begins_to_wait_with_the_move(moved):
    case = moved(bounded())
    case.wait(days=2)

    case.move(bounded(REMIND, LAPSE))

    assert case.waiting == ["lapse", "remind"]
    case.fire("remind")
    assert (case.now, case.open) == (START + timedelta(days=3), ["a", "do_remind"])
    case.fire("lapse")
    assert case.open == ["do_lapse", "do_remind"]


def test_a_task_given_events_ends_as_usual(moved):
    case = moved(bounded())

    case.move(bounded(REMIND, LAPSE))
    case.complete("a")

    assert (case.open, case.waiting) == (["b"], [])
    assert case.finish() == ["b"]


def test_an_event_taken_from_an_open_task_waits_no_more(moved):
    case = moved(bounded(REMIND, LAPSE))

    case.move(bounded(LAPSE))

    assert case.waiting == ["lapse"]
    assert case.steps == ["-remind"]
    case.move(bounded())
    assert case.waiting == []
    assert case.finish() == ["a", "b"]


def test_an_event_that_happened_once_does_not_happen_again(moved):
    case = moved(bounded(REMIND))
    case.fire("remind")

    case.move(bounded(REMIND, LAPSE))

    assert (case.waiting, case.open) == (["lapse"], ["a", "do_remind"])
    assert case.finish() == ["a", "b", "do_remind"]


def test_an_event_of_another_kind_takes_the_place_of_the_one_before(moved):
    case = moved(bounded(LAPSE))

    case.move(bounded(("lapse", message("stop"), True)))

    assert case.waiting == []
    assert case.act("message", "stop", {}) is not None
    assert case.open == ["do_lapse"]


def test_a_repeating_event_goes_on_with_its_rounds(moved):
    case = moved(bounded(("nag", every('"R3/PT1H"'), False)))
    case.fire("nag")

    case.move(bounded(("nag", every('"R9/PT1M"'), False), LAPSE))

    case.fire("nag")
    assert case.now == START + timedelta(hours=2)
    case.fire("nag")
    assert case.waiting == ["lapse"]
    assert case.finish() == ["a", "b", "do_nag", "do_nag", "do_nag"]


def test_what_an_event_began_goes_on_when_the_event_is_gone(moved):
    case = moved(bounded(("nag", every('"R3/PT1H"'), False)), p=False)
    case.fire("nag")
    other = Process("p")
    other.start(), other.user("a"), other.exclusive("g"), other.user("b"), other.user("do_nag"), other.end()
    other.chain("start", "a", "g"), other.flow("g", "b", default=True), other.flow("g", "do_nag", "p == True")
    other.flow("b", "end"), other.flow("do_nag", "end")

    case.move(other)

    assert (case.open, case.waiting) == (["a", "do_nag"], [])
    assert case.finish() == ["a", "b", "do_nag"]


def test_a_condition_that_holds_already_takes_its_event_at_once(moved):
    case = moved(bounded(), p=True)

    case.move(bounded(("when", condition("p == True"), True)))

    assert case.open == ["do_when"]


def test_a_message_under_its_new_name_is_the_one_that_is_waited_for(moved):
    def waits(name: str) -> Process:
        p = Process("p")
        p.start()
        p.catch("paid", message(name), properties={"correlation": "bill"})
        p.end()
        p.chain("start", "paid", "end")
        return p

    case = moved(waits("payment"), bill="B-1")

    case.move(waits("transfer"))

    (wait,) = case.session().waits()
    assert (wait.event, wait.correlation) == ("message:transfer", "B-1")
    case.act("message", "transfer", {}, "B-1")
    assert case.finish() == []


def gateway(*events) -> Process:
    p = Process("p")
    p.start(), p.event_gateway("g"), p.exclusive("m"), p.end()
    p.chain("start", "g"), p.chain("m", "end")
    for ident, event in events:
        p.catch(ident, event), p.user(f"after_{ident}")
        p.chain("g", ident, f"after_{ident}", "m")
    return p


def test_an_event_gateway_keeps_its_instants_and_takes_new_branches(moved):
    case = moved(gateway(("slow", after('"P5D"')), ("paid", message("pay"))))
    case.wait(days=1)

    case.move(gateway(("said", signal("go")), ("later", after('"P9D"')), ("quick", after('"P5D"'))), slow="later")

    assert {w.event for w in case.session().waits()} == {"signal:go"}
    case.fire("g")
    assert (case.now, case.open) == (START + timedelta(days=5), ["after_later"])


def test_an_event_subprocess_is_added_and_taken_away(moved):
    def scoped(*events) -> Process:
        p = line("a", "b")
        for ident, event, interrupting in events:
            inner = Process(ident)
            inner.start(f"{ident}_start", event, attributes={"isInterrupting": str(interrupting).lower()})
            inner.user(f"{ident}_do"), inner.end(f"{ident}_end")
            inner.chain(f"{ident}_start", f"{ident}_do", f"{ident}_end")
            p.add(inner, event=True)
        return p

    case = moved(scoped())
    case.move(scoped(("stop", message("stop"), True), ("note", after('"P1D"'), False)))
    assert case.waiting == ["note_start"]

    case.move(scoped(("stop", message("halt"), True)))
    assert case.waiting == []
    case.act("message", "halt", {})

    assert case.finish() == ["stop_do"]


# --- inside ----------------------------------------------------------------------------------------------------------


def calling(*inner: str, extra: bool = False, called: str = "sub", ident: str = "call") -> tuple[Process, Process]:
    p = Process("p")
    p.start(), p.call(ident, called), p.user("b"), p.end()
    p.chain("start", ident, *(["x"] if extra else []), "b", "end")
    if extra:
        p.user("x")
    return p, line(*inner, name=called)


def test_a_task_added_after_a_running_call_is_not_skipped(moved):
    case = moved(*calling("i", "j"), n=1)
    token = case.task("i").id

    case.move(*calling("i", "k", "j", extra=True))

    assert case.task("i").id == token
    assert case.finish() == ["i", "k", "j", "x", "b"]
    assert case.data()["n"] == 1


def test_a_called_process_under_another_name_goes_on_inside(moved):
    case = moved(*calling("i", "j"))

    assert reasons(case, *calling("i2", called="other")) == [("gone", "i", True)]
    case.move(*calling("i2", "j", called="other", ident="calls"), i="i2", call="calls")
    case.complete("i2", got=1)

    assert case.finish() == ["j", "b"]
    assert case.data()["got"] == 1


def test_a_call_that_becomes_an_embedded_subprocess_is_refused(moved):
    case = moved(*calling("i"))
    p = Process("p")
    p.start(), p.add(line("i", name="call")), p.user("b"), p.end()
    p.chain("start", "call", "b", "end")

    assert reasons(case, p) == [("kind", "call", True)]


def repeated(*after_it: str, until: str | None = None, result: str = "ok", events=(), **how) -> Process:
    p = Process("p")
    p.start()
    p.user("each", repeat=multi(collection="items", item="item", results="all", result=result, until=until, **how))
    for task in after_it:
        p.user(task)
    p.end()
    p.chain("start", "each", *after_it, "end")
    for ident, event, interrupting in events:
        p.boundary(ident, "each", event, interrupting=interrupting)
        p.end(f"end_{ident}"), p.chain(ident, f"end_{ident}")
    return p


@pytest.mark.parametrize("sequential", [False, True])
def test_items_of_a_repetition_stay_and_their_results_gather(moved, sequential):
    case = moved(repeated("b", sequential=sequential), items=["u", "v", "w"])
    case.complete("each", ok=1)
    tokens = sorted(case.tasks)

    case.move(repeated("x", "b", sequential=sequential, events=[REMIND]))

    assert sorted(case.tasks) == tokens
    assert case.waiting == ["remind"]
    assert {t.data["item"] for t in case.tasks.values()} <= {"v", "w"}
    case.complete("each", ok=2), case.complete("each", ok=3)
    assert case.finish() == ["x", "b"]
    assert case.data()["all"] == [1, 2, 3]


def test_a_repetition_may_end_sooner_but_not_gather_elsewhere(moved):
    case = moved(repeated("b"), items=["u", "v", "w"])
    case.complete("each", ok=1)

    assert reasons(case, repeated("b", result="verdict")) == [("repeats", "each", False)]
    assert reasons(case, repeated("b", sequential=True)) == [("kind", "each", True)]
    assert reasons(case, line("each", "b")) == [("kind", "each", True)]
    case.move(repeated("b", until="numberOfCompletedInstances >= 2"))
    case.complete("each", ok=2)

    assert case.open == ["b"]


def test_a_subprocess_of_each_item_goes_on_inside(moved):
    def inside(*tasks: str) -> Process:
        p = Process("p")
        p.start(), p.add(line(*tasks, name="sub"), repeat=multi(collection="items", item="item")), p.end()
        p.chain("start", "sub", "end")
        return p

    case = moved(inside("i", "j"), items=["u", "v"])
    case.complete("i")

    case.move(inside("i", "k", "j"))

    assert case.finish() == ["i", "j", "k", "j"]


# --- joins -----------------------------------------------------------------------------------------------------------


def forked(*branches: list[str]) -> Process:
    p = Process("p")
    p.start(), p.parallel("split"), p.parallel("join"), p.user("z"), p.end()
    p.chain("start", "split"), p.chain("join", "z", "end")
    for branch in branches:
        for task in branch:
            p.user(task)
        p.chain("split", *branch, "join")
    return p


def test_a_branch_that_has_arrived_stays_arrived(moved):
    case = moved(forked(["a"], ["b"]))
    case.complete("a", n=1)

    case.move(forked(["a"], ["b", "c"]))

    assert case.finish() == ["b", "c", "z"]
    assert case.data()["n"] == 1


def test_a_task_added_or_taken_before_a_join_is_passed_by_what_has_arrived(moved):
    case = moved(forked(["a"], ["b"]))
    case.complete("a", n=1)

    case.move(forked(["a", "x"], ["b"]))
    case.move(forked(["y"], ["b"]))

    assert case.finish() == ["b", "z"]
    assert case.data()["n"] == 1


def test_a_join_that_has_lost_the_branch_it_waits_for_fires(moved):
    case = moved(forked(["a"], ["b"], ["c"]))
    case.complete("a"), case.complete("b")

    assert reasons(case, forked(["a"], ["b"])) == [("gone", "c", True)]


def test_a_branch_that_can_begin_no_more_keeps_the_case_where_it_is(moved):
    case = moved(forked(["a"], ["b"]))

    assert reasons(case, forked(["a"], ["b"], ["c"])) == [("starved", "join", False)]
    case.complete("a")
    assert [code for code, *_ in reasons(case, forked(["a"], ["b"], ["c"]))] == ["starved"]
    before = line("a", "z")
    case2 = moved(before)
    p = Process("p")
    p.start(), p.parallel("split"), p.user("a"), p.user("b"), p.parallel("join"), p.user("z"), p.end()
    p.chain("start", "split", "a", "join", "z", "end"), p.chain("split", "b", "join")
    assert reasons(case2, p) == [("starved", "join", False)]


def test_a_branch_that_is_reached_only_through_its_own_join_comes_too_late(moved):
    def rounds(*, place: str) -> Process:
        p = Process("p")
        p.start(), p.exclusive("again"), p.parallel("split"), p.user("a"), p.user("b"), p.parallel("join")
        p.user("c"), p.exclusive("more"), p.end()
        first, last = (("a", "c"), ("b",)) if place == "inside" else (("a",), ("b",))
        p.chain("start", "again"), p.flow("again", "split", default=True)
        p.chain("split", *first, "join"), p.chain("split", *last, "join")
        p.chain("join", *(["c"] if place == "after" else []), "more")
        p.flow("more", "again", "p == True"), p.flow("more", "end", default=True)
        return p

    case = moved(rounds(place="after"), p=False)
    case.complete("a"), case.complete("b")

    assert reasons(case, rounds(place="inside")) == [("starved", "join", False)]


def test_a_new_parallel_block_ahead_is_no_obstacle(moved):
    case = moved(line("a", "z"))
    p = Process("p")
    p.start(), p.user("a"), p.parallel("split"), p.user("b"), p.user("c"), p.parallel("join"), p.user("z"), p.end()
    p.chain("start", "a", "split", "b", "join", "z", "end"), p.chain("split", "c", "join")

    case.move(p)

    assert case.finish() == ["a", "b", "c", "z"]


# --- handlers --------------------------------------------------------------------------------------------------------


def served(handler: str, result: str | None = None) -> Process:
    p = Process("p")
    p.start(), p.service("ask", handler, {}, result), p.user("b"), p.end()
    p.chain("start", "ask", "b", "end")
    return p


def test_a_pending_handler_answers_the_new_version_unless_it_is_another(moved):
    case = moved(served("price"))

    assert reasons(case, served("tax")) == [("service", "ask", False)]
    case.move(served("price", "told"))
    case.act("report_service", next(iter(case.pending)), {"sum": 1})

    assert case.data()["told"] == {"sum": 1}
    assert case.finish() == ["b"]


def test_data_objects_that_come_with_the_new_version_can_be_written(moved):
    case = moved(line("a", "b"))
    p = Process("p")
    p.start(), p.user("a"), p.data_object("box"), p.script("s", "box = 4", writes="box")
    p.script("t", "seen = box", reads="box"), p.user("b"), p.end()
    p.chain("start", "a", "s", "t", "b", "end")

    case.move(p)
    case.complete("a")

    assert case.task("b").data["seen"] == 4
