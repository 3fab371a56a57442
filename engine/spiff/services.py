"""Service tasks: what SpiffWorkflow calls when one is reached, and how an outcome or an error comes back."""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.deep_merge import DeepMerge

from engine.registry import BusinessError
from engine.spiff.act import current_act
from engine.spiff.language import element_id
from engine.spiff.merging import mark, write
from engine.spiff.records import ServiceCall
from engine.spiff.values import clean


def call_of(spec: Any, task: Task) -> ServiceCall:
    """The call of a service task, its inputs computed from the task's data."""
    engine = task.workflow.script_engine
    inputs = {name: clean(engine.evaluate(task, p["value"])) for name, p in spec.operation_params.items()}
    return ServiceCall(spec.operation_name, inputs, task.id.hex, element_id(spec), spec.result_variable, task.data)


def execute(self: Any, task: Task) -> bool | None:
    """Replaces ServiceTask._execute. None leaves the task started: its outcome is reported later."""
    call = call_of(self, task)
    session = task.workflow.top_workflow.session
    try:
        outputs = current_act().services(call)
    except BusinessError as error:
        session.error_raised(task, error.error_code, error.words)
        return None
    if outputs is None:
        session.service_pending(task, call)
        return None
    keep(self, task, outputs)
    return True


def keep(spec: Any, task: Task, outputs: Mapping[str, Any]) -> None:
    """Put a handler's outputs where the diagram wants them."""
    cleaned = clean(dict(outputs))
    write(task, cleaned if spec.result_variable is None else {spec.result_variable: cleaned})


def decide(self: Any, my_task: Task) -> bool:
    """Replaces the run of a business rule task: the decision's outputs go into the data."""
    outputs = self.dmnEngine.result(my_task)
    DeepMerge.merge(my_task.data, outputs)
    mark(my_task, outputs)
    return True
