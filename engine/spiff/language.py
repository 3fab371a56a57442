"""SpiffWorkflow's script engine, replaced: every expression and script of a diagram goes to engine.expressions.

The guard sits on the environment, because correlations reach it without passing the engine.
"""

from collections.abc import Collection, Mapping
from typing import Any

from SpiffWorkflow.bpmn.script_engine import BasePythonScriptEngineEnvironment, PythonScriptEngine

from engine.errors import AlurError, BudgetExceededError, ExecutionError
from engine.expressions import FaultyExpressionError, assignments, check, evaluate
from engine.spiff.act import current_act
from engine.spiff.faults import ElementError
from engine.spiff.merging import mark
from engine.spiff.values import clean


class SafeEnvironment(BasePythonScriptEngineEnvironment):
    """Evaluates with the running act's clock, calendar and externals."""

    def evaluate(
        self, expression: str, context: Mapping[str, Any], external_context: Mapping[str, Any] | None = None
    ) -> Any:
        act = current_act()
        act.budget.charge(evaluations=1)
        # externals last: data may never stand in for `case` or `parameters`
        return evaluate(expression or "", {**(external_context or {}), **context, **act.externals}, act.context)

    def execute(self, script: str, context: dict[str, Any], external_context: Mapping[str, Any] | None = None) -> bool:
        self.run(script, context, external_context)
        return True

    def run(
        self, script: str, context: dict[str, Any], external_context: Mapping[str, Any] | None = None
    ) -> Collection[str]:
        """Execute; the names that were assigned, whatever their values were before."""
        act = current_act()
        act.budget.charge(evaluations=1)
        assigned = assignments(script or "", context, act.context, {**(external_context or {}), **act.externals})
        context.update({name: clean(value) for name, value in assigned.items()})
        return assigned

    def call_service(self, context: Mapping[str, Any], **_: Any) -> Any:
        raise NotImplementedError(self, context)


class SafeScriptEngine(PythonScriptEngine):
    """Names the element that an expression failed at."""

    def __init__(self) -> None:
        super().__init__(SafeEnvironment())

    def validate(self, expression: str) -> None:
        faults = check(expression or "")
        if faults:
            raise FaultyExpressionError(faults)

    def evaluate(self, task: Any, expression: str, external_context: Mapping[str, Any] | None = None) -> Any:
        try:
            return self.environment.evaluate(expression, task.data, external_context)
        except AlurError as error:
            raise _located(task, error) from error

    def execute(self, task: Any, script: str, external_context: Mapping[str, Any] | None = None) -> Any:
        try:
            assigned = self.environment.run(script, task.data, external_context)
        except AlurError as error:
            raise _located(task, error) from error
        # Not by comparing values: whether an equal value is also the same object differs between a case that was
        # loaded and one that is executed again.
        mark(task, assigned)
        return True


def _located(task: Any, error: AlurError) -> AlurError:
    """Budgets and faults that already know their element pass as they are."""

    if isinstance(error, ExecutionError | BudgetExceededError):
        return error
    return ElementError(element_id(task.task_spec), error)


def element_id(spec: Any) -> str:
    """The element a task spec was drawn as; helper specs have their element's id."""
    return str(getattr(spec, "bpmn_id", None) or spec.name)
