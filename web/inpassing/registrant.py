"""What a visitor has typed and uploaded so far, kept with the browser's session, and the form it belongs to."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import request, session
from sqlalchemy import select
from sqlmodel import col

from calendars.zones import DEFAULT_ZONE
from engine.calendar import load_calendar
from engine.definitions import LoadedVersion
from engine.documents import attachments_for
from engine.expressions import EvaluationContext
from engine.forms import Fault, Form, FormContext
from engine.unit_of_work import UnitOfWork
from models import Definition
from web.context import services
from web.forms import FormPage, Reader, edited, form_page, read_submission, receive_uploads
from web.i18n import locale_code
from web.inpassing.area import ACCOUNT

KEPT = "inpassing_registration"
FORM, REVIEW = "account", "review"
VISITOR = "visitor"


@dataclass(frozen=True)
class Draft:
    """`key` ties uploads to this browser, as a task's id ties them to a task."""

    key: str
    raw: dict[str, Any]
    is_new: bool


@dataclass(frozen=True)
class Shown:
    """The shape that the template of a form's fields expects."""

    page: FormPage


def draft() -> Draft:
    """What this browser has kept; a fresh one is written down with the first thing to keep."""
    kept = session.get(KEPT)
    if not isinstance(kept, dict):
        return Draft(uuid.uuid4().hex, {}, is_new=True)
    return Draft(kept["key"], dict(kept["raw"]), is_new=False)


def keep(kept: Draft, raw: Mapping[str, Any]) -> None:
    session[KEPT] = {"key": kept.key, "raw": dict(raw)}


def forget() -> None:
    session.pop(KEPT, None)


def version(unit: UnitOfWork) -> LoadedVersion | None:
    """The published procedure of the account; None where the installation has none."""
    query = select(col(Definition.current_version_id)).where(col(Definition.key) == ACCOUNT)
    found = unit.connection.execute(query).scalar()
    return None if found is None else services().definitions.version(found, unit)


def context(unit: UnitOfWork, package: LoadedVersion, form: Form, kept: Draft, now: datetime) -> FormContext:
    """What the questions may look at before there is a case: the parameters, and this browser's uploads."""
    case = {"id": "", "number": "", "starter": None, "started_at": now, "instansi": None}
    manifest = package.manifest
    return FormContext(
        now=now,
        zone=ZoneInfo(DEFAULT_ZONE),
        evaluation=EvaluationContext(now=now, calendar=load_calendar(unit, None, DEFAULT_ZONE, now=now)),
        data={},
        externals={"case": case, "parameters": manifest.parameter_values(), "programme": None},
        lookups=services().registry.fields.bound(unit),
        attachments=attachments_for(unit, kept.key, None) if form.has_documents else {},
    )


def page(
    package: LoadedVersion,
    form: Form,
    raw: Mapping[str, Any],
    found: FormContext,
    refresh_url: str,
    faults: Mapping[str, list[Fault]] | None = None,
) -> Shown:
    return Shown(form_page(form, raw, found, reader(), faults=faults, forms=package.forms, refresh_url=refresh_url))


def reader() -> Reader:
    return Reader(locale=locale_code(), zone=ZoneInfo(DEFAULT_ZONE))


@dataclass(frozen=True)
class Sent:
    """A request's answers, the refusals of its files, and whether it only asks for the form anew."""

    raw: dict[str, Any]
    faults: dict[str, list[Fault]]
    only_edited: bool


def read(form: Form, kept: Draft, now: datetime, *, with_files: bool) -> Sent:
    """Everything typed is kept before anything else is said of it."""
    raw = read_submission(form, request.form)
    faults: dict[str, list[Fault]] = {}
    if with_files and request.files:
        faults = receive_uploads(
            form,
            request.files,
            raw,
            documents=services().documents,
            database=services().database,
            actor_id=VISITOR,
            task_id=kept.key,
            now=now,
        )
    only_edited = edited(form, request.form, raw)
    keep(kept, raw)
    return Sent(raw, faults, only_edited)


def files_sent() -> int:
    """How many files this request carries (browsers send an empty one for none)."""
    return sum(1 for _name, file in request.files.items(multi=True) if file.filename)
