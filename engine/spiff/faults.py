"""What can stop an act: always named with the element it happened at, in both languages."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from SpiffWorkflow.exceptions import SpiffWorkflowException

from engine.errors import AlurError, DefinitionError, ExecutionError


class ElementError(ExecutionError):
    """The diagram could not go on at "{element}": {why}"""

    indonesian = "Diagram tidak dapat dilanjutkan pada “{element}”: {why}"

    def __init__(self, element: str, why: str | AlurError, **context: Any) -> None:
        self.reason = why
        super().__init__(element=element, why=why if isinstance(why, str) else why.message("en"), **context)

    def message(self, locale: str = "id") -> str:
        if isinstance(self.reason, AlurError):
            self.context = {**self.context, "why": self.reason.message(locale)}
        return super().message(locale)


class UncaughtErrorError(ElementError):
    """Nothing in the diagram catches the error "{error_code}" of "{element}"."""

    indonesian = "Tidak ada yang menangkap galat “{error_code}” dari “{element}” di dalam diagram."
    code = "uncaught_error"

    def __init__(self, element: str, error_code: str) -> None:
        super().__init__(element, error_code, error_code=error_code)


class NotWaitingError(ExecutionError):
    """Nothing waits there any more ({what})."""

    indonesian = "Tidak ada lagi yang menunggu di sana ({what})."
    code = "not_waiting"
    http_status = 409


class UnparsableError(DefinitionError):
    """This process cannot be used: {why}"""

    code = "unparsable"


@contextmanager
def at_element(element: str) -> Iterator[None]:
    """What goes wrong inside goes wrong at `element`."""
    try:
        yield
    except ExecutionError:
        raise
    except AlurError as error:
        raise ElementError(element, error) from error


@contextmanager
def translated() -> Iterator[None]:
    """SpiffWorkflow's own exceptions become ours; everything else passes through."""
    try:
        yield
    except SpiffWorkflowException as error:
        spec = getattr(error, "task_spec", None)
        name = getattr(spec, "bpmn_id", None) or getattr(spec, "name", None) or "?"
        raise ElementError(name, str(error)) from error
