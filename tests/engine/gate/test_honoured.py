"""What the gate lets through is what the engine runs: every allowed event is the one that was drawn."""

import pytest

from engine.definitions import DefinitionError
from engine.gate.diagram import read_diagram
from engine.gate.events import allowed_kinds
from engine.gate.findings import Findings
from engine.spiff import parse
from tests.engine.gate.diagrams import codes, findings, packaged
from tests.support import bpmn
from tests.support.bpmn import Process

EVENTS = {
    "none": None,
    "message": bpmn.message("kabar"),
    "signal": bpmn.signal("tanda"),
    "timer": bpmn.after('"PT1H"'),
    "error": bpmn.error("salah"),
    "escalation": bpmn.escalation("naik"),
    "conditional": bpmn.condition("a == 1"),
    "terminate": bpmn.terminate(),
    "cancel": bpmn.cancel(),
}
CLASSES = {
    "none": "NoneEventDefinition", "message": "MessageEventDefinition", "signal": "SignalEventDefinition",
    "timer": "DurationTimerEventDefinition", "error": "ErrorEventDefinition",
    "escalation": "EscalationEventDefinition", "conditional": "ConditionalEventDefinition",
    "terminate": "TerminateEventDefinition", "cancel": "CancelEventDefinition",
}  # fmt: skip


def start(event):
    p = Process("p")
    p.chain(p.start("it", event), p.manual("u"), p.end())
    return p


def end(event):
    p = Process("p")
    p.chain(p.start(), p.manual("u"), p.end("it", event))
    return p


def caught(event):
    p = Process("p")
    p.chain(p.start(), p.catch("it", event), p.end())
    return p


def thrown(event):
    p = Process("p")
    p.chain(p.start(), p.throw("it", event), p.end())
    return p


def boundary(event):
    p = Process("p")
    p.chain(p.start(), p.manual("u"), p.end())
    p.chain(p.boundary("it", "u", event), "end")
    return p


def event_sub(event):
    p, inner = Process("p"), Process("sub")
    p.chain(p.start(), p.manual("u"), p.end())
    inner.chain(inner.start("it", event), inner.end("done"))
    p.add(inner, event=True)
    return p


def inside_transaction(event):
    p, inner = Process("p"), Process("sub", tag="transaction")
    inner.chain(inner.start("begin"), inner.manual("u"), inner.end("it", event))
    p.add(inner)
    p.chain(p.start(), "sub", p.end())
    p.chain(p.boundary("undone", "sub", bpmn.cancel()), "end")
    return p


PLACES = {f.__name__: f for f in (start, end, caught, thrown, boundary, event_sub, inside_transaction)}
ALL = [(place, kind) for place in PLACES for kind in EVENTS if kind != "none" or place not in ("boundary", "caught")]


def defined(process):
    """The class of the definition that the engine gave the event `it`."""
    specs = parse(process.files(), "p")
    found = [
        task
        for spec in (specs.spec, *specs.subprocess_specs.values())
        for task in spec.task_specs.values()
        if task.name == "it" or getattr(task, "starts", None) == "it"
    ]
    classes = [type(task.event_definition).__name__ for task in found]
    return next((c for c in classes if c != "NoneEventDefinition"), "NoneEventDefinition")


@pytest.mark.parametrize(("place", "kind"), ALL)
def test_an_event_is_refused_or_is_the_one_that_was_drawn(place, kind):
    process = PLACES[place](EVENTS[kind])
    diagram = read_diagram("process.bpmn", process.document(), Findings("process.bpmn"))
    scope, node = next((s, n) for s, n in diagram.nodes() if n.id == "it")

    refused = ("event_kind", "it") in codes(findings(process.document()))

    assert refused is (kind not in allowed_kinds(scope, node))
    if not refused:
        assert defined(process) == CLASSES[kind]


def test_a_process_of_everything_supported_passes():
    p = Process("p")
    inner = Process("inner")
    inner.chain(inner.start("i1"), inner.user("i2"), inner.end("i3"))
    called = Process("called")
    called.chain(called.start("c1"), called.script("c2", "x = 1"), called.end("c3"))
    timely = Process("timely")
    timely.chain(timely.start("t1", bpmn.every('"R3/PT1H"')), timely.script("t2", "y = 1"), timely.end("t3"))
    p.data_object("berkas")
    p.start()
    p.user("u", lane="Petugas", due="working_days_after(today(), 3, at='16:00')", stage="Diperiksa", exclude="starter")
    p.manual("m", lane="Petugas", repeat=bpmn.multi(cardinality=3, item="butir"))
    p.script("sc", "jumlah = 1", writes="berkas")
    p.service("sv", "izin.terbit", {"nama": "u.nama"}, "terbit")
    p.rule("br", "dec")
    p.send("send", bpmn.message("kabar", payload="{'a': 1}"))
    p.receive("receive", bpmn.message("balas", variable="jawab"))
    p.exclusive("xor"), p.parallel("fork"), p.parallel("join"), p.event_gateway("race")
    p.catch("wait", bpmn.after("hours(parameters.jam)")), p.catch("hear", bpmn.signal("tanda"))
    p.throw("say", bpmn.escalation("naik"))
    p.call("call", "called"), p.add(inner, lane="Petugas"), p.add(timely, event=True)
    p.boundary("late", "u", bpmn.after('"PT72H"'), interrupting=False)
    p.boundary("failed", "sv", bpmn.error("habis"))
    p.end(), p.end("stopped", bpmn.terminate()), p.end("told", bpmn.message("kabar"))
    p.chain(
        "start", "u", "m", "sc", "sv", "br", "send", "receive", "xor", "fork", "call", "join", "race", "wait", "end"
    )
    p.chain("fork", "inner", "join"), p.chain("race", "hear", "stopped"), p.chain("late", "say", "told")
    p.flow("xor", "u", "jumlah < 3"), p.chain("failed", "u")
    p._defaults["xor"] = next(f[0] for f in p.flows if f[1:3] == ("xor", "fork"))
    table = bpmn.decision("dec", ["jumlah"], ["hasil"], [(["> 1"], ['"a"']), (["-"], ['"b"'])], hit_policy="FIRST")

    found = packaged(p.document(called), files={"decisions/dec.dmn": table})

    assert codes(found) == set()
    assert parse({**p.files(called), "decisions/dec.dmn": table}, "p").elements["u"].lane == "Petugas"


LOOPS_THAT_WAIT = {
    "a person": lambda p: p.user("w"),
    "a message": lambda p: p.catch("w", bpmn.message("kabar")),
    "a time from now": lambda p: p.catch("w", bpmn.at("now() + hours(1)")),
    "a duration": lambda p: p.catch("w", bpmn.after('"PT1H"')),
}
LOOPS_THAT_DO_NOT = {
    "a script": lambda p: p.script("w", "a = 1"),
    "a service": lambda p: p.service("w", "izin.terbit", {"nama": "1"}),
    "a date that will be past": lambda p: p.catch("w", bpmn.at('"2026-01-01"')),
    "a condition": lambda p: p.catch("w", bpmn.condition("True")),
    "a sub-process that runs through": lambda p: p.add(_inner("script")),
}


def _inner(kind):
    inner = Process("w")
    middle = inner.script("i2", "a = 1") if kind == "script" else inner.user("i2")
    inner.chain(inner.start("i1"), middle, inner.end("i3"))
    return inner


def looping(add):
    p = Process("p")
    p.start(), p.exclusive("g"), p.end()
    add(p)
    p.chain("start", "g", "w")
    p.flow("w", "g")
    p.flow("g", "end", default=True)
    p.flows = [(*f[:3], "a == 1", f[4]) if f[1:3] == ("g", "w") else f for f in p.flows]
    return p.document()


@pytest.mark.parametrize("name", LOOPS_THAT_WAIT)
def test_a_loop_in_which_something_waits_is_fine(name):
    assert "endless_loop" not in {c for c, _ in codes(findings(looping(LOOPS_THAT_WAIT[name])))}


def test_a_loop_around_a_sub_process_with_a_person_is_fine():
    assert "endless_loop" not in {c for c, _ in codes(findings(looping(lambda p: p.add(_inner("user")))))}


def _beside(*branches):
    """A sub-process that splits: it is over when each of its branches is, or at once when one of them says so."""
    inner = Process("w")
    inner.chain(inner.start("i1"), inner.parallel("i2"))
    for number, (middle, end) in enumerate(branches):
        add = inner.user if middle == "user" else lambda ident: inner.script(ident, "a = 1")
        inner.chain("i2", add(f"m{number}"), inner.end(f"e{number}", end))
    return inner


def test_a_loop_is_fine_when_one_of_the_branches_beside_each_other_waits():
    assert "endless_loop" not in {
        c for c, _ in codes(findings(looping(lambda p: p.add(_beside(("user", None), ("script", None))))))
    }


def test_a_branch_that_ends_the_others_does_not_wait_for_them():
    branches = ("user", None), ("script", bpmn.terminate())
    assert "endless_loop" in {c for c, _ in codes(findings(looping(lambda p: p.add(_beside(*branches)))))}


@pytest.mark.parametrize("name", LOOPS_THAT_DO_NOT)
def test_a_loop_in_which_nothing_waits_is_refused(name):
    assert "endless_loop" in {c for c, _ in codes(findings(looping(LOOPS_THAT_DO_NOT[name])))}


def test_a_service_that_is_tried_again_for_ever_is_an_endless_loop():
    p = Process("p")
    p.chain(p.start(), p.service("sv", "izin.terbit", {"nama": "1"}), p.end())
    p.chain(p.boundary("b", "sv", bpmn.error("habis")), "sv")
    assert "endless_loop" in {c for c, _ in codes(findings(p.document()))}


def test_an_error_caught_by_the_caller_is_caught():
    p, q = Process("p"), Process("q")
    q.chain(q.start("qs"), q.end("qe", bpmn.error("salah")))
    p.chain(p.start(), p.call("c", "q"), p.end())
    assert ("error_uncaught", "qe") in codes(findings(p.document(q)))

    p.chain(p.boundary("b", "c", bpmn.error("salah")), "end")
    assert codes(findings(p.document(q))) == set()


def test_what_the_engine_cannot_read_is_a_finding(monkeypatch):
    def stumble(*_):
        raise DefinitionError(why="something new")

    monkeypatch.setattr("engine.gate.check.parse", stumble)
    p = Process("p")
    p.chain(p.start(), p.manual("u"), p.end())
    assert ("engine_refused", "p") in codes(findings(p.document()))
