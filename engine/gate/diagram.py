"""A BPMN file as the gate looks at it: its scopes, nodes and flows, whatever state they are in."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from engine.gate.catalogue import report
from engine.gate.findings import Findings
from engine.gate.vocabulary import BPMN, DEFINITIONS, NODES, SCOPES, SPIFF, UNSUPPORTED_NODES
from engine.gate.xml import read_xml


def local(element: Any) -> str:
    """The name of an element without its namespace."""
    return str(etree.QName(element).localname)


def text_of(element: Any | None) -> str:
    return "" if element is None else (element.text or "").strip()


@dataclass
class Node:
    """An event, activity or gateway. `inner` is what a sub-process holds."""

    id: str
    tag: str
    element: Any
    inner: "Scope | None" = None

    @property
    def definitions(self) -> list[Any]:
        return [c for c in self.element if c.tag.startswith(BPMN) and local(c) in DEFINITIONS]

    @property
    def kind(self) -> str:
        """What its event is triggered by: `none`, `timer`, `message` …"""
        found = self.definitions
        return local(found[0]).removesuffix("EventDefinition") if found else "none"

    @property
    def is_event_sub(self) -> bool:
        return bool(self.element.get("triggeredByEvent") == "true")

    def child(self, tag: str) -> Any | None:
        return self.element.find(BPMN + tag)

    def properties(self) -> dict[str, str]:
        path = f"{BPMN}extensionElements/{SPIFF}properties/{SPIFF}property"
        return {p.get("name") or "": (p.get("value") or "").strip() for p in self.element.findall(path)}

    def extension(self, tag: str) -> Any | None:
        return self.element.find(f"{BPMN}extensionElements/{SPIFF}{tag}")


@dataclass
class Flow:
    """A sequence flow between two nodes of one scope."""

    id: str
    source: str
    target: str
    element: Any

    @property
    def condition(self) -> Any | None:
        return self.element.find(BPMN + "conditionExpression")


@dataclass
class Scope:
    """A process or sub-process: what a token moves in."""

    id: str
    element: Any
    owner: Node | None
    parent: "Scope | None"
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)

    @property
    def depth(self) -> int:
        return 0 if self.parent is None else self.parent.depth + 1

    def leaving(self, node: Node) -> list[Flow]:
        return [f for f in self.flows if f.source == node.id]

    def entering(self, node: Node) -> list[Flow]:
        return [f for f in self.flows if f.target == node.id]

    def attached_to(self, node: Node) -> list[Node]:
        """The boundary events on an activity."""
        return [
            n for n in self.nodes.values() if n.tag == "boundaryEvent" and n.element.get("attachedToRef") == node.id
        ]

    def of_tag(self, *tags: str) -> list[Node]:
        return [n for n in self.nodes.values() if n.tag in tags]


class Diagram:
    """One file. `ids` are all its BPMN elements by id; of duplicates, the first."""

    def __init__(self, file: str, root: Any, findings: Findings) -> None:
        self.file = file
        self.root = root
        self.findings = findings
        self.ids: dict[str, Any] = {}
        self.processes: list[Scope] = []
        for element in root.iter(f"{BPMN}*"):
            if element.get("id"):
                self.ids.setdefault(element.get("id"), element)
        for element in root.findall(f"{BPMN}process"):
            self.processes.append(_scope_of(element, None, None))

    def scopes(self) -> Iterator[Scope]:
        """All scopes, outer ones first."""
        pending = list(self.processes)
        while pending:
            scope = pending.pop(0)
            yield scope
            pending.extend(n.inner for n in scope.nodes.values() if n.inner is not None)

    def nodes(self) -> Iterator[tuple[Scope, Node]]:
        for scope in self.scopes():
            for node in scope.nodes.values():
                yield scope, node

    def place_of(self, element: Any) -> "tuple[Scope, Node] | None":
        """The node that something stands in, and its scope."""
        around = [element, *element.iterancestors()]
        return next(((s, n) for e in around for s, n in self.nodes() if n.element is e), None)

    def say(self, code: str, element: Any, **values: Any) -> None:
        """A finding at an element: under its id, or that of the nearest element around it."""
        report(self.findings, code, name_of(element), element.sourceline, **values)


def read_diagram(file: str, body: bytes, findings: Findings) -> Diagram | None:
    """The diagram, or None when the file is no BPMN at all."""
    root = read_xml(body, findings)
    if root is None:
        return None
    if root.tag != f"{BPMN}definitions":
        report(findings, "not_bpmn", line=root.sourceline, found=shown_tag(root))
        return None
    diagram = Diagram(file, root, findings)
    if not diagram.processes:
        report(findings, "no_process")
    return diagram


_NAMED = NODES | UNSUPPORTED_NODES | {"process", "sequenceFlow", "lane", "participant", "message", "signal", "error",
                                      "escalation", "dataObject", "dataObjectReference", "dataStoreReference",
                                      "messageFlow", "textAnnotation", "association", "group"}  # fmt: skip


def name_of(element: Any) -> str:
    """How a finding calls an element: the id of what a person sees in the modeller, itself or what it stands in."""
    for around in (element, *element.iterancestors()):
        if around.tag.startswith(BPMN) and local(around) in _NAMED and around.get("id"):
            return str(around.get("id"))
    return str(element.get("bpmnElement") or element.get("id") or f"<{local(element)}>")


def shown_tag(element: Any) -> str:
    """A root element's name with its namespace, for a sentence."""
    name = etree.QName(element)
    return f"{name.localname}, {name.namespace}" if name.namespace else name.localname


def _scope_of(element: Any, owner: Node | None, parent: Scope | None) -> Scope:
    """Recursive, but no deeper than XML may be nested (see xml.py)."""
    scope = Scope(element.get("id") or "", element, owner, parent)
    for number, child in enumerate(element.iterchildren(f"{BPMN}*")):
        tag = local(child)
        if tag in NODES | UNSUPPORTED_NODES:
            node = Node(child.get("id") or f"<{tag} {number + 1}>", tag, child)
            scope.nodes.setdefault(node.id, node)
            if tag in SCOPES:
                node.inner = _scope_of(child, node, scope)
        elif tag == "sequenceFlow":
            source, target = child.get("sourceRef") or "", child.get("targetRef") or ""
            scope.flows.append(Flow(child.get("id") or "", source, target, child))
    return scope
