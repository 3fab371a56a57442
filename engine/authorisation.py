"""Who may see a case and who may take a task. Default deny; the same rules as checks and as SQL conditions."""

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import ColumnElement, Text, and_, exists, false, or_, select, true, type_coerce, union
from sqlalchemy.orm import aliased
from sqlmodel import col

from engine.actors import Actor
from engine.errors import ForbiddenError
from engine.unit_of_work import UnitOfWork
from models import Instance, UserTask

OVERSEERS = frozenset({"owner"})
"""System roles that may read every case they hold the role for, and act in none by it."""
AUDITORS = frozenset({"auditor", "auditor_luar"})
"""Who may replay and prove the cases they hold the role for: in the audit, where the people in them are masked, and
nowhere else. One from outside never sees a person's data."""


class TaskLike(Protocol):
    """What the rules look at in a user task: a row of the table, or the same locked by an act."""

    @property
    def excluded(self) -> Sequence[str]: ...
    @property
    def assignee_id(self) -> str | None: ...
    @property
    def role(self) -> str | None: ...
    @property
    def instansi_id(self) -> str | None: ...


class NotCandidateError(ForbiddenError):
    """This task belongs to another role or instansi."""

    indonesian = "Tugas ini untuk peran atau instansi lain."
    code = "not_candidate"


class FourEyesError(ForbiddenError):
    """You took part in this case in a way that forbids you this task: who proposes never verifies."""

    indonesian = (
        "Anda terlibat dalam kasus ini sehingga tidak boleh mengerjakan tugas ini: pengusul tidak boleh memverifikasi."
    )
    code = "four_eyes"


class NoGroupError(ForbiddenError):
    """This task is yours alone: there is no group to give it back to."""

    indonesian = "Tugas ini khusus untuk Anda: tidak ada kelompok untuk mengembalikannya."
    code = "no_group"


class RoleLapsedError(ForbiddenError):
    """You took this task in a role that you do not hold any more."""

    indonesian = "Anda mengambil tugas ini dalam peran yang kini tidak Anda pegang lagi."
    code = "role_lapsed"


class MayNotAssignError(ForbiddenError):
    """Only the person who has this task, or the owner of the procedure, may hand it to somebody else."""

    indonesian = "Hanya pemegang tugas ini, atau pemilik prosedur, yang boleh menyerahkannya kepada orang lain."
    code = "may_not_assign"


class MayNotStartError(ForbiddenError):
    """Your account holds none of the roles that may start this procedure."""

    indonesian = "Akun Anda tidak memiliki peran yang boleh memulai prosedur ini."
    code = "may_not_start"


def may_see_instance(unit: UnitOfWork, actor: Actor, instance: Instance) -> bool:
    """The starter, who has or had a task in it and still holds the task's role, who may take one now, overseers."""
    if actor.is_system or instance.starter_id == actor.user_id:
        return True
    return may_see_case_of(unit, actor, instance.id)


def may_see_case_of(unit: UnitOfWork, actor: Actor, instance_id: str) -> bool:
    """The same by the case's id alone."""
    condition = select(col(Instance.id)).where(col(Instance.id) == instance_id, visible(actor))
    return unit.connection.execute(condition).first() is not None


def may_look_after(
    unit: UnitOfWork, actor: Actor, instance_id: str, starter_id: str | None, instansi_id: str | None
) -> bool:
    """Those who work on the case, or own its procedure: not who started it, nor who only reads."""
    if actor.user_id == starter_id:
        return False
    if actor.is_system or actor.holds("owner", instansi_id):
        return True
    own = select(col(UserTask.id)).where(col(UserTask.instance_id) == instance_id, or_(*_tasks_that_open(actor)))
    return unit.connection.execute(own.limit(1)).first() is not None


def visible(actor: Actor) -> ColumnElement[bool]:
    """Condition on `Instance`: the cases this actor may see. For one case; lists ask `listed`."""
    if _sees_all(actor):
        return true()
    took_part = exists().where(col(UserTask.instance_id) == Instance.id, or_(*_tasks_that_open(actor)))
    return or_(col(Instance.starter_id) == actor.user_id, took_part, *_overseen(actor, Instance))


def listed(actor: Actor) -> ColumnElement[bool]:
    """The same for lists: from what is this actor's to the cases, each part by its index, not case by case."""
    if _sees_all(actor):
        return true()
    other = aliased(Instance)
    found = [select(col(other.id)).where(col(other.starter_id) == actor.user_id)]
    found += [select(col(UserTask.instance_id)).where(condition) for condition in _tasks_that_open(actor)]
    found += [select(col(other.id)).where(condition) for condition in _overseen(actor, other)]
    return col(Instance.id).in_(union(*found))


def audited(actor: Actor) -> ColumnElement[bool]:
    """Condition on `Instance`: the cases that this auditor may replay and prove."""
    held = [grant.instansi_id for grant in actor.grants if grant.role in AUDITORS]
    if actor.is_system or None in held:
        return true()
    return col(Instance.instansi_id).in_(held)


def mine(actor: Actor) -> ColumnElement[bool]:
    """Condition on `UserTask`: open and assigned to this actor."""
    return and_(col(UserTask.state) == "open", col(UserTask.assignee_id) == actor.user_id)


def candidates(actor: Actor) -> ColumnElement[bool]:
    """Condition on `UserTask`: open, nobody's yet, and this actor may claim it."""
    return and_(col(UserTask.state) == "open", col(UserTask.assignee_id).is_(None), _candidate(actor))


def may_take(task: TaskLike, actor: Actor) -> None:
    """Raise a ForbiddenError that says why, unless the actor may claim or complete `task`."""
    if actor.is_system:
        raise NotCandidateError(why="")
    if actor.user_id in task.excluded:
        raise FourEyesError(why="")
    mine = task.assignee_id is not None and task.assignee_id == actor.user_id
    if mine and task.role is None:
        return
    if task.role is None or not holds_for(actor, task.role, task.instansi_id):
        raise (RoleLapsedError if mine else NotCandidateError)(why="")


def may_assign(task: TaskLike, actor: Actor, case_instansi_id: str | None) -> None:
    """Raise unless the actor may hand `task` to somebody else: who has it, or an owner over the case."""
    if task.assignee_id is not None and task.assignee_id == actor.user_id:
        may_take(task, actor)
        return
    if not actor.is_system and not actor.holds("owner", case_instansi_id):
        raise MayNotAssignError(why="")


def holds_for(actor: Actor, role: str, instansi_id: str | None) -> bool:
    """Does the actor hold `role` for a task's instansi? None on the task: the role in any instansi will do."""
    return any(
        g.role == role and (instansi_id is None or g.instansi_id is None or g.instansi_id == instansi_id)
        for g in actor.grants
    )


def may_start(actor: Actor, who: str | tuple[str, ...]) -> None:
    """Raise MayNotStartError unless `who` ("signed_in" or roles) lets this actor start a procedure."""
    if actor.is_system or who == "signed_in":
        return
    roles = (who,) if isinstance(who, str) else who
    if not any(g.role in roles for g in actor.grants):
        raise MayNotStartError(why="")


def office_of(actor: Actor, who: str | tuple[str, ...]) -> str | None:
    """The one instansi in which the actor holds what lets them start: a case that an office starts is the office's."""
    offices = {g.instansi_id for g in actor.grants if who != "signed_in" and g.role in who}
    return offices.pop() if len(offices) == 1 else None


def _tasks_that_open(actor: Actor) -> list[ColumnElement[bool]]:
    """Conditions on `UserTask`; one that fits any of them opens its case: has it, did it, or may take it."""
    in_office = _in_office(actor)
    return [
        and_(col(UserTask.assignee_id) == actor.user_id, col(UserTask.state) != "cancelled", in_office),
        and_(col(UserTask.closed_by) == actor.user_id, in_office),
        and_(col(UserTask.state).in_(("open", "suspended")), _candidate(actor)),
    ]


def _candidate(actor: Actor) -> ColumnElement[bool]:
    excluded = type_coerce(col(UserTask.excluded), Text).contains(f'"{actor.user_id}"', autoescape=True)
    return and_(_held(actor), ~excluded)


def _in_office(actor: Actor) -> ColumnElement[bool]:
    """The task is a person's own, or of a role that this actor holds today: what an office opens ends with it."""
    return or_(col(UserTask.role).is_(None), _held(actor))


def _held(actor: Actor) -> ColumnElement[bool]:
    held = [
        and_(
            col(UserTask.role) == grant.role,
            true()
            if grant.instansi_id is None
            else or_(col(UserTask.instansi_id).is_(None), col(UserTask.instansi_id) == grant.instansi_id),
        )
        for grant in actor.grants
    ]
    return or_(false(), *held)


def _sees_all(actor: Actor) -> bool:
    return actor.is_system or any(g.role in OVERSEERS and g.instansi_id is None for g in actor.grants)


def _overseen(actor: Actor, case: type[Instance]) -> list[ColumnElement[bool]]:
    return [col(case.instansi_id) == g.instansi_id for g in actor.grants if g.role in OVERSEERS]
