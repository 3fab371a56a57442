"""People's tasks: does somebody get each of them, with a form that exists, under rules that mean something?"""

from collections.abc import Iterable, Mapping

from engine.gate.catalogue import report
from engine.gate.diagram import Diagram, Node, Scope, text_of
from engine.gate.findings import Findings
from engine.gate.vocabulary import BPMN, HUMAN
from engine.manifest import COMPLETER, FILE, Manifest


def check_people(diagrams: list[Diagram], manifest: Manifest | None, forms: Iterable[str]) -> list[Findings]:
    """Findings go to the diagrams; those about the manifest are answered."""
    known, used = frozenset(forms), set()
    tasks = {node.id for diagram in diagrams for _, node in diagram.nodes() if node.tag in HUMAN}
    lanes: set[str] = set()
    for diagram in diagrams:
        lane_of = lanes_by_node(diagram)
        lanes |= set(lane_of.values())
        for scope, node in diagram.nodes():
            if node.tag in HUMAN:
                properties = node.properties()
                used.add(properties.get("form", ""))
                _check_form(diagram, node, properties, known)
                _check_exclude(diagram, node, properties, tasks)
                _check_lane(diagram, node, properties, _lane_around(scope, node, lane_of), manifest)
        _check_lanes(diagram, manifest)
    about_files = [Findings(f"forms/{name}.json") for name in sorted(known - used)]
    for findings in about_files:
        report(findings, "form_unused")
    return [*about_files, *([] if manifest is None else [_about_manifest(manifest, lanes, tasks)])]


def lanes_by_node(diagram: Diagram) -> dict[str, str]:
    """The lane of each node by its name; the innermost where lanes are nested."""
    found: dict[str, str] = {}
    owner: dict[str, object] = {}
    for lane in diagram.root.iter(f"{BPMN}lane"):
        name = (lane.get("name") or "").strip()
        if not name:
            diagram.say("lane_name", lane)
        for reference in lane.findall(f"{BPMN}flowNodeRef"):
            ident = text_of(reference)
            if ident not in diagram.ids:
                diagram.say("lane_node", lane, node=ident)
            elif ident in owner and owner[ident] not in lane.iterancestors():
                diagram.say("lane_twice", lane, node=ident)
            found[ident], owner[ident] = name, lane
    return found


def _check_lanes(diagram: Diagram, manifest: Manifest | None) -> None:
    """A lane that nobody is meant by, yet; once tasks stand in it, each of them is refused."""
    if manifest is None:
        return
    for lane in diagram.root.iter(f"{BPMN}lane"):
        name = (lane.get("name") or "").strip()
        empty = all(lane.find(BPMN + tag) is None for tag in ("flowNodeRef", "childLaneSet"))
        if name and empty and name not in manifest.lanes:
            diagram.say("lane_without_role", lane, name=name)


def _lane_around(scope: Scope, node: Node, lane_of: Mapping[str, str]) -> str | None:
    if node.id in lane_of:
        return lane_of[node.id]
    around: Scope | None = scope
    while around is not None and around.owner is not None:
        if around.owner.id in lane_of:
            return lane_of[around.owner.id]
        around = around.parent
    return None


def _check_form(diagram: Diagram, node: Node, properties: Mapping[str, str], forms: frozenset[str]) -> None:
    if node.tag != "userTask":
        return
    name = properties.get("form")
    if name is None:
        diagram.say("form_missing", node.element)
    elif name not in forms:
        diagram.say("form_unknown", node.element, name=name)


def _check_exclude(diagram: Diagram, node: Node, properties: Mapping[str, str], tasks: set[str]) -> None:
    for rule in filter(None, (r.strip() for r in properties.get("exclude", "").split(","))):
        names_a_task = rule.startswith(COMPLETER) and rule.removeprefix(COMPLETER).strip() in tasks
        if rule != "starter" and not names_a_task:
            diagram.say("exclude_rule", node.element, rule=rule)


def _check_lane(
    diagram: Diagram, node: Node, properties: Mapping[str, str], lane: str | None, manifest: Manifest | None
) -> None:
    if manifest is None:
        return
    known = None if lane is None else manifest.lanes.get(lane)
    if lane is None:
        if "assign" not in properties:
            diagram.say("lane_missing", node.element)
    elif known is None:
        diagram.say("lane_unknown", node.element, name=lane)
    elif known.assign == "system" and "assign" not in properties:
        diagram.say("lane_system", node.element, name=lane)


def _about_manifest(manifest: Manifest, lanes: set[str], tasks: set[str]) -> Findings:
    findings = Findings(FILE)
    for lane in manifest.lanes.values():
        if lane.name not in lanes:
            report(findings, "lane_unused", f"lanes.{lane.name}", name=lane.name)
        for rule in lane.exclude:
            if rule.startswith(COMPLETER) and rule.removeprefix(COMPLETER).strip() not in tasks:
                report(findings, "exclude_rule", f"lanes.{lane.name}.exclude", rule=rule)
    return findings
