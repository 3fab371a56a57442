"""What the gate says about how a whole process goes: branches that do not meet, late data, deadlines in the past."""

import json

import pytest

from engine.gate.soundness import MOST_STATES
from tests.engine.gate.diagrams import END, START, codes, extended, flows, packaged, process, properties

PARALLEL, EXCLUSIVE = "parallelGateway", "exclusiveGateway"


def node(tag, ident, inner="", attributes=""):
    return f'<bpmn:{tag} id="{ident}" {attributes}>{inner}</bpmn:{tag}>'


def tasks(*idents):
    return "".join(node("manualTask", ident) for ident in idents)


def found(body, *wanted, **more):
    """What is said of `wanted` codes: {(code, element)}."""
    return {(f.code, f.element) for f in packaged(body, **more) if f.code in wanted}


def diamond(split, join):
    """s → [split] → a, b → [join] → c → e"""
    return process(
        START + node(split, "split") + tasks("a", "b", "c") + node(join, "join") + END
        + flows(("s", "split"), ("split", "a"), ("split", "b"), ("a", "join"), ("b", "join"), ("join", "c"), ("c", "e"))
    )  # fmt: skip


SHAPE = ("deadlock", "deadlock_possible", "unsynchronised")


@pytest.mark.parametrize(
    ("split", "join", "said"),
    [
        (PARALLEL, PARALLEL, set()),
        (EXCLUSIVE, EXCLUSIVE, set()),
        (EXCLUSIVE, PARALLEL, {("deadlock", "join")}),
        (PARALLEL, EXCLUSIVE, {("unsynchronised", "join")}),
        ("inclusiveGateway", "inclusiveGateway", set()),
        ("inclusiveGateway", PARALLEL, {("deadlock_possible", "join")}),
        ("inclusiveGateway", EXCLUSIVE, {("unsynchronised", "join")}),
    ],
)
def test_branches_come_together_as_they_parted(split, join, said):
    assert found(diamond(split, join), *SHAPE) == said


def test_a_way_round_a_joining_gateway_is_a_possible_deadlock():
    body = process(
        START + node(PARALLEL, "split") + node(EXCLUSIVE, "way") + tasks("a", "b") + node(PARALLEL, "join") + END
        + node("endEvent", "e2")
        + flows(("s", "split"), ("split", "a"), ("split", "way"), ("way", "b"), ("way", "e2"), ("a", "join"),
                ("b", "join"), ("join", "e"))
    )  # fmt: skip
    assert found(body, *SHAPE) == {("deadlock_possible", "join")}


def test_a_loop_back_into_a_joining_gateway_holds_only_in_its_second_round():
    body = process(
        START + node(PARALLEL, "join") + tasks("a") + node(EXCLUSIVE, "again", attributes='default="f3"') + END
        + flows(("s", "join"), ("join", "a"), ("a", "again"), ("again", "e"), ("again", "join", "defined(x)"))
    )  # fmt: skip
    assert found(body, *SHAPE) == {("deadlock_possible", "join")}


def test_a_terminating_end_takes_the_other_branch_with_it():
    body = process(
        START + node(PARALLEL, "split") + tasks("a", "b")
        + node("endEvent", "e", "<bpmn:terminateEventDefinition/>")
        + flows(("s", "split"), ("split", "a"), ("split", "b"), ("a", "e"), ("b", "e"))
    )  # fmt: skip
    assert found(body, *SHAPE) == set()


TIMER = "<bpmn:timerEventDefinition><bpmn:timeDuration>hours(1)</bpmn:timeDuration></bpmn:timerEventDefinition>"


def beside(target, attributes='attachedToRef="a" cancelActivity="false"'):
    """A task with an event beside it, whose branch goes to `target`."""
    return process(
        START + tasks("a", "b", "told") + END + node("endEvent", "e2")
        + node("boundaryEvent", "late", TIMER, attributes)
        + flows(("s", "a"), ("a", "b"), ("b", "e"), ("late", target), ("told", "e2"))
    )  # fmt: skip


def test_a_side_branch_that_ends_by_itself_is_fine():
    assert found(beside("told"), *SHAPE) == set()


def test_a_side_branch_that_leads_back_into_the_main_flow_is_not():
    assert found(beside("b"), *SHAPE) == {("unsynchronised", "b")}


def test_an_interrupting_event_may_lead_back():
    assert found(beside("b", 'attachedToRef="a"'), *SHAPE) == set()


def test_a_loop_with_a_side_branch_is_no_fault():
    body = process(
        START + tasks("a", "b", "told") + END + node("endEvent", "e2")
        + node(EXCLUSIVE, "again", attributes='default="f3"')
        + node("boundaryEvent", "late", TIMER, 'attachedToRef="a" cancelActivity="false"')
        + flows(("s", "a"), ("a", "again"), ("again", "a", "defined(x)"), ("again", "e"), ("late", "told"),
                ("told", "e2"), ("b", "e"))
    )  # fmt: skip
    assert found(body, *SHAPE) == set()


def test_a_game_that_is_too_large_claims_nothing_and_stays_quick():
    wide = 13
    assert 2**wide > MOST_STATES
    idents = [f"t{n}" for n in range(wide)]
    body = process(
        START + node(PARALLEL, "split") + tasks(*idents) + node(PARALLEL, "join") + END
        + flows(("s", "split"), ("join", "e"))
        + flows(*[("split", i) for i in idents], *[(i, "join") for i in idents], prefix="g")
    )  # fmt: skip
    assert found(body, *SHAPE) == set()


# --- data -----------------------------------------------------------------------------------------------------------

CHOICE = {
    "type": "radio", "key": "hasil", "label": "Hasil",
    "values": [{"label": "Setuju", "value": "setuju"}, {"label": "Tolak", "value": "tolak"}],
}  # fmt: skip


def form(*components, path="tinjauan"):
    group = {"type": "group", "path": path, "label": "Tinjauan", "components": list(components)}
    return json.dumps({"type": "default", "components": [group if path else components[0]]}).encode()


def user(ident, **values):
    return extended("userTask", properties(**values), ident=ident)


def decided(condition):
    """A form, then a gateway with this condition."""
    lane = '<bpmn:lane id="l" name="Petugas"><bpmn:flowNodeRef>x</bpmn:flowNodeRef></bpmn:lane>'
    lanes = f'<bpmn:laneSet id="ls">{lane}</bpmn:laneSet>'
    return process(
        lanes + START + user("x", form="tinjau") + node(EXCLUSIVE, "g", attributes='default="f3"') + END + tasks("no")
        + flows(("s", "x"), ("x", "g"), ("g", "no", condition), ("g", "e"), ("no", "e"))
    )  # fmt: skip


DATA = ("unknown_name", "name_later", "field_unknown", "answer_unknown")
TINJAU = {"forms/tinjau.json": form(CHOICE)}


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ('tinjauan.hasil == "setuju"', set()),
        ('tinjauan.hasil in ["setuju", "tolak"]', set()),
        ('tinjauan.hasil == "disetujui"', {("answer_unknown", "f2")}),
        ('"disetujui" == tinjauan.hasil', {("answer_unknown", "f2")}),
        ('tinjauan.keputusan == "setuju"', {("field_unknown", "f2")}),
        ('default(tinjauan.keputusan, "") == "setuju"', set()),
        ('telaah.hasil == "setuju"', {("unknown_name", "f2")}),
    ],
)
def test_a_condition_reads_what_a_form_gives(condition, said):
    assert found(decided(condition.replace('"', "&quot;")), *DATA, files=TINJAU) == said


def two(first, then, *branches):
    return process(START + first + then + END + flows(*branches), attributes='isExecutable="true"')


READS = extended("manualTask", "<spiffworkflow:preScript>y = tinjauan.hasil</spiffworkflow:preScript>", ident="reads")
FILLS = user("x", form="tinjau")


@pytest.mark.parametrize(
    ("branches", "said"),
    [
        ((("s", "x"), ("x", "reads"), ("reads", "e")), set()),
        ((("s", "reads"), ("reads", "x"), ("x", "e")), {("name_later", "reads")}),
    ],
)
def test_what_is_filled_only_afterwards_is_said(branches, said):
    assert found(two(FILLS, READS, *branches), *DATA, files=TINJAU) == said


def test_side_by_side_it_may_be_there_already():
    body = process(
        START + FILLS + READS + END + node(PARALLEL, "split") + node(PARALLEL, "join")
        + flows(("s", "split"), ("split", "x"), ("split", "reads"), ("x", "join"), ("reads", "join"), ("join", "e"))
    )  # fmt: skip
    assert found(body, *DATA, files=TINJAU) == set()


def test_alternatives_do_not_fill_for_each_other():
    body = process(
        START + FILLS + READS + END + node(EXCLUSIVE, "split", attributes='default="f2"')
        + flows(("s", "split"), ("split", "x", "case.number == 1"), ("split", "reads"), ("x", "e"), ("reads", "e"))
    )  # fmt: skip
    assert found(body, *DATA, files=TINJAU) == {("name_later", "reads")}


def test_what_a_sub_process_fills_is_there_after_it():
    inner = (
        '<bpmn:startEvent id="is"/>' + FILLS + '<bpmn:endEvent id="ie"/>' + flows(("is", "x"), ("x", "ie"), prefix="i")
    )
    body = process(
        START + node("subProcess", "sub", inner) + READS + END + flows(("s", "sub"), ("sub", "reads"), ("reads", "e"))
    )
    assert found(body, *DATA, files=TINJAU) == set()


# --- lanes and deadlines --------------------------------------------------------------------------------------------


def test_an_empty_lane_that_nobody_is_meant_by():
    lane = '<bpmn:laneSet id="ls"><bpmn:lane id="l" name="Bendahara"/></bpmn:laneSet>'
    body = process(lane + START + END + flows(("s", "e")))
    assert found(body, "lane_without_role") == {("lane_without_role", "l")}


DEADLINES = ("due_before_start", "due_counted_back", "due_fixed")


def due(source, pre=""):
    escaped = source.replace('"', "&quot;")
    script = f"<spiffworkflow:preScript>{pre}</spiffworkflow:preScript>" if pre else ""
    return process(START + extended("userTask", script + properties(due=escaped)) + END + flows(("s", "x"), ("x", "e")))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('working_days_after(now(), 3, at="16:00")', None),
        ("now() + hours(72)", None),
        ("days(3)", None),
        ("today()", None),
        ("working_days_before(schedule.date, 0)", None),
        ('max(working_days_before(schedule.date, 3, at="16:00"), now() + days(1))', None),
        ("schedule.closes_at", None),
        ("default(verify_by, None)", None),
        ("days(0)", "due_before_start"),
        ("now() - days(1)", "due_before_start"),
        ('at(today(), "16:00")', "due_before_start"),
        ("working_days_before(today(), 2)", "due_before_start"),
        ("working_days_before(schedule.date, 3)", "due_counted_back"),
        ("schedule.starts_at - days(2)", "due_counted_back"),
        ('at(working_days_before(schedule.date, 3), "16:00")', "due_counted_back"),
        ("add_months(schedule.date, -1)", "due_counted_back"),
        ('date("2026-12-31")', "due_fixed"),
    ],
)
def test_deadlines_lie_after_their_start(source, said):
    assert found(due(source), *DEADLINES) == ({(said, "x")} if said else set())


@pytest.mark.parametrize(
    ("pre", "said"),
    [
        ('reminder = {"due": at(today(), "08:00")}', {("due_before_start", "x")}),
        ('reminder = {"due": working_days_before(schedule.date, 3)}', {("due_counted_back", "x")}),
        ('reminder = {"due": working_days_after(now(), 3, at="16:00")}', set()),
    ],
)
def test_a_deadline_told_by_the_script_before_the_task_is_looked_into(pre, said):
    assert found(due("reminder.due", pre), *DEADLINES) == said


def test_a_deadline_in_the_past_is_said_with_an_example():
    [finding] = [f for f in packaged(due('at(today(), "16:00")')) if f.code == "due_before_start"]
    assert "Rabu, 3 Juni 2026 pukul 16.30 WIB" in finding.reason.id
    assert "Wednesday, 3 June 2026 at 16:30 WIB" in finding.reason.en


@pytest.mark.parametrize(
    "inner", ["<bpmn:timeDuration>hours(-1)</bpmn:timeDuration>", "<bpmn:timeDate>now() - days(1)</bpmn:timeDate>"]
)
def test_a_timer_that_is_over_before_it_begins(inner):
    event = node("intermediateCatchEvent", "x", f"<bpmn:timerEventDefinition>{inner}</bpmn:timerEventDefinition>")
    body = process(START + event + END + flows(("s", "x"), ("x", "e")))
    assert found(body, *DEADLINES) == {("due_before_start", "x")}


def test_these_findings_stop_no_deployment_unless_every_case_is_hit():
    assert codes([f for f in packaged(diamond(PARALLEL, EXCLUSIVE)) if f.code in SHAPE]) == set()
    assert codes([f for f in packaged(diamond(EXCLUSIVE, PARALLEL)) if f.code in SHAPE]) == {("deadlock", "join")}
