"""A small BPMN and DMN builder, so that a test says which diagram it needs in a few lines.

p = Process("permit")
p.start(), p.user("review", form="review", lane="Verifikator"), p.end()
p.chain("start", "review", "end")
files = p.files()                      # {"process.bpmn": b"..."}
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, pairwise
from xml.sax.saxutils import escape, quoteattr

NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'targetNamespace="http://alur.test"'
)


@dataclass(frozen=True)
class Event:
    """An event definition: its XML, and what must be declared at the top of the document for it."""

    xml: str
    roots: tuple[str, ...] = ()


def _attributes(**values: object) -> str:
    return "".join(f" {k}={quoteattr(str(v))}" for k, v in values.items() if v is not None)


def _timer(kind: str, expression: str) -> Event:
    text = f'<bpmn:{kind} xsi:type="bpmn:tFormalExpression">{escape(expression)}</bpmn:{kind}>'
    return Event(f"<bpmn:timerEventDefinition>{text}</bpmn:timerEventDefinition>")


def at(expression: str) -> Event:
    """A timer at an instant: an expression giving a datetime."""
    return _timer("timeDate", expression)


def after(expression: str) -> Event:
    """A timer after a duration: an expression giving ISO 8601 text, e.g. `'"PT1H"'`."""
    return _timer("timeDuration", expression)


def every(expression: str) -> Event:
    """A repeating timer, e.g. `'"R3/PT1H"'`."""
    return _timer("timeCycle", expression)


def message(name: str, *, payload: str | None = None, variable: str | None = None) -> Event:
    inner = _spiff("messagePayload", payload) + _spiff("messageVariable", variable)
    body = f"<bpmn:extensionElements>{inner}</bpmn:extensionElements>" if inner else ""
    return Event(
        f'<bpmn:messageEventDefinition messageRef="message_{name}">{body}</bpmn:messageEventDefinition>',
        (f'<bpmn:message id="message_{name}" name="{name}"/>',),
    )


def signal(name: str, *, payload: str | None = None, variable: str | None = None) -> Event:
    return _coded("signal", name, None, payload, variable)


def error(code: str | None, *, payload: str | None = None, variable: str | None = None) -> Event:
    """`code=None` catches every error."""
    return _coded("error", code or "any", code, payload, variable)


def escalation(code: str | None, *, payload: str | None = None, variable: str | None = None) -> Event:
    return _coded("escalation", code or "any", code, payload, variable)


def _coded(kind: str, name: str, code: str | None, payload: str | None, variable: str | None) -> Event:
    inner = _spiff("payloadExpression", payload) + _spiff("variableName", variable)
    body = f"<bpmn:extensionElements>{inner}</bpmn:extensionElements>" if inner else ""
    attributes = _attributes(id=f"{kind}_{name}", name=name, **({f"{kind}Code": code} if code else {}))
    return Event(
        f'<bpmn:{kind}EventDefinition {kind}Ref="{kind}_{name}"/>',
        (f"<bpmn:{kind}{attributes}>{body}</bpmn:{kind}>",),
    )


def condition(expression: str) -> Event:
    text = f'<bpmn:condition xsi:type="bpmn:tFormalExpression">{escape(expression)}</bpmn:condition>'
    return Event(f"<bpmn:conditionalEventDefinition>{text}</bpmn:conditionalEventDefinition>")


def terminate() -> Event:
    return Event("<bpmn:terminateEventDefinition/>")


def cancel() -> Event:
    """Only in transactions."""
    return Event("<bpmn:cancelEventDefinition/>")


def _spiff(tag: str, text: str | None) -> str:
    return "" if text is None else f"<spiffworkflow:{tag}>{escape(text)}</spiffworkflow:{tag}>"


def loop(condition: str | None = None, *, maximum: int | None = None, test_before: bool = False) -> str:
    """Standard loop: goes on while `condition` holds."""
    inner = "" if condition is None else f"<bpmn:loopCondition>{escape(condition)}</bpmn:loopCondition>"
    attributes = _attributes(testBefore=str(test_before).lower(), loopMaximum=maximum)
    return f"<bpmn:standardLoopCharacteristics{attributes}>{inner}</bpmn:standardLoopCharacteristics>"


def multi(
    *,
    cardinality: str | int | None = None,
    collection: str | None = None,
    item: str | None = None,
    results: str | None = None,
    result: str | None = None,
    sequential: bool = False,
    until: str | None = None,
) -> str:
    """Multi-instance: `cardinality` times, or once per item of `collection`; `result`s gather in `results`."""
    parts = [
        "" if cardinality is None else f"<bpmn:loopCardinality>{escape(str(cardinality))}</bpmn:loopCardinality>",
        "" if collection is None else f"<bpmn:loopDataInputRef>{collection}</bpmn:loopDataInputRef>",
        "" if results is None else f"<bpmn:loopDataOutputRef>{results}</bpmn:loopDataOutputRef>",
        "" if item is None else f'<bpmn:inputDataItem id="{item}" name="{item}"/>',
        "" if result is None else f'<bpmn:outputDataItem id="{result}" name="{result}"/>',
        "" if until is None else f"<bpmn:completionCondition>{escape(until)}</bpmn:completionCondition>",
    ]
    tag = "multiInstanceLoopCharacteristics"
    return f'<bpmn:{tag} isSequential="{str(sequential).lower()}">{"".join(parts)}</bpmn:{tag}>'


@dataclass
class _Node:
    tag: str
    id: str
    attributes: str
    extensions: str = ""
    body: str = ""


@dataclass
class Process:
    """A process (or, with `add`, a sub-process). Methods return the element's id."""

    id: str
    tag: str = "process"
    name: str | None = None
    nodes: list[_Node] = field(default_factory=list)
    flows: list[tuple[str, str, str, str | None, str | None]] = field(default_factory=list)
    lanes: dict[str, list[str]] = field(default_factory=dict)
    roots: dict[str, None] = field(default_factory=dict)
    _defaults: dict[str, str] = field(default_factory=dict)
    _objects: list[str] = field(default_factory=list)
    _numbers: Iterable[int] = field(default_factory=lambda: count(1))

    # nodes -------------------------------------------------------------------------------------------------------

    def node(
        self,
        tag: str,
        ident: str,
        *,
        name: str | None = None,
        event: Event | None = None,
        body: str = "",
        attributes: Mapping[str, object] | None = None,
        extensions: str = "",
        lane: str | None = None,
        properties: Mapping[str, str] | None = None,
        repeat: str = "",
        reads: str | None = None,
        writes: str | None = None,
    ) -> str:
        """Any element. `repeat` is `loop(…)` or `multi(…)`; `reads`/`writes` name data objects."""
        if event is not None:
            self.roots.update(dict.fromkeys(event.roots))
            body += event.xml
        if properties:
            rows = "".join(f"<spiffworkflow:property{_attributes(name=k, value=v)}/>" for k, v in properties.items())
            extensions += f"<spiffworkflow:properties>{rows}</spiffworkflow:properties>"
        if lane is not None:
            self.lanes.setdefault(lane, []).append(ident)
        data = self._association("dataInputAssociation", "sourceRef", reads)
        data += self._association("dataOutputAssociation", "targetRef", writes)
        values = _attributes(id=ident, name=ident if name is None else name, **(attributes or {}))
        self.nodes.append(_Node(tag, ident, values, extensions, data + repeat + body))
        return ident

    def start(self, ident: str = "start", event: Event | None = None, **more) -> str:
        return self.node("startEvent", ident, event=event, **more)

    def end(self, ident: str = "end", event: Event | None = None, **more) -> str:
        return self.node("endEvent", ident, event=event, **more)

    def user(self, ident: str, *, properties: Mapping[str, str] | None = None, **more) -> str:
        """A user task; `form`, `due`, `stage`, `stage_en`, `assign`, `exclude`, `name_en` become properties."""
        known = ("form", "due", "stage", "stage_en", "assign", "exclude", "name_en")
        named = {k: more.pop(k) for k in known if k in more}
        return self.node("userTask", ident, properties={**named, **(properties or {})}, **more)

    def manual(self, ident: str, **more) -> str:
        return self.node("manualTask", ident, **more)

    def task(self, ident: str, **more) -> str:
        return self.node("task", ident, **more)

    def script(self, ident: str, code: str, **more) -> str:
        return self.node("scriptTask", ident, body=f"<bpmn:script>{escape(code)}</bpmn:script>", **more)

    def service(
        self, ident: str, handler: str, inputs: Mapping[str, str] | None = None, result: str | None = None, **more
    ) -> str:
        """Calls `handler`; `inputs` are expressions, the outcome goes to variable `result`."""
        rows = "".join(
            f"<spiffworkflow:parameter{_attributes(id=k, type='str', value=v)}/>" for k, v in (inputs or {}).items()
        )
        operator = (
            f"<spiffworkflow:serviceTaskOperator{_attributes(id=handler, resultVariable=result)}>"
            f"<spiffworkflow:parameters>{rows}</spiffworkflow:parameters></spiffworkflow:serviceTaskOperator>"
        )
        return self.node("serviceTask", ident, extensions=operator, **more)

    def rule(self, ident: str, decision: str, **more) -> str:
        """A business-rule task that calls a DMN decision."""
        return self.node("businessRuleTask", ident, extensions=_spiff("calledDecisionId", decision), **more)

    def send(self, ident: str, event: Event, **more) -> str:
        return self._message_task("sendTask", ident, event, **more)

    def receive(self, ident: str, event: Event, **more) -> str:
        return self._message_task("receiveTask", ident, event, **more)

    def exclusive(self, ident: str, **more) -> str:
        return self.node("exclusiveGateway", ident, **more)

    def parallel(self, ident: str, **more) -> str:
        return self.node("parallelGateway", ident, **more)

    def inclusive(self, ident: str, **more) -> str:
        return self.node("inclusiveGateway", ident, **more)

    def event_gateway(self, ident: str, **more) -> str:
        return self.node("eventBasedGateway", ident, **more)

    def catch(self, ident: str, event: Event, **more) -> str:
        return self.node("intermediateCatchEvent", ident, event=event, **more)

    def throw(self, ident: str, event: Event | None = None, **more) -> str:
        return self.node("intermediateThrowEvent", ident, event=event, **more)

    def boundary(self, ident: str, attached_to: str, event: Event, *, interrupting: bool = True, **more) -> str:
        attributes = {"attachedToRef": attached_to, "cancelActivity": str(interrupting).lower()}
        return self.node("boundaryEvent", ident, event=event, attributes=attributes, **more)

    def call(self, ident: str, process: str, **more) -> str:
        return self.node("callActivity", ident, attributes={"calledElement": process}, **more)

    def add(self, inner: "Process", *, event: bool = False, repeat: str = "", **more) -> str:
        """Put `inner` here as a sub-process (with `event=True` as an event sub-process)."""
        self.roots.update(inner.roots)
        tag = "subProcess" if inner.tag == "process" else inner.tag
        attributes = {"triggeredByEvent": "true"} if event else None
        body = repeat + inner.body()
        return self.node(tag, inner.id, name=inner.name, attributes=attributes, body=body, **more)

    def data_object(self, ident: str) -> str:
        """Declared here; `reads=` and `writes=` of a node refer to it."""
        self._objects.append(
            f'<bpmn:dataObject id="{ident}" name="{ident}"/>'
            f'<bpmn:dataObjectReference id="ref_{ident}" name="{ident}" dataObjectRef="{ident}"/>'
        )
        return ident

    # flows -------------------------------------------------------------------------------------------------------

    def flow(
        self, source: str, target: str, condition: str | None = None, *, default: bool = False, name: str | None = None
    ) -> str:
        ident = f"{self.id}_f{next(self._numbers)}"
        self.flows.append((ident, source, target, condition, name))
        if default:
            self._defaults[source] = ident
        return ident

    def chain(self, *ids: str) -> None:
        for source, target in pairwise(ids):
            self.flow(source, target)

    # output ------------------------------------------------------------------------------------------------------

    def body(self) -> str:
        return "".join([*self._objects, *map(self._node_xml, self.nodes), *map(self._flow_xml, self.flows)])

    def xml(self) -> str:
        name = _attributes(name=self.name)
        return f'<bpmn:process id="{self.id}" isExecutable="true"{name}>{self._lane_set()}{self.body()}</bpmn:process>'

    def document(self, *called: "Process") -> bytes:
        """The whole file, with the processes it calls."""
        return document(self, *called)

    def files(self, *called: "Process", decisions: Sequence[bytes] = ()) -> dict[str, bytes]:
        """What `engine.spiff.parse` takes: path in the package → bytes."""
        found = {"process.bpmn": self.document(*called)}
        found.update({f"decisions/d{n}.dmn": body for n, body in enumerate(decisions, 1)})
        return found

    def _association(self, tag: str, reference: str, data_object: str | None) -> str:
        if data_object is None:
            return ""
        ident = f"{tag}_{self.id}_{next(self._numbers)}"
        other = "<bpmn:targetRef>none</bpmn:targetRef>" if reference == "sourceRef" else ""
        return f'<bpmn:{tag} id="{ident}"><bpmn:{reference}>ref_{data_object}</bpmn:{reference}>{other}</bpmn:{tag}>'

    def _message_task(self, tag: str, ident: str, event: Event, **more) -> str:
        """SpiffWorkflow wants the definition inside for payload and variable, BPMN the attribute."""
        self.roots.update(dict.fromkeys(event.roots))
        reference = event.xml.split('messageRef="')[1].split('"')[0]
        inner = "".join(event.xml.split("<bpmn:extensionElements>")[1:]).split("</bpmn:extensionElements>")[0]
        return self.node(tag, ident, attributes={"messageRef": reference}, extensions=inner, **more)

    def _node_xml(self, node: _Node) -> str:
        incoming = "".join(f"<bpmn:incoming>{f[0]}</bpmn:incoming>" for f in self.flows if f[2] == node.id)
        outgoing = "".join(f"<bpmn:outgoing>{f[0]}</bpmn:outgoing>" for f in self.flows if f[1] == node.id)
        default = _attributes(default=self._defaults.get(node.id))
        extensions = f"<bpmn:extensionElements>{node.extensions}</bpmn:extensionElements>" if node.extensions else ""
        inside = extensions + incoming + outgoing + node.body
        return f"<bpmn:{node.tag}{node.attributes}{default}>{inside}</bpmn:{node.tag}>"

    def _flow_xml(self, flow: tuple[str, str, str, str | None, str | None]) -> str:
        ident, source, target, condition, name = flow
        tag = "conditionExpression"
        inner = ""
        if condition is not None:
            inner = f'<bpmn:{tag} xsi:type="bpmn:tFormalExpression">{escape(condition)}</bpmn:{tag}>'
        values = _attributes(id=ident, name=name, sourceRef=source, targetRef=target)
        return f"<bpmn:sequenceFlow{values}>{inner}</bpmn:sequenceFlow>"

    def _lane_set(self) -> str:
        if not self.lanes:
            return ""
        rows = []
        for number, (name, ids) in enumerate(self.lanes.items(), 1):
            references = "".join(f"<bpmn:flowNodeRef>{i}</bpmn:flowNodeRef>" for i in ids)
            rows.append(f"<bpmn:lane{_attributes(id=f'{self.id}_lane{number}', name=name)}>{references}</bpmn:lane>")
        return f'<bpmn:laneSet id="{self.id}_lanes">{"".join(rows)}</bpmn:laneSet>'


def document(*processes: Process) -> bytes:
    """One BPMN file with these processes and what their events refer to."""
    roots = {root: None for process in processes for root in process.roots}
    body = "".join(roots) + "".join(process.xml() for process in processes)
    text = f'<bpmn:definitions {NAMESPACES} id="d">{body}</bpmn:definitions>'
    return f'<?xml version="1.0" encoding="UTF-8"?>{text}'.encode()


def decision(
    ident: str,
    inputs: Sequence[str],
    outputs: Sequence[str],
    rules: Sequence[tuple[Sequence[str], Sequence[str]]],
    *,
    hit_policy: str | None = None,
    aggregation: str | None = None,
) -> bytes:
    """A DMN file with one decision table: input expressions, output names, rows of (cells, results)."""

    def text(value: str) -> str:
        return f"<text>{escape(value)}</text>"

    columns = "".join(
        f'<input id="{ident}_i{n}"><inputExpression id="{ident}_ie{n}">{text(e)}</inputExpression></input>'
        for n, e in enumerate(inputs, 1)
    )
    columns += "".join(f'<output id="{ident}_o{n}" name="{name}"/>' for n, name in enumerate(outputs, 1))
    rows = ""
    for r, (cells, results) in enumerate(rules, 1):
        entries = "".join(f'<inputEntry id="{ident}_r{r}i{n}">{text(c)}</inputEntry>' for n, c in enumerate(cells, 1))
        entries += "".join(
            f'<outputEntry id="{ident}_r{r}o{n}">{text(c)}</outputEntry>' for n, c in enumerate(results, 1)
        )
        rows += f'<rule id="{ident}_r{r}">{entries}</rule>'
    policy = _attributes(hitPolicy=hit_policy, aggregation=aggregation)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>'
        f'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="drd_{ident}" name="{ident}" '
        f'namespace="http://alur.test"><decision id="{ident}" name="{ident}"><decisionTable id="{ident}_table"{policy}>'
        f"{columns}{rows}</decisionTable></decision></definitions>"
    ).encode()
