"""A task's form as its page needs it: the questions, what validation may look at, and what is to be shown first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import request, url_for
from sqlalchemy import Table, select

from engine import human_tasks, store
from engine.actors import Actor
from engine.acts.facts import Facts
from engine.calendar import load_calendar
from engine.definitions import LoadedVersion
from engine.documents import attachments_for
from engine.expressions import EvaluationContext
from engine.forms import Fault, Form, FormContext
from engine.unit_of_work import UnitOfWork
from models import Instance, metadata
from web.context import services
from web.forms import FormPage, Reader, Values, edited, form_page, form_values, read_submission, receive_uploads
from web.i18n import locale_code

INSTANCES: Table = metadata.tables[str(Instance.__tablename__)]
MAX_BODY = 32 * 1024 * 1024
"""A form with fifteen documents of 2 MB each, sent at once by a browser without scripts."""


@dataclass(frozen=True)
class TaskForm:
    """`typed` says whether anything of this person's is in it: just sent, or a draft."""

    page: FormPage
    raw: dict[str, Any]
    typed: bool
    draft_at: datetime | None = None

    @property
    def reviews(self) -> bool:
        """Does the form itself show what other forms of the case brought?"""
        return any(field.properties.get("of") for field in self.page.form.fields()) or any(
            getattr(part, "values_of", None) for part in self.page.parts
        )

    def told_before(self, forms: Iterable[Form]) -> list[Values]:
        """What other forms have brought into the case, for reading."""
        others = [form for form in forms if form is not self.page.form]
        found = [form_values(form, self.page.context.data, self.page.reader) for form in others]
        return [values for values in found if values.values or values.groups]

    @property
    def values(self) -> Values:
        """What was typed, to be read and copied: for a task that cannot take it any more."""
        return form_values(self.page.form, _with_files(self.page, self.raw), self.page.reader)


def load(
    unit: UnitOfWork,
    row: Any,
    actor: Actor,
    now: datetime,
    *,
    raw: dict[str, Any] | None = None,
    faults: Mapping[str, list[Fault]] | None = None,
    validate: bool = False,
    refresh_url: str | None = None,
) -> TaskForm | None:
    """None for a task without a form. `raw` goes before the person's draft, the draft before the case's data.

    `validate`: find every fault of the answers too, so that all are told with those already known.
    """
    version = services().definitions.version(row.version_id, unit)
    form = version.forms.get(row.form) if row.form else None
    if form is None:
        return None
    context = form_context(unit, row, form, now)
    draft = human_tasks.draft_of(unit, row.id, actor.user_id) if raw is None and actor.user_id else None
    shown = raw if raw is not None else draft.data if draft is not None else form.initial(context.data)
    known = {**form.validate(shown, context).faults, **(faults or {})} if validate else faults
    made = form_page(
        form,
        shown,
        context,
        reader(row),
        faults=known,
        forms=version.forms,
        refresh_url=refresh_url or url_for("inbox.refresh", task_id=row.id),
    )
    return TaskForm(
        made,
        dict(shown),
        typed=raw is not None or draft is not None,
        draft_at=draft.saved_at if draft is not None else None,
    )


def _with_files(page: FormPage, raw: dict[str, Any]) -> dict[str, Any]:
    """A submission names an upload by its id; to read it, its file name is wanted."""
    known = page.context.attachments
    return {k: known[v].value() if isinstance(v, str) and v in known else v for k, v in raw.items()}


def reader(row: Any) -> Reader:
    """Who reads the form: documents of the case are downloads of the case's page."""
    return Reader(
        locale=locale_code(),
        zone=ZoneInfo(row.zone),
        document_url=lambda document: url_for("cases.document", number=row.number, attachment_id=document),
    )


def form_context(unit: UnitOfWork, row: Any, form: Form, now: datetime) -> FormContext:
    """What the form's conditions and rules may look at: the same that completing the task validates against."""
    version = services().definitions.version(row.version_id, unit)
    instance = unit.connection.execute(select(INSTANCES).where(INSTANCES.c.id == row.instance_id)).one()
    calendar = load_calendar(unit, row.calendar_of, row.zone, now=now)
    return FormContext(
        now=now,
        zone=ZoneInfo(row.zone),
        evaluation=EvaluationContext(now=now, calendar=calendar),
        data=_data(unit, row, instance, version),
        externals=facts_of(instance).externals(version.manifest),
        lookups=services().registry.fields.bound(unit),
        attachments=attachments_for(unit, row.id, row.instance_id) if form.has_documents else {},
    )


def _data(unit: UnitOfWork, row: Any, instance: Any, version: LoadedVersion) -> dict[str, Any]:
    """The data at the task; of the whole case once the task is closed and its token gone."""
    session = store.load(unit, instance, version.specs)
    return dict(session.data(row.id if row.state in ("open", "suspended") else None))


def facts_of(instance: Any) -> Facts:
    """What expressions may know of the case itself."""
    return Facts.of_row(instance)


@dataclass(frozen=True)
class Submission:
    """What a request brought for a form: the answers, the refusals of its uploads, whether to only show it again."""

    raw: dict[str, Any]
    faults: dict[str, list[Fault]]
    only_edited: bool


def read(form: Form, task_id: str, actor: Actor, now: datetime) -> Submission:
    """Read the request. Its files are kept first, so that no refusal of anything else loses one."""
    raw = read_submission(form, request.form)
    faults: dict[str, list[Fault]] = {}
    if form.has_documents and request.files and actor.user_id is not None:
        faults = receive_uploads(
            form,
            request.files,
            raw,
            documents=services().documents,
            database=services().database,
            actor_id=actor.user_id,
            task_id=task_id,
            now=now,
        )
    return Submission(raw, faults, only_edited=edited(form, request.form, raw))
