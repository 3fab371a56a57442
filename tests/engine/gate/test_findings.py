"""Every finding of the catalogue, with the smallest diagram that earns it."""

import pytest

from engine.gate.catalogue import CATALOGUE
from tests.engine.gate.diagrams import (
    END,
    HEAD,
    START,
    TAIL,
    between,
    codes,
    extended,
    findings,
    flows,
    packaged,
    process,
    properties,
)

TASK = '<bpmn:manualTask id="x"/>'
FORM = b'{"type": "default", "components": [{"type": "textfield", "key": "nama", "label": "Nama"}]}'
ERROR = '<bpmn:error id="E" name="salah" errorCode="salah"/>'
MESSAGE = '<bpmn:message id="M" name="kabar"/>'
SIGNAL = '<bpmn:signal id="S" name="tanda"/>'


def letter(template, sample='{"name": "Siti"}', **files):
    body = f'/* contoh {sample} */\n#import "alur.typ": *\n{template}'
    return findings(between(TASK), files={"letters/surat.typ": body.encode(), **files})


def event(tag, definition, ident="x", attributes=""):
    return f'<bpmn:{tag} id="{ident}" {attributes}>{definition}</bpmn:{tag}>'


def timer(inner):
    return f"<bpmn:timerEventDefinition>{inner}</bpmn:timerEventDefinition>"


def duration(value):
    return timer(f"<bpmn:timeDuration>{value}</bpmn:timeDuration>")


def refers(kind, ref):
    return f'<bpmn:{kind}EventDefinition {kind}Ref="{ref}"/>'


def gateway(tag, *branches, attributes="", after=TASK):
    """start → g → (branches) → end"""
    return process(START + f'<bpmn:{tag} id="g" {attributes}/>' + after + END + flows(("s", "g"), *branches))


def on_task(boundary, host=TASK, roots=""):
    return between(host + boundary, more='<bpmn:sequenceFlow id="bf" sourceRef="b" targetRef="e"/>', roots=roots)


def boundary(definition, attributes="", host="x"):
    return event("boundaryEvent", definition, "b", f'attachedToRef="{host}" {attributes}')


def event_sub(definition, end='<bpmn:endEvent id="ie"/>', attributes="", roots=""):
    inner = event("startEvent", definition, "is", attributes) + end + flows(("is", "ie"), prefix="i")
    return between(TASK + f'<bpmn:subProcess id="sub" triggeredByEvent="true">{inner}</bpmn:subProcess>', roots=roots)


def script(code, ident="x"):
    return f'<bpmn:scriptTask id="{ident}"><bpmn:script>{code}</bpmn:script></bpmn:scriptTask>'


def service(parameters='<spiffworkflow:parameter id="nama" type="str" value="1"/>', handler="izin.terbit", result=""):
    operator = (
        f'<spiffworkflow:serviceTaskOperator id="{handler}" {result}><spiffworkflow:parameters>{parameters}'
        "</spiffworkflow:parameters></spiffworkflow:serviceTaskOperator>"
    )
    return extended("serviceTask", operator)


def user(**values):
    return extended("userTask", properties(**values))


def looped(inner, host="manualTask", body=""):
    return f'<bpmn:{host} id="x">{inner}{body}</bpmn:{host}>'


def multi(inner):
    return looped(f"<bpmn:multiInstanceLoopCharacteristics>{inner}</bpmn:multiInstanceLoopCharacteristics>")


def lanes(*rows):
    found = "".join(
        f'<bpmn:lane id="l{n}" name="{name}">'
        + "".join(f"<bpmn:flowNodeRef>{i}</bpmn:flowNodeRef>" for i in ids)
        + "</bpmn:lane>"
        for n, (name, *ids) in enumerate(rows)
    )
    return f'<bpmn:laneSet id="ls">{found}</bpmn:laneSet>'


def two(first, second, call="q"):
    """Two processes in one file; the first calls `call`."""
    calls = f'<bpmn:callActivity id="x" calledElement="{call}"/>'
    return (
        HEAD + MESSAGE
        + f'<bpmn:process id="p" isExecutable="true">{START}{calls}{first}{END}'
        + flows(("s", "x"), ("x", "e")) + "</bpmn:process>"
        + f"{second}{TAIL}"
    )  # fmt: skip


def called(middle='<bpmn:manualTask id="m"/>', start='<bpmn:startEvent id="qs"/>', node="m"):
    inner = start + middle + '<bpmn:endEvent id="qe"/>' + flows(("qs", node), (node, "qe"), prefix="q")
    return f'<bpmn:process id="q" isExecutable="true">{inner}</bpmn:process>'


def chain_of_calls(levels):
    """Process p calls p1 calls p2 …"""
    found = ""
    for n in range(levels + 1):
        inner = f'<bpmn:startEvent id="s{n}"/><bpmn:endEvent id="e{n}"/>'
        if n < levels:
            inner += f'<bpmn:callActivity id="c{n}" calledElement="p{n + 1}"/>'
            inner += flows((f"s{n}", f"c{n}"), (f"c{n}", f"e{n}"), prefix=f"f{n}_")
        else:
            inner += flows((f"s{n}", f"e{n}"), prefix=f"f{n}_")
        found += f'<bpmn:process id="p{n}" isExecutable="true">{inner}</bpmn:process>'
    return HEAD + found + TAIL


def dmn(table, more="", attributes='hitPolicy="UNIQUE"'):
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="dd" name="x" namespace="y">'
        f'<decision id="dec" name="x"><decisionTable id="t" {attributes}>{table}</decisionTable></decision>'
        f"{more}</definitions>"
    ).encode()


INPUT = '<input id="i"><inputExpression id="ie"><text>nama</text></inputExpression></input>'
OUTPUT = '<output id="o" name="hasil"/>'


def rule(cell='"a"', result='"b"', ident="r", entries=1):
    cells = "".join(f'<inputEntry id="{ident}i{n}"><text>{cell}</text></inputEntry>' for n in range(entries))
    return f'<rule id="{ident}">{cells}<outputEntry id="{ident}o"><text>{result}</text></outputEntry></rule>'


def decides(body):
    return findings(between(TASK), files={"decisions/d.dmn": body})


DI = '<bpmndi:BPMNDiagram id="di"><bpmndi:BPMNPlane id="pl" bpmnElement="p">{}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'


def drawn(shapes):
    return between(TASK).replace(TAIL, DI.format(shapes) + TAIL)


def shape(ref, x="1"):
    return (
        f'<bpmndi:BPMNShape id="sh_{ref}" bpmnElement="{ref}"><dc:Bounds x="{x}" y="2" width="3" height="4"/>'
        "</bpmndi:BPMNShape>"
    )


MANY = "".join(f'<bpmn:manualTask id="t{n}"/>' for n in range(201))
DEEP = "".join(f'<bpmn:subProcess id="n{n}">' for n in range(5)) + "</bpmn:subProcess>" * 5
WIDE = (
    START + '<bpmn:parallelGateway id="g0"/>'
    + "".join(f'<bpmn:parallelGateway id="g{n}"/>' for n in (1, 2))
    + "".join(f'<bpmn:manualTask id="t{n}_{k}"/>' for k in range(17) for n in (1, 2))
    + END + flows(("s", "g0"), ("g0", "g1"), ("g2", "e"))
    + flows(*[("g1", f"t1_{k}") for k in range(17)], *[(f"t1_{k}", "g2") for k in range(17)], prefix="a")
    + flows(*[("g2", f"t2_{k}") for k in range(17)], *[(f"t2_{k}", "e") for k in range(17)], prefix="b")
)  # fmt: skip

CASES = {
    # files: the others are in test_hostile.py
    "too_large": lambda: findings("<x>" + "a" * 1_048_577 + "</x>"),
    "too_many": lambda: findings(process('<bpmn:association id="a"/>' * 11_000)),
    "empty": lambda: findings(""),
    "encoding": lambda: findings(process(START).encode("utf-16")),
    "xml": lambda: findings("<a>"),
    "doctype": lambda: findings("<!DOCTYPE a><a/>"),
    "instruction": lambda: findings(process("<?a?>")),
    "not_bpmn": lambda: findings("<a/>"),
    "no_process": lambda: findings(HEAD + TAIL),
    # vocabulary
    "unsupported": lambda: findings(between('<bpmn:complexGateway id="x"/>')),
    "misplaced": lambda: findings(
        between('<bpmn:manualTask id="x"><bpmn:script>a = 1</bpmn:script></bpmn:manualTask>')
    ),
    "repeated": lambda: findings(
        between(
            '<bpmn:scriptTask id="x"><bpmn:script>a = 1</bpmn:script><bpmn:script>b = 1</bpmn:script></bpmn:scriptTask>'
        )
    ),
    "attribute": lambda: findings(between('<bpmn:manualTask id="x" operationRef="y"/>')),
    "attribute_value": lambda: findings(between('<bpmn:manualTask id="x" isForCompensation="true"/>')),
    "foreign": lambda: findings(between('<bpmn:userTask id="x" camunda:assignee="demo"/>')),
    "extension": lambda: findings(between(extended("manualTask", "<spiffworkflow:unitTests/>"))),
    "property_unknown": lambda: findings(between(user(exlude="starter"))),
    "property_place": lambda: findings(between(extended("manualTask", properties(form="x")))),
    "property_twice": lambda: findings(
        between(
            extended(
                "manualTask",
                "<spiffworkflow:properties>"
                + '<spiffworkflow:property name="stage" value="a"/>' * 2
                + "</spiffworkflow:properties>",
            )
        )
    ),
    "property_empty": lambda: findings(between(user(due=" "))),
    "no_id": lambda: findings(between(TASK + "<bpmn:manualTask/>")),
    "bad_id": lambda: findings(between('<bpmn:manualTask id="x y"/>', node="x y")),
    "duplicate_id": lambda: findings(between(TASK + TASK)),
    "reserved_id": lambda: findings(between('<bpmn:manualTask id="End"/>', node="End")),
    "name_long": lambda: findings(between(f'<bpmn:manualTask id="x" name="{"a" * 301}"/>')),
    # expressions
    "expression": lambda: findings(between(script("import os"))),
    "expression_missing": lambda: findings(between(script(" "))),
    "name_reserved": lambda: findings(between(multi("<bpmn:loopDataInputRef>self</bpmn:loopDataInputRef>"))),
    # flows and gateways
    "flow_ends": lambda: findings(between(TASK, more=flows(("x", "nowhere"), prefix="k"))),
    "flow_into_start": lambda: findings(between(TASK, more=flows(("x", "s"), prefix="k"))),
    "flow_out_of_end": lambda: findings(between(TASK, more=flows(("e", "x"), prefix="k"))),
    "flow_into_boundary": lambda: findings(on_task(boundary(duration('"PT1H"')) + flows(("s", "b"), prefix="k"))),
    "flow_twice": lambda: findings(gateway("parallelGateway", ("g", "x"), ("g", "x"), ("x", "e"))),
    "flow_event_sub": lambda: findings(
        event_sub(duration('"PT1H"')).replace("</bpmn:process>", flows(("x", "sub"), prefix="k") + "</bpmn:process>")
    ),
    "condition_ignored": lambda: findings(gateway("parallelGateway", ("g", "x", "a == 1"), ("x", "e"))),
    "condition_missing": lambda: findings(gateway("exclusiveGateway", ("g", "x", "a == 1"), ("g", "e"), ("x", "e"))),
    "default_unknown": lambda: findings(gateway("exclusiveGateway", ("g", "x"), ("x", "e"), attributes='default="zz"')),
    "several_outgoing": lambda: findings(
        between(TASK + '<bpmn:manualTask id="y"/>', more=flows(("x", "y"), ("y", "e"), prefix="k"))
    ),
    "event_gateway_few": lambda: findings(gateway("eventBasedGateway", ("g", "x"), ("x", "e"))),
    "event_gateway_target": lambda: findings(
        gateway(
            "eventBasedGateway",
            ("g", "x"),
            ("g", "y"),
            ("x", "e"),
            ("y", "e"),
            after=TASK + event("intermediateCatchEvent", duration('"PT1H"'), "y"),
        )
    ),
    "event_gateway_timers": lambda: findings(
        gateway(
            "eventBasedGateway",
            ("g", "x"),
            ("g", "y"),
            ("x", "e"),
            ("y", "e"),
            after=event("intermediateCatchEvent", duration('"PT2H"'))
            + event("intermediateCatchEvent", duration('"PT1H"'), "y"),
        )
    ),
    "start_count": lambda: findings(
        process(START + '<bpmn:startEvent id="s2"/>' + END + flows(("s", "e"), ("s2", "e")))
    ),
    "end_missing": lambda: findings(process(START + TASK + flows(("s", "x")))),
    "unreachable": lambda: findings(between(TASK + '<bpmn:manualTask id="y"/>', more=flows(("y", "e"), prefix="k"))),
    "no_way_out": lambda: findings(gateway("parallelGateway", ("g", "x"), ("g", "e"))),
    "endless_loop": lambda: findings(
        gateway(
            "exclusiveGateway",
            ("g", "x", "a"),
            ("x", "g"),
            ("g", "e"),
            attributes='default="f3"',
            after=script("a = True"),
        )
    ),
    "too_many_nodes": lambda: findings(between(TASK + MANY)),
    "too_deep": lambda: findings(between(TASK + DEEP)),
    "too_many_paths": lambda: findings(process(WIDE)),
    # events
    "event_kind": lambda: findings(
        process(event("startEvent", duration('"PT1H"'), "s") + TASK + END + flows(("s", "x"), ("x", "e")))
    ),
    "event_several": lambda: findings(
        between(event("intermediateCatchEvent", duration('"PT1H"') + refers("message", "M")), roots=MESSAGE)
    ),
    "reference_missing": lambda: findings(between('<bpmn:receiveTask id="x"/>')),
    "reference_unknown": lambda: findings(
        between(event("intermediateCatchEvent", refers("message", "E")), roots=ERROR)
    ),
    "root_name": lambda: findings(between(TASK, roots='<bpmn:message id="M"/>')),
    "code_missing": lambda: findings(
        process(
            START + event("endEvent", refers("error", "E"), "e") + flows(("s", "e")),
            roots='<bpmn:error id="E" name="x"/>',
        )
    ),
    "boundary_host": lambda: findings(on_task(boundary(duration('"PT1H"'), host="s"))),
    "boundary_interrupts": lambda: findings(
        on_task(boundary(refers("error", "E"), 'cancelActivity="false"'), roots=ERROR)
    ),
    "timer_parts": lambda: findings(between(event("intermediateCatchEvent", timer("")))),
    "timer_unquoted": lambda: findings(between(event("intermediateCatchEvent", duration("PT1H")))),
    "timer_value": lambda: findings(between(event("intermediateCatchEvent", duration('"P99999999999M"')))),
    "self_trigger": lambda: findings(
        event_sub(refers("message", "M"), event("endEvent", refers("message", "M"), "ie"), roots=MESSAGE)
    ),
    "error_uncaught": lambda: findings(
        process(START + event("endEvent", refers("error", "E"), "e") + flows(("s", "e")), roots=ERROR)
    ),
    # activities
    "script_count": lambda: findings(between('<bpmn:scriptTask id="x"/>')),
    "operator_missing": lambda: findings(between('<bpmn:serviceTask id="x"/>')),
    "handler_unknown": lambda: packaged(between(service(handler="tak.ada"))),
    "handler_input": lambda: packaged(between(service(""))),
    "handler_input_unknown": lambda: packaged(
        between(service('<spiffworkflow:parameter id="nip" type="str" value="1"/>'))
    ),
    "parameter": lambda: findings(between(service('<spiffworkflow:parameter id="nama" value="1"/>'))),
    "parameter_twice": lambda: findings(
        between(service('<spiffworkflow:parameter id="nama" type="str" value="1"/>' * 2))
    ),
    "decision_missing": lambda: findings(between('<bpmn:businessRuleTask id="x"/>')),
    "decision_unknown": lambda: findings(
        between(extended("businessRuleTask", "<spiffworkflow:calledDecisionId>zz</spiffworkflow:calledDecisionId>"))
    ),
    "called_missing": lambda: findings(between('<bpmn:callActivity id="x"/>')),
    "called_unknown": lambda: findings(between('<bpmn:callActivity id="x" calledElement="zz"/>')),
    "called_start": lambda: findings(two("", called(start=event("startEvent", refers("message", "M"), "qs")))),
    "called_circle": lambda: findings(two("", called('<bpmn:callActivity id="m" calledElement="p"/>'))),
    "called_deep": lambda: findings(chain_of_calls(9)),
    "loop_and_multi": lambda: findings(
        between(
            looped(
                '<bpmn:standardLoopCharacteristics loopMaximum="3"/><bpmn:multiInstanceLoopCharacteristics>'
                "<bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>"
            )
        )
    ),
    "loop_bound": lambda: findings(
        between(
            looped(
                "<bpmn:standardLoopCharacteristics><bpmn:loopCondition>True</bpmn:loopCondition></bpmn:standardLoopCharacteristics>",
                "scriptTask",
                "<bpmn:script>a = 1</bpmn:script>",
            )
        )
    ),
    "loop_maximum": lambda: findings(between(looped('<bpmn:standardLoopCharacteristics loopMaximum="100000"/>'))),
    "loop_nothing": lambda: findings(between(looped("<bpmn:standardLoopCharacteristics/>"))),
    "multi_source": lambda: findings(between(multi(""))),
    "multi_count": lambda: findings(between(multi("<bpmn:loopCardinality>501</bpmn:loopCardinality>"))),
    # people
    "form_unknown": lambda: packaged(between(user(form="zz"))),
    "exclude_rule": lambda: findings(between(user(exclude="starter, completer:zz"))),
    "lane_missing": lambda: packaged(between(TASK)),
    "lane_unknown": lambda: packaged(between(lanes(("Tamu", "x")) + TASK)),
    "lane_system": lambda: packaged(between(lanes(("Sistem", "x")) + TASK)),
    "lane_name": lambda: findings(between(lanes(("", "x")) + TASK)),
    "lane_twice": lambda: findings(between(lanes(("A", "x"), ("B", "x")) + TASK)),
    "lane_node": lambda: findings(between(lanes(("A", "zz")) + TASK)),
    # data objects
    "data_object": lambda: findings(between(TASK + '<bpmn:dataObjectReference id="r" dataObjectRef="zz"/>')),
    "data_reference": lambda: findings(
        between(
            '<bpmn:manualTask id="x"><bpmn:dataInputAssociation id="a"><bpmn:sourceRef>zz</bpmn:sourceRef>'
            "</bpmn:dataInputAssociation></bpmn:manualTask>"
        )
    ),
    # processes
    "not_executable": lambda: findings(between(TASK).replace('isExecutable="true"', 'isExecutable="false"')),
    "main_unknown": lambda: packaged(between(TASK).replace('id="p"', 'id="pp"')),
    "element_twice": lambda: findings(between(TASK), files={"other.bpmn": between(TASK).encode()}),
    "layout_number": lambda: findings(drawn(shape("x", "1e99"))),
    # decisions
    "not_dmn": lambda: decides(b"<a/>"),
    "dmn_one_decision": lambda: decides(dmn(INPUT + OUTPUT + rule(), '<decision id="d2"/>')),
    "dmn_element": lambda: decides(dmn("<annotation/>" + INPUT + OUTPUT + rule())),
    "dmn_policy": lambda: decides(dmn(INPUT + OUTPUT + rule(), attributes='hitPolicy="PRIORITY"')),
    "dmn_aggregation": lambda: decides(dmn(INPUT + OUTPUT + rule(), attributes='aggregation="SUM"')),
    "dmn_language": lambda: decides(
        dmn(INPUT.replace('id="ie"', 'id="ie" expressionLanguage="juel"') + OUTPUT + rule())
    ),
    "dmn_columns": lambda: decides(dmn(INPUT + OUTPUT)),
    "dmn_row": lambda: decides(dmn(INPUT + OUTPUT + rule(entries=2))),
    "dmn_output_name": lambda: decides(dmn(INPUT + '<output id="o" name="case"/>' + rule())),
    "dmn_too_large": lambda: decides(dmn(INPUT + OUTPUT + "".join(rule(ident=f"r{n}") for n in range(501)))),
    # letters
    "letter_package": lambda: letter('#import "@preview/cetz:0.3.0": *'),
    "letter_power": lambda: letter("#eval(data.name)"),
    "letter_reserved": lambda: findings(between(TASK), files={"letters/alur.typ": b""}),
    "letter_sample": lambda: findings(between(TASK), files={"letters/surat.typ": b"Yth."}),
    "letter_fault": lambda: letter("#data.nothing"),
    "letter_heavy": lambda: letter('#("a" * 4000000000)'),
    # warnings
    "ignored": lambda: findings(between(extended("manualTask", "<bioc:x/>"))),
    "no_default": lambda: findings(gateway("exclusiveGateway", ("g", "x", "a"), ("g", "e", "not a"), ("x", "e"))),
    "default_condition": lambda: findings(
        gateway("exclusiveGateway", ("g", "x", "a"), ("g", "e", "b"), ("x", "e"), attributes='default="f2"')
    ),
    "inclusive_join": lambda: findings(
        process(
            START
            + '<bpmn:parallelGateway id="g"/><bpmn:inclusiveGateway id="h"/>'
            + TASK
            + '<bpmn:manualTask id="y"/>'
            + END
            + flows(("s", "g"), ("g", "x"), ("g", "y"), ("x", "h"), ("y", "h"), ("h", "e"))
        )
    ),
    "boundary_never": lambda: findings(on_task(boundary(duration('"PT1H"')), script("a = 1"))),
    "service_error": lambda: packaged(between(service())),
    "item_name": lambda: findings(
        between(multi('<bpmn:loopCardinality>3</bpmn:loopCardinality><bpmn:inputDataItem id="satu" name="dua"/>'))
    ),
    "form_missing": lambda: findings(between('<bpmn:userTask id="x"/>')),
    "form_unused": lambda: findings(between(TASK), files={"forms/f.json": FORM}),
    "lane_unused": lambda: packaged(between(lanes(("Petugas", "x")) + TASK)),
    "never_run": lambda: packaged(two("", called(), call="zz")),
    "unknown_name": lambda: packaged(
        between(lanes(("Petugas", "x")) + user(form="f", due="bats")), files={"forms/f.json": FORM}
    ),
    "no_layout": lambda: findings(between(TASK)),
    "no_shape": lambda: findings(drawn(shape("x"))),
    "shape_unknown": lambda: findings(drawn(shape("zz"))),
}

ABOUT_FILES = frozenset({
    "too_large", "too_many", "empty", "encoding", "xml", "instruction", "not_bpmn", "no_process", "not_dmn",
    "dmn_one_decision", "form_unused", "letter_package", "letter_power", "letter_reserved", "letter_sample",
    "letter_fault", "letter_heavy",
})  # fmt: skip

UNREACHED = {
    "engine_refused": "the engine's last word; see test_honoured.py",
    **dict.fromkeys(
        (
            "mail_form",
            "mail_expression",
            "mail_secret",
            "mail_unknown",
            "mail_unused",
            "payload_dropped",
            "parameter_unknown",
        ),
        "see test_mails.py",
    ),
    **dict.fromkeys(
        (
            "deadlock",
            "deadlock_possible",
            "unsynchronised",
            "lane_without_role",
            "name_later",
            "field_unknown",
            "answer_unknown",
            "due_before_start",
            "due_counted_back",
            "due_fixed",
        ),
        "see test_whole_process.py",
    ),
}


@pytest.mark.parametrize("code", CASES)
def test_a_finding_is_earned(code):
    found = [f for f in CASES[code]() if f.code == code]

    assert found
    assert all(f.severity == CATALOGUE[code].severity for f in found)
    assert all(f.element or f.code in ABOUT_FILES for f in found)
    for finding in found:
        for text in (finding.reason, finding.cure):
            assert text.id
            assert text.en
            assert "{" not in text.id + text.en


def test_no_code_of_the_catalogue_is_untried():
    assert set(CATALOGUE) - set(CASES) - set(UNREACHED) == set()


def test_all_findings_of_all_files_come_at_once():
    found = packaged(
        between('<bpmn:userTask id="End" camunda:assignee="x"/>', node="End"),
        files={"forms/f.json": b"{", "decisions/d.dmn": b"<!DOCTYPE a><a/>", "run.py": b""},
    )
    assert {f.file for f in found if f.is_error} == {"process.bpmn", "forms/f.json", "decisions/d.dmn", "run.py"}
    assert {"reserved_id", "foreign", "doctype", "unknown_file"} <= {f.code for f in found}


def test_errors_come_first():
    found = findings(between('<bpmn:userTask id="End"/>', node="End"))
    severities = [f.severity for f in found]
    assert severities == sorted(severities)
    assert codes(found) == {("reserved_id", "End")}
