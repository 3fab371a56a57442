"""One case in memory: the commands that move it to its next wait state, and what they changed.

Every command is called inside `with acting(Act(...))` and leaves the case settled and pruned. A command that raises
leaves the session useless: throw it away and load the case again.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.specs.event_definitions.conditional import ConditionalEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.spiff.specs.event_definitions import MessageEventDefinition, SignalEventDefinition
from SpiffWorkflow.spiff.specs.mixins.service_task import ServiceTask
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.spiff import services, throwing, waits
from engine.spiff.act import Budget, current_act
from engine.spiff.changes import Baseline, Changes, around_of, baseline_of, delta_of
from engine.spiff.counterparts import live_tasks, waits_at_an_edge
from engine.spiff.digest import digest_of
from engine.spiff.faults import NotWaitingError, translated
from engine.spiff.frontier import prune
from engine.spiff.language import element_id
from engine.spiff.merging import write
from engine.spiff.moving import move
from engine.spiff.obstacles import CannotMoveError, Obstacle, obstacles_to
from engine.spiff.records import Around, Delta, EventWait, ServiceCall, Thrown
from engine.spiff.restoring import restore
from engine.spiff.snapshot import Snapshot, event_waits, take
from engine.spiff.specs import SpecSet
from engine.spiff.values import clean, copied
from engine.spiff.workflow import CaseWorkflow


class Session:
    """A loaded case. Not shared between threads."""

    prune_every = 100
    """Engine steps after which finished tasks are taken out also within an act."""

    def __init__(self, specs: SpecSet, instance_id: str) -> None:
        self.specs = specs
        self.instance_id = instance_id
        self.outcome: str | None = None
        self.revision = 0
        """Of the instance row it was loaded from (see engine.store)."""
        self.snapshot = Snapshot()
        """The state as it was loaded or saved last: what a save is the difference to."""
        self._workflow: CaseWorkflow | None = None
        self._changes = Changes(specs)
        self._baseline = Baseline()
        self._queue: list[Callable[[], None]] = []
        self._prune = prune
        self._steps = 0
        self._most_data = Budget().data_bytes

    @classmethod
    def new(cls, specs: SpecSet, instance_id: str) -> "Session":
        """A case that is not started yet."""
        return cls(specs, instance_id)

    @classmethod
    def restored(cls, specs: SpecSet, instance_id: str, snapshot: Snapshot) -> "Session":
        """A case as `take_snapshot` left it."""
        session = cls(specs, instance_id)
        session._workflow = restore(specs, session, snapshot)
        session.snapshot = snapshot
        session._baseline = baseline_of(session.workflow)
        return session

    @property
    def workflow(self) -> CaseWorkflow:
        if self._workflow is None:
            raise NotWaitingError(what="the case is not started")
        return self._workflow

    @property
    def completed(self) -> bool:
        return bool(self.workflow.completed)

    @property
    def open_tasks(self) -> frozenset[str]:
        """Ids of the tasks of people that are open, as of the load or the last `delta`."""
        return frozenset(self._baseline.tasks)

    def pending_service(self, token_id: str) -> str | None:
        """Element of a service task that waits for its handler's answer; None when this token does not (any more)."""
        try:
            return element_id(self._service(token_id).task_spec)
        except NotWaitingError:
            return None

    # commands --------------------------------------------------------------------------------------------------------

    def start(self, data: Mapping[str, Any]) -> None:
        """Start the main process with `data`. Where a message starts it, it now waits for that message."""
        with translated():
            self._workflow = CaseWorkflow(self.specs.spec, self.specs.subprocess_specs, self)
            self._workflow.task_tree.data.update(clean(dict(data)))
            self._settle()

    def complete(self, task_id: str, data: Mapping[str, Any]) -> None:
        """A person has done an open task; `data` are added to the task's."""
        task = self._task(task_id, TaskState.READY)
        if not task.task_spec.manual:
            raise NotWaitingError(what=task_id)
        with translated():
            write(task, clean(dict(data)))
            self._run(task.run)

    def message(self, name: str, payload: Mapping[str, Any], correlation: str | None = None) -> int:
        """Deliver a message; returns how many tokens took it (0: none waits for it, or not with this correlation)."""
        keys = {} if correlation is None else {"key": correlation}
        return self._deliver(BpmnEvent(MessageEventDefinition(name), payload=clean(dict(payload)), correlations=keys))

    def signal(self, name: str, payload: Mapping[str, Any]) -> int:
        """Deliver a signal; returns how many tokens took it."""
        return self._deliver(BpmnEvent(SignalEventDefinition(name), payload=clean(dict(payload))))

    def fire_timer(self, token_id: str) -> None:
        """The instant that this token waits for has come (rounds of a cycle that were missed are not made up for)."""
        task = self._task(token_id, TaskState.WAITING)
        if waits.due_at(task) is None:
            raise NotWaitingError(what=token_id)
        self._changes.timers_fired.append(token_id)
        with translated():
            self._run(lambda: waits.fire(task))

    def move_timer(self, token_id: str, to: datetime) -> None:
        """Let a waiting timer come due at another instant than was computed (of a repeat, its next round)."""
        task = self._task(token_id, TaskState.WAITING)
        if waits.due_at(task) is None:
            raise NotWaitingError(what=token_id)
        with translated():
            self._run(lambda: waits.move(task, to))

    def report_service(self, token_id: str, outputs: Mapping[str, Any]) -> None:
        """A handler answered a pending call."""
        task = self._service(token_id)
        with translated():
            services.keep(task.task_spec, task, outputs)
            self._run(task.complete)

    def fail_service(self, token_id: str, error_code: str, words: Mapping[str, str] | None = None) -> None:
        """A handler said no: the error event that catches `error_code` is taken; UncaughtErrorError where none does."""
        task = self._service(token_id)
        with translated():
            self._run(lambda: throwing.raise_error(task, error_code, words or {}))

    def cancel(self) -> None:
        """End the case where it stands."""
        with translated():
            self.workflow.cancel()
            self._settle()

    def migrate(self, specs: SpecSet, renamed: Mapping[str, str]) -> None:
        """Go on with another version; `renamed` says which element takes the place of one that it does not have.

        CannotMoveError, with every reason, where something that is open has no place there.
        """
        with translated():
            found = obstacles_to(self.workflow, self.specs, specs, renamed)
            if found:
                raise CannotMoveError(found)
            move(self.workflow, specs, renamed)
            self.specs = self._changes.specs = specs
            self._baseline.rename(renamed)
            self._settle()

    def obstacles(self, specs: SpecSet, renamed: Mapping[str, str]) -> list[Obstacle]:
        """What keeps the case from another version; nothing is changed."""
        return obstacles_to(self.workflow, self.specs, specs, renamed)

    def live_elements(self) -> list[str]:
        """The elements that work is open at, outer ones first; one name for each token. Joins wait, but are no work."""
        tasks = [task for task in live_tasks(self.workflow) if not waits_at_an_edge(task)]
        return [element_id(task.task_spec) for task in tasks if not isinstance(task.task_spec, UnstructuredJoin)]

    # what the case is ------------------------------------------------------------------------------------------------

    def data(self, token_id: str | None = None) -> dict[str, Any]:
        """A copy of the data at a token, or of what the step finished last left."""
        workflow = self.workflow
        if token_id is not None:
            return dict(copied(self._task(token_id, _LIVE).data))
        last = workflow.last_task or workflow.task_tree
        return dict(copied(last.data))

    def around(self, token_id: str) -> tuple[Around, ...]:
        """The sub-processes and called processes that an open token stands in, outermost first."""
        return around_of(self._task(token_id, _LIVE))

    def delta(self) -> Delta:
        """What changed since the case was loaded, or since this was asked before."""
        changes, baseline = self._changes, self._baseline
        self._changes = Changes(self.specs)
        self._baseline = baseline_of(self.workflow)
        return delta_of(self, changes, baseline, self._baseline)

    def waits(self) -> tuple[EventWait, ...]:
        """The messages and signals that the case waits for now."""
        return tuple(event_waits(self.workflow))

    def digest(self, *, fresh: bool = False) -> bytes:
        """What the case is: its open tokens with their data, and its own data. The same however it got there in memory.

        Tokens untouched since they were loaded answer with the digest stored beside them, unless `fresh`.
        """
        return digest_of(self.workflow, fresh=fresh)

    def take_snapshot(self) -> Snapshot:
        """The state to be saved; the caller puts it in `snapshot` once it is."""
        return take(self.workflow, self.snapshot, self.outcome, self._most_data)

    # what the workflow tells while it runs (engine.spiff.workflow.Listener)

    def state_changed(self, task: Task, before: int) -> None:
        self._changes.state_changed(task, before)

    def task_completed(self, task: Task) -> None:
        self._changes.task_completed(task)
        self.outcome = self._changes.outcome or self.outcome

    def task_removed(self, task: Task) -> None:
        self._changes.task_removed(task)

    def round_fired(self, task: Task) -> None:
        self._changes.round_fired(task)

    def after_step(self, work: Callable[[], None]) -> None:
        self._queue.append(work)

    def service_pending(self, task: Task, call: ServiceCall) -> None:
        self._changes.services_pending[task.id.hex] = call

    def error_raised(self, task: Task, code: str, words: Mapping[str, str]) -> None:
        self.after_step(lambda: throwing.raise_error(task, code, words))

    def error_uncaught(self, task: Task) -> None:
        """An error end event that nothing catches ends the case there."""
        self.outcome = element_id(task.task_spec)
        self.after_step(self.workflow.cancel)

    def escalated(self, definition: Any, task: Task, payload: Any) -> None:
        name = definition.code or definition.name or ""
        self._throw(Thrown("escalation", name, _record(payload), element_id=element_id(task.task_spec)))

    def message_thrown(self, event: BpmnEvent, task: Task) -> None:
        key = event.correlations.get("key")
        name = event.event_definition.name
        self._throw(Thrown("message", name, _record(event.payload), key, element_id(task.task_spec)))

    def signal_thrown(self, event: BpmnEvent) -> None:
        self._throw(Thrown("signal", event.event_definition.name, _record(event.payload)))

    # running ---------------------------------------------------------------------------------------------------------

    def _throw(self, thrown: Thrown) -> None:
        self._changes.thrown.append(thrown)

    def _deliver(self, event: BpmnEvent) -> int:
        with translated():
            taken = self.workflow.deliver(event)
            self._settle()
        return taken

    def _run(self, work: Callable[[], Any]) -> None:
        work()
        self._settle()

    def _settle(self) -> None:
        """On to the next wait state: engine steps, then conditions that hold by now, until nothing moves."""
        self._flush()
        while True:
            self.workflow.do_engine_steps(did_complete_task=self._step_done)
            if not self._conditions_changed() and not self._engine_work():
                break
        self._prune(self.workflow)
        self._most_data = current_act().budget.data_bytes

    def _step_done(self, _task: Task) -> None:
        """What the step threw is caught now; a long series of automatic steps is pruned on its way."""
        self._flush()
        self._steps += 1
        if self._steps % self.prune_every == 0:
            self._prune(self.workflow)

    def _flush(self) -> None:
        while self._queue:
            self._queue.pop(0)()

    def _conditions_changed(self) -> bool:
        """Conditions are looked at again at each act of the case, wherever in it something happened."""
        changed = False
        for task in sorted(self.workflow.event_manager.tasks.values(), key=lambda t: t.last_state_change):
            if task.state == TaskState.WAITING and _has_condition(task.task_spec.event_definition):
                current_act().budget.charge(evaluations=1)
                task.task_spec._update(task)
                changed = changed or task.state != TaskState.WAITING
        return changed

    def _engine_work(self) -> bool:
        return any(
            t._state == TaskState.READY and not t.task_spec.manual
            for scope in self.workflow.scopes()
            for t in scope.tasks.values()
        )

    def _task(self, ident: str, state: int) -> Task:
        try:
            task = self.workflow.get_task_from_id(UUID(hex=ident))
        except ValueError:
            task = None
        if task is None or not task._state & state:
            raise NotWaitingError(what=ident)
        return task

    def _service(self, token_id: str) -> Task:
        task = self._task(token_id, TaskState.STARTED)
        if not isinstance(task.task_spec, ServiceTask):
            raise NotWaitingError(what=token_id)
        return task


_LIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED


def _has_condition(definition: Any) -> bool:
    several = getattr(definition, "event_definitions", None) or [definition]
    return any(isinstance(d, ConditionalEventDefinition) for d in several)


def _record(payload: Any) -> dict[str, Any]:
    """Payload expressions may give any value; the world is told records."""
    if payload is None:
        return {}
    return dict(payload) if isinstance(payload, dict) else {"value": payload}
