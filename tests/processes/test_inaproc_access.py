"""The INAPROC access package: every scenario passes, every flow is taken, and the drawing is whole."""

import itertools

import pytest
from lxml import etree

from engine.definitions import check_package, read_package
from engine.scenarios import run_package
from handlers.mail_templates import parse_template
from handlers.seeds import prepare
from tests.processes.conftest import PACKAGES

PACKAGE = PACKAGES / "inaproc_access"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
POINTS = "{http://www.omg.org/spec/DD/20100524/DI}"


@pytest.fixture(scope="module")
def report(registry):
    return run_package(PACKAGE, registry, prepare)


@pytest.fixture(scope="module")
def drawing():
    return etree.fromstring((PACKAGE / "process.bpmn").read_bytes())


def test_every_scenario_passes(report):
    assert report.faults == ()
    assert [f.sentence("en") for d in report.diagrams for r in d.results for f in r.failures] == []
    assert report.ok


def test_every_sequence_flow_is_taken_by_some_scenario(report):
    [diagram] = report.diagrams
    assert diagram.flows - diagram.taken == set()
    assert diagram.coverage == 100


def test_the_gate_finds_nothing_not_even_a_warning(registry):
    assert [f.reason.en for f in check_package(read_package(PACKAGE), registry)] == []


def test_everything_in_the_process_is_drawn(drawing):
    drawn = {e.get("bpmnElement") for e in drawing.iter(f"{DI}BPMNShape", f"{DI}BPMNEdge")}
    process = drawing.find(f"{BPMN}process")
    elements = {e.get("id") for e in process if e.get("id") and e.tag != f"{BPMN}laneSet"}
    lanes = {lane.get("id") for lane in process.iter(f"{BPMN}lane")}
    assert elements | lanes <= drawn


def test_every_element_stands_in_exactly_one_lane_and_is_drawn_inside_it(drawing):
    boxes = _boxes(drawing)
    lanes = {lane.get("id"): [r.text for r in lane.iter(f"{BPMN}flowNodeRef")] for lane in drawing.iter(f"{BPMN}lane")}
    members = list(itertools.chain(*lanes.values()))
    assert len(members) == len(set(members))
    for lane, nodes in lanes.items():
        for node in nodes:
            assert _inside(boxes[node], boxes[lane]), f"{node} is drawn outside of {lane}"


def test_no_two_elements_are_drawn_over_each_other(drawing):
    """A boundary event sits on its task; nothing else may touch."""
    boundary = {e.get("id") for e in drawing.iter(f"{BPMN}boundaryEvent")}
    nodes = {r.text for r in drawing.iter(f"{BPMN}flowNodeRef")} - boundary
    boxes = _boxes(drawing)
    for one, other in itertools.combinations(sorted(nodes), 2):
        assert not _touch(boxes[one], boxes[other]), f"{one} and {other} overlap"


def test_no_flow_runs_through_an_element_that_it_does_not_belong_to(drawing):
    boxes = _boxes(drawing)
    boundary = {e.get("id"): e.get("attachedToRef") for e in drawing.iter(f"{BPMN}boundaryEvent")}
    ends = {f.get("id"): {f.get("sourceRef"), f.get("targetRef")} for f in drawing.iter(f"{BPMN}sequenceFlow")}
    nodes = {r.text for r in drawing.iter(f"{BPMN}flowNodeRef")}
    for edge in drawing.iter(f"{DI}BPMNEdge"):
        flow = edge.get("bpmnElement")
        own = ends[flow] | {boundary[e] for e in ends[flow] if e in boundary}
        own |= {b for b, task in boundary.items() if task in own}
        points = [(float(p.get("x")), float(p.get("y"))) for p in edge.iter(f"{POINTS}waypoint")]
        for node in nodes - own:
            for start, end in itertools.pairwise(points):
                assert not _touch(_segment(start, end), boxes[node]), f"{flow} runs through {node}"


def test_flows_are_drawn_at_right_angles(drawing):
    for edge in drawing.iter(f"{DI}BPMNEdge"):
        points = [(p.get("x"), p.get("y")) for p in edge.iter(f"{POINTS}waypoint")]
        for (x1, y1), (x2, y2) in itertools.pairwise(points):
            assert x1 == x2 or y1 == y2, edge.get("bpmnElement")


@pytest.mark.parametrize("path", sorted((PACKAGE / "mails").glob("*.txt")), ids=lambda p: p.stem)
def test_every_mail_is_written_in_both_languages(path):
    template = parse_template(path.stem, path.read_bytes())
    assert template.subject.en != template.subject.id
    assert template.body.en != template.body.id


def _boxes(drawing):
    found = {}
    for shape in drawing.iter(f"{DI}BPMNShape"):
        bounds = shape.find(f"{DC}Bounds")
        x, y, width, height = (float(bounds.get(name)) for name in ("x", "y", "width", "height"))
        found[shape.get("bpmnElement")] = (x, y, x + width, y + height)
    return found


def _segment(start, end):
    return (min(start[0], end[0]), min(start[1], end[1]), max(start[0], end[0]), max(start[1], end[1]))


def _touch(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _inside(inner, outer):
    """A boundary event may reach over the edge of its lane by half its size."""
    return outer[0] <= inner[0] and inner[2] <= outer[2] and outer[1] - 18 <= inner[1] and inner[3] <= outer[3] + 18


def test_everything_a_reader_sees_of_the_diagram_has_an_english_name(drawing):
    nodes = drawing.xpath("//*[local-name()='process']/*[@name and not(local-name()='sequenceFlow')]")
    unnamed = [n.get("id") for n in nodes if not n.xpath(".//*[local-name()='property'][@name='name_en']")]
    assert unnamed == []
