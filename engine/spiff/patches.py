"""Every change to SpiffWorkflow 3.2.0, each with the fault that it cures; nothing else in Alur touches the library.

`tests/engine/spiff/test_patches.py` shows each fault with its patch taken out, so that an upgrade of the library that
cures one tells us. The patches are applied once, when this module is imported.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import SpiffWorkflow.bpmn.specs.data_spec as data_module
import SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event as item_aware_module
import SpiffWorkflow.bpmn.specs.event_definitions.message as message_module
import SpiffWorkflow.bpmn.specs.mixins.multiinstance_task as multi_module
import SpiffWorkflow.bpmn.specs.mixins.subworkflow_task as subworkflow_module
import SpiffWorkflow.task as task_module
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.script_engine.python_environment import TaskDataEnvironment
from SpiffWorkflow.bpmn.serializer import workflow as serializer_module
from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, _EndJoin
from SpiffWorkflow.bpmn.specs.event_definitions.conditional import ConditionalEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import CodeEventDefinition, ItemAwareEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import (
    CycleTimerEventDefinition,
    DurationTimerEventDefinition,
    TimeDateEventDefinition,
)
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent, EventBasedGateway
from SpiffWorkflow.bpmn.specs.mixins.inclusive_gateway import InclusiveGateway
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import (
    MultiInstanceTask,
    ParallelMultiInstanceTask,
    SequentialMultiInstanceTask,
    StandardLoopTask,
)
from SpiffWorkflow.bpmn.specs.mixins.parallel_gateway import ParallelGateway
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import CallActivity, SubWorkflowTask
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.bpmn.util.event import EventManager
from SpiffWorkflow.dmn.specs import BusinessRuleTaskMixin
from SpiffWorkflow.spiff.parser.task_spec import SpiffTaskParser
from SpiffWorkflow.spiff.specs.event_definitions import MessageEventDefinition as SpiffMessageEventDefinition
from SpiffWorkflow.spiff.specs.event_definitions import SpiffItemAwareEventDefinition
from SpiffWorkflow.spiff.specs.mixins.service_task import ServiceTask
from SpiffWorkflow.task import Task
from SpiffWorkflow.util import deep_merge
from SpiffWorkflow.util.deep_merge import DeepMerge
from SpiffWorkflow.util.task import TaskState

from engine.spiff import event_subprocess, joins, messages, multi_instance, services, throwing, waits
from engine.spiff.act import current_act
from engine.spiff.merging import absorb, carry
from engine.spiff.values import copied, same


@dataclass(frozen=True)
class Patch:
    """One attribute of the library, replaced."""

    name: str
    fault: str
    owner: Any
    attribute: str
    replacement: Any
    original: Any


PATCHES: dict[str, list[Patch]] = {}


def _replace(name: str, fault: str, owner: Any, attribute: str, replacement: Any) -> None:
    original = vars(owner).get(attribute, _ABSENT)
    PATCHES.setdefault(name, []).append(Patch(name, fault, owner, attribute, replacement, original))
    setattr(owner, attribute, replacement)


_ABSENT = object()


@contextmanager
def without(*names: str) -> Iterator[None]:
    """The library as it came, in these points: only for the tests that show the faults."""
    chosen = [patch for name in names for patch in PATCHES[name]]
    for patch in chosen:
        if patch.original is _ABSENT:
            delattr(patch.owner, patch.attribute)
        else:
            setattr(patch.owner, patch.attribute, patch.original)
    try:
        yield
    finally:
        for patch in chosen:
            setattr(patch.owner, patch.attribute, patch.replacement)


# --- clock and chance ------------------------------------------------------------------------------------------------


class _LogicalTime:
    """Stands where task.py says `time`."""

    @staticmethod
    def time() -> float:
        return current_act().next_tick()


def _set_state(self: Task, value: int) -> None:
    if value == self._state:
        return
    before = self._state
    self.last_state_change = current_act().next_tick()
    self._state = value
    changed = getattr(self.workflow, "state_changed", None)
    if changed is not None:
        changed(self, before)


_replace(
    "chance", "ids are drawn at random, so that an act cannot be repeated",
    task_module, "uuid4", lambda: current_act().next_id(),
)  # fmt: skip
_replace("chance", "changes are stamped with the machine's clock", task_module, "time", _LogicalTime)
_replace(
    "silence",
    "every change of state is logged, with the data of the task at debug level",
    Task,
    "_set_state",
    _set_state,
)
for _logger in ("spiff.task", "spiff.workflow", "spiff.data", "spiff.dmn"):
    # these ask for their own level, not the inherited one, before they add data to what they log
    logging.getLogger(_logger).setLevel(logging.WARNING)


# --- data ------------------------------------------------------------------------------------------------------------


def _merge(a: dict[str, Any], b: dict[str, Any], path: Any = None) -> dict[str, Any]:  # noqa: ARG001 -- its signature
    for key, value in b.items():
        mine = a.get(key, _ABSENT)
        if mine is not _ABSENT and same(mine, value):
            continue
        if type(mine) is dict and type(value) is dict:
            _merge(mine, value)
        else:
            a[key] = copied(value)
    return a


_replace(
    "deep copy",
    "nested data is shared between branches and with finished tasks; 1 is not replaced by True; lists lose repeated "
    "and reordered items, because they are merged as sets",
    DeepMerge, "merge", staticmethod(_merge),
)  # fmt: skip
_replace("deep copy", "same", deep_merge, "copy", copied)
for _module in (data_module, item_aware_module, message_module, multi_module, subworkflow_module):
    _replace("fast copy", "deepcopy is ten times slower than data need", _module, "deepcopy", copied)


# --- expressions -----------------------------------------------------------------------------------------------------


class EvalIsDisabledError(RuntimeError):
    """Something reached SpiffWorkflow's eval() environment."""


def _refuse(*_: Any, **__: Any) -> None:
    raise EvalIsDisabledError(EvalIsDisabledError.__doc__)


_replace("no eval", "the stock environment evaluates Python", TaskDataEnvironment, "evaluate", _refuse)
_replace("no eval", "the stock environment executes Python", TaskDataEnvironment, "execute", _refuse)
_replace("no eval", "migrate() evaluates old states", serializer_module, "MIGRATIONS", {})


def _properties(cls: Any, node: Any) -> dict[str, str]:
    found = cls._node_children_by_tag_name(node, "property")
    return {p.get("name", ""): p.get("value", "") for p in found}


_replace(
    "properties", "a property without a value raises KeyError", SpiffTaskParser, "_parse_properties",
    classmethod(_properties),
)  # fmt: skip


_index_everything = vars(ProcessParser)["_index_process_nodes"]


def _index_nodes(self: Any) -> None:
    _index_everything(self)
    self.nodes_by_id = {node.get("id"): node for node in self.node.iterdescendants(f"{_BPMN}*") if node.get("id")}


_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_replace(
    "ids of extensions", "an extension with the id of an element takes its place", ProcessParser,
    "_index_process_nodes", _index_nodes,
)  # fmt: skip


# --- merging ---------------------------------------------------------------------------------------------------------

_MERGING = "what one branch wrote is lost to the older value of another that arrives later: see engine/spiff/merging.py"


def _inherit_data(self: Task) -> None:
    absorb(self, self.parent)


def _carrying_in(original: Callable[..., None]) -> Callable[..., None]:
    def copy_data(self: Any, my_task: Task, subworkflow: Any) -> None:
        original(self, my_task, subworkflow)
        carry(my_task, subworkflow.task_tree)

    return copy_data


def _carrying_out(original: Callable[..., None]) -> Callable[..., None]:
    def update_data(self: Any, my_task: Task, subworkflow: Any) -> None:
        original(self, my_task, subworkflow)
        carry(subworkflow.last_task, my_task)

    return update_data


_replace("merging", _MERGING, Task, "_inherit_data", _inherit_data)
_replace("merging", _MERGING, UnstructuredJoin, "_run_hook", joins.merge_arrivals)
for _owner in (SubWorkflowTask, CallActivity):
    _replace("merging", _MERGING, _owner, "copy_data", _carrying_in(vars(_owner)["copy_data"]))
    _replace("merging", _MERGING, _owner, "update_data", _carrying_out(vars(_owner)["update_data"]))
_replace("merging", _MERGING, SpiffMessageEventDefinition, "update_task_data", messages.take_message)
_replace("merging", _MERGING, SpiffItemAwareEventDefinition, "update_task_data", messages.take_item)


# --- joins -----------------------------------------------------------------------------------------------------------

_replace(
    "join in a loop", "arrivals of one round are counted again in the next, so that the join fires early",
    UnstructuredJoin, "_on_complete_hook", joins.consume_arrivals,
)  # fmt: skip
_replace(
    "inclusive join", "it fires while a token can still arrive, and not when only finished rounds are behind it",
    InclusiveGateway, "_check_threshold_unstructured", joins.inclusive_may_fire,
)  # fmt: skip
_replace(
    "deep loops", "RecursionError after some 390 rounds", ParallelGateway, "_check_threshold_unstructured",
    joins.parallel_may_fire,
)  # fmt: skip
_replace("deep loops", "same", Task, "is_descendant_of", joins.is_descendant_of)
_replace("deep loops", "same", Task, "find_ancestor", joins.find_ancestor)


# --- multi-instance --------------------------------------------------------------------------------------------------


_replace(
    "multi-instance item", "the item of one child is left in the data, and the next child refuses to start",
    MultiInstanceTask, "merge_child", multi_instance.merge_child,
)  # fmt: skip
_replace(
    "multi-instance item", "an item or result cannot have a name that the case has, too",
    MultiInstanceTask, "create_child", multi_instance.create_child,
)  # fmt: skip
_COUNTING = "an empty item or a number below zero ends a sequence for ever; what is no list or number is a TypeError"
_replace(
    "multi-instance count", _COUNTING, SequentialMultiInstanceTask, "add_next_child", multi_instance.add_next_child
)
_replace("multi-instance count", _COUNTING, SequentialMultiInstanceTask, "_update_hook", multi_instance.begin_sequence)
_replace(
    "multi-instance count", _COUNTING, ParallelMultiInstanceTask, "create_children", multi_instance.create_children
)
_replace(
    "multi-instance enough", "the completion condition does not see the results gathered so far, nor BPMN's counts",
    MultiInstanceTask, "check_completion_condition", multi_instance.enough,
)  # fmt: skip
_replace(
    "multi-instance again", "a typing error (data_ouput) raises NameError; results of an earlier round are refused",
    MultiInstanceTask, "init_data_output_with_cardinality", multi_instance.prepare_for_number,
)  # fmt: skip
_replace(
    "multi-instance again", "results of an earlier round are refused",
    MultiInstanceTask, "init_data_output_with_input_data", multi_instance.prepare_for_items,
)  # fmt: skip


_replace(
    "multi-instance item", "what one round wrote is lost", StandardLoopTask, "merge_child", multi_instance.merge_round
)


# --- events ----------------------------------------------------------------------------------------------------------

_TIMERS = (
    "timers fire whenever any act happens later than they are due, strictly after the instant, in bursts after "
    "downtime, and read naive times in the machine's zone"
)
for _definition in (TimeDateEventDefinition, DurationTimerEventDefinition):
    _replace("timers", _TIMERS, _definition, "has_fired", waits.timer_has_fired)
_replace("timers", _TIMERS, CycleTimerEventDefinition, "cycle_complete", waits.cycle_complete)
_replace("timers", _TIMERS, CycleTimerEventDefinition, "has_fired", waits.cycle_has_fired)
_replace("timers", _TIMERS, CycleTimerEventDefinition, "update_task", waits.cycle_update)
_replace(
    "two timers", "two timers of one event gateway share their due time",
    MultipleEventDefinition, "has_fired", waits.multiple_has_fired,
)  # fmt: skip
_replace(
    "interrupted meanwhile", "a token that another one has interrupted takes the event all the same, and goes on",
    EventManager, "catch", messages.catch_where_waiting,
)  # fmt: skip
_replace(
    "event gateway", "it looks for its branches among predicted tasks, which may not be there; two events take both",
    EventBasedGateway, "_run_hook", waits.choose_branch,
)  # fmt: skip
_replace(
    "conditions", "a waiting condition sees the data of its own branch only, as they were when it began to wait",
    ConditionalEventDefinition, "has_fired", waits.condition_has_fired,
)  # fmt: skip
_replace(
    "codes", "an error or escalation is caught by any boundary event of an enclosing level, also of activities it "
    "does not come from, and an uncaught one by every waiting event of the case",
    CodeEventDefinition, "throw", throwing.throw_code,
)  # fmt: skip
_replace("codes", "same", SpiffItemAwareEventDefinition, "throw", throwing.throw_with_payload)
_replace(
    "boundary", "an interrupted activity goes on until the next completion: one that ends meanwhile goes both ways",
    BoundaryEvent, "_on_ready_hook", throwing.boundary_ready,
)  # fmt: skip
_replace(
    "boundary", "a non-interrupting event is caught once only", BoundaryEvent, "_on_complete_hook",
    throwing.boundary_complete,
)  # fmt: skip
_replace(
    "boundary", "what a repeating event has begun is dropped, without a word, when its activity ends",
    BoundaryEventJoin, "_check_threshold_structured", throwing.boundary_join_may_fire,
)  # fmt: skip


def _run(self: Task) -> bool | None:
    outcome = self.task_spec._run(self)
    if self._state & TaskState.FINISHED_MASK:
        return outcome
    if outcome is None:
        self._set_state(TaskState.STARTED)
    elif outcome is False:
        self.error()
    else:
        self.complete()
    return outcome


_replace("self-cancelled", "a task cancelled by what it did itself is completed all the same", Task, "run", _run)

_end_join_run = vars(_EndJoin)["_run_hook"]


def _end_and_dismiss(self: Any, my_task: Task) -> Any:
    event_subprocess.dismiss_listeners(my_task.workflow)
    return _end_join_run(self, my_task)


_EVENT_SUBPROCESS = "event sub-processes: see engine/spiff/event_subprocess.py"
_replace(
    "event sub-process",
    _EVENT_SUBPROCESS,
    _EndJoin,
    "_check_threshold_unstructured",
    event_subprocess.end_join_may_fire,
)
_replace("event sub-process", _EVENT_SUBPROCESS, _EndJoin, "_run_hook", _end_and_dismiss)
_replace(
    "message for whom", "correlation of messages needs a collaboration, and any one equal key is enough",
    MessageEventDefinition, "catches", messages.message_catches,
)  # fmt: skip
_replace(
    "own payload", "tokens that catch the same event share its payload",
    MessageEventDefinition, "update_internal_data", messages.keep_message,
)  # fmt: skip
_replace("own payload", "same", ItemAwareEventDefinition, "catch", messages.keep_item)
_replace("message for whom", "same", SpiffMessageEventDefinition, "throw", messages.throw_message)
_replace("message for whom", "same", SpiffMessageEventDefinition, "update_task", messages.wait_for_message)
_replace("message for whom", "same", MultipleEventDefinition, "update_task", messages.wait_for_any)


# --- services --------------------------------------------------------------------------------------------------------

_replace(
    "services", "a service answers with JSON text, at once, and any failure is a script error",
    ServiceTask, "_execute", services.execute,
)  # fmt: skip
_replace(
    "decisions", "what goes wrong in a table becomes a text; outputs of an earlier round stay when no rule matches",
    BusinessRuleTaskMixin, "_run_hook", services.decide,
)  # fmt: skip
