"""The list of looks with its filters, the same as a file, and the looks at one case."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from calendars.zones import DEFAULT_ZONE
from engine.actors import Actor
from engine.privacy import masking_of_lists
from engine.privacy.seen import person_searched
from engine.privacy.subjects import Subject, subject_of
from engine.unit_of_work import UnitOfWork
from web.audit.access import AUDITORS, audited_case, sees_persons
from web.audit.seen import queries, words
from web.audit.seen.filters import Filters
from web.context import current_user, require_actor, services
from web.export import table_response
from web.i18n import locale_code
from web.security import allow, role

blueprint = Blueprint("audit_seen", __name__)
READERS = role("auditor", "auditor_luar", "data_officer")


@blueprint.get("/audit/akses")
@allow(READERS)
def index() -> str:
    """Who looked at what, when, in which office and why."""
    actor = require_actor()
    filters = Filters.from_arguments(request.args, persons=may_seek(actor))
    if filters.subject and not (filters.after or filters.before):
        _note_subject(actor)
    return _page(filters, "audit_seen.index")


@blueprint.get("/audit/akses.csv", defaults={"kind": "csv"})
@blueprint.get("/audit/akses.xlsx", defaults={"kind": "xlsx"})
@allow(READERS)
def export(kind: str) -> Response:
    """The same list for a spreadsheet."""
    actor = require_actor()
    filters = Filters.from_arguments(request.args, persons=may_seek(actor))
    return _file(actor, filters, kind)


@blueprint.get("/audit/kasus/<number>/akses")
@allow(AUDITORS)
def case(number: str) -> str:
    """Who looked at this case."""
    with services().database.read() as unit:
        audited_case(unit, require_actor(), number)
    filters = Filters.from_arguments({**request.args, "kasus": number}, persons=False)
    return _page(filters, "audit_seen.case", number)


def may_seek(actor: Actor) -> bool:
    """May ask by person: auditors of the house and the data officer."""
    return sees_persons(actor) or any(grant.role in queries.OFFICERS for grant in actor.grants)


def _page(filters: Filters, endpoint: str, number: str | None = None) -> str:
    actor = require_actor()
    with services().database.read() as unit:
        subject = _subject(unit, filters)
        page = queries.page(unit.connection, actor, filters, subject)
        rows = words.lines(unit, page.rows, masking_of_lists(actor, locale_code()))
    address: dict[str, Any] = {"number": number} if number else filters.arguments()
    return render_template(
        "audit/seen/index.html",
        rows=rows,
        filters=filters,
        number=number,
        kinds=words.kinds(),
        seeks=may_seek(actor),
        reads_cases=AUDITORS.admits(actor),
        subject=subject,
        previous_url=url_for(endpoint, **address, sebelum=page.previous) if page.previous else None,
        next_url=url_for(endpoint, **address, sesudah=page.next) if page.next else None,
    )


def _file(actor: Actor, filters: Filters, kind: str) -> Response:
    user = current_user()
    zone = ZoneInfo(user.zone if user is not None else DEFAULT_ZONE)
    with services().database.read() as unit:
        found = queries.export_rows(unit.connection, actor, filters, _subject(unit, filters))
        rows = words.lines(unit, found, masking_of_lists(actor, locale_code()))
    header = [_("Waktu"), _("Apa"), _("Siapa"), _("Dalam peran"), _("Kasus"), _("Proses"), _("Alasan")]
    cells = [
        (row.at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S"), row.what, row.reader, row.office, row.number,
         row.process, row.reason)
        for row in rows
    ]  # fmt: skip
    return table_response("akses", header, cells, kind)


def _subject(unit: UnitOfWork, filters: Filters) -> Subject | None:
    return subject_of(unit, filters.subject) if filters.subject else None


def _note_subject(actor: Actor) -> None:
    """To ask who saw a person's data is to look at that person."""
    now = services().clock.now()
    with services().database.write() as unit:
        person_searched(unit, actor, by="key", found=1, page="audit_seen.index", now=now)
