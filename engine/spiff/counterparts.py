"""Which spec of another version stands for one of this: by id, by the renaming that was chosen, and by its scope.

Nothing is changed here. What is open and has no counterpart is for `obstacles.py`; hanging a case on the new specs is
for `moving.py`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import CycleTimerEventDefinition, TimerEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent, EventBasedGateway
from SpiffWorkflow.task import Task

from engine.spiff.event_subprocess import EventListener
from engine.spiff.frontier import LIVE
from engine.spiff.specs import SpecSet

CHILD, SPLIT, JOIN, LISTENER = " [child]", ".BoundaryEventSplit", ".BoundaryEventJoin", ".Listener"
"""How the library (and event_subprocess.py) call the helpers of an element."""
EDGES = (BoundaryEvent, EventListener)


class Counterparts:
    """The new version seen from the tasks of a running case."""

    def __init__(self, top: Any, specs: SpecSet, renamed: Mapping[str, str]) -> None:
        self.specs = specs
        self.renamed = renamed
        self._scopes: dict[Any, Any] = {}
        for scope in in_order(top):
            self._scopes[scope] = self._scope(scope)

    def scope(self, scope: Any) -> Any:
        """The process spec that a running scope continues on; None where it is gone."""
        return self._scopes[scope]

    def name(self, name: str) -> str:
        """How a spec of this name is called in the new version."""
        for suffix in (CHILD, SPLIT, JOIN, LISTENER):
            if name.endswith(suffix):
                element = name.removesuffix(suffix)
                return self.renamed.get(element, element) + suffix
        return self.renamed.get(name, name)

    def of(self, task: Task) -> Any | None:
        """The spec that a task continues as."""
        return self.spec(task.workflow, task.task_spec)

    def spec(self, scope: Any, old: Any) -> Any | None:
        new = self._scopes[scope]
        if new is None:
            return None
        if old is scope.spec.end:
            return new.end
        return new.task_specs.get(self.name(old.name))

    def kept_waits(self, scope: Any) -> set[str]:
        """The events at the edge of work that go on waiting, by their new names: in the same place, for the like."""
        kept = set()
        for old in scope.spec.task_specs.values():
            new = self.spec(scope, old) if isinstance(old, EDGES) else None
            if new is None or type(new) is not type(old):
                continue
            same_place = [self.name(name) for name in old._inputs] == new._inputs
            if same_place and family(old.event_definition) == family(new.event_definition):
                kept.add(new.name)
        return kept

    def _scope(self, scope: Any) -> Any | None:
        if scope.parent_task_id is None:
            return self.specs.spec
        owner = scope.top_workflow.get_task_from_id(scope.parent_task_id)
        new_owner = self.spec(owner.workflow, owner.task_spec)
        inner = getattr(new_owner, "spec", None)
        if not isinstance(inner, str):
            return None
        return self.specs.spec if inner == self.specs.spec.name else self.specs.subprocess_specs.get(inner)


def in_order(top: Any) -> list[Any]:
    """The case and its sub-processes, outer ones first; the same whether the case was loaded or stayed in memory."""
    return [top, *sorted(top.subprocesses.values(), key=lambda s: (s.depth, s.parent_task_id.hex))]


def tasks_in_order(scope: Any) -> list[Task]:
    """The tasks of a scope, depth first: their order in memory differs after a load."""
    found: list[Task] = []
    ahead = [scope.task_tree.id]
    while ahead:
        task = scope.tasks[ahead.pop()]
        found.append(task)
        ahead.extend(reversed(task._children))
    return found


def live_tasks(top: Any) -> Iterator[Task]:
    for scope in in_order(top):
        for task in tasks_in_order(scope):
            if task._state & LIVE:
                yield task


def waits_at_an_edge(task: Task) -> bool:
    """It waits beside the work: an event on an activity, or the start of an event sub-process."""
    return isinstance(task.task_spec, EDGES)


def family(definition: Any) -> Any:
    """What kind of thing is waited for. Dates and durations are alike: both are an instant once they wait."""
    if isinstance(definition, CycleTimerEventDefinition):
        return "cycle"
    if isinstance(definition, TimerEventDefinition):
        return "instant"
    if isinstance(definition, MultipleEventDefinition):
        return tuple(family(one) for one in definition.event_definitions)
    return type(definition)


def branches(gateway: EventBasedGateway) -> dict[str, tuple[int, Any]]:
    """The branches of an event gateway: event → its number and what it waits for."""
    definitions = gateway.event_definition.event_definitions
    return {name: (number, definitions[number]) for number, name in enumerate(gateway._outputs)}
