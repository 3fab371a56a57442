"""What a person submitted for a task, checked: by the version's form, or as plain data where a task has none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from engine.acts.cases import Case, LiveFrame
from engine.acts.errors import ReservedNameError
from engine.documents import attachments_for
from engine.errors import DefinitionError, InvalidDataError
from engine.expressions import EvaluationContext, is_reserved
from engine.forms import FormContext
from engine.human_tasks import TaskRow
from engine.spiff import Session
from engine.spiff.values import clean


@dataclass(frozen=True)
class Submission:
    """`data` may go to the case; `attachments` are uploads that belong to it from now on, with their proofs."""

    data: dict[str, Any]
    attachments: Mapping[str, str] = field(default_factory=dict)


def checked(case: Case, task: TaskRow, session: Session, submitted: Mapping[str, Any], frame: LiveFrame) -> Submission:
    """Only what the form asks for, typed; InvalidDataError carries all faults at once as `.faults`."""
    if task.form is None:
        return Submission(plain_data(submitted))
    form = case.version.forms.get(task.form)
    if form is None:
        raise DefinitionError(why=f"form {task.form}")
    context = _context(case, task, session, frame, with_documents=form.has_documents)
    found = form.validate(submitted, context)
    if found.faults:
        raise InvalidDataError(found.faults)
    return Submission(found.data, {ident: context.attachments[ident].proof for ident in sorted(found.attachments)})


def _context(case: Case, task: TaskRow, session: Session, frame: LiveFrame, *, with_documents: bool) -> FormContext:
    calendar = frame.calendar_for(case.facts)
    return FormContext(
        now=frame.now,
        zone=ZoneInfo(case.facts.zone),
        evaluation=EvaluationContext(now=frame.now, calendar=calendar),
        data=session.data(task.id),
        externals=case.facts.externals(case.version.manifest),
        lookups=frame.registry.fields.bound(frame.unit),
        attachments=attachments_for(frame.unit, task.id, case.facts.instance_id) if with_documents else {},
    )


def plain_data(given: Mapping[str, Any]) -> dict[str, Any]:
    """Data without a form: any names but reserved ones, plain values only."""
    taken = sorted(name for name in given if is_reserved(name))
    if taken:
        raise ReservedNameError(names=", ".join(taken))
    plain: dict[str, Any] = clean(dict(given))
    return plain
