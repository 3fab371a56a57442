"""Multi-instance and loops: what a child hands to its loop, and how results begin.

Functions with a `self` stand in for methods of the library (see patches.py).
"""

from bisect import bisect
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import StandardLoopTask
from SpiffWorkflow.task import Task

from engine.spiff.merging import absorb, mark
from engine.spiff.values import copied


def merge_child(self: Any, workflow: Any, child: Task) -> None:  # noqa: ARG001 -- its signature
    loop = child.parent
    if self.data_output is not None and self.output_item is not None:
        _collect(self, loop, child)
        mark(loop, [self.data_output.bpmn_id])
    else:
        for item in (self.input_item, self.output_item):
            if item is not None:
                child.data.pop(item.bpmn_id, None)
        absorb(loop, child)
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
