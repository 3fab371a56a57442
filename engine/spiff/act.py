"""One act: the frozen clock, the counted chance and the budget that the engine runs with, and nothing else.

SpiffWorkflow asks for ids and times in the middle of its work; `acting` binds them to the act, so that the same
act on the same state always gives the same state (see engine/replay.py).
"""

import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.errors import BudgetExceededError
from engine.expressions import EvaluationContext
from engine.spiff.records import ServiceCall

ServiceCaller = Callable[[ServiceCall], Mapping[str, Any] | None]
"""Answers a service call with its outputs, or with None when they will be reported later.

BusinessError becomes the BPMN error of that task; any other exception passes through to the caller of the act.
"""


def no_services(call: ServiceCall) -> Mapping[str, Any] | None:  # noqa: ARG001 -- the shape of a ServiceCaller
    """Every service is answered later."""
    return None


@dataclass
class Budget:
    """How much one act may do. Beyond it, BudgetExceededError: the act is refused, never a hung worker."""

    steps: int = 10_000
    tasks: int = 30_000
    evaluations: int = 30_000
    seconds: float = 10.0
    call_depth: int = 8
    sub_processes: int = 2_000
    data_bytes: int = 512 * 1024
    """Largest data one token may hold, as stored."""
    _ends: float | None = None

    def charge(self, *, steps: int = 0, tasks: int = 0, evaluations: int = 0) -> None:
        self.steps -= steps
        self.tasks -= tasks
        self.evaluations -= evaluations
        for left, what in ((self.steps, "steps"), (self.tasks, "tasks"), (self.evaluations, "evaluations")):
            if left < 0:
                raise BudgetExceededError(why=f"too many {what} in one act")
        if self._ends is None:
            self._ends = time.monotonic() + self.seconds
        elif time.monotonic() > self._ends:
            raise BudgetExceededError(why="it took too long")


@dataclass
class Act:
    """One command on one case. `number` counts the acts of the case from 1; `now` is its frozen instant."""

    instance_id: str
    number: int
    now: datetime
    context: EvaluationContext
    externals: Mapping[str, Any] = field(default_factory=dict)
    """Names every expression can read and nothing can replace: `case`, `parameters`."""
    services: ServiceCaller = no_services
    budget: Budget = field(default_factory=Budget)
    _drawn: int = 0
    _ticks: int = 0

    def __post_init__(self) -> None:
        self._namespace = uuid.uuid5(uuid.NAMESPACE_OID, f"{self.instance_id}:{self.number}")

    def next_id(self) -> uuid.UUID:
        """The next id this act gives out: the same in every re-execution."""
        self._drawn += 1
        return uuid.uuid5(self._namespace, str(self._drawn))

    def next_tick(self) -> float:
        """Logical time of a change of state: it only ever grows, also between acts at the same instant."""
        self._ticks += 1
        return self.number + self._ticks * 1e-6


class NotActingError(RuntimeError):
    """The engine was used outside `with acting(...)`."""


_current: ContextVar[Act | None] = ContextVar("alur_act", default=None)


@contextmanager
def acting(act: Act) -> Iterator[Act]:
    """Everything the engine does inside draws its ids, its clock and its budget from `act`."""
    token = _current.set(act)
    try:
        yield act
    finally:
        _current.reset(token)


def current_act() -> Act:
    act = _current.get()
    if act is None:
        raise NotActingError(NotActingError.__doc__)
    return act
