"""What keeps a running case from another version of its process: every reason at once, before anything is touched.

A move never guesses. What is open must have a counterpart of its own kind; a join that has begun to gather must be able
to fire; nothing may be left waiting for what can no longer come.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.specs.control import _EndJoin
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import EventBasedGateway
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask, MultiInstanceTask
from SpiffWorkflow.bpmn.specs.mixins.parallel_gateway import ParallelGateway
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.spiff.specs.mixins.service_task import ServiceTask
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.errors import ConflictError
from engine.spiff.counterparts import CHILD, Counterparts, family, in_order, live_tasks, waits_at_an_edge
from engine.spiff.frontier import LIVE
from engine.spiff.language import element_id
from engine.spiff.merging import arrivals
from engine.spiff.specs import SpecSet
from engine.texts import Text


@dataclass(frozen=True)
class Obstacle:
    """Why a case cannot be moved as it stands. `choice`: it could, once somebody says what takes this one's place."""

    code: str
    element_id: str
    """Of the version that the case runs on."""
    reason: Text
    choice: bool = False


class CannotMoveError(ConflictError):
    """This case cannot be moved: {why}"""

    indonesian = "Kasus ini tidak dapat dipindahkan: {why}"
    code = "cannot_move"

    def __init__(self, obstacles: list[Obstacle]) -> None:
        self.obstacles = obstacles
        reasons = [obstacle.reason for obstacle in obstacles]
        super().__init__(why=Text(" ".join(r.id for r in reasons), " ".join(r.in_locale("en") for r in reasons)))


def obstacles_to(top: Any, old: SpecSet, specs: SpecSet, renamed: Mapping[str, str]) -> list[Obstacle]:
    """Everything that stands in the way of moving this case to `specs`; empty: it can go."""
    return list(dict.fromkeys(_Search(top, old, specs, renamed).all()))


class _Search:
    def __init__(self, top: Any, old: SpecSet, specs: SpecSet, renamed: Mapping[str, str]) -> None:
        self.top, self.old, self.specs = top, old, specs
        self.counterparts = Counterparts(top, specs, renamed)

    def all(self) -> Iterator[Obstacle]:
        for task in live_tasks(self.top):
            if self.counterparts.scope(task.workflow) is None:
                continue  # whoever owns the scope is told of
            if waits_at_an_edge(task) or isinstance(task.task_spec, _EndJoin):
                continue  # the former end with the move where they are gone; the latter every process has
            if isinstance(task.task_spec, UnstructuredJoin):
                yield from self._join(task)
            else:
                yield from self._open(task)
        for scope in in_order(self.top):
            if self.counterparts.scope(scope) is not None:
                yield from self._starved_joins(scope)

    # what is open ----------------------------------------------------------------------------------------------------

    def _open(self, task: Task) -> Iterator[Obstacle]:
        new, old = self.counterparts.of(task), task.task_spec
        if new is None and old.name.endswith(CHILD):
            return  # of its repetition is told
        if new is None:
            yield self._told("gone", task, _GONE, choice=True)
        elif type(new) is not type(old):
            reason = _NO_REPEAT if isinstance(old, LoopTask) and not isinstance(new, LoopTask) else _OTHER_KIND
            yield self._told("kind", task, reason, choice=True)
        else:
            yield from self._same_kind(task, old, new)

    def _same_kind(self, task: Task, old: Any, new: Any) -> Iterator[Obstacle]:
        if isinstance(old, LoopTask) and _bookkeeping(old) != _bookkeeping(new):
            yield self._told("repeats", task, _REPEATS_OTHERWISE)
        elif isinstance(old, ServiceTask) and task._state == TaskState.STARTED:
            if old.operation_name != new.operation_name:
                yield self._told("service", task, _OTHER_HANDLER, handler=old.operation_name)
        elif isinstance(old, EventBasedGateway):
            return  # its branches are sorted out one by one
        elif isinstance(old, CatchingEvent) and family(old.event_definition) != family(new.event_definition):
            yield self._told("event", task, _WAITS_OTHERWISE)
        elif task.id in self.top.subprocesses and self.counterparts.scope(self.top.subprocesses[task.id]) is None:
            yield self._told("called", task, _NO_INSIDE)

    # joins -----------------------------------------------------------------------------------------------------------

    def _join(self, task: Task) -> Iterator[Obstacle]:
        new = self.counterparts.of(task)
        if new is None or type(new) is not type(task.task_spec):
            yield self._told("join", task, _JOIN_GONE)
        elif places_of_arrivals(self.counterparts, task.workflow, task.task_spec, new) is None:
            yield self._told("join", task, _JOIN_CHANGED)

    def _starved_joins(self, scope: Any) -> Iterator[Obstacle]:
        """Parallel joins that would gather some branches and wait for others which nobody can begin any more."""
        kept = self.counterparts.kept_waits(scope)
        live = [task for task in scope.tasks.values() if task._state & LIVE]
        now = {task.task_spec.name for task in live}
        then = {self.counterparts.name(t.task_spec.name) for t in live if not waits_at_an_edge(t)}
        then |= {name for name in map(self.counterparts.name, now) if name in kept}
        before = starved_joins(scope.spec, now, _arrived(scope))
        known = {self.counterparts.name(name) for name in before}  # they wait for ever as it is
        for join, missing in starved_joins(self.counterparts.scope(scope), then, self._placed(scope)).items():
            if join not in known:
                inputs = "“" + "”, “".join(self._name_of(name) for name in missing) + "”"
                yield Obstacle("starved", join, _STARVED.filled(join=self._name_of(join), inputs=inputs))

    def _placed(self, scope: Any) -> dict[str, set[str]]:
        """By join of the new version: the inputs at which a token stands already."""
        found: dict[str, set[str]] = {}
        for old in {join.task_spec for join in arrivals(scope)}:
            new = self.counterparts.spec(scope, old)
            if new is not None:
                found[new.name] = set((places_of_arrivals(self.counterparts, scope, old, new) or {}).values())
        return found

    # words -----------------------------------------------------------------------------------------------------------

    def _told(self, code: str, task: Task, reason: Text, *, choice: bool = False, **words: str) -> Obstacle:
        ident = element_id(task.task_spec).removesuffix(CHILD)
        return Obstacle(code, ident, reason.filled(name=self._name_of(ident), **words), choice)

    def _name_of(self, name: str) -> str:
        ident = name.split(".Boundary", maxsplit=1)[0]
        element = self.old.elements.get(ident) or self.specs.elements.get(ident)
        return ident if element is None else element.name


def places_of_arrivals(counterparts: Counterparts, scope: Any, old: Any, new: Any) -> dict[Task, str] | None:
    """The input of the new join at which each token stands that has come to the old one; None: that cannot be told.

    A token that came by an input which is there no more stands at the one new input that follows from its own, or that
    has taken its place.
    """
    before = {counterparts.name(name) for name in old._inputs}
    added = [name for name in new._inputs if name not in before]
    found: dict[Task, str] = {}
    for join in arrivals(scope):
        if join.task_spec is not old:
            continue
        name = counterparts.name(join.parent.task_spec.name)
        if name not in new._inputs:
            process = counterparts.scope(scope)
            ahead = _reached({name}, process) if name in process.task_specs else set(added)
            candidates = [one for one in added if one in ahead]
            if len(candidates) != 1:
                return None
            name = candidates[0]
        found[join] = name
    return found


def _reached(names: set[str], spec: Any) -> set[str]:
    seen: set[str] = set()
    ahead = list(names)
    while ahead:
        task_spec = spec.task_specs.get(ahead.pop())
        for output in task_spec._outputs if task_spec is not None else ():
            if output not in seen:
                seen.add(output)
                ahead.append(output)
    return seen


def starved_joins(process: Any, standing: set[str], arrived: Mapping[str, set[str]]) -> dict[str, list[str]]:
    """Joins that can never fire, however the choices ahead are made, though something comes to them; and what lacks.

    A join is passed only once all its inputs have been reached, so that none is reached by way of itself.
    """
    at: dict[str, set[str]] = {join: set(inputs) for join, inputs in arrived.items()}
    joins = {s.name for s in process.task_specs.values() if isinstance(s, ParallelGateway) and len(s._inputs) > 1}
    ahead = [name for name in standing if name not in joins]
    ahead += [join for join in joins if at.get(join, set()) >= set(process.task_specs[join]._inputs)]
    seen = set(ahead)
    while ahead:
        name = ahead.pop()
        spec = process.task_specs.get(name)
        for output in spec._outputs if spec is not None else ():
            if output in joins:
                at.setdefault(output, set()).add(name)
            fires = output not in joins or at[output] >= set(process.task_specs[output]._inputs)
            if fires and output not in seen:
                seen.add(output)
                ahead.append(output)
    lacking = {join: [i for i in process.task_specs[join]._inputs if i not in at[join]] for join in joins & set(at)}
    return {join: missing for join, missing in sorted(lacking.items()) if at[join] and missing}


def _arrived(scope: Any) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for join in arrivals(scope):
        found.setdefault(join.task_spec.name, set()).add(join.parent.task_spec.name)
    return found


def _bookkeeping(spec: Any) -> Any:
    """What a repetition that has begun keeps its items and results under."""
    if not isinstance(spec, MultiInstanceTask):
        return None
    names = [spec.data_input, spec.data_output, spec.input_item, spec.output_item]
    return [None if name is None else name.bpmn_id for name in names], spec.cardinality is None


_GONE = Text(
    "“{name}” sedang berjalan, tetapi tidak ada lagi di tempat itu pada versi baru.",
    "“{name}” is open, but is not in that place of the new version any more.",
)
_OTHER_KIND = Text(
    "“{name}” sedang berjalan, tetapi jenis langkahnya lain pada versi baru.",
    "“{name}” is open, but is a step of another kind in the new version.",
)
_NO_REPEAT = Text(
    "“{name}” sedang berulang, tetapi tidak berulang pada versi baru.",
    "“{name}” is being repeated, but is not repeated in the new version.",
)
_REPEATS_OTHERWISE = Text(
    "“{name}” sedang berulang, tetapi versi baru mengulangnya menurut data lain.",
    "“{name}” is being repeated, but the new version repeats it by other data.",
)
_OTHER_HANDLER = Text(
    "“{name}” menunggu jawaban penangan “{handler}”, tetapi versi baru memanggil yang lain. Coba lagi sesudah dijawab.",
    "“{name}” waits for the answer of handler “{handler}”, but the new version calls another. Try again once it has "
    "answered.",
)
_WAITS_OTHERWISE = Text(
    "“{name}” menunggu, tetapi versi baru menunggu hal yang lain jenisnya.",
    "“{name}” waits, but the new version waits for something of another kind.",
)
_NO_INSIDE = Text(
    "“{name}” sedang berjalan di dalamnya, tetapi versi baru tidak punya bagian dalam itu.",
    "“{name}” is running inside, but the new version has no such inside.",
)
_JOIN_GONE = Text(
    "Sebagian cabang sudah tiba di “{name}”, yang tidak ada lagi pada versi baru.",
    "Some branches have come to “{name}”, which is not in the new version any more.",
)
_JOIN_CHANGED = Text(
    "Sebagian cabang sudah tiba di “{name}”, dan versi baru menggabungkan cabang lain di sana.",
    "Some branches have come to “{name}”, and the new version joins other branches there.",
)
_STARVED = Text(
    "“{join}” akan menunggu {inputs} tanpa akhir: cabang itu tidak dapat lagi dimulai dalam kasus ini.",
    "“{join}” would wait for {inputs} for ever: in this case that branch cannot begin any more.",
)
