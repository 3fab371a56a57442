"""Multi-instance and loops: how many children, what each is given and hands back, and when they are enough.

Functions with a `self` stand in for methods of the library (see patches.py).
"""

from bisect import bisect
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import SequentialMultiInstanceTask, StandardLoopTask
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.errors import AlurError
from engine.spiff.faults import at_element
from engine.spiff.language import element_id
from engine.spiff.merging import absorb, mark, own
from engine.spiff.values import copied


class NotCountableError(AlurError):
    """It is to be repeated over “{what}”, which is {found}; a list, a record or a whole number is needed."""

    indonesian = "Kegiatan diulang menurut “{what}”, yang berisi {found}; harus daftar, rekaman, atau bilangan bulat."
    code = "not_countable"


# --- how many, and each with what ------------------------------------------------------------------------------------


def _items(self: Any, my_task: Task) -> list[tuple[Any, Any]] | dict[Any, Any]:
    with at_element(element_id(self)):
        name = self.data_input.bpmn_id
        value = self.data_input.get(my_task) if self.data_input.exists(my_task) else None
        if isinstance(value, dict):
            return value
        if isinstance(value, list):
            return list(enumerate(value))
        raise NotCountableError(what=name, found=_shown(value))


def _number(self: Any, my_task: Task) -> int:
    value = my_task.workflow.script_engine.evaluate(my_task, self.cardinality)
    whole = isinstance(value, int | float | Decimal) and not isinstance(value, bool) and value == int(value)
    if not whole or value < 0:
        with at_element(element_id(self)):
            raise NotCountableError(what=self.cardinality, found=_shown(value))
    return int(value)


def _shown(value: Any) -> str:
    return "-" if value is None else repr(value)[:60]


def create_children(self: Any, my_task: Task) -> None:
    if self.data_input is None:
        pairs: Any = [(number, number) for number in range(_number(self, my_task))]
    else:
        items = _items(self, my_task)
        pairs = list(items.items()) if isinstance(items, dict) else items
    _prepare(self, my_task)
    for key, item in pairs:
        self.create_child(my_task, item, key)


def begin_sequence(self: Any, my_task: Task) -> bool | None:
    super(SequentialMultiInstanceTask, self)._update_hook(my_task)
    my_task.internal_data["merged"] = []
    if self.data_input is None:
        my_task.internal_data.update(cardinality=_number(self, my_task), current=0)
    else:
        items = _items(self, my_task)
        my_task.internal_data["remaining"] = list(items) if isinstance(items, dict) else [key for key, _ in items]
    _prepare(self, my_task)
    if self.children_complete(my_task):
        return True
    self.add_next_child(my_task)
    my_task._set_state(TaskState.STARTED)
    return None


def add_next_child(self: Any, my_task: Task) -> None:
    """Never asked for when there is none; stock takes an empty item for the end, and waits for ever."""
    with at_element(element_id(self)):
        if self.data_input is None:
            key, item = self.get_next_index(my_task)
        else:
            try:
                key, item = self.get_next_input_item(my_task)
            except (LookupError, TypeError):  # a child has changed what it is repeated over
                value = self.data_input.get(my_task)
                raise NotCountableError(what=self.data_input.bpmn_id, found=_shown(value)) from None
        self.create_child(my_task, item, key)


def _prepare(self: Any, my_task: Task) -> None:
    if self.data_output is None:
        return
    if self.data_input is None:
        self.init_data_output_with_cardinality(my_task)
    else:
        self.init_data_output_with_input_data(my_task, self.data_input.get(my_task))


def create_child(self: Any, my_task: Task, item: Any, key_or_index: Any = None) -> None:
    """The item is the child's own, also where the case has something of that name; so is the result to come."""
    child = my_task._add_child(my_task.workflow.spec.task_specs[self.task_spec], TaskState.WAITING)
    child.triggered = True
    names = [i.bpmn_id for i in (self.input_item, self.output_item) if i is not None]
    if self.input_item is not None:
        own(child, names[0], copied(item))
    if self.output_item is not None and names[-1] in my_task.data and len(set(names)) == len(names):
        own(child, names[-1], None)
    if key_or_index is not None:
        child.internal_data["key_or_index"] = key_or_index
    else:
        child.internal_data["item"] = item
    child.task_spec._update(child)


# --- what comes back, and is it enough? ------------------------------------------------------------------------------


def enough(self: Any, my_task: Task) -> bool:
    """The completion condition sees what the child that finished last left, the results so far, and BPMN's counts."""
    merged = my_task.internal_data.get("merged", [])
    if not merged or self.condition is None:
        return False
    children = {str(c.id): c for c in my_task.children}
    names = {**my_task.data, **children[merged[-1]].data}
    gathers = self.data_output is not None and self.output_item is not None
    names.update({self.data_output.bpmn_id: self.data_output.get(my_task)} if gathers else my_task.data)
    environment = my_task.workflow.script_engine.environment
    with at_element(element_id(self)):
        return bool(environment.evaluate(self.condition, names, dict(_counts(self, my_task, len(merged)))))


def _counts(self: Any, my_task: Task, completed: int) -> Iterator[tuple[str, int]]:
    active = sum(not c._state & TaskState.FINISHED_MASK for c in self._instances(my_task))
    data = my_task.internal_data
    started_later = len(data.get("remaining", [])) + data.get("cardinality", 0) - data.get("current", 0)
    yield "numberOfInstances", completed + active + started_later
    yield "numberOfActiveInstances", active
    yield "numberOfCompletedInstances", completed
    yield "numberOfTerminatedInstances", 0


def merge_child(self: Any, workflow: Any, child: Task) -> None:  # noqa: ARG001 -- its signature
    loop = child.parent
    if self.data_output is not None and self.output_item is not None:
        _collect(self, loop, child)
        mark(loop, [self.data_output.bpmn_id])
    else:
        absorb(loop, child, leaving=[i.bpmn_id for i in (self.input_item, self.output_item) if i is not None])
    loop.internal_data["merged"].append(str(child.id))


def _collect(self: Any, loop: Task, child: Task) -> None:
    """The result of one child, into the list of results or (from a record, or in place) under its key."""
    result = copied(self.output_item.get(child)) if self.output_item.exists(child) else None
    results = self.data_output.get(loop)
    key = child.internal_data.get("key_or_index")
    in_place = self.data_input is not None and self.data_input.bpmn_id == self.data_output.bpmn_id
    if key is not None and (isinstance(results, dict) or in_place):
        results[key] = result
    elif isinstance(key, int):
        # in the order of the items, whoever finishes first
        places = loop.internal_data.setdefault("places", [])
        place = bisect(places, key)
        places.insert(place, key)
        results.insert(place, result)
    else:
        results.append(result)


_loop_merge_child = vars(StandardLoopTask)["merge_child"]


def merge_round(self: Any, workflow: Any, child: Task) -> None:
    absorb(child.parent, child)
    _loop_merge_child(self, workflow, child)


def prepare_for_number(self: Any, my_task: Task) -> None:
    if (
        not self.data_output.exists(my_task)
        or self.data_output.get(my_task) is None
        or (len(self.data_output.get(my_task)) > 0 and not isinstance(self.data_output.get(my_task), dict))
    ):
        self.data_output.set(my_task, [])


def prepare_for_items(self: Any, my_task: Task, input_data: Any) -> None:
    output = self.data_output.get(my_task) if self.data_output.exists(my_task) else None
    if output is None or (input_data is not output and isinstance(output, list)):
        self.data_output.set(my_task, {} if isinstance(input_data, dict) else [])
