"""Each fault of SpiffWorkflow 3.2.0 that Alur cures, shown with its patch taken out and with it in force.

When an upgrade of the library changes one of these, its test tells: the patch may go, or must be thought over.
"""

import copy
import inspect
import logging
import uuid
from datetime import timedelta

import pytest
from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
from SpiffWorkflow.bpmn.serializer import workflow as serializer
from SpiffWorkflow.bpmn.util.task import BpmnTaskIterator
from SpiffWorkflow.spiff.specs.event_definitions import SignalEventDefinition
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.deep_merge import DeepMerge
from SpiffWorkflow.util.task import TaskState

from engine.errors import AlurError
from engine.expressions import EvaluationContext
from engine.registry import BusinessError
from engine.spiff import Act, NotActingError, Session, acting, parse
from engine.spiff.changes import baseline_of
from engine.spiff.faults import UncaughtErrorError
from engine.spiff.patches import PATCHES, EvalIsDisabledError, without
from engine.spiff.workflow import CaseWorkflow
from tests.support.bpmn import (
    Process,
    after,
    condition,
    decision,
    error,
    every,
    message,
    multi,
    signal,
)
from tests.support.cases import START, parsed

SHOWN: set[str] = set()


def shows(*names):
    """Marks the test that shows what these patches cure."""
    SHOWN.update(names)
    return lambda test: test


class Trial:
    """One case in memory."""

    def __init__(self, process, *called, decisions=(), services=None, **data):
        self.specs = parse(process.files(*called, decisions=decisions), process.id)
        self.session = Session.new(self.specs, "trial")
        self.now, self.number, self.services = START, 0, services or (lambda _call: None)
        self.do("start", data)

    def do(self, command, *arguments):
        self.number += 1
        context = EvaluationContext(self.now)
        with acting(Act("trial", self.number, self.now, context, {}, self.services)):
            result = getattr(self.session, command)(*arguments)
        self.delta = self.session.delta()
        return result

    @property
    def baseline(self):
        return baseline_of(self.session.workflow)

    @property
    def open(self):
        return sorted(self.baseline.tasks.values())

    def complete(self, element, **data):
        ident = next(i for i, name in self.baseline.tasks.items() if name == element)
        self.do("complete", ident, data)

    def fire(self):
        token, due = next(iter(self.baseline.timers.items()))
        self.now = max(self.now, due)
        self.do("fire_timer", token)


# --- clock, chance, logs ---------------------------------------------------------------------------------------------


def _two_users():
    p = Process("p")
    p.start(), p.user("a"), p.user("b"), p.end(), p.chain("start", "a", "b", "end")
    return p


@shows("chance")
def test_ids_and_times_are_drawn_at_random():
    first, second = Trial(_two_users()), Trial(_two_users())
    assert first.baseline.tasks == second.baseline.tasks
    with without("chance", "silence"):
        assert Trial(_two_users()).baseline.tasks != Trial(_two_users()).baseline.tasks
    with pytest.raises(NotActingError):
        CaseWorkflow(first.specs.spec, {}, first.session)


@shows("silence")
def test_logs_carry_the_data_of_tasks(caplog):
    logger = logging.getLogger("spiff.task")
    with without("silence"):
        logger.setLevel(logging.DEBUG)
        caplog.set_level(logging.DEBUG, "spiff.task")
        Trial(_two_users(), nip="198703")
        logger.setLevel(logging.WARNING)
    assert any(getattr(r, "data", None) == {"nip": "198703"} for r in caplog.records)
    caplog.clear()
    Trial(_two_users(), nip="198703")
    assert not caplog.records


# --- data ------------------------------------------------------------------------------------------------------------


@shows("deep copy")
def test_merging_shares_nested_values_and_treats_lists_as_sets():
    def merged():
        source = {"order": {"lines": [1]}}
        target = DeepMerge.merge({}, source)
        source["order"]["lines"].append(2)
        return target, DeepMerge.merge({"l": [1, 2], "n": 1}, {"l": [2, 2], "n": True})

    with without("deep copy"):
        shared, lists = merged()
        assert shared == {"order": {"lines": [1, 2]}}
        assert lists == {"l": [1, 2], "n": 1}
        assert lists["n"] is not True
    own, lists = merged()
    assert own == {"order": {"lines": [1]}}
    assert lists["l"] == [2, 2]
    assert lists["n"] is True


@shows("fast copy")
def test_copies_are_made_for_plain_data():
    patches = PATCHES["fast copy"]
    assert all(patch.original is copy.deepcopy for patch in patches)
    value = {"a": [{"b": 1}]}
    for patch in patches:
        copied = patch.replacement(value)
        assert copied == value
        assert copied["a"][0] is not value["a"][0]


@shows("merging")
def test_the_last_arrival_at_a_join_overwrites_what_others_changed():
    p = Process("p")
    p.start(), p.parallel("s"), p.user("a"), p.user("b"), p.parallel("j"), p.user("z"), p.end()
    p.chain("start", "s", "a", "j", "z", "end"), p.chain("s", "b", "j")

    def finally_x():
        trial = Trial(p, x="old")
        trial.complete("a", x="new")
        trial.complete("b", y=1)
        return trial.session.data()["x"]

    with without("merging"):
        assert finally_x() == "old"
    assert finally_x() == "new"


# --- expressions and parsing -----------------------------------------------------------------------------------------


@shows("no eval")
def test_the_stock_engine_evaluates_python():
    class Task:
        data = {}  # noqa: RUF012 -- a stand-in

    with without("no eval"):
        assert PythonScriptEngine(TaskDataEnvironment()).evaluate(Task, "().__class__.__name__") == "tuple"
        assert serializer.MIGRATIONS
    with pytest.raises(EvalIsDisabledError):
        TaskDataEnvironment().evaluate("1 + 1", {})
    with pytest.raises(EvalIsDisabledError):
        TaskDataEnvironment().execute("import os", {})
    assert serializer.MIGRATIONS == {}


@shows("properties")
def test_a_property_without_a_value_cannot_be_read():
    p = Process("p")
    p.start(), p.end(), p.chain("start", "u", "end")
    nothing = '<spiffworkflow:property name="form"/>'
    p.node("userTask", "u", extensions=f"<spiffworkflow:properties>{nothing}</spiffworkflow:properties>")
    with without("properties"), pytest.raises(AlurError, match="value"):
        parsed(p)
    assert parsed(p).elements["u"].properties == {"form": ""}


@shows("ids of extensions")
def test_an_extension_with_the_id_of_an_element_takes_its_place():
    p = Process("p")
    p.start(), p.end(), p.service("greet", "greet", {"end": "1"}), p.user("z"), p.chain("start", "greet", "z", "end")
    with without("ids of extensions"), pytest.raises(AlurError):
        parsed(p)
    assert [call.element_id for call in Trial(p).delta.services_pending] == ["greet"]


# --- joins -----------------------------------------------------------------------------------------------------------


def _join_in_a_loop(kind):
    p = Process("p")
    gateway = p.parallel if kind == "parallel" else p.inclusive
    p.start(), p.exclusive("m"), gateway("s"), gateway("j"), p.user("a"), p.user("b"), p.user("next"), p.exclusive("x")
    p.end(), p.chain("start", "m", "s")
    for name in "ab":
        p.flow("s", name, None if kind == "parallel" else "True"), p.flow(name, "j")
    p.flow("j", "next", default=kind == "inclusive"), p.chain("next", "x")
    p.flow("x", "m", "True"), p.flow("x", "end", default=True)
    return p


@shows("join in a loop")
@pytest.mark.parametrize("kind", ["parallel", "inclusive"])
def test_a_join_in_a_loop_fires_early_in_the_second_round(kind):
    def second_round():
        trial = Trial(_join_in_a_loop(kind))
        trial.session._prune = lambda _workflow: None
        for name in ("a", "b", "next", "b"):
            trial.complete(name)
        return trial.open

    with without("join in a loop", "inclusive join", "merging", "deep loops"):
        assert "next" in second_round()
    assert second_round() == ["a"]


@shows("inclusive join")
def test_an_inclusive_join_fires_while_a_token_can_still_arrive():
    p = Process("p")
    p.start(), p.inclusive("s"), p.inclusive("j"), p.user("a"), p.user("q"), p.user("r"), p.user("z"), p.end()
    p.exclusive("x2"), p.exclusive("x3"), p.exclusive("m"), p.user("p1")
    p.flow("start", "s"), p.flow("s", "a", "True"), p.flow("s", "x2", "True"), p.flow("a", "j")
    p.flow("x2", "p1", "False"), p.flow("p1", "m"), p.flow("x2", "q", default=True), p.flow("q", "x3")
    p.flow("x3", "m", "False"), p.flow("x3", "r", default=True), p.flow("r", "m"), p.flow("m", "j", default=True)
    p.flow("j", "z", default=True), p.flow("z", "end")

    def after_a():
        trial = Trial(p)
        trial.complete("a")
        return trial.open

    with without("inclusive join"):
        assert after_a() == ["q", "z"]
    assert after_a() == ["q"]


class Link:
    """A task as far as a walk up the tree looks."""

    def __init__(self, parent):
        self.parent = parent
        self.task_spec = self
        self.name = "x"

    def is_descendant_of(self, task):
        return Task.is_descendant_of(self, task)

    def find_ancestor(self, name):
        return Task.find_ancestor(self, name)


@shows("deep loops")
def test_long_loops_end_in_recursion():
    root = last = Link(None)
    for _ in range(5000):
        last = Link(last)
    with without("deep loops"):
        for walk in (lambda: last.is_descendant_of(root), lambda: last.find_ancestor("y")):
            with pytest.raises(RecursionError):
                walk()
    assert last.is_descendant_of(root)
    assert last.find_ancestor("y") is None


def test_a_loop_of_user_tasks_stops_silently_at_depth_1000():
    trial = Trial(_two_users())
    workflow = trial.session.workflow
    task = next(t for t in workflow.tasks.values() if t.task_spec.name == "a")
    with acting(Act("trial", 9, START, EvaluationContext(START))):
        for _ in range(1100):
            task = task._add_child(task.task_spec, TaskState.FUTURE)
            task.triggered = True
        task._set_state(TaskState.READY)
    assert inspect.signature(BpmnTaskIterator.__init__).parameters["max_depth"].default == 1000
    assert task not in list(BpmnTaskIterator(workflow.task_tree, state=TaskState.FUTURE | TaskState.READY))
    assert task in workflow.get_tasks(state=TaskState.FUTURE | TaskState.READY)


# --- multi-instance --------------------------------------------------------------------------------------------------


def _multi(**how):
    p = Process("p")
    p.start(), p.exclusive("m"), p.user("w", repeat=multi(**how)), p.user("z"), p.exclusive("x"), p.end()
    p.chain("start", "m", "w", "z", "x"), p.flow("x", "m", "True"), p.flow("x", "end", default=True)
    return p


@shows("multi-instance item")
def test_the_item_of_the_first_child_keeps_the_second_from_starting():
    def run():
        trial = Trial(_multi(collection="items", item="item", sequential=True), items=[1, 2])
        trial.complete("w")
        return trial.open

    with without("multi-instance item"), pytest.raises(AlurError, match="already exists"):
        run()
    assert run() == ["w"]


@shows("multi-instance count")
def test_an_empty_item_ends_a_sequence_for_ever():
    def opened():
        return Trial(_multi(collection="items", item="item", sequential=True), items=[None, 1]).open

    with without("multi-instance count"):
        assert opened() == []
    assert opened() == ["w"]


@shows("multi-instance enough")
def test_a_completion_condition_does_not_see_the_results():
    def after_one():
        trial = Trial(_multi(cardinality=3, results="out", result="r", until="len(out) == 1"))
        trial.complete("w", r=1)
        return trial.open

    with without("multi-instance enough"):
        assert after_one() == ["w", "w"]
    assert after_one() == ["z"]


@shows("multi-instance again")
@pytest.mark.parametrize("how", [{"cardinality": 1}, {"collection": "items", "item": "item"}])
def test_results_of_an_earlier_round_are_refused(how):
    def second_round():
        trial = Trial(_multi(results="out", result="r", **how), items=[7])
        trial.complete("w", r=1)
        trial.complete("z")
        trial.complete("w", r=2)
        return trial.session.data()["out"]

    with without("multi-instance again"), pytest.raises((AlurError, NameError)):
        second_round()
    assert second_round() == [2]


# --- timers ----------------------------------------------------------------------------------------------------------


@shows("timers")
def test_timers_fire_in_any_act_in_bursts_and_minus_five_minutes_is_plus_five():
    p = Process("p")
    p.start(), p.parallel("s"), p.catch("t", after('"PT1H"')), p.user("late"), p.user("a"), p.user("b"), p.parallel("j")
    p.end(), p.chain("start", "s", "t", "late", "j", "end"), p.chain("s", "a", "b", "j")

    def open_after_an_act_two_hours_later():
        trial = Trial(p)
        # stock asks the machine's clock, which stands years after this trial's
        trial.now += timedelta(hours=2)
        trial.complete("a")
        return trial.open

    q = Process("p")
    q.start(), q.catch("t", after('"-PT5M"')), q.end(), q.chain("start", "t", "end")
    with without("timers"):
        token = Trial(q).session.workflow.event_manager.tasks
        assert token  # it waits for five minutes to come
    assert open_after_an_act_two_hours_later() == ["b"]
    with pytest.raises(AlurError):
        Trial(q)


@shows("two timers")
def test_two_timers_of_an_event_gateway_share_their_due_time():
    p = Process("p")
    p.start(), p.event_gateway("g"), p.catch("long", after('"PT10H"')), p.catch("short", after('"PT1H"'))
    p.user("a_long"), p.user("b_short"), p.end(), p.end("e2")
    p.chain("start", "g", "long", "a_long", "end"), p.chain("g", "short", "b_short", "e2")
    with without("two timers"):
        session = Session.new(parsed(p), "trial")
        with acting(Act("trial", 1, START, EvaluationContext(START))):
            session.start({})
        gateway = next(iter(session.workflow.event_manager.tasks.values()))
        assert [k for k in gateway.internal_data if k.startswith("event_value")] == ["event_value"]
    trial = Trial(p)
    assert next(iter(trial.baseline.timers.values())) == START + timedelta(hours=1)
    trial.fire()
    assert trial.open == ["b_short"]


# --- events ----------------------------------------------------------------------------------------------------------


@shows("event gateway")
def test_an_event_gateway_needs_predicted_children():
    def run():
        p = Process("p")
        p.start(), p.event_gateway("g"), p.catch("c1", message("A")), p.catch("c2", signal("B")), p.user("u1")
        p.user("u2"), p.end(), p.end("e2"), p.chain("start", "g", "c1", "u1", "end"), p.chain("g", "c2", "u2", "e2")
        trial = Trial(p)
        workflow = trial.session.workflow
        gateway = next(iter(workflow.event_manager.tasks.values()))
        for child in list(gateway.children):
            del workflow.tasks[child.id]
        gateway._children = []
        trial.do("signal", "B", {})
        return trial.open

    with without("event gateway"), pytest.raises(IndexError):
        run()
    assert run() == ["u2"]


@shows("conditions")
def test_a_waiting_condition_does_not_see_other_branches():
    p = Process("p")
    (
        p.start(),
        p.parallel("s"),
        p.user("a"),
        p.user("a2"),
        p.catch("c", condition("ready")),
        p.user("b"),
        p.parallel("j"),
    )
    p.end(), p.chain("start", "s", "a", "a2", "j", "end"), p.chain("s", "c", "b", "j")

    def run():
        trial = Trial(p, ready=False)
        trial.complete("a", ready=True)
        return trial.open

    with without("conditions"):
        assert run() == ["a2"]
    assert run() == ["a2", "b"]


@shows("codes")
def test_an_error_is_caught_by_a_neighbour():
    p = Process("p")
    p.start(), p.parallel("s"), p.parallel("j"), p.end()
    for n in (1, 2):
        inner = Process(f"sub{n}")
        (
            inner.start(f"s{n}"),
            inner.user(f"u{n}"),
            inner.end(f"e{n}", error("E1")),
            inner.chain(f"s{n}", f"u{n}", f"e{n}"),
        )
        p.add(inner), p.boundary(f"b{n}", f"sub{n}", error("E1")), p.user(f"fix{n}"), p.end(f"fixed{n}")
        p.chain("s", f"sub{n}", "j"), p.chain(f"b{n}", f"fix{n}", f"fixed{n}")
    p.chain("start", "s"), p.chain("j", "end")

    def run():
        trial = Trial(p)
        trial.complete("u1")
        return trial.open

    with without("codes"):
        assert run() == ["fix1", "fix2"]
    assert run() == ["fix1", "u2"]


@shows("interrupted meanwhile")
def test_a_signal_wakes_what_it_has_just_ended():
    handler = Process("es")
    handler.start("ess", signal("S")), handler.user("esu"), handler.end("ese"), handler.chain("ess", "esu", "ese")
    p = Process("p")
    p.start(), p.catch("c", signal("S")), p.script("side", "n = n + 1"), p.end(), p.chain("start", "c", "side", "end")
    p.add(handler, event=True)

    def run():
        trial = Trial(p, n=0)
        tasks = trial.session.workflow.event_manager.tasks
        trial.session.workflow._put_waits_in_order = lambda: None
        by_name = sorted(tasks.items(), key=lambda entry: entry[1].task_spec.name, reverse=True)
        trial.session.workflow.event_manager.tasks = dict(by_name)
        trial.do("signal", "S", {})
        return [step.state for step in trial.delta.steps if step.element_id == "c"]

    with without("interrupted meanwhile"):
        assert run() == ["cancelled", "completed"]
    assert run() == ["cancelled"]


@shows("boundary")
def test_an_interrupted_activity_goes_both_ways_and_other_events_come_once():
    p = Process("p")
    p.start(), p.user("w"), p.boundary("b", "w", message("M"), interrupting=False), p.user("h"), p.user("n"), p.end()
    p.end("he"), p.chain("start", "w", "n", "end"), p.chain("b", "h", "he")

    def twice():
        trial = Trial(p)
        return [trial.do("message", "M", {}), trial.do("message", "M", {})]

    with without("boundary"):
        assert twice() == [1, 0]
    assert twice() == [1, 1]

    q = Process("p")
    (
        q.start(),
        q.user("w"),
        q.boundary("b", "w", every('"R/PT1H"'), interrupting=False),
        q.user("h"),
        q.user("n"),
        q.end(),
    )
    q.end("he"), q.chain("start", "w", "n", "end"), q.chain("b", "h", "he")

    def reminded():
        trial = Trial(q)
        trial.fire()
        trial.complete("w")
        return trial.open

    with without("boundary"):
        assert reminded() == ["n"]
    assert reminded() == ["h", "n"]


@shows("self-cancelled")
def test_a_task_that_ends_itself_is_completed_all_the_same():
    inner = Process("sub")
    inner.start("ss"), inner.script("boom", "n = 1"), inner.end("se"), inner.chain("ss", "boom", "se")
    trial = Trial(_two_users())
    task = next(t for t in trial.session.workflow.tasks.values() if t.task_spec.name == "a")

    def run(task):
        task.task_spec._run_hook = lambda my_task: my_task.cancel()
        try:
            with acting(Act("trial", 9, START, EvaluationContext(START))):
                task.run()
        finally:
            del task.task_spec._run_hook
        return task.state

    with without("self-cancelled"):
        assert run(task) == 32  # started
    other = next(t for t in Trial(_two_users()).session.workflow.tasks.values() if t.task_spec.name == "a")
    assert run(other) == 256  # cancelled


@shows("event sub-process")
def test_a_scope_waits_for_ever_for_an_event_sub_process():
    handler = Process("es")
    handler.start("ess", message("M")), handler.end("ese"), handler.chain("ess", "ese")
    p = _two_users()
    p.add(handler, event=True)

    def run():
        trial = Trial(p)
        trial.complete("a")
        trial.complete("b")
        return trial.session.completed

    with without("event sub-process"):
        assert run() is False
    assert run() is True


@shows("message for whom")
def test_messages_cannot_be_told_apart_without_a_collaboration():
    p = Process("p")
    p.start(), p.receive("r", message("M"), properties={"correlation": "key"}), p.user("u"), p.end()
    p.chain("start", "r", "u", "end")

    def taken():
        return Trial(p, key="A").do("message", "M", {}, "B")

    with without("message for whom"):
        assert taken() == 1
    assert taken() == 0


@shows("own payload")
def test_tokens_that_catch_the_same_event_share_its_payload():
    p = Process("p")
    p.start(), p.parallel("s"), p.parallel("j"), p.end(), p.chain("start", "s"), p.chain("j", "end")
    event = signal("S", variable="got")
    for n in (1, 2):
        p.catch(f"c{n}", event), p.user(f"u{n}"), p.chain("s", f"c{n}", f"u{n}", "j")

    def kept():
        trial = Trial(p)
        manager = trial.session.workflow.event_manager
        first, second = manager.tasks.values()
        with acting(Act("trial", 2, START, EvaluationContext(START))):
            manager.catch(BpmnEvent(SignalEventDefinition("S"), payload={"list": [1]}))
        return first.internal_data["S"], second.internal_data["S"]

    with without("own payload"):
        first, second = kept()
        assert first is second
    first, second = kept()
    assert first == second
    assert first is not second


@shows("services")
def test_a_business_error_is_no_error_event():
    p = Process("p")
    p.start(), p.service("s", "h", {}, "out"), p.end(), p.chain("start", "s", "end")
    p.boundary("b", "s", error("no")), p.user("fix"), p.end("e2"), p.chain("b", "fix", "e2")

    def refuse(_call):
        raise BusinessError("no")

    with without("services"), pytest.raises(NameError):  # `script`, in its own handling of errors
        Trial(p, services=refuse)
    assert Trial(p, services=refuse).open == ["fix"]
    q = Process("p")
    q.start(), q.service("s", "h", {}, "out"), q.end(), q.chain("start", "s", "end")
    with pytest.raises(UncaughtErrorError):
        Trial(q, services=refuse)


@shows("decisions")
def test_a_fault_in_a_table_loses_its_kind():
    p = Process("p")
    p.start(), p.rule("r", "d"), p.user("z"), p.end(), p.chain("start", "r", "z", "end")
    table = decision("d", ["missing"], ["x"], [(["> 1"], ["1"])])
    with without("decisions"), pytest.raises(AlurError) as lost:
        Trial(p, decisions=[table])
    with pytest.raises(AlurError) as kept:
        Trial(p, decisions=[table])
    assert "missing" in kept.value.message("id")
    assert lost.value.message("id") != kept.value.message("id")


def test_every_patch_is_shown():
    assert set(PATCHES) == SHOWN
    assert all(patch.fault for group in PATCHES.values() for patch in group)


def test_ids_are_version_five_uuids():
    assert uuid.UUID(hex=next(iter(Trial(_two_users()).baseline.tasks))).version == 5
