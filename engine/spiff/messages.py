"""Messages and signals: who takes them, what becomes of their payload, and what goes out.

Functions with a `self` stand in for methods of the library (see patches.py).
"""

from typing import Any

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.util.event import EventManager
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.spiff.merging import write
from engine.spiff.values import clean, copied


def catch_where_waiting(self: EventManager, event: BpmnEvent, internal: bool = True) -> int:  # noqa: ARG001 -- stock's
    """Every token that waits for the event takes it, unless another that took it before has interrupted it."""
    taken = 0
    for task in list(self.tasks.values()):
        if event.target is not None and task.workflow is not event.target:
            continue
        if task.state == TaskState.WAITING and task.task_spec.catches(task, event):
            task.task_spec.catch(task, event)
            task.task_spec._update(task)
            taken += 1
    return taken


def message_catches(self: Any, my_task: Task, event: BpmnEvent) -> bool:
    """By name, and by correlation where the token has one."""
    if not self == event.event_definition:  # noqa: SIM201 -- SpiffWorkflow's definitions define == only
        return False
    wanted = my_task.internal_data.get(f"correlation:{self.name}")
    return wanted is None or wanted == (event.correlations or {}).get("key")


def keep_message(self: Any, my_task: Task, event: BpmnEvent) -> None:  # noqa: ARG001 -- a method's replacement
    my_task.internal_data[event.event_definition.name] = copied(event.payload)


def keep_item(self: Any, my_task: Task, event: BpmnEvent | None = None) -> None:
    """Signals, errors and escalations."""
    my_task.internal_data[self.name] = copied(event.payload) if event is not None else None
    my_task.internal_data["event_fired"] = True


def take_message(self: Any, my_task: Task) -> None:
    """A message's payload goes to the variable that the diagram names; without one it is not kept."""
    payload = my_task.internal_data.pop(self.name, None)
    if self.message_var is not None:
        write(my_task, {self.message_var: payload})


def take_item(self: Any, my_task: Task) -> None:
    """The same for signals, errors and escalations."""
    payload = my_task.internal_data.pop(self.name, None)
    if self.variable is not None:
        write(my_task, {self.variable: payload})


def throw_message(self: Any, my_task: Task) -> None:
    """A message with the payload and the correlation that its element says."""
    engine = my_task.workflow.script_engine
    payload = {} if self.expression is None else clean(engine.evaluate(my_task, self.expression))
    key = correlation_key(self, my_task)
    event = BpmnEvent(self, payload=payload, correlations={} if key is None else {"key": key})
    my_task.workflow.top_workflow.throw_message(event, my_task)


def wait_for_message(self: Any, my_task: Task) -> None:
    """On arrival, the correlation is computed once."""
    name = f"correlation:{self.name}"
    if name not in my_task.internal_data:
        key = correlation_key(self, my_task)
        if key is not None:
            my_task.internal_data[name] = key


def wait_for_any(self: Any, my_task: Task) -> None:
    """An event gateway waits for what each of its events waits for."""
    for definition in self.event_definitions:
        definition.update_task(my_task)


def correlation_key(definition: Any, my_task: Task) -> str | None:
    expression = getattr(definition, "correlation", None)
    if not expression:
        return None
    value = my_task.workflow.script_engine.evaluate(my_task, expression)
    return None if value is None else str(value)
