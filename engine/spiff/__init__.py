"""The only importer of SpiffWorkflow: parsing, running and freezing one case. Everything else is told plain records."""

from engine.spiff.act import Act, Budget, NotActingError, ServiceCaller, acting, current_act, no_services
from engine.spiff.obstacles import CannotMoveError, Obstacle
from engine.spiff.records import (
    Around,
    ClosedTask,
    Data,
    Delta,
    Element,
    EventWait,
    Flow,
    OpenTask,
    ServiceCall,
    Step,
    Thrown,
    TimerWait,
)
from engine.spiff.session import Session
from engine.spiff.specs import SpecSet, parse

__all__ = [
    "Act", "Around", "Budget", "CannotMoveError", "ClosedTask", "Data", "Delta", "Element", "EventWait", "Flow",
    "NotActingError", "Obstacle", "OpenTask", "ServiceCall", "ServiceCaller", "Session", "SpecSet", "Step", "Thrown",
    "TimerWait", "acting", "current_act", "no_services", "parse",
]  # fmt: skip
