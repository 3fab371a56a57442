"""A diagram without a drawing gets one: everything is in it once, nothing over another, the rest stays as it was."""

from itertools import combinations
from pathlib import Path

import pytest
from lxml import etree

from engine.gate.diagram import read_diagram
from engine.gate.findings import Findings
from engine.gate.layout import check_layout
from engine.settings import ROOT
from engine.studio.drawing import NotDrawableError, draw

DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:x="http://example.org/x" xmlns:xsd="http://www.w3.org/2001/XMLSchema" targetNamespace="t">'
)
FILES = [*sorted(ROOT.glob("bpmn/*/process.bpmn")), *sorted(ROOT.glob("bpmn/*/diagrams/*.bpmn"))]


def bare(body: bytes) -> bytes:
    """The same file as if nobody had drawn it."""
    root = etree.fromstring(body)
    for diagram in root.findall(f"{DI}BPMNDiagram"):
        root.remove(diagram)
    return etree.tostring(root)


def model(body: bytes) -> bytes:
    return etree.tostring(etree.fromstring(bare(body)), method="c14n2", strip_text=True)


def boxes(body: bytes) -> dict[str, tuple[float, ...]]:
    """Element id → left, top, right, bottom."""
    found = {}
    for shape in etree.fromstring(body).iter(f"{DI}BPMNShape"):
        x, y, width, height = (float(shape.find(f"{DC}Bounds").get(n)) for n in ("x", "y", "width", "height"))
        assert shape.get("bpmnElement") not in found
        found[shape.get("bpmnElement")] = (x, y, x + width, y + height)
    return found


def inside(inner, outer) -> bool:
    return inner[0] >= outer[0] and inner[1] >= outer[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


def apart(one, other) -> bool:
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


@pytest.mark.parametrize("file", FILES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_every_diagram_of_ours_could_have_been_drawn(file: Path):
    body = bare(file.read_bytes())

    drawn = draw(body)

    assert model(drawn) == model(body)
    findings = Findings(file.name)
    diagram = read_diagram(file.name, drawn, findings)
    check_layout(diagram)
    assert findings == []
    found = boxes(drawn)
    for scope in diagram.scopes():
        standing = [n.id for n in scope.nodes.values() if n.tag != "boundaryEvent"]
        assert [(a, b) for a, b in combinations(standing, 2) if not apart(found[a], found[b])] == []
        assert scope.owner is None or all(inside(found[n], found[scope.owner.id]) for n in standing)
    for lane in diagram.root.iter(f"{BPMN}lane"):
        named = {ref.text.strip() for ref in lane.findall(f"{BPMN}flowNodeRef")}
        assert [n for n in named if n in found and not inside(found[n], found[lane.get("id")])] == []
    edges = {e.get("bpmnElement") for e in diagram.root.iter(f"{DI}BPMNEdge")}
    assert {f.id for scope in diagram.scopes() for f in scope.flows} <= edges


def test_lanes_without_a_pool_get_one_and_what_is_foreign_stays():
    body = f"""{HEAD}
      <!-- why it is so -->
      <itemDefinition id="i" structureRef="xsd:string"/>
      <process id="p" name="Izin"><laneSet id="ls"><lane id="l1" name="Pemohon"><flowNodeRef>s</flowNodeRef></lane>
        <lane id="l2" name="Petugas"><flowNodeRef>e</flowNodeRef><childLaneSet id="in"><lane id="l3"/><lane id="l4"/>
        </childLaneSet></lane></laneSet>
        <extensionElements><x:colour of="all">red</x:colour></extensionElements>
        <startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="e"/><endEvent id="e"/>
        <sequenceFlow id="nowhere" sourceRef="s" targetRef="gone"/>
        <dataObjectReference id="d"/><textAnnotation id="n"><text>Catatan</text></textAnnotation>
        <association id="a" sourceRef="n" targetRef="s"/></process></definitions>""".encode()

    drawn = draw(body)

    found = boxes(drawn)
    assert set(found) == {"pool_p", "l1", "l2", "l3", "l4", "s", "e", "d", "n"}
    assert inside(found["s"], found["l1"])
    assert inside(found["e"], found["l3"])
    assert inside(found["l3"], found["l2"])
    assert inside(found["d"], found["pool_p"])
    assert b"why it is so" in drawn
    assert b'xmlns:xsd="http://www.w3.org/2001/XMLSchema"' in drawn
    assert b'<x:colour of="all">red</x:colour>' in drawn


def test_pools_stand_under_each_other_and_loops_end():
    body = f"""{HEAD}<collaboration id="c"><participant id="one" processRef="p"/><participant id="two" processRef="q"/>
        <participant id="outside"/><messageFlow id="m" sourceRef="t" targetRef="outside"/>
        <messageFlow id="k" sourceRef="t" targetRef="u"/></collaboration>
      <process id="p"><task id="t"/><task id="t2"/><sequenceFlow id="a" sourceRef="t" targetRef="t2"/>
        <sequenceFlow id="b" sourceRef="t2" targetRef="t"/><sequenceFlow id="self" sourceRef="t" targetRef="t"/>
        <boundaryEvent id="late" attachedToRef="t2"/><sequenceFlow id="x" sourceRef="late" targetRef="t"/></process>
      <process id="q"><subProcess id="sub"><task id="u"/></subProcess></process>
      <process id="alone"><task id="v"/></process></definitions>""".encode()

    drawn = draw(body)

    found = boxes(drawn)
    assert all(apart(found[a], found[b]) for a, b in combinations(("one", "two", "outside"), 2))
    assert inside(found["u"], found["sub"])
    assert inside(found["sub"], found["two"])
    assert [d.find(f"{DI}BPMNPlane").get("bpmnElement") for d in etree.fromstring(drawn).iter(f"{DI}BPMNDiagram")] == [
        "c",
        "alone",
    ]
    edges = {e.get("bpmnElement") for e in etree.fromstring(drawn).iter(f"{DI}BPMNEdge")}
    assert edges == {"a", "b", "self", "x", "m", "k"}


def test_thousands_of_elements_are_drawn_as_one_is():
    many = 3000
    tasks = "".join(f'<task id="t{i}"/>' for i in range(many))
    flows = "".join(f'<sequenceFlow id="f{i}" sourceRef="t0" targetRef="t{i}"/>' for i in range(1, many // 2))

    drawn = draw(f'{HEAD}<process id="p">{tasks}{flows}</process></definitions>'.encode())

    assert len(set(boxes(drawn).values())) == many


@pytest.mark.parametrize(
    "body", [b"", b"<a/>", b"no xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", b"<a>" * 200, b"\xff\xfe<\x00a\x00"]
)
def test_what_is_no_diagram_is_refused(body):
    with pytest.raises(NotDrawableError):
        draw(body)
