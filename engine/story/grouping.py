"""Whose doing each kind of event is, and which of them somebody gives a reason for."""

from engine.history.kinds import Kind
from engine.story.records import Group
from models.history import INTERVENTIONS

WITH_A_REASON = frozenset(INTERVENTIONS) - {Kind.TASK_ASSIGNED}


def group_of(kind: str, actor_id: str | None, *, begins: bool) -> Group:
    """An act is somebody's, or the time's; whatever else an act wrote is its consequence."""
    if not begins:
        return Group.CONSEQUENCE
    if kind in INTERVENTIONS:
        return Group.INTERVENTION
    if kind == Kind.DEADLINE_FIRED:
        return Group.TIME
    return Group.SYSTEM if actor_id is None else Group.PERSON
