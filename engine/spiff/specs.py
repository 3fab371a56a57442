"""Parsing a package once per version, into a frozen set of specs shared by all its cases and threads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from lxml import etree
from SpiffWorkflow.bpmn.parser.event_parsers import (
    CANCEL_EVENT_XPATH,
    CONDITIONAL_EVENT_XPATH,
    ERROR_EVENT_XPATH,
    ESCALATION_EVENT_XPATH,
    MESSAGE_EVENT_XPATH,
    SIGNAL_EVENT_XPATH,
    TERMINATION_EVENT_XPATH,
    TIMER_EVENT_XPATH,
)
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.defaults import EndEvent, StartEvent
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import EventBasedGateway
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.spiff.parser.event_parsers import SpiffEndEventParser, SpiffStartEventParser
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser
from SpiffWorkflow.spiff.specs.mixins.service_task import ServiceTask

from engine.spiff import patches  # noqa: F401 -- applied before anything is parsed
from engine.spiff.decisions import DecisionEngine, aggregation_of
from engine.spiff.diagram import read_diagram
from engine.spiff.event_subprocess import wire_event_subprocesses
from engine.spiff.faults import UnparsableError
from engine.spiff.joins import inputs_on_a_cycle, ways_to_inclusive_joins
from engine.spiff.records import Element, Flow


@dataclass(frozen=True)
class SpecSet:
    """Everything of one version that the engine runs on. Never changed after `parse`."""

    main: str
    process_name: str
    elements: Mapping[str, Element]
    """Flow nodes of all processes by id."""
    flows: Mapping[str, Flow]
    by_ends: Mapping[tuple[str, str], str] = field(repr=False)
    """(source, target) → id of the flow between them."""
    spec: Any = field(repr=False)
    subprocess_specs: Mapping[str, Any] = field(repr=False)

    def spec_named(self, name: str) -> Any:
        """The process spec called `name`: the main one or one of those it contains or calls."""
        return self.spec if name == self.spec.name else self.subprocess_specs[name]

    @property
    def started_by_message(self) -> str | None:
        """Name of the message that starts the main process, if one does."""
        definition = self._start_message()
        return None if definition is None else str(definition.name)

    def told_by(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """What a case knows from the beginning by the message that starts it: its payload, as the diagram calls it."""
        variable = getattr(self._start_message(), "message_var", None)
        return {} if variable is None else {variable: message["payload"]}

    def _start_message(self) -> Any:
        for start in self.spec.bpmn_start_events:
            element = self.elements.get(start.name)
            if element is not None and element.event == "message":
                return start.event_definition
        return None


def parse(files: Mapping[str, bytes], main_process: str) -> SpecSet:
    """Read the `.bpmn` and `.dmn` files of a package that the gate let through.

    Raises UnparsableError when the library cannot make a process of them.
    """
    parser = _Parser()
    roots = {}
    try:
        for path, body in sorted(files.items()):
            if path.endswith(".dmn"):
                parser.add_dmn_xml(_xml(body), path)
        for path, body in sorted(files.items()):
            if path.endswith(".bpmn"):
                roots[path] = _xml(body)
                parser.add_bpmn_xml(roots[path], path)
        spec = parser.get_spec(main_process)
        others = parser.get_subprocess_specs(main_process)
    except (SpiffWorkflowException, etree.XMLSyntaxError, KeyError, IndexError, AssertionError) as error:
        raise UnparsableError(why=str(error)) from error
    elements, flows = read_diagram(roots.values())
    specs = {spec.name: spec, **others}
    for one in specs.values():
        _freeze(one, specs, elements)
    return SpecSet(
        main=main_process,
        process_name=spec.description or main_process,
        elements=elements,
        flows=flows,
        by_ends={(flow.source, flow.target): flow.id for flow in reversed(flows.values())},
        spec=spec,
        subprocess_specs=others,
    )


def decision_engine(body: bytes) -> DecisionEngine:
    """The table of one decision file that the gate let through, as a business rule task runs it."""
    parser = _Parser()
    try:
        parser.add_dmn_xml(_xml(body), "")
        return parser.get_engine(next(iter(parser.dmn_parsers)), None)
    except (SpiffWorkflowException, etree.XMLSyntaxError, KeyError, IndexError, AttributeError) as error:
        raise UnparsableError(why=str(error)) from error


class _StartEventParser(SpiffStartEventParser):
    """Event sub-processes may start by an error or an escalation, too."""

    def create_task(self) -> Any:
        definition = self.get_event_definition([
            MESSAGE_EVENT_XPATH, SIGNAL_EVENT_XPATH, TIMER_EVENT_XPATH, CONDITIONAL_EVENT_XPATH, ERROR_EVENT_XPATH,
            ESCALATION_EVENT_XPATH,
        ])  # fmt: skip
        task = self._create_task(definition)
        self.spec.start.connect(task)
        return task


class _EndEventParser(SpiffEndEventParser):
    """A process may end with a signal, too: stock reads that end as a plain one."""

    def create_task(self) -> Any:
        definition = self.get_event_definition([
            MESSAGE_EVENT_XPATH, SIGNAL_EVENT_XPATH, CANCEL_EVENT_XPATH, ERROR_EVENT_XPATH, ESCALATION_EVENT_XPATH,
            TERMINATION_EVENT_XPATH,
        ])  # fmt: skip
        task = self._create_task(definition)
        task.connect(self.spec.end)
        return task


class _Parser(SpiffBpmnParser):
    """With decision tables that honour their hit policy."""

    OVERRIDE_PARSER_CLASSES: ClassVar[dict[str, Any]] = {
        **SpiffBpmnParser.OVERRIDE_PARSER_CLASSES,
        full_tag("startEvent"): (_StartEventParser, StartEvent),
        full_tag("endEvent"): (_EndEventParser, EndEvent),
    }

    def get_engine(self, decision_ref: str, node: Any) -> DecisionEngine:
        stock = super().get_engine(decision_ref, node)
        return DecisionEngine(stock.decision_table, aggregation_of(self.dmn_parsers[decision_ref].node))


def _xml(body: bytes) -> Any:
    """The gate refused hostile XML already; nothing is resolved here all the same."""
    reader = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    return etree.fromstring(body, reader)


def _freeze(spec: BpmnProcessSpec, specs: Mapping[str, BpmnProcessSpec], elements: Mapping[str, Element]) -> None:
    """Do now what the library would otherwise do to the shared spec while a case runs, and name what it cannot."""
    wire_event_subprocesses(spec, specs, elements)
    for task_spec in list(spec.task_specs.values()):
        if isinstance(task_spec, LoopTask):
            # stock connects this only when an instance starts the loop: one loaded in a new process would hang
            child = spec.task_specs[task_spec.task_spec]
            if not child.completed_event.is_connected(task_spec.merge_child):
                child.completed_event.connect(task_spec.merge_child)
        if isinstance(task_spec, ServiceTask) and task_spec.result_variable.startswith("spiff__"):
            task_spec.result_variable = None
        _name_definition(task_spec, elements)
    spec.cyclic_inputs = inputs_on_a_cycle(spec)
    spec.ways_to = ways_to_inclusive_joins(spec)


def _name_definition(task_spec: Any, elements: Mapping[str, Element]) -> None:
    """Timers are told apart by their element (names may repeat); messages learn their correlation expression."""
    definition = getattr(task_spec, "event_definition", None)
    if definition is None:
        return
    if isinstance(task_spec, EventBasedGateway):
        for name, inner in zip(task_spec._outputs, definition.event_definitions, strict=False):
            _name_one(inner, elements.get(name))
    else:
        _name_one(definition, elements.get(getattr(task_spec, "starts", None) or task_spec.bpmn_id or ""))


def _name_one(definition: Any, element: Element | None) -> None:
    if element is None:
        return
    if hasattr(definition, "parse_iso_duration"):
        definition.name = element.id
    definition.correlation = element.properties.get("correlation")
