"""Who fills the case's data: forms, scripts, decisions, handlers, messages; where, under which names, with what."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.expressions import check, names_assigned
from engine.forms import Form
from engine.forms.model import Field, Option, Paragraph, Repeat, Section
from engine.forms.model import Node as FormNode
from engine.gate.activities import handler_of
from engine.gate.diagram import Diagram, Node, text_of
from engine.gate.dmn import Decision
from engine.gate.order import Moment, Point
from engine.gate.sources import names_read
from engine.gate.vocabulary import BPMN, NODES, SPIFF
from engine.registry import Registry
from engine.texts import Text

By = Literal["form", "script", "decision", "handler", "message", "event", "item", "data"]


@dataclass(frozen=True)
class Filled:
    """One name (`a`, or `a.b` of a record) that the case has from `point` on; None: from its start."""

    name: str
    by: By
    element: str = ""
    """Id of the node that fills it."""
    source: str = ""
    """The form's, decision's, handler's or message's name."""
    point: Point | None = None
    type: str = ""
    label: Text = field(default_factory=Text)
    options: tuple[Option, ...] = ()
    """What a choice can be, when all of it is written in the form."""
    closed: bool = False
    """A record that has no fields but those named here as `name.…`."""


@dataclass(frozen=True)
class Filling:
    """All of a package. `complete` is False when data may come from where one cannot look."""

    all: tuple[Filled, ...]
    complete: bool

    def names(self) -> set[str]:
        """The names as data has them: of `a.b` only `a`."""
        return {filled.name.split(".")[0] for filled in self.all}

    def by_root(self) -> dict[str, list[Filled]]:
        found: dict[str, list[Filled]] = {}
        for filled in self.all:
            found.setdefault(filled.name.split(".")[0], []).append(filled)
        return found


def filling(
    diagrams: Iterable[Diagram], forms: Mapping[str, Form], decisions: Iterable[Decision], registry: Registry | None
) -> Filling:
    """Everything that fills something, in the order of the diagrams."""
    gathered, known = _Gathering(forms, registry), list(decisions)
    for diagram in diagrams:
        gathered.diagram(diagram, {d.id: d for d in known})
    called = {f.source for f in gathered.found if f.by == "decision"}
    for decision in known:
        if decision.id not in called:
            gathered.found.extend(Filled(name, "decision", source=decision.id) for name in sorted(decision.outputs))
    return Filling(tuple(f for f in gathered.found if f.name), gathered.complete)


class _Gathering:
    def __init__(self, forms: Mapping[str, Form], registry: Registry | None) -> None:
        self._forms = forms
        self._registry = registry
        self.found: list[Filled] = []
        self.complete = True

    def diagram(self, diagram: Diagram, decisions: Mapping[str, Decision]) -> None:
        for _, node in diagram.nodes():
            if node.tag == "userTask":
                self._form(node)
            elif node.tag == "serviceTask":
                self._handler(node)
            elif node.tag == "businessRuleTask":
                self._decision(node, decisions)
            self._scripts(node)
            self._instances(node)
            self._messages(node)
        for tag in ("signal", "error", "escalation"):
            for element in diagram.root.findall(BPMN + tag):
                name = text_of(element.find(f"{BPMN}extensionElements/{SPIFF}variableName"))
                self.found.append(Filled(name, "event", source=element.get("name") or ""))
        for element in diagram.root.iter(f"{BPMN}dataObject"):
            self.found.append(Filled(element.get("id") or "", "data", element.get("id") or ""))
        if any(True for _ in diagram.root.iter(f"{BPMN}messageEventDefinition")):
            # what a message brings when it starts a case has the names that its sender gave
            sent = {name for c, name in names_read(diagram) if c.element.tag == f"{SPIFF}messagePayload"}
            self.found.extend(Filled(name, "message") for name in sorted(sent))

    def _form(self, node: Node) -> None:
        name = node.properties().get("form", "")
        form = self._forms.get(name)
        if form is None:
            self.complete = False
            return
        self.found.extend(_of_form(form.children, node.id, name))

    def _handler(self, node: Node) -> None:
        operator, handler = node.extension("serviceTaskOperator"), handler_of(node, self._registry)
        result = "" if operator is None else operator.get("resultVariable") or ""
        point = (node.id, Moment.OVER)
        source = handler.name if handler is not None else ""
        if result:
            closed = handler is not None and bool(handler.outputs)
            self.found.append(Filled(result, "handler", node.id, source, point, "record", closed=closed))
        elif handler is None:
            self.complete = False
        for output in () if handler is None else handler.outputs:
            name = f"{result}.{output.name}" if result else output.name
            label = Text(output.description_id, output.description_en)
            self.found.append(Filled(name, "handler", node.id, source, point, output.type, label))

    def _decision(self, node: Node, decisions: Mapping[str, Decision]) -> None:
        decision = decisions.get(text_of(node.extension("calledDecisionId")))
        for name in () if decision is None else sorted(decision.outputs):
            self.found.append(Filled(name, "decision", node.id, decision.id, (node.id, Moment.OVER)))  # type: ignore[union-attr]

    def _scripts(self, node: Node) -> None:
        places = (
            (node.extension("preScript"), Moment.WORKS),
            (node.extension("postScript"), Moment.OVER),
            (node.child("script"), Moment.OVER),
        )
        for element, moment in places:
            source = "" if element is None else element.text or ""
            if source.strip() and not check(source, "script"):
                for name in sorted(names_assigned(source)):
                    self.found.append(Filled(name, "script", node.id, point=(node.id, moment)))

    def _instances(self, node: Node) -> None:
        multi = node.child("multiInstanceLoopCharacteristics")
        if multi is None:
            return
        for tag in ("inputDataItem", "outputDataItem"):
            for item in multi.findall(BPMN + tag):
                self.found.append(Filled(item.get("id") or "", "item", node.id, point=(node.id, Moment.BEGINS)))
        name = text_of(multi.find(f"{BPMN}loopDataOutputRef"))
        self.found.append(Filled(name, "item", node.id, point=(node.id, Moment.OVER), type="list"))

    def _messages(self, node: Node) -> None:
        holders = [d for d in node.definitions if d.tag == f"{BPMN}messageEventDefinition"]
        for holder in [*holders, *([node.element] if node.tag in ("sendTask", "receiveTask") else [])]:
            name = text_of(holder.find(f"{BPMN}extensionElements/{SPIFF}messageVariable"))
            self.found.append(Filled(name, "message", node.id, point=(node.id, Moment.OVER)))


def _of_form(nodes: tuple[FormNode, ...], element: str, form: str) -> Iterator[Filled]:
    """The values of a form: its fields, and the records and lists that they stand in."""
    point = (element, Moment.OVER)
    for node in nodes:
        if isinstance(node, Field):
            options = (
                node.options if node.options_from is None and node.source is None and node.kind == "choice" else ()
            )
            yield Filled(node.path, "form", element, form, point, node.kind, node.label, options)
        elif isinstance(node, Section):
            if node.key is not None:
                yield Filled(node.path, "form", element, form, point, "record", node.label, closed=True)
            yield from _of_form(node.children, element, form)
        elif isinstance(node, Repeat):
            yield Filled(node.path, "form", element, form, point, "list", node.label)
            yield from _of_form(node.children, element, form)
        elif isinstance(node, Paragraph):
            continue


def node_around(element: Any) -> Any | None:
    """The node or sequence flow that something stands in."""
    for around in (element, *element.iterancestors()):
        if around.tag.startswith(BPMN) and (around.tag[len(BPMN) :] in NODES or around.tag == f"{BPMN}sequenceFlow"):
            return around
    return None
