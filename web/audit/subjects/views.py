"""The data officer looks for a person, notes their request, and makes the report in one click."""

import hashlib
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from calendars.zones import DEFAULT_ZONE
from engine import ledger
from engine.actors import SYSTEM
from engine.errors import AlurError, NotFoundError
from engine.privacy.paper import report_json, report_pdf, report_zip
from engine.privacy.report import Reporter
from engine.privacy.requests import answer, ask, open_request, requests
from engine.privacy.seen import person_searched, roles_of
from engine.privacy.subjects import Subject, subject_of
from engine.unit_of_work import UnitOfWork
from web.audit.find import persons
from web.context import current_user, require_actor, services
from web.export import file_response
from web.i18n import locale_code
from web.security import allow, role

blueprint = Blueprint("audit_subjects", __name__)
OFFICERS = role("data_officer")


@blueprint.get("/audit/subjek")
@allow(OFFICERS)
def index() -> str:
    """Where one looks for a person, and the requests with their deadlines."""
    return _index()


@blueprint.post("/audit/subjek")
@allow(OFFICERS)
def find() -> str | tuple[str, int]:
    """Who fits. What was typed stands in no address; that somebody looked is in the ledger."""
    typed = request.form.get("siapa", "")
    wanted = persons.sought(typed)
    if wanted is None:
        faults = [("siapa", _("Tulis NIP, NIK, surel, atau sedikitnya tiga huruf dari nama."))]
        return _index(typed=typed, faults=faults), 422
    now = services().clock.now()
    with services().database.write() as unit:
        people = persons.find(unit, SYSTEM, wanted, locale_code())
        person_searched(unit, require_actor(), by=wanted.by, found=len(people), page="audit_subjects.find", now=now)
    return _index(typed=typed, people=people)


@blueprint.get("/audit/subjek/<key>")
@allow(OFFICERS)
def show(key: str) -> str:
    """The report on the page: officers by name, for the data officer alone."""
    report, subject = _made(key, names=True, form="page")
    with services().database.read() as unit:
        owed = open_request(unit, key)
    now = services().clock.now()
    return render_template(
        "audit/subjects/show.html", report=report, subject=subject, key=key, owed=owed, late=owed and owed.due_at < now
    )


@blueprint.get("/audit/subjek/<key>/laporan.pdf")
@allow(OFFICERS)
def paper(key: str) -> Response:
    """What is handed to the person: officers by their office, sealed."""
    report, _subject = _made(key, names=False, form="pdf")
    return file_response("laporan-subjek.pdf", _pdf(report), "application/pdf")


@blueprint.get("/audit/subjek/<key>/laporan.zip")
@allow(OFFICERS)
def archive(key: str) -> Response:
    """The same with its values for a machine: JSON and CSV."""
    report, _subject = _made(key, names=False, form="zip")
    body = report_zip(report, _pdf(report), now=report["made_at"].astimezone(ZoneInfo(_zone())))
    return file_response("laporan-subjek.zip", body, "application/zip")


@blueprint.post("/audit/subjek/<key>/permintaan")
@allow(OFFICERS)
def note_request(key: str) -> Response:
    """A person asked; from then on 3×24 hours run."""
    now = services().clock.now()
    try:
        received = _instant(request.form.get("diterima", "")) or now
        with services().database.write() as unit:
            ask(unit, key, require_actor(), received_at=received, now=now)
        flash(_("Permintaan dicatat. Jawab dalam 3×24 jam sejak diterima."), "success")
    except NotFoundError:
        raise
    except AlurError as error:
        flash(error.message(locale_code()), "error")
    return redirect(url_for("audit_subjects.show", key=key), 303)


@blueprint.post("/audit/subjek/permintaan/<request_id>/dijawab")
@allow(OFFICERS)
def answered(request_id: str) -> Response:
    """The report was handed over."""
    with services().database.write() as unit:
        answer(unit, request_id, require_actor(), now=services().clock.now())
    flash(_("Permintaan ditandai sudah dijawab."), "success")
    return redirect(url_for("audit_subjects.index"), 303)


def _index(typed: str = "", people: Any = None, faults: Any = ()) -> str:
    now = services().clock.now()
    with services().database.read() as unit:
        known = [(row, _name(unit, row.subject_key)) for row in requests(unit)]
    return render_template(
        "audit/subjects/index.html", typed=typed, people=people, faults=list(faults), requests=known, now=now
    )


def _name(unit: UnitOfWork, key: str) -> str:
    return persons.name_of(unit, key) or key


def _made(key: str, *, names: bool, form: str) -> tuple[dict[str, Any], Subject]:
    """The report, entered in the ledger with its digest: whoever reads it reads all there is of a person."""
    parts, actor, now = services(), require_actor(), services().clock.now()
    with parts.database.read() as unit:
        subject = subject_of(unit, key)
        if subject is None:
            raise NotFoundError
        report = Reporter(unit, parts.definitions, locale_code(), names).report(subject, now=now)
    digest = hashlib.sha256(report_json(report)).digest()
    detail = {"form": form, "cases": len(report["cases"]), "roles": list(roles_of(actor))}
    with parts.database.write() as unit:
        ledger.note(unit, ledger.Kind.REPORT_MADE, at=now, actor_id=actor.user_id, ref=key, digest=digest,
                    detail=detail)  # fmt: skip
    return report, subject


def _pdf(report: dict[str, Any]) -> bytes:
    return report_pdf(report, services().signer, zone=_zone(), now=report["made_at"])


def _zone() -> str:
    user = current_user()
    return user.zone if user is not None else DEFAULT_ZONE


def _instant(text: str) -> datetime | None:
    """`2026-06-01T09:00`, in the zone of who typed it."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(_zone())) if text else None
    except ValueError:
        return None
