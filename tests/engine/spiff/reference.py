"""The other side of the random walks: the whole task tree, nothing pruned, written and read by the stock serializer.

Only the diagram stays outside of what is serialized (a state refers to its specs). The patches of engine.spiff.patches
are in force on both sides; each is shown to be a fault of the stock engine in test_patches.py.
"""

import json
from collections.abc import Mapping
from uuid import UUID

from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.default.workflow import BpmnSubWorkflowConverter, BpmnWorkflowConverter
from SpiffWorkflow.spiff.serializer.config import SPIFF_CONFIG
from SpiffWorkflow.util.task import TaskState

from engine.spiff import Session, SpecSet
from engine.spiff.changes import Changes, baseline_of
from engine.spiff.frontier import FINISHED, LIVE
from engine.spiff.merging import arrivals
from engine.spiff.snapshot import data_digest, event_waits
from engine.spiff.workflow import CaseSubWorkflow, CaseWorkflow


class ReferenceSession(Session):
    """A session that never prunes, and whose state goes through the stock serializer after every act."""

    def __init__(self, specs: SpecSet, instance_id: str) -> None:
        super().__init__(specs, instance_id)
        self._prune = lambda _workflow: None

    def save(self) -> None:
        """Write the case as JSON, as stock would after an act."""
        self.text = _serializer(self).serialize_json(self.workflow)
        self.saved_outcome = self.outcome

    def load(self) -> None:
        """Read it back, as stock would before the next."""
        self._workflow = _serializer(self).deserialize_json(self.text)
        self._changes = Changes(self.specs)
        self.outcome = self.saved_outcome
        self._queue = []
        # wired by stock at the start of a loop or sub-process only, and lost in a new process (a fault): the specs
        # are shared here, so that only the owners of sub-processes have to be connected, which from_dict does
        self._baseline = baseline_of(self.workflow)


def _serializer(session: Session) -> BpmnWorkflowSerializer:
    config = {k: v for k, v in SPIFF_CONFIG.items() if k.__name__ not in ("BpmnWorkflow", "BpmnSubWorkflow")}
    registry = BpmnWorkflowSerializer.configure(config)
    _Top(CaseWorkflow, registry, session)
    _Sub(CaseSubWorkflow, registry, session)
    return BpmnWorkflowSerializer(registry)


class _Top(BpmnWorkflowConverter):
    def __init__(self, target_class, registry, session):
        self.session = session
        super().__init__(target_class, registry)

    def to_dict(self, workflow):
        dct = super(BpmnWorkflowConverter, self).to_dict(workflow)
        dct["subprocesses"] = self.mapping_to_dict(workflow.subprocesses)
        dct["bpmn_events"] = []
        return dct

    def from_dict(self, dct):
        specs = self.session.specs
        workflow = CaseWorkflow(specs.spec, specs.subprocess_specs, self.session, deserializing=True)

        workflow.tasks = self.mapping_from_dict(dct["tasks"], UUID, workflow=workflow)
        workflow.task_tree = workflow.tasks.get(UUID(dct["root"]))
        self.set_default_attributes(workflow, dct)
        self.subprocesses_from_dict(dct["subprocesses"], workflow)
        return workflow


class _Sub(BpmnSubWorkflowConverter):
    def __init__(self, target_class, registry, session):
        super().__init__(target_class, registry)


def view(session: Session) -> dict:
    """What a case is to its surroundings, without regard to what is kept of its past."""
    workflow = session.workflow
    tokens, scopes = [], []
    for scope in workflow.scopes():
        if _is_over(workflow, scope):
            continue
        owner = None if scope.parent_task_id is None else scope.parent_task_id.hex
        for task in scope.tasks.values():
            if task._state & (LIVE | TaskState.ERROR):
                internal = {k: v for k, v in task.internal_data.items() if k != "seen_events"}
                digest = data_digest(task.data).hex()
                tokens.append((task.id.hex, task.task_spec.name, int(task._state), owner, digest, _text(internal)))
        tokens.extend(
            (join.id.hex, join.task_spec.name, 0, owner, data_digest(join.parent.data).hex(), "")
            for join in arrivals(scope)
        )
        scopes.append((owner, _text(scope.data), scope.completed))
    return {
        "tokens": sorted(tokens),
        "scopes": sorted(scopes, key=repr),
        "waits": sorted(map(repr, event_waits(workflow))),
        "completed": workflow.completed,
        "outcome": session.outcome,
    }


def _is_over(workflow: CaseWorkflow, scope) -> bool:
    """A sub-process that ended, or whose owner did (or an owner around it)."""
    while scope.parent_task_id is not None:
        owner = workflow.get_task_from_id(scope.parent_task_id)
        if owner is None or owner._state & FINISHED:
            return True
        scope = owner.workflow
    return False


def _text(value: Mapping) -> str:
    return json.dumps(value, sort_keys=True, default=str)
