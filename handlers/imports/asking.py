"""What a form of inpassing asks, outside of its page: the same form, data and rules that completing the task meets."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import col

from engine import programmes, store
from engine.actors import Actor
from engine.acts.facts import Facts
from engine.acts.starting import new_case
from engine.calendar import load_calendar
from engine.definitions import LoadedVersion
from engine.documents import attachments_for
from engine.expressions import EvaluationContext
from engine.forms import Form, FormContext
from engine.forms.model import Field, Shown, ShownField
from engine.human_tasks import draft_of
from engine.imports import ImportContext, Scope
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from models import Instance, Instansi, Participant, Programme, UserTask

FLOW = "lkpp_inpassing"
PROCESS = "lkpp_participant"
ADMIN = "admin_instansi"
DOCUMENT_TASKS = ("documents", "reupload")


@dataclass(frozen=True)
class Asked:
    """A form as it is asked now: of an open task, or (without one) of a case that is yet to begin."""

    form: Form
    context: FormContext
    version: LoadedVersion

    def shown(self, raw: Mapping[str, Any]) -> dict[str, Field]:
        """The fields that are asked for, by path."""
        return {found.path: found.field for found in _fields(self.form.present(raw, self.context))}


def _fields(shown: Collection[Shown]) -> list[ShownField]:
    found: list[ShownField] = []
    for part in shown:
        if isinstance(part, ShownField):
            found.append(part)
        elif hasattr(part, "children"):
            found += _fields(part.children)
    return found


def instansi_scopes(unit: UnitOfWork, actor: Actor, now: datetime) -> list[Scope]:
    """Each instansi whose Admin this person is, in each programme that is open."""
    held = {grant.instansi_id for grant in actor.grants if grant.role == ADMIN and grant.instansi_id is not None}
    if not held:
        return []
    named = select(col(Instansi.id), col(Instansi.name)).where(col(Instansi.id).in_(sorted(held)))
    agencies = unit.connection.execute(named.order_by(col(Instansi.name))).all()
    return [
        Scope(
            key=f"{programme.id}.{agency.id}",
            title=Text(f"{agency.name} · {programmes.title_of(programme).id}",
                       f"{agency.name} · {programmes.title_of(programme).in_locale('en')}"),
            instansi_id=agency.id,
            shared={"programme": programme.id},
        )
        for programme in programmes.open_programmes(unit, FLOW, now)
        for agency in agencies
    ]  # fmt: skip


def first_form(unit: UnitOfWork, context: ImportContext, element: str) -> Asked:
    """The form of the first task of a participant's case, before there is one."""
    programme = unit.session.get_one(Programme, context.scope.shared["programme"])
    version = context.definitions.version(str(programme.versions[PROCESS]), unit)
    case = new_case(
        unit, version, context.actor, context.now, instansi_id=context.scope.instansi_id, programme=programme
    )
    return _asked(unit, context, version, element, case.facts, {})


def task_form(unit: UnitOfWork, context: ImportContext, task: UserTask) -> Asked:
    """The form of an open task."""
    instance = unit.session.get_one(Instance, task.instance_id)
    version = context.definitions.version(instance.version_id, unit)
    session = store.load(unit, instance, version.specs)
    return _asked(unit, context, version, task.element_id, Facts.of_row(instance), session.data(task.id), task)


def _asked(
    unit: UnitOfWork,
    context: ImportContext,
    version: LoadedVersion,
    element: str,
    facts: Facts,
    data: Mapping[str, Any],
    task: UserTask | None = None,
) -> Asked:
    form = version.forms[version.specs.elements[element].properties["form"]]
    calendar = load_calendar(unit, facts.calendar_of, facts.zone, now=context.now)
    asked = FormContext(
        now=context.now,
        zone=ZoneInfo(facts.zone),
        evaluation=EvaluationContext(now=context.now, calendar=calendar),
        data=data,
        externals=facts.externals(version.manifest),
        lookups=context.registry.fields.bound(unit),
        attachments=attachments_for(unit, task.id, task.instance_id) if task is not None else {},
    )
    return Asked(form, asked, version)


def typed_so_far(unit: UnitOfWork, context: ImportContext, task: UserTask, asked: Asked) -> dict[str, Any]:
    """This person's draft of a task, else what its page would show first."""
    draft = draft_of(unit, task.id, context.actor.user_id or "")
    return dict(draft.data) if draft is not None else asked.form.initial(asked.context.data)


def participants_of(unit: UnitOfWork, scope: Scope, nips: Collection[str] | None = None) -> list[Participant]:
    """The participants of an instansi in a programme who still count, by name; `nips`: only these."""
    found = select(Participant).where(
        col(Participant.programme_id) == scope.shared["programme"],
        col(Participant.instansi_id) == scope.instansi_id,
        col(Participant.counts),
    )
    if nips is not None:
        found = found.where(col(Participant.nip).in_(sorted(nips)))
    return list(unit.session.scalars(found.order_by(col(Participant.name), col(Participant.id))))


def open_tasks(unit: UnitOfWork, cases: Collection[str], elements: Collection[str]) -> dict[str, UserTask]:
    """The open task of one of these elements, by case."""
    found = select(UserTask).where(
        col(UserTask.instance_id).in_(sorted(cases)),
        col(UserTask.element_id).in_(elements),
        col(UserTask.state) == "open",
    )
    return {task.instance_id: task for task in unit.session.scalars(found)}


def case_number(unit: UnitOfWork, case_id: str) -> str:
    """The number by which people call a case."""
    return str(unit.connection.execute(select(col(Instance.number)).where(col(Instance.id) == case_id)).scalar() or "")
